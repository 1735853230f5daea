//! Hold invoices: what is held, what is decided.

use jiff::Timestamp;

use super::{World, at, label, paid, unpaid};
use crate::{Decided, mirror::Merged};
use facture_domain::{
    Decision, EventKind, Held, Hold, HoldDeadline, HoldNonce, HoldSecret, Invoice, Msat, Status,
    StatusName, listing::Filter,
};

fn hold(number: u64) -> Invoice {
    let deadline = HoldDeadline {
        blocks: 24,
        on_deadline: Decision::Cancel,
    };
    let secret = HoldSecret::Ours(HoldNonce::of_counter(number));
    Invoice {
        hold: Some(Hold::new(secret, deadline)),
        number: 0,
        ..unpaid(number)
    }
}

/// As the node tells of it, which knows nothing of what was agreed.
fn accepted(number: u64) -> Invoice {
    Invoice {
        status: Status::Accepted(Held {
            amount: Msat::from_msat(1_234).unwrap(),
            accepted_at: Timestamp::from_second(1_795_195_160).unwrap(),
            expires_at_height: 286,
        }),
        hold: None,
        ..hold(number)
    }
}

fn sent_back(number: u64) -> Invoice {
    Invoice {
        status: Status::Expired,
        cancelled_at: Some(Timestamp::from_second(1_795_195_170).unwrap()),
        ..accepted(number)
    }
}

async fn found(world: &World, number: u64) -> Invoice {
    let found = world.store.find(&label(number)).await.unwrap();
    Invoice::clone(&found.unwrap())
}

async fn kinds_of(world: &World, number: u64) -> Vec<EventKind> {
    let events = world.store.events_of(&label(number), 0).await.unwrap();
    events.into_iter().map(|event| event.kind).collect()
}

async fn listed(world: &World, status: StatusName) -> Vec<Invoice> {
    let filter = Filter {
        status: Some(status),
        ..Filter::default()
    };
    world.store.list(&filter, None, 10).await.unwrap().invoices
}

async fn decide(world: &World, number: u64, decision: Decision) -> Decided {
    let (store, node) = (&world.store, &world.node);
    let decided = store.decide(node, &label(number), decision, None).await;
    decided.unwrap().unwrap()
}

pub(super) async fn what_is_held_is_accepted_until_it_is_paid(world: World) {
    world.create(&hold(1)).await;
    world.create(&unpaid(2)).await;
    world.apply(&[accepted(1), accepted(1)]).await;
    let held = Invoice {
        hold: hold(1).hold,
        ..accepted(1)
    };
    assert_eq!(found(&world, 1).await, held);
    let world = world.reopen().await;
    assert_eq!(found(&world, 1).await, held);
    assert_eq!(held.state(), StatusName::Accepted);
    assert_eq!(
        listed(&world, StatusName::Accepted).await,
        [held.clone()].to_vec()
    );
    assert_eq!(listed(&world, StatusName::Unpaid).await, [unpaid(2)]);
    let open = world.store.open_holds(None, 10).await.unwrap();
    assert_eq!(open, std::slice::from_ref(&held));
    assert_eq!(world.store.count_held(10).await.unwrap(), 1);
    // A hold has no number on the node, and no clock once its payment is there.
    let open = world.store.open_after(0, 10).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(world.store.newest_open().await.unwrap().unwrap().number, 2);
    let overdue = world.store.unpaid_since(Timestamp::MAX, 10).await.unwrap();
    assert_eq!(overdue.len(), 1);
    assert_eq!(overdue[0].label, label(2));
    // An older answer of the node changes nothing.
    world.apply(&[unpaid(1)]).await;
    assert_eq!(found(&world, 1).await, held);
    world.apply(&[paid(1)]).await;
    let found = found(&world, 1).await;
    assert_eq!((&found.status, found.hold), (&paid(1).status, held.hold));
    let kinds = [EventKind::Created, EventKind::Accepted, EventKind::Paid];
    assert_eq!(kinds_of(&world, 1).await, kinds);
    let events = world.store.events_of(&label(1), 0).await.unwrap();
    assert_eq!(events[1].payload.invoice(), Some(&held));
    assert_eq!(world.store.open_holds(None, 10).await.unwrap(), []);
    assert_eq!(world.store.count_held(10).await.unwrap(), 0);
}

pub(super) async fn what_was_sent_back_is_cancelled_for_ever(world: World) {
    world.create(&hold(1)).await;
    world.apply(&[accepted(1), sent_back(1), accepted(1)]).await;
    let cancelled = found(&world, 1).await;
    assert_eq!(cancelled.state(), StatusName::Cancelled);
    assert_eq!(cancelled.cancelled_at, sent_back(1).cancelled_at);
    assert_eq!(
        listed(&world, StatusName::Cancelled).await,
        [cancelled].to_vec()
    );
    assert_eq!(listed(&world, StatusName::Expired).await, []);
    let kinds = [
        EventKind::Created,
        EventKind::Accepted,
        EventKind::Cancelled,
    ];
    assert_eq!(kinds_of(&world, 1).await, kinds);
    // We sent it back ourselves.
    world.create(&hold(2)).await;
    world.apply(&[accepted(2)]).await;
    for news in [true, false] {
        let cancelled = world
            .store
            .cancel(&world.node, &label(2), None)
            .await
            .unwrap();
        assert_eq!(cancelled, news);
    }
    let again = [sent_back(2)];
    let merged = world.store.apply(&world.node, &again, &at(1)).await;
    assert_eq!(merged.unwrap(), Merged::default());
    assert_eq!(kinds_of(&world, 2).await, kinds);
}

pub(super) async fn the_first_decision_counts(world: World) {
    world.create(&hold(1)).await;
    assert!(matches!(
        decide(&world, 1, Decision::Settle).await,
        Decided::Over(_)
    ));
    world.apply(&[accepted(1)]).await;
    for _ in 0..2 {
        let Decided::So(decided) = decide(&world, 1, Decision::Settle).await else {
            panic!("it is decided so");
        };
        assert_eq!(decided.hold.unwrap().decision, Some(Decision::Settle));
        assert!(matches!(
            decide(&world, 1, Decision::Cancel).await,
            Decided::Otherwise(_)
        ));
    }
    // It survives, and so it does when the request that made the invoice comes again.
    let world = world.reopen().await;
    world.create(&hold(1)).await;
    let known = found(&world, 1).await;
    assert_eq!(known.hold.unwrap().decision, Some(Decision::Settle));
    world.apply(&[paid(1)]).await;
    for decision in Decision::ALL {
        assert!(matches!(
            decide(&world, 1, decision).await,
            Decided::Over(_)
        ));
    }
    // What nobody has paid yet can be cancelled only; other invoices have nothing to decide.
    world.create(&hold(2)).await;
    assert!(matches!(
        decide(&world, 2, Decision::Cancel).await,
        Decided::So(_)
    ));
    world.create(&unpaid(3)).await;
    assert!(matches!(
        decide(&world, 3, Decision::Cancel).await,
        Decided::Over(_)
    ));
    let unknown = world
        .store
        .decide(&world.node, &label(4), Decision::Cancel, None)
        .await;
    assert_eq!(unknown.unwrap(), None);
}

pub(super) async fn counters_are_given_once(world: World) {
    assert_eq!(world.store.last_hold_counter().await.unwrap(), 0);
    for expected in [1, 2] {
        let counter = world.store.next_hold_counter(&world.node).await.unwrap();
        assert_eq!(counter, expected);
    }
    let world = world.reopen().await;
    assert_eq!(world.store.last_hold_counter().await.unwrap(), 2);
}

pub(super) async fn the_shop_is_warned_once(world: World) {
    world.create(&hold(1)).await;
    let warn = async || {
        let (store, node) = (&world.store, &world.node);
        store.warn_of_deadline(node, &label(1)).await.unwrap()
    };
    assert!(!warn().await, "nothing is held");
    world.apply(&[accepted(1)]).await;
    assert!(warn().await);
    assert!(!warn().await);
    assert!(found(&world, 1).await.hold.unwrap().warned_at.is_some());
    let kinds = [
        EventKind::Created,
        EventKind::Accepted,
        EventKind::HoldExpiring,
    ];
    assert_eq!(kinds_of(&world, 1).await, kinds);
}
