//! Webhooks, from the payment on the node to the shop's server.

mod delivering;
mod fairness;
mod forgetting;
mod hostile;
mod killed;
mod managing;
mod naming;
mod onion;
mod panicking;
mod refusing;
mod retrying;

use std::time::Duration;

use facture::{app::Checkout, web::Mode, webhooks::Webhooks};
use facture_domain::{
    EventKind, Hook, HookFormat, HookUrl, Label, LabelPrefix,
    hook::{Attempt, Delivery, DeliveryId, DeliveryState, EndpointId, Kinds, NewEndpoint},
};
use facture_runtime::clock::Clock;
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::{interval, timeout};

use crate::{
    harness::{Server, TIMEOUT, config_on, receiver},
    world::Sandbox,
};

/// A facture on a sandbox's node, with a clock that the test holds.
struct Shop {
    sandbox: Sandbox,
    server: Server,
    webhooks: Webhooks,
    clock: Clock,
}

impl Shop {
    /// Receivers of this machine are allowed.
    async fn open() -> Self {
        Self::open_with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await
    }

    async fn open_with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let directory = tempfile::tempdir().expect("a directory");
        let config = config_on(sandbox.node.rpc_file().to_owned(), settings);
        let now = Timestamp::from_second(Timestamp::now().as_second());
        let clock = Clock::manual(now.expect("a time"));
        let opened = Checkout::open_at(&config, directory.path(), Mode::Live, clock.clone()).await;
        let checkout = opened.expect("it opens");
        let webhooks = checkout.webhooks().clone();
        let server = Server::serve(async { Ok((checkout, directory)) }).await;
        Self {
            sandbox,
            server,
            webhooks,
            clock,
        }
    }

    /// A new endpoint that is told of payments.
    async fn endpoint(&self, url: &str) -> EndpointId {
        let new = NewEndpoint {
            hook: hook(url),
            kinds: Kinds::Only(vec![EventKind::Paid]),
        };
        self.webhooks.create(new).await.expect("an endpoint").id
    }

    /// An invoice that is made and paid, and facture knows it.
    async fn sell(&self) -> Value {
        let invoice = self.server.create("5", "coffee").await;
        self.pay(&invoice);
        let path = format!("/check_invoice/{}", self.label(&invoice));
        assert_eq!(self.server.json(&path).await.1["status"], "paid");
        invoice
    }

    fn label(&self, invoice: &Value) -> Label {
        let label = invoice["label"].as_str().expect("a label");
        let label = LabelPrefix::default().parse_label(label);
        label.expect("one of ours")
    }

    fn pay(&self, invoice: &Value) {
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        self.sandbox.node.pay(bolt11, None).expect("the buyer pays");
    }

    /// An endpoint's deliveries, once the newest is as wanted.
    async fn delivery(
        &self,
        endpoint: &EndpointId,
        enough: impl Fn(&Delivery) -> bool,
    ) -> (Delivery, Vec<Attempt>) {
        let mut last = None;
        let waiting = async {
            let mut tick = interval(Duration::from_millis(5));
            loop {
                tick.tick().await;
                let listed = self.webhooks.deliveries(endpoint, None, 1).await;
                last = listed.expect("a list").pop();
                if last.as_ref().is_some_and(&enough) {
                    return;
                }
            }
        };
        let in_time = timeout(TIMEOUT, waiting).await;
        let delivery = last.expect("a delivery");
        assert!(in_time.is_ok(), "still {delivery:?}");
        self.found(&delivery.id).await
    }

    /// Waits until no delivery is due: what was, has been tried, and that is written down.
    async fn nothing_due(&self, endpoint: &EndpointId) {
        let waiting = async {
            let mut tick = interval(Duration::from_millis(5));
            loop {
                tick.tick().await;
                let listed = self.webhooks.deliveries(endpoint, None, 100).await;
                let now = self.clock.now();
                let is_due = |delivery: &Delivery| matches!(delivery.state, DeliveryState::Pending(at) if at <= now);
                if !listed.expect("a list").iter().any(is_due) {
                    return;
                }
            }
        };
        timeout(TIMEOUT, waiting).await.expect("all were tried");
    }

    /// Waits until a delivery is in this state.
    async fn until(&self, id: &DeliveryId, state: DeliveryState) {
        let waiting = async {
            let mut tick = interval(Duration::from_millis(5));
            while self.found(id).await.0.state != state {
                tick.tick().await;
            }
        };
        timeout(TIMEOUT, waiting).await.expect("it gets there");
    }

    async fn found(&self, id: &DeliveryId) -> (Delivery, Vec<Attempt>) {
        let found = self.webhooks.delivery(id).await;
        found.expect("readable").expect("a delivery")
    }

    /// Waits until so many attempts were made and written down, then for the time of the next.
    async fn retry(&self, endpoint: &EndpointId, attempts: u64) {
        let (delivery, _) = self
            .delivery(endpoint, |delivery| delivery.attempts == attempts)
            .await;
        let DeliveryState::Pending(next) = delivery.state else {
            panic!("{delivery:?}");
        };
        let left = next.duration_since(self.clock.now());
        self.clock
            .advance(Duration::try_from(left).expect("in the future"));
    }
}

fn hook(url: &str) -> Hook {
    Hook {
        url: HookUrl::parse(url).expect("an address"),
        format: HookFormat::Standard,
        token: None,
    }
}
