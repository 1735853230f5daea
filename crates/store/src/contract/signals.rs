//! What a commit sets off.

use std::{future::Future, time::Duration};

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::time::timeout;

use super::{World, hook, label, paid, unpaid};
use facture_domain::{EventKind, hook::Kinds, hook::NewEndpoint};

async fn within_deadline<T>(what: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), what).await.unwrap()
}

pub(super) async fn a_commit_is_told_to_all_who_wait(world: World) {
    let new = NewEndpoint {
        hook: hook("https://shop.example/all"),
        kinds: Kinds::All,
    };
    world.store.create_endpoint(new).await.unwrap();
    let hub = world.store.hub();
    let (mut one, mut all) = (hub.listen(&label(1)), hub.listen_all());
    let mut outbox = hub.listen_outbox();
    world.create(&unpaid(1)).await;
    within_deadline(one.changed()).await;
    within_deadline(all.changed()).await;
    within_deadline(outbox.changed()).await;
    // That was all, until there is more.
    assert_eq!(all.changed().now_or_never(), None);
    assert_eq!(outbox.changed().now_or_never(), None);
    world.apply(&[paid(1)]).await;
    within_deadline(one.changed()).await;
    within_deadline(all.changed()).await;
    within_deadline(outbox.changed()).await;
    // What makes no event wakes nobody.
    world.apply(&[]).await;
    assert_eq!(one.changed().now_or_never(), None);
    assert_eq!(all.changed().now_or_never(), None);
    assert_eq!(outbox.changed().now_or_never(), None);
}

pub(super) async fn a_new_address_or_delivery_wakes_the_sender(world: World) {
    world.create(&unpaid(1)).await;
    let mut outbox = world.store.hub().listen_outbox();
    let hook = hook("https://shop.example/one");
    let endpoint = world.store.add_endpoint(&label(1), &hook).await.unwrap();
    within_deadline(outbox.changed()).await;
    world.store.test_delivery(&endpoint.id).await.unwrap();
    within_deadline(outbox.changed()).await;
    world
        .store
        .redeliver_after(&endpoint.id, 0, None)
        .await
        .unwrap();
    within_deadline(outbox.changed()).await;
    let waiting = world.waiting().await;
    let place = waiting[0].place;
    let delivery = world.store.outgoing(place, Timestamp::now()).await;
    let delivery = delivery.unwrap().unwrap().id;
    world.store.redeliver(&delivery, None).await.unwrap();
    within_deadline(outbox.changed()).await;
}

/// Records that were restored from a backup, or built anew.
pub(super) async fn event_numbers_go_on_above_all_that_were_told(world: World) {
    world.create(&unpaid(1)).await;
    world.store.close().await;
    let (backup, empty) = (world.backend.copy(), world.backend.empty());
    let world = world.reopen().await;
    for number in 2..=50 {
        world.create(&unpaid(number)).await;
    }
    let told = world.store.last_event().await.unwrap();
    world.store.close().await;
    for place in [backup, empty] {
        let world = World::new(place).await;
        assert!(world.store.last_event().await.unwrap() < told);
        world.apply(&[paid(2)]).await;
        let since = world.store.events(told, &EventKind::ALL, 10).await.unwrap();
        let since: Vec<_> = since.into_iter().map(|event| event.kind).collect();
        assert_eq!(since, [EventKind::Created, EventKind::Paid]);
    }
}
