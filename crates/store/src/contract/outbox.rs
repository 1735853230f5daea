//! Whom to tell what happens.

use jiff::Timestamp;

use super::{World, hook, label, paid, unpaid};
use crate::sending::Outgoing;
use facture_domain::{
    EventKind,
    hook::{DeliveryId, Endpoint, Kinds, NewEndpoint},
};

async fn endpoint(world: &World, url: &str, kinds: Kinds) -> Endpoint {
    let hook = hook(url);
    let new = NewEndpoint { hook, kinds };
    world.store.create_endpoint(new).await.unwrap()
}

/// What waits, in the order of making.
async fn outgoing(world: &World) -> Vec<Outgoing> {
    let mut waiting = world.waiting().await;
    waiting.sort_by_key(|waiting| waiting.place);
    let mut outgoing = Vec::new();
    for waiting in waiting {
        let one = world.store.outgoing(waiting.place, Timestamp::now()).await;
        outgoing.push(one.unwrap().unwrap());
    }
    outgoing
}

async fn delivered_kinds(world: &World) -> Vec<EventKind> {
    let outgoing = outgoing(world).await;
    outgoing
        .into_iter()
        .map(|one| one.event.unwrap().kind)
        .collect()
}

pub(super) async fn an_event_is_written_with_its_deliveries(world: World) {
    endpoint(&world, "https://shop.example/all", Kinds::All).await;
    let hooks = vec![hook("https://shop.example/one")];
    world
        .store
        .create(world.node.clone(), unpaid(1).into(), hooks)
        .await
        .unwrap();
    world.apply(&[paid(1), paid(2)]).await;

    // The second address is that of the first invoice alone.
    let expected = [
        EventKind::Created,
        EventKind::Created,
        EventKind::Paid,
        EventKind::Paid,
        EventKind::Created,
        EventKind::Paid,
    ];
    assert_eq!(delivered_kinds(&world).await, expected);
}

pub(super) async fn a_late_endpoint_of_one_invoice_learns_what_happened(world: World) {
    world.apply(&[paid(1)]).await;
    let hook = hook("https://shop.example/late");
    for _ in 0..2 {
        world.store.add_endpoint(&label(1), &hook).await.unwrap();
    }
    assert_eq!(
        delivered_kinds(&world).await,
        [EventKind::Created, EventKind::Paid]
    );
}

pub(super) async fn the_same_event_has_the_same_number_in_other_records(world: World) {
    let ids = async |world: &World| -> Vec<DeliveryId> {
        endpoint(world, "https://shop.example/all", Kinds::All).await;
        world.apply(&[paid(1), unpaid(2)]).await;
        outgoing(world)
            .await
            .into_iter()
            .map(|one| one.id)
            .collect()
    };
    let first = ids(&world).await;
    let mut distinct = first.clone();
    distinct.dedup();
    assert_eq!(distinct.len(), 3);
    let anew = World::new(world.backend.empty()).await;
    assert_eq!(ids(&anew).await, first);
}

pub(super) async fn two_endpoints_with_one_address_have_a_delivery_each(world: World) {
    let url = "https://shop.example/both";
    let (one, other) = (
        endpoint(&world, url, Kinds::All).await,
        endpoint(&world, url, Kinds::All).await,
    );
    world.create(&unpaid(1)).await;
    let outgoing = outgoing(&world).await;
    let mut to: Vec<_> = outgoing.iter().map(|one| one.endpoint.clone()).collect();
    to.sort_by_key(ToString::to_string);
    let mut expected = vec![one.id, other.id];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(to, expected);
    assert_ne!(outgoing[0].id, outgoing[1].id);
}

pub(super) async fn what_is_not_wanted_is_not_delivered(world: World) {
    let only = Kinds::Only(vec![EventKind::Paid]);
    endpoint(&world, "https://shop.example/paid", only).await;
    world.apply(&[paid(1), unpaid(2)]).await;
    assert_eq!(delivered_kinds(&world).await, [EventKind::Paid]);
}
