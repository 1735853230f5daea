//! A bug in sending: it costs an attempt, which is made again, and no other delivery.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use facture::webhooks::{Dispatcher, Options, Render, Rendered, Rest, Webhooks};
use facture_domain::hook::Queued;
use facture_domain::{
    EventKind,
    hook::{DeliveryState, Failure, Kinds, NewEndpoint, Outcome},
};
use facture_runtime::clock::Clock;
use facture_runtime::guard::AllowedAddresses;
use facture_store::Store;
use jiff::Timestamp;
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;

use super::{hook, receiver::Receiver};
use crate::harness::TIMEOUT;

#[tokio::test]
async fn a_delivery_whose_sending_panics_is_sent_later_and_the_others_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).await.expect("a database");
    let clock = Clock::manual(Timestamp::now());
    let options = Options {
        allowed: AllowedAddresses::Any,
        deadline: TIMEOUT,
        onion_proxy: None,
        waiting_per_token: 0,
    };
    let webhooks = Webhooks::new(store, clock.clone(), options);
    let rendered = Arc::new(AtomicUsize::new(0));
    let render: Render = Arc::new({
        let rendered = Arc::clone(&rendered);
        move |_| match rendered.fetch_add(1, Ordering::Relaxed) {
            0 => panic!("a bug in the first one"),
            _ => Ok(Rendered {
                body: b"{}".to_vec(),
                rest: Rest::Nothing,
            }),
        }
    });
    let dispatcher = Dispatcher::new(&webhooks, render);
    let dispatcher = Arc::new(dispatcher.expect("a dispatcher"));
    let stop = CancellationToken::new();
    let running = tokio::spawn(dispatcher.run(stop.clone()));

    let receiver = Receiver::start().await;
    let new = NewEndpoint {
        hook: hook(&receiver.url("/")),
        kinds: Kinds::Only(vec![EventKind::Paid]),
    };
    let endpoint = webhooks.create(new).await.expect("an endpoint").id;
    let queue = async || match webhooks.test(&endpoint).await.expect("written") {
        Queued::Due(delivery) => delivery.id,
        other => panic!("{other:?}"),
    };
    let first = queue().await;
    let attempted = async {
        let mut tick = interval(Duration::from_millis(5));
        loop {
            tick.tick().await;
            let found = webhooks.delivery(&first).await.expect("readable");
            let (delivery, attempts) = found.expect("it is there");
            if let Some(attempt) = attempts.first() {
                return (delivery, attempt.outcome);
            }
        }
    };
    let (delivery, outcome) = timeout(TIMEOUT, attempted).await.expect("an attempt");
    assert_eq!(outcome, Outcome::Failed(Failure::Internal));
    assert!(matches!(delivery.state, DeliveryState::Pending(_)));
    let second = queue().await;
    let received = receiver.wait_for(1).await;
    assert_eq!(received[0].headers["webhook-id"], second.to_string());
    clock.advance(Duration::from_secs(61));
    let received = receiver.wait_for(2).await;
    assert_eq!(received[1].headers["webhook-id"], first.to_string());
    stop.cancel();
    running.await.expect("it ends without a panic");
}
