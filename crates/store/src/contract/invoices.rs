//! Invoices and their events.

use futures_util::future::join_all;

use super::{World, at, expired, hook, label, paid, unpaid};
use crate::{error::Error, mirror::Merged};
use facture_domain::listing::Filter;
use facture_domain::{EventKind, Invoice, NodeId};

async fn kinds_of(world: &World, number: u64) -> Vec<EventKind> {
    let events = world.store.events_of(&label(number), 0).await.unwrap();
    events.into_iter().map(|event| event.kind).collect()
}

pub(super) async fn what_is_written_is_read_at_once(world: World) {
    assert_eq!(world.store.find(&label(1)).await.unwrap(), None);
    world.create(&unpaid(1)).await;
    assert_eq!(
        *world.store.find(&label(1)).await.unwrap().unwrap(),
        unpaid(1)
    );
    world.apply(&[paid(1)]).await;
    let found = world.store.find(&label(1)).await.unwrap().unwrap();
    // The first receipt is given with it.
    let expected = Invoice {
        receipt: found.receipt,
        ..paid(1)
    };
    assert_eq!(*found, expected);
    assert_eq!(found.receipt.unwrap().number, 1);
    let world = world.reopen().await;
    assert_eq!(
        *world.store.find(&label(1)).await.unwrap().unwrap(),
        expected
    );
    let events = world.store.events(0, &EventKind::ALL, 10).await.unwrap();
    let told: Vec<Invoice> = events
        .into_iter()
        .map(|event| event.payload.invoice().unwrap().clone())
        .collect();
    assert_eq!(told, [unpaid(1), expected]);
}

pub(super) async fn what_the_node_reports_twice_is_one_event(world: World) {
    let page = [
        unpaid(1),
        expired(1),
        expired(1),
        unpaid(1),
        paid(1),
        expired(1),
    ];
    let cursor = at(7);
    let merged = world
        .store
        .apply(&world.node, &page, &cursor)
        .await
        .unwrap();
    let (adopted, changed) = (1, 2);
    assert_eq!(merged, Merged { adopted, changed });
    let again = world
        .store
        .apply(&world.node, &page, &cursor)
        .await
        .unwrap();
    assert_eq!(again, Merged::default());
    let kinds = [EventKind::Created, EventKind::Expired, EventKind::Paid];
    assert_eq!(kinds_of(&world, 1).await, kinds);
    assert_eq!(world.store.bind(&world.node).await.unwrap(), Some(cursor));
    world.store.move_cursor(&world.node, &at(0)).await.unwrap();
    let world = world.reopen().await;
    let from_the_first = world.store.bind(&world.node).await.unwrap();
    assert_eq!(from_the_first, Some(at(0)));
}

pub(super) async fn the_follower_may_be_first(world: World) {
    world.apply(&[paid(1)]).await;
    let mut made = unpaid(1);
    made.order.order_id = facture_domain::OrderId::parse("7".to_owned()).ok();
    world.create(&made).await;
    let found = world.store.find(&label(1)).await.unwrap().unwrap();
    assert_eq!(
        (&found.status, &found.order),
        (&paid(1).status, &made.order)
    );
    assert_eq!(
        kinds_of(&world, 1).await,
        [EventKind::Created, EventKind::Paid]
    );
}

pub(super) async fn of_many_writers_each_has_its_number(world: World) {
    let writes = (1..=200).map(|number| {
        let (store, node) = (world.store.clone(), world.node.clone());
        tokio::spawn(async move {
            let invoice = unpaid(number);
            store
                .create(node, invoice.clone().into(), Vec::new())
                .await
                .unwrap();
            let events = store.events_of(&invoice.label, 0).await.unwrap();
            assert_eq!(events.len(), 1, "it is there when the writer is told");
            assert_eq!(
                store.find(&invoice.label).await.unwrap().as_deref(),
                Some(&invoice)
            );
        })
    });
    for write in join_all(writes).await {
        write.unwrap();
    }
    let events = world.store.events(0, &EventKind::ALL, 1000).await.unwrap();
    assert_eq!(events.len(), 200);
    assert!(
        events
            .windows(2)
            .all(|two| two[0].sequence < two[1].sequence)
    );
    let last = events.last().unwrap().sequence;
    assert_eq!(world.store.last_event().await.unwrap(), last);
    assert!(last < 1 << 53, "JSON's numbers are not exact above");
}

pub(super) async fn one_that_fails_does_not_take_the_others_with_it(world: World) {
    world.create(&unpaid(1)).await;
    let address = |number: usize| hook(&format!("https://shop.example/{number}"));
    for number in 0..20 {
        world
            .store
            .add_endpoint(&label(1), &address(number))
            .await
            .unwrap();
    }
    let stranger = NodeId::new("03".repeat(33));
    // All at once, so that they are in one commit.
    let refused = join_all((20..40).map(|number| {
        let world = &world;
        async move { world.store.add_endpoint(&label(1), &address(number)).await }
    }));
    let other_node = join_all((100..120).map(|number| {
        let invoice = unpaid(number).into();
        world.store.create(stranger.clone(), invoice, Vec::new())
    }));
    let made = join_all((200..220).map(|number| {
        let invoice = unpaid(number).into();
        world.store.create(world.node.clone(), invoice, Vec::new())
    }));
    let (refused, other_node, made) = tokio::join!(refused, other_node, made);
    for refused in refused {
        assert!(matches!(refused, Err(Error::TooManyEndpoints(20))));
    }
    for refused in other_node {
        assert!(matches!(refused, Err(Error::OtherNode { .. })));
    }
    for made in made {
        assert_eq!(made.unwrap().adopted, 1);
    }
    assert_eq!(world.store.endpoints_of(&label(1)).await.unwrap().len(), 20);
    let listed = world.store.list(&Filter::default(), None, 1000).await;
    assert_eq!(listed.unwrap().invoices.len(), 21);
    assert_eq!(world.store.find(&label(100)).await.unwrap(), None);
}

pub(super) async fn records_belong_to_one_node(world: World) {
    let stranger = NodeId::new("03".repeat(33));
    let refused = world.store.bind(&stranger).await;
    assert!(matches!(refused, Err(Error::OtherNode { .. })));
    let page = [unpaid(1)];
    let start = at(0);
    let refused = world.store.apply(&stranger, &page, &start).await;
    assert!(matches!(refused, Err(Error::OtherNode { .. })));
    assert_eq!(world.store.find(&label(1)).await.unwrap(), None);
    assert_eq!(world.store.node().await.unwrap(), Some(world.node));
}

pub(super) async fn a_list_shows_each_once(world: World) {
    let page: Vec<Invoice> = (1..=7).map(unpaid).collect();
    world.apply(&page).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let filter = Filter::default();
        let page = world.store.list(&filter, after.as_ref(), 3).await.unwrap();
        seen.extend(page.invoices.iter().map(|invoice| invoice.number));
        // Made meanwhile.
        world
            .create(&Invoice {
                created_at: jiff::Timestamp::now(),
                ..unpaid(100 + u64::try_from(seen.len()).unwrap())
            })
            .await;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
}

pub(super) async fn a_clone_is_the_same_store(world: World) {
    world.create(&unpaid(1)).await;
    let clone = world.store.clone();
    clone.apply(&world.node, &[paid(1)], &at(0)).await.unwrap();
    let cached = world.store.cached(&label(1));
    assert_eq!(
        cached.map(|cached| cached.status.clone()),
        Some(paid(1).status)
    );
}

pub(super) async fn a_closed_store_says_so(world: World) {
    world.create(&unpaid(1)).await;
    world.store.close().await;
    let written = world
        .store
        .create(world.node.clone(), unpaid(2).into(), Vec::new());
    assert!(matches!(written.await, Err(Error::Closed)));
    let read = world.store.events(0, &EventKind::ALL, 1).await;
    assert!(matches!(read, Err(Error::Closed)));
    assert!(matches!(
        world.store.find(&label(2)).await,
        Err(Error::Closed)
    ));
}
