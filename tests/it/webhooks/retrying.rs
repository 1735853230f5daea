//! Receivers that do not take what is sent.

use std::time::Duration;

use facture_domain::hook::Queued;
use facture_domain::hook::{DeliveryState, Disabled, EndpointState, Failure, Outcome};
use tokio::time::{interval, timeout};

use super::{
    Shop, TIMEOUT,
    receiver::{Receiver, Reply},
};

#[tokio::test]
async fn a_retry_has_the_same_number_and_body() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Status(500), Reply::Status(404), Reply::Status(201)]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    shop.retry(&endpoint, 1).await;
    shop.retry(&endpoint, 2).await;
    let received = receiver.wait_for(3).await;
    for repeat in &received[1..] {
        assert_eq!(repeat.id(), received[0].id());
        assert_eq!(repeat.body, received[0].body);
        let (first, now) = (
            received[0].header("webhook-timestamp"),
            repeat.header("webhook-timestamp"),
        );
        assert!(first < now, "the timestamp is the attempt's");
    }
    let (_, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    let outcomes: Vec<_> = attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [500, 404, 201].map(Outcome::Answered));
    assert_eq!(attempts[0].excerpt, "as told");
}

/// While many fail at once, the list of what is due may be older than what came of some on it.
#[tokio::test]
async fn what_failed_is_not_tried_again_at_once() {
    let shop = Shop::open().await;
    for _ in 0..50 {
        shop.sell().await;
    }
    let receiver = Receiver::start().await;
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    receiver.stop().await;
    // The clock stands still: nothing comes back by itself.
    for round in 1..=5 {
        let queued = shop.webhooks.redeliver_after(&endpoint, 0, None).await;
        assert_eq!(queued.expect("readable"), Queued::Due(50));
        let mut tick = interval(Duration::from_millis(5));
        let attempts = async {
            loop {
                tick.tick().await;
                let deliveries = shop.webhooks.deliveries(&endpoint, None, 50).await;
                let attempts = deliveries.expect("a list").into_iter();
                let attempts: Vec<u64> = attempts.map(|delivery| delivery.attempts).collect();
                if attempts.iter().all(|made| *made >= round) {
                    return attempts;
                }
            }
        };
        let attempts = timeout(TIMEOUT, attempts).await.expect("in time");
        assert_eq!(attempts, [round; 50]);
    }
}

#[tokio::test]
async fn the_receiver_may_ask_for_a_pause() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::RetryAfter(503, "120")]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    let (delivery, _) = shop
        .delivery(&endpoint, |delivery| delivery.attempts == 1)
        .await;
    let DeliveryState::Pending(next) = delivery.state else {
        panic!("{delivery:?}")
    };
    assert_eq!(next.duration_since(shop.clock.now()).as_secs(), 120);
    shop.clock.advance(Duration::from_secs(120));
    receiver.wait_for(2).await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_told_no_more() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Status(500), Reply::Status(410)]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    shop.delivery(&endpoint, |delivery| delivery.attempts == 1)
        .await;
    shop.sell().await;
    let (delivery, _) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Failed
        })
        .await;
    let found = shop.webhooks.find(&endpoint).await.expect("readable");
    assert_eq!(
        found.expect("it is kept").state,
        EndpointState::Disabled(Disabled::Gone)
    );
    let others = shop
        .webhooks
        .deliveries(&endpoint, Some(delivery.place), 10)
        .await;
    let [waited] = &others.expect("a list")[..] else {
        panic!("one")
    };
    shop.until(&waited.id, DeliveryState::Dropped).await;
    shop.sell().await;
    let (newest, _) = shop.delivery(&endpoint, |_| true).await;
    assert_eq!(newest.id, delivery.id, "nothing new is queued");
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_not_followed() {
    let shop = Shop::open().await;
    let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
    receiver.answer([Reply::Redirect(elsewhere.url("/"))]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    shop.retry(&endpoint, 1).await;
    receiver.wait_for(2).await;
    let (_, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    assert_eq!(attempts[0].outcome, Outcome::Answered(307));
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn an_answer_after_the_deadline_is_none_and_the_repeat_has_the_same_number() {
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("WEBHOOKS__DEADLINE_SECONDS", "1"),
    ])
    .await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Hang]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    shop.retry(&endpoint, 1).await;
    let received = receiver.wait_for(2).await;
    assert_eq!(received[0].id(), received[1].id());
    let (_, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    assert_eq!(attempts[0].outcome, Outcome::Failed(Failure::TimedOut));
}

#[tokio::test]
async fn a_receiver_that_was_down_for_an_hour_gets_everything() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let (address, url) = (receiver.address, receiver.url("/"));
    receiver.stop().await;
    let endpoint = shop.endpoint(&url).await;
    let mut sold = Vec::new();
    for attempts in 1..=4 {
        sold.push(shop.sell().await["label"].clone());
        shop.delivery(&endpoint, |delivery| delivery.attempts >= 1)
            .await;
        // The first one is tried every time: 5 seconds, 1, 5 and 30 minutes.
        let all = shop
            .webhooks
            .deliveries(&endpoint, None, 10)
            .await
            .expect("a list");
        assert_eq!(all.len(), attempts);
        let (_, tried) = shop.found(&all[0].id).await;
        assert_eq!(
            tried[0].outcome,
            Outcome::Failed(Failure::ConnectionRefused)
        );
        shop.clock.advance(Duration::from_secs(15 * 60));
    }
    // An attempt that ends after the clock moved on would come again two hours after that.
    shop.nothing_due(&endpoint).await;
    let receiver = Receiver::start_at(address).await;
    // Whatever was tried just now, and failed, comes again within two hours.
    shop.clock.advance(Duration::from_secs(2 * 60 * 60));
    let received = receiver
        .wait_until(|received| {
            let told: Vec<_> = received
                .iter()
                .map(|one| one.json()["data"]["invoice"]["label"].clone())
                .collect();
            sold.iter().all(|label| told.contains(label))
        })
        .await;
    assert_eq!(received.len(), sold.len(), "each once");
}

#[tokio::test]
async fn after_three_days_a_delivery_is_given_up() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    receiver.answer((0..11).map(|_| Reply::Status(500)));
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    for attempts in 1..=10 {
        shop.retry(&endpoint, attempts).await;
    }
    let (_, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Failed
        })
        .await;
    assert_eq!(attempts.len(), 11);
    let received = receiver.received();
    assert!(received.iter().all(|one| one.id() == received[0].id()));
}

#[tokio::test]
async fn little_of_an_answer_is_read() {
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("WEBHOOKS__DEADLINE_SECONDS", "1"),
    ])
    .await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Endless]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    let (_, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    assert_eq!(attempts[0].excerpt, "x".repeat(1000));

    receiver.answer([Reply::Dripping]);
    shop.sell().await;
    let (_, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered && delivery.place > 1
        })
        .await;
    assert_eq!(attempts[0].excerpt, "a beginning");
}
