//! What the owner of a shop does with endpoints and deliveries.

use std::{sync::Arc, time::Duration};

use facture_domain::hook::Queued;
use facture_domain::{
    EventKind, HookUrl,
    hook::{
        Delivery, DeliveryId, DeliveryState, Disabled, EndpointChange, EndpointId, EndpointState,
        Kinds, SecretOwner,
    },
};
use tokio::sync::Notify;

use super::{
    Shop,
    receiver::{Receiver, Reply},
};

#[tokio::test]
async fn one_delivery_can_be_sent_again_whatever_came_of_it() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    let (delivery, _) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    receiver.answer([Reply::Status(500)]);
    let queued = shop
        .webhooks
        .redeliver(&delivery.id)
        .await
        .expect("written");
    assert!(matches!(queued, Queued::Due(queued) if queued.id == delivery.id));
    shop.retry(&endpoint, 2).await;
    let received = receiver.wait_for(3).await;
    assert!(received.iter().all(|one| one.id() == delivery.id.as_str()));
    assert!(received.iter().all(|one| one.body == received[0].body));
    let unknown = shop.webhooks.redeliver(&DeliveryId::random()).await;
    assert_eq!(unknown.expect("readable"), Queued::NotFound);
}

#[tokio::test]
async fn everything_after_a_sequence_can_be_sent_again() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    shop.sell().await;
    // Made too late for the first payment.
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    for count in 1..=2 {
        shop.sell().await;
        receiver.wait_for(count).await;
    }
    let (last, _) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    let (before_last, all) = (last.sequence.expect("an event") - 1, 0);
    let queued = shop
        .webhooks
        .redeliver_after(&endpoint, before_last, None)
        .await;
    assert_eq!(queued.expect("written"), Queued::Due(1));
    let received = receiver.wait_for(3).await;
    assert_eq!(received[2].id(), last.id.as_str());

    shop.delivery(&endpoint, |delivery| {
        delivery.state == DeliveryState::Delivered
    })
    .await;
    let queued = shop.webhooks.redeliver_after(&endpoint, all, None).await;
    assert_eq!(queued.expect("written"), Queued::Due(3));
    let received = receiver.wait_for(6).await;
    let new = received[3..]
        .iter()
        .filter(|one| received[..3].iter().all(|before| before.id() != one.id()));
    assert_eq!(new.count(), 1, "the payment that it was never told of");
    let nobody = shop
        .webhooks
        .redeliver_after(&EndpointId::random(), 0, None)
        .await;
    assert_eq!(nobody.expect("readable"), Queued::NotFound);
}

#[tokio::test]
async fn a_disabled_endpoint_is_told_nothing_until_it_is_enabled() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    let change = |state| EndpointChange {
        state: Some(state),
        ..EndpointChange::default()
    };
    let disabled = EndpointState::Disabled(Disabled::ByOwner);
    shop.webhooks
        .change(&endpoint, change(disabled))
        .await
        .expect("written");
    shop.sell().await;
    assert_eq!(
        shop.webhooks.test(&endpoint).await.expect("readable"),
        Queued::Disabled
    );
    shop.webhooks
        .change(&endpoint, change(EndpointState::Enabled))
        .await
        .expect("written");
    shop.webhooks.test(&endpoint).await.expect("queued");
    let received = receiver.wait_for(1).await;
    assert_eq!(received[0].json()["type"], "webhook.test");
}

#[tokio::test]
async fn what_waits_for_a_deleted_endpoint_is_dropped() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Status(500)]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    let other = shop.endpoint(&receiver.url("/other")).await;
    assert_eq!(shop.webhooks.list().await.expect("a list").len(), 2);
    shop.webhooks.test(&endpoint).await.expect("queued");
    let (delivery, _) = shop
        .delivery(&endpoint, |delivery| delivery.attempts == 1)
        .await;
    let deleted = shop.webhooks.delete(&endpoint).await.expect("written");
    assert_eq!(
        deleted.expect("it was there").kinds,
        Kinds::Only(vec![EventKind::Paid])
    );
    assert_eq!(
        shop.webhooks.delete(&endpoint).await.expect("readable"),
        None
    );
    let (delivery, _) = shop.found(&delivery.id).await;
    assert_eq!(delivery.state, DeliveryState::Dropped);
    let owner = SecretOwner::Endpoint(endpoint);
    assert!(
        shop.webhooks
            .secrets(&owner)
            .await
            .expect("readable")
            .is_none()
    );
    assert_eq!(
        shop.webhooks
            .redeliver(&delivery.id)
            .await
            .expect("readable"),
        Queued::NotFound
    );

    shop.clock.advance(Duration::from_secs(60 * 60));
    shop.webhooks.test(&other).await.expect("queued");
    let received = receiver.wait_for(2).await;
    assert_eq!(received[1].path, "/other");
}

#[tokio::test]
async fn what_is_asked_for_during_an_attempt_is_sent_after_it() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let told = Arc::new(Notify::new());
    receiver.answer([Reply::Status(500), Reply::When(told.clone(), 500)]);
    let endpoint = shop.endpoint(&receiver.url("/")).await;
    shop.sell().await;
    shop.retry(&endpoint, 1).await;
    let under_way = receiver.wait_for(2).await;
    // The shop's server is mended while the second attempt is under way.
    let id = DeliveryId::parse(under_way[1].id()).expect("an id");
    let queued = shop.webhooks.redeliver(&id).await.expect("written");
    assert!(matches!(queued, Queued::Due(_)));
    told.notify_one();
    // The clock stands still: nothing else is due.
    receiver.wait_for(3).await;
    let (_, attempts) = shop
        .delivery(&endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    assert_eq!(attempts.len(), 3);
}

#[tokio::test]
async fn the_end_of_an_address_that_was_left_is_not_the_end_of_the_endpoint() {
    let shop = Shop::open().await;
    let (old, new) = (Receiver::start().await, Receiver::start().await);
    let told = Arc::new(Notify::new());
    old.answer([Reply::When(told.clone(), 410)]);
    let endpoint = shop.endpoint(&old.url("/")).await;
    shop.sell().await;
    old.wait_for(1).await;
    let change = EndpointChange {
        url: Some(HookUrl::parse(&new.url("/")).expect("an address")),
        ..EndpointChange::default()
    };
    let changed = shop.webhooks.change(&endpoint, change).await;
    assert!(changed.expect("written").is_some());
    told.notify_one();
    let received = new.wait_for(1).await;
    assert_eq!(received[0].id(), old.received()[0].id());
    let found = shop.webhooks.find(&endpoint).await.expect("readable");
    assert_eq!(found.expect("it is there").state, EndpointState::Enabled);
}

#[tokio::test]
async fn all_that_waits_is_dropped_however_much_it_is() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let moved = receiver.url("/moved");
    let endpoint = shop.endpoint("http://127.0.0.1:1/").await;
    // Nothing is taken, and the clock stands still: all of it waits.
    for _ in 0..501 {
        shop.webhooks.test(&endpoint).await.expect("written");
    }
    let waiting = |all: &[Delivery]| {
        let pending = |one: &&Delivery| matches!(one.state, DeliveryState::Pending(_));
        all.iter().filter(pending).count()
    };
    let all = shop.webhooks.deliveries(&endpoint, None, 1000).await;
    assert_eq!(waiting(&all.expect("a list")), 501);
    let change = EndpointChange {
        url: Some(HookUrl::parse(&moved).expect("an address")),
        state: Some(EndpointState::Disabled(Disabled::ByOwner)),
        ..EndpointChange::default()
    };
    let changed = shop.webhooks.change(&endpoint, change).await;
    assert!(changed.expect("written").is_some());
    let all = shop.webhooks.deliveries(&endpoint, None, 1000).await;
    assert_eq!(waiting(&all.expect("a list")), 0);
    let deleted = shop.webhooks.delete(&endpoint).await;
    assert!(deleted.expect("written").is_some());
    assert!(receiver.received().is_empty());
}
