//! What is forgotten, what is not, and what comes back.

use jiff::Timestamp;

use super::{World, at, expired, hook, label, paid, unpaid};
use crate::{
    Store,
    forgetting::Forgettable,
    keys::RENEWALS,
    mirror::Merged,
    sending::{AttemptRecord, Disposition},
};
use facture_domain::idempotency::{IdempotentRequest, KeyRetention};
use facture_domain::listing::Filter;
use facture_domain::{
    Channel, EventKind, Invoice, Status, Subject,
    hook::{Attempt, Kinds, NewEndpoint, Outcome},
};

/// Asked for by the form, and its time is over.
fn by_form(invoice: Invoice) -> Invoice {
    let mut invoice = by(Channel::Form, invoice);
    invoice.expires_at = Timestamp::from_second(1_795_195_160).unwrap();
    invoice
}

fn by(channel: Channel, mut invoice: Invoice) -> Invoice {
    invoice.expires_at = Timestamp::from_second(1_795_195_160).unwrap();
    invoice.order.channel = Some(channel);
    invoice
}

/// How many.
async fn forget(store: &Store, which: Forgettable, before: i64) -> u64 {
    let before = Timestamp::from_second(before).unwrap();
    let (mut count, mut position) = (0, None);
    loop {
        // In small pieces, so that there are several.
        let forgotten = store.forget(which, before, position, 2).await.unwrap();
        (count, position) = (count + forgotten.count, forgotten.next);
        if position.is_none() {
            return count;
        }
    }
}

async fn forget_any(world: &World) -> u64 {
    forget(&world.store, Forgettable::Any, 1_800_000_000).await
}

async fn kept(world: &World) -> Vec<u64> {
    let listed = world.store.list(&Filter::default(), None, 1000).await;
    let listed = listed.unwrap().invoices.into_iter();
    let mut kept: Vec<u64> = listed.map(|invoice| invoice.number).collect();
    kept.sort_unstable();
    kept
}

async fn reserve_renewal(world: &World, of: u64, to: u64) {
    let request = IdempotentRequest {
        scope: RENEWALS.to_owned(),
        key: label(of).to_string(),
        fingerprint: Vec::new(),
        retention: KeyRetention::Forever,
    };
    world.store.reserve(request, label(to), None).await.unwrap();
}

pub(super) async fn strangers_unpaid_invoices_are_forgotten_and_no_others(world: World) {
    let mut cancelled = by_form(expired(8));
    cancelled.cancelled_at = Some(cancelled.created_at);
    let mut later = by_form(expired(9));
    later.expires_at = Timestamp::from_second(1_900_000_000).unwrap();
    world
        .apply(&[
            by_form(expired(1)),
            by_form(unpaid(2)),
            by_form(paid(3)),
            by(Channel::Api, expired(4)),
            by(Channel::Charge, expired(5)),
            by(Channel::Lnurl, expired(20)),
            expired(6),
            by_form(expired(7)),
            cancelled,
            later,
        ])
        .await;
    // Somebody wants to know of this one.
    let address = hook("https://shop.example/");
    world.store.add_endpoint(&label(7), &address).await.unwrap();
    let last = world.store.last_event().await.unwrap();
    assert!(world.store.cached(&label(1)).is_some());
    assert_eq!(
        forget(&world.store, Forgettable::Any, 1_795_195_160).await,
        0
    );
    assert_eq!(forget_any(&world).await, 3);
    assert_eq!(kept(&world).await, [2, 3, 4, 5, 6, 7, 9]);
    assert_eq!(forget_any(&world).await, 0, "they are gone");
    assert_eq!(world.store.cached(&label(1)), None);
    assert_eq!(world.store.find(&label(1)).await.unwrap(), None);
    assert_eq!(world.store.events_of(&label(1), 0).await.unwrap(), []);
    let events = world.store.events(0, &EventKind::ALL, 1000).await.unwrap();
    let of = |number| {
        let label = label(number);
        events
            .iter()
            .any(move |event| event.payload.subject() == Subject::Invoice(label.clone()))
    };
    assert_eq!((1..=9).filter(|number| of(*number)).count(), 7);
    assert_eq!(world.store.last_event().await.unwrap(), last);
}

pub(super) async fn numbers_of_events_go_on_when_the_last_ones_are_forgotten(world: World) {
    world.apply(&[by_form(expired(1))]).await;
    let last = world.store.last_event().await.unwrap();
    assert!(last > 0);
    assert_eq!(forget_any(&world).await, 1);
    assert_eq!(world.store.last_event().await.unwrap(), last);
    let world = world.reopen().await;
    assert_eq!(world.store.last_event().await.unwrap(), last);
    world.apply(&[paid(2)]).await;
    let events = world.store.events(0, &EventKind::ALL, 10).await.unwrap();
    assert!(
        events.iter().all(|event| event.sequence > last),
        "{events:?}"
    );
}

pub(super) async fn what_was_forgotten_comes_back_only_when_it_is_paid(world: World) {
    let page: Vec<Invoice> = (1..=6).map(|number| by_form(expired(number))).collect();
    world.apply(&page).await;
    assert_eq!(forget_any(&world).await, 6);
    let world = world.reopen().await;
    // The node still lists them, as what they are or, after it was put back, as what they were; it never knew the order.
    let as_listed = |mut invoice: Invoice| {
        invoice.order.channel = None;
        invoice
    };
    let again: Vec<Invoice> = (1..=3)
        .map(|number| as_listed(by_form(expired(number))))
        .chain((4..=6).map(|number| as_listed(by_form(unpaid(number)))))
        .collect();
    let cursor = at(9);
    let merged = world.store.apply(&world.node, &again, &cursor).await;
    assert_eq!(merged.unwrap(), Merged::default());
    assert_eq!(
        world.store.bind(&world.node).await.unwrap(),
        Some(cursor.clone())
    );
    assert!(kept(&world).await.is_empty());
    // Nothing that was paid is lost.
    let page = [as_listed(by_form(paid(2)))];
    world
        .store
        .apply(&world.node, &page, &cursor)
        .await
        .unwrap();
    let found = world.store.find(&label(2)).await.unwrap().unwrap();
    assert_eq!(found.status, paid(2).status);
    let events = world.store.events_of(&label(2), 0).await.unwrap();
    let kinds: Vec<EventKind> = events.into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Created, EventKind::Paid]);
    assert_eq!(forget_any(&world).await, 0);
    // A node that was put back from a backup gives the same place to another invoice.
    let mut other = unpaid(3);
    other.label = label(33);
    world.apply(&[other, as_listed(by_form(expired(7)))]).await;
    assert_eq!(kept(&world).await, [2, 3, 7]);
    // The shop that made one shows it to the buyer.
    world.create(&by_form(expired(5))).await;
    assert_eq!(kept(&world).await, [2, 3, 5, 7]);
    assert_eq!(forget_any(&world).await, 1);
}

pub(super) async fn what_is_not_told_yet_is_not_forgotten(world: World) {
    let new = NewEndpoint {
        hook: hook("https://shop.example/all"),
        kinds: Kinds::All,
    };
    let endpoint = world.store.create_endpoint(new).await.unwrap();
    world
        .apply(&[by_form(expired(1)), by_form(expired(2))])
        .await;
    let first = world.store.events_of(&label(1), 0).await.unwrap();
    let first: Vec<u64> = first.iter().map(|event| event.sequence).collect();
    assert_eq!(forget_any(&world).await, 0);
    let waiting = world.waiting().await;
    assert_eq!(waiting.len(), 4);
    let mut attempted = Vec::new();
    for waiting in &waiting {
        let now = Timestamp::now();
        let outgoing = world.store.outgoing(waiting.place, now).await.unwrap();
        let event = outgoing.unwrap().event.unwrap();
        if first.contains(&event.sequence) {
            attempted.push(AttemptRecord {
                place: waiting.place,
                target: None,
                attempt: Attempt {
                    started_at: now,
                    duration: std::time::Duration::from_millis(7),
                    outcome: Outcome::Answered(204),
                    excerpt: "thanks".to_owned(),
                },
                disposition: Disposition::Delivered,
            });
        }
    }
    assert_eq!(attempted.len(), 2);
    world.store.record(&attempted).await.unwrap();
    assert_eq!(forget_any(&world).await, 1);
    assert_eq!(kept(&world).await, [2]);
    let left = world
        .store
        .deliveries(&endpoint.id, None, 10)
        .await
        .unwrap();
    let left: Vec<u64> = left.into_iter().map(|delivery| delivery.place).collect();
    let gone: Vec<u64> = attempted.into_iter().map(|one| one.place).collect();
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|place| !gone.contains(place)));
    for place in left {
        let outgoing = world.store.outgoing(place, Timestamp::now()).await;
        assert!(outgoing.unwrap().is_some(), "it can still be sent");
    }
}

pub(super) async fn the_old_link_of_a_renewed_invoice_leads_on_as_long_as_there_is_a_new_one(
    world: World,
) {
    // The first and the second were renewed; the fourth was to be, which failed.
    let mut second = by_form(expired(2));
    second.order.renewal_of = Some(label(1));
    let mut third = by_form(paid(3));
    third.order.renewal_of = Some(label(2));
    let mut fifth = by_form(expired(5));
    fifth.order.renewal_of = Some(label(4));
    world
        .apply(&[
            by_form(expired(1)),
            second,
            third,
            by_form(expired(4)),
            fifth,
            by_form(expired(6)),
        ])
        .await;
    for (of, to) in [(1, 2), (2, 3), (4, 5), (6, 7)] {
        reserve_renewal(&world, of, to).await;
    }
    forget_any(&world).await;
    // Those whose last one is gone follow in the next round.
    forget_any(&world).await;
    assert_eq!(kept(&world).await, [1, 2, 3]);
    let reserved = async |number: u64| {
        let key = label(number).to_string();
        world.store.reserved(RENEWALS, &key).await.unwrap()
    };
    assert_eq!(reserved(1).await, Some(label(2)));
    assert_eq!(reserved(2).await, Some(label(3)));
    assert_eq!(reserved(4).await, None);
    assert_eq!(reserved(6).await, None);
}

pub(super) async fn what_is_to_be_pruned_is_forgotten_after_that(world: World) {
    world
        .apply(&[by_form(expired(1)), by_form(expired(2))])
        .await;
    assert_eq!(
        forget(&world.store, Forgettable::Pruned, 1_800_000_000).await,
        0
    );
    world.store.pruned(&world.node, &label(2)).await.unwrap();
    assert_eq!(
        forget(&world.store, Forgettable::Pruned, 1_800_000_000).await,
        1
    );
    assert_eq!(kept(&world).await, [1]);
    let found = world.store.find(&label(1)).await.unwrap().unwrap();
    assert_eq!(found.status, Status::Expired);
}
