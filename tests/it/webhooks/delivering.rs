//! What arrives at a shop's server.

use facture_domain::{
    EventKind,
    hook::{DeliveryState, EndpointChange, Kinds, NewEndpoint, Outcome, SecretOwner, Secrets},
};
use serde_json::json;
use standardwebhooks::Webhook;

use super::{
    Shop, hook,
    receiver::{Received, Receiver},
};

/// By the library of the standard's authors.
fn verify(received: &Received, secret: &str) -> bool {
    let library = Webhook::new(secret).expect("a secret");
    library.verify(&received.body, &received.headers).is_ok()
}

#[tokio::test]
async fn a_payment_arrives_once_signed_and_whole() {
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("SERVER__PUBLIC_URL", "https://shop.example"),
    ])
    .await;
    let receiver = Receiver::start().await;
    let endpoint = shop.endpoint(&receiver.url("/paid?key=1")).await;
    let invoice = shop.sell().await;
    let label = invoice["label"].as_str().expect("a label");

    let [received] = &receiver.wait_for(1).await[..] else {
        panic!("more than one");
    };
    assert_eq!(received.path, "/paid?key=1");
    assert_eq!(received.header("content-type"), "application/json");
    let agent = format!("facture/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(received.header("user-agent"), agent);
    let secrets = secrets(&shop, &SecretOwner::Endpoint(endpoint.clone())).await;
    assert!(verify(received, secrets.current.reveal()));
    assert!(!verify(received, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

    let body = received.json();
    let (_, shown) = shop.server.json(&format!("/check_invoice/{label}")).await;
    assert_eq!(shown["status"], "paid");
    assert_eq!(
        body["data"]["invoice"]["status_url"],
        format!("https://shop.example/check_invoice/{label}")
    );
    // The shop is told its own side of it too.
    for (name, value) in shown.as_object().expect("an object") {
        assert_eq!(body["data"]["invoice"][name], *value, "{name}");
    }
    assert!(body["data"]["invoice"].get("order_id").is_some());
    assert_eq!(body["type"], "invoice.paid");
    let time: jiff::Timestamp = body["timestamp"]
        .as_str()
        .expect("a text")
        .parse()
        .expect("a time");
    assert!(time.as_second() >= shown["paid_at"].as_i64().expect("a time"));

    let (delivery, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    assert_eq!(delivery.id.as_str(), received.id());
    assert_eq!(body["sequence"], json!(delivery.sequence));
    let [attempt] = &attempts[..] else {
        panic!("{attempts:?}")
    };
    assert_eq!(attempt.outcome, Outcome::Answered(204));

    // Another one comes after it, and the first not again.
    shop.sell().await;
    let received = receiver.wait_for(2).await;
    assert_ne!(received[0].id(), received[1].id());
}

#[tokio::test]
async fn links_are_whole_where_no_address_is_configured() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    shop.endpoint(&receiver.url("/")).await;
    let invoice = shop.sell().await;
    let label = invoice["label"].as_str().expect("a label");
    let told = receiver.wait_for(1).await[0].json();
    assert_eq!(
        told["data"]["invoice"]["status_url"],
        format!("{}/check_invoice/{label}", shop.server.origin),
        "where it listens"
    );
}

#[tokio::test]
async fn an_endpoint_is_told_what_it_asked_for() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    for (path, kinds) in [
        ("/all", Kinds::All),
        ("/made", Kinds::Only(vec![EventKind::Created])),
        (
            "/expired",
            Kinds::Only(vec![EventKind::Expired, EventKind::Cancelled]),
        ),
    ] {
        let new = NewEndpoint {
            hook: hook(&receiver.url(path)),
            kinds,
        };
        shop.webhooks.create(new).await.expect("an endpoint");
    }
    shop.sell().await;
    let received = receiver.wait_for(3).await;
    let mut told: Vec<_> = received
        .iter()
        .map(|received| (received.path.clone(), received.json()["type"].clone()))
        .collect();
    told.sort_by_key(|(path, kind)| format!("{path} {kind}"));
    assert_eq!(
        told,
        [
            ("/all".to_owned(), json!("invoice.created")),
            ("/all".to_owned(), json!("invoice.paid")),
            ("/made".to_owned(), json!("invoice.created")),
        ]
    );
}

#[tokio::test]
async fn one_invoice_can_have_an_address_of_its_own() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let invoice = shop.server.create("5", "coffee").await;
    shop.server.create("6", "tea").await;
    let label = shop.label(&invoice);
    let own = hook(&receiver.url("/own"));
    let added = shop.webhooks.add(&label, &own).await.expect("an endpoint");
    let again = shop.webhooks.add(&label, &own).await.expect("an endpoint");
    assert_eq!(added, again, "naming it twice is harmless");
    assert_eq!(
        shop.webhooks.list_of(&label).await.expect("a list"),
        [added]
    );
    assert_eq!(
        shop.webhooks.list().await.expect("a list"),
        [],
        "it is not for all"
    );

    let received = receiver.wait_for(1).await;
    assert_eq!(
        received[0].json()["type"],
        "invoice.created",
        "what happened before, too"
    );
    shop.pay(&invoice);
    let received = receiver.wait_for(2).await;
    assert_eq!(received[1].json()["type"], "invoice.paid");
    for received in &received {
        assert_eq!(
            received.json()["data"]["invoice"]["label"],
            invoice["label"]
        );
        let secrets = secrets(&shop, &SecretOwner::Invoices).await;
        assert!(verify(received, secrets.current.reveal()));
    }
}

#[tokio::test]
async fn while_a_rotation_lasts_both_secrets_verify() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    let owner = SecretOwner::Endpoint(endpoint.clone());
    let old = secrets(&shop, &owner).await;
    assert!(old.previous.is_none());
    let rotated = shop.webhooks.rotate_secret(&owner).await;
    let new = rotated.expect("written").expect("an endpoint");
    assert_ne!(new.current.reveal(), old.current.reveal());

    shop.webhooks.test(&endpoint).await.expect("queued");
    let received = receiver.wait_for(1).await;
    assert_eq!(received[0].json()["type"], "webhook.test");
    assert_eq!(
        received[0].header("webhook-signature").split(' ').count(),
        2
    );
    assert!(verify(&received[0], old.current.reveal()));
    assert!(verify(&received[0], new.current.reveal()));

    shop.clock
        .advance(std::time::Duration::from_secs(24 * 60 * 60));
    shop.webhooks.test(&endpoint).await.expect("queued");
    let received = receiver.wait_for(2).await;
    assert_eq!(
        received[1].header("webhook-signature").split(' ').count(),
        1
    );
}

#[tokio::test]
async fn a_changed_endpoint_is_told_at_its_new_address() {
    let shop = Shop::open().await;
    let (old, new) = (Receiver::start().await, Receiver::start().await);
    let endpoint = shop.endpoint(&old.url("/")).await;
    let url = Some(hook(&new.url("/new")).url);
    let change = EndpointChange {
        url,
        kinds: Some(Kinds::All),
        ..EndpointChange::default()
    };
    let changed = shop
        .webhooks
        .change(&endpoint, change)
        .await
        .expect("written");
    let found = shop.webhooks.find(&endpoint).await.expect("readable");
    assert_eq!(found, changed);
    shop.sell().await;
    let received = new.wait_for(2).await;
    assert!(received.iter().all(|received| received.path == "/new"));
    assert!(old.received().is_empty());
}

async fn secrets(shop: &Shop, owner: &SecretOwner) -> Secrets {
    let found = shop.webhooks.secrets(owner).await;
    found.expect("readable").expect("a secret")
}
