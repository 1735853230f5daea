//! Payouts: what is ordered, begun, reported and expired.

use jiff::Timestamp;

use super::{World, hook};
use crate::{Moved, Ordered};
use facture_domain::{
    EventKind, Msat, PaymentHash, Preimage, Subject,
    hook::{Kinds, NewEndpoint},
    payout::{
        Attempt, Destination, DestinationKind, FailureCode, MoveRefused, NewPayout, PayerId,
        Payout, PayoutFailure, PayoutId, PayoutMove, PayoutState, PayoutStatus, Reason, Report,
        Waiting,
    },
};

fn preimage(byte: u8) -> Preimage {
    Preimage::from_bytes([byte; 32])
}

fn hash(byte: u8) -> PaymentHash {
    preimage(byte).payment_hash()
}

pub(super) fn of_invoice(byte: u8) -> NewPayout {
    NewPayout {
        destination: Destination {
            kind: DestinationKind::Bolt11,
            text: format!("lnbcrt1{byte}"),
        },
        payment_hash: Some(hash(byte)),
        amount: Msat::from_msat(21_000),
        max_fee: Msat::from_msat(100),
        reason: Reason::parse("a refund".to_owned()).ok(),
        invoice: None,
        asked_by: "shop".to_owned(),
        expires_at: Timestamp::from_second(4_102_444_800).unwrap(),
    }
}

pub(super) fn of_address() -> NewPayout {
    NewPayout {
        destination: Destination {
            kind: DestinationKind::LightningAddress,
            text: "alice@example.com".to_owned(),
        },
        payment_hash: None,
        amount: None,
        max_fee: None,
        reason: None,
        invoice: None,
        ..of_invoice(1)
    }
}

pub(super) fn payer(name: &str) -> PayerId {
    PayerId::parse(name).unwrap()
}

pub(super) fn begin(name: &str, byte: u8) -> PayoutMove {
    PayoutMove::Begin(Attempt {
        payer: payer(name),
        payment_hash: hash(byte),
        bolt11: None,
    })
}

pub(super) fn paid(name: &str, byte: u8) -> PayoutMove {
    let report = Report::Paid {
        preimage: preimage(byte),
        amount: Msat::from_msat(21_000).unwrap(),
        fee: Msat::from_msat(3).unwrap(),
    };
    PayoutMove::Report(payer(name), report)
}

fn failure(code: FailureCode) -> PayoutFailure {
    PayoutFailure::new(code, None)
}

pub(super) async fn order(world: &World, order: NewPayout) -> Payout {
    let id = PayoutId::random();
    match world
        .store
        .order_payout(id, vec![1], order, None, 100, None)
        .await
        .unwrap()
    {
        Ordered::New(payout) => payout,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn step(world: &World, id: &PayoutId, step: PayoutMove) -> Moved {
    let moved = world.store.move_payout(id, step).await.unwrap();
    moved.unwrap()
}

pub(super) async fn done(world: &World, id: &PayoutId, next: PayoutMove) -> Payout {
    match step(world, id, next).await {
        Moved::Done(payout) => payout,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn kinds(world: &World) -> Vec<EventKind> {
    let events = world.store.events(0, &EventKind::ALL, 100).await.unwrap();
    events.into_iter().map(|event| event.kind).collect()
}

pub(super) async fn an_order_is_written_once_with_its_event(world: World) {
    let id = PayoutId::random();
    let order = async |fingerprint: u8| {
        let (id, new) = (id.clone(), of_invoice(1));
        let ordered = world
            .store
            .order_payout(id, vec![fingerprint], new, None, 100, None)
            .await;
        ordered.unwrap()
    };
    let (one, two) = tokio::join!(order(1), order(1));
    let (Ordered::New(new) | Ordered::Known(new), Ordered::New(known) | Ordered::Known(known)) =
        (one, two)
    else {
        panic!("both get it");
    };
    assert_eq!(new, known);
    assert_eq!(new.order, of_invoice(1));
    assert_eq!(new.status, PayoutStatus::Ordered(Waiting::Payer));
    assert_eq!(order(2).await, Ordered::OtherRequest);
    let before = world.store.ordered(&id, &[1]).await.unwrap();
    assert_eq!(before, Some(Ordered::Known(new.clone())));
    let other = world.store.ordered(&PayoutId::random(), &[1]).await;
    assert_eq!(other.unwrap(), None);
    assert_eq!(world.store.payout(&id).await.unwrap(), Some(new.clone()));
    let events = world.store.events(0, &EventKind::ALL, 10).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, EventKind::Payout(PayoutState::Ordered));
    assert_eq!(events[0].payload.subject(), Subject::Payout(id.clone()));
    // What is known of the request survives.
    let world = world.reopen().await;
    let again = world
        .store
        .order_payout(id, vec![1], of_invoice(1), None, 100, None)
        .await;
    assert_eq!(again.unwrap(), Ordered::Known(new));
}

pub(super) async fn an_invoice_is_ordered_again_only_when_it_will_not_be_paid(world: World) {
    let again = async |byte| {
        let id = PayoutId::random();
        let ordered = world
            .store
            .order_payout(id, vec![1], of_invoice(byte), None, 100, None)
            .await;
        ordered.unwrap()
    };
    let first = order(&world, of_invoice(1)).await;
    assert_eq!(again(1).await, Ordered::Already(first.id.clone()));
    done(&world, &first.id, PayoutMove::Cancel).await;
    let Ordered::New(second) = again(1).await else {
        panic!("the first one is cancelled");
    };
    done(&world, &second.id, begin("one", 1)).await;
    assert_eq!(again(1).await, Ordered::Already(second.id.clone()));
    let unknown = Report::Unknown(Some(failure(FailureCode::Timeout)));
    done(
        &world,
        &second.id,
        PayoutMove::Report(payer("one"), unknown),
    )
    .await;
    assert_eq!(again(1).await, Ordered::Already(second.id.clone()));
    let failed = Report::Failed(failure(FailureCode::NoRoute));
    done(&world, &second.id, PayoutMove::Report(payer("one"), failed)).await;
    let Ordered::New(third) = again(1).await else {
        panic!("the second one failed");
    };
    done(&world, &third.id, begin("one", 1)).await;
    done(&world, &third.id, paid("one", 1)).await;
    assert_eq!(again(1).await, Ordered::Already(third.id));
    // An address may be paid as often as one likes.
    order(&world, of_address()).await;
    order(&world, of_address()).await;
}

pub(super) async fn a_payout_goes_its_way_and_each_step_is_one_event(world: World) {
    let id = order(&world, of_address()).await.id;
    let wants = || PayoutMove::Report(payer("one"), Report::ApprovalRequired);
    for _ in 0..2 {
        let waiting = done(&world, &id, wants()).await;
        assert_eq!(waiting.status, PayoutStatus::Ordered(Waiting::Approval));
    }
    for _ in 0..2 {
        let approved = done(&world, &id, PayoutMove::Approve).await;
        assert_eq!(approved.status, PayoutStatus::Approved(Waiting::Payer));
    }
    for _ in 0..2 {
        let begun = done(&world, &id, begin("one", 1)).await;
        assert_eq!(begun.payment_hash(), Some(hash(1)));
        assert_eq!(begun.order.payment_hash, None);
    }
    for refused in [PayoutMove::Cancel, PayoutMove::Approve] {
        let refused = step(&world, &id, refused).await;
        let state = MoveRefused::State(PayoutState::Paying);
        assert!(matches!(refused, Moved::Refused(_, why) if why == state));
    }
    let known = Some(failure(FailureCode::Timeout));
    for _ in 0..2 {
        let unknown = PayoutMove::Report(payer("one"), Report::Unknown(known.clone()));
        let unknown = done(&world, &id, unknown).await;
        assert_eq!(unknown.status.failure(), known.as_ref());
    }
    let paid_once = done(&world, &id, paid("one", 1)).await;
    let payment = paid_once.status.payment().unwrap();
    assert_eq!((payment.amount.msat(), payment.fee.msat()), (21_000, 3));
    let again = done(&world, &id, paid("one", 1)).await;
    assert_eq!(again, paid_once);
    let failed = Report::Failed(failure(FailureCode::NoRoute));
    let refused = step(&world, &id, PayoutMove::Report(payer("one"), failed)).await;
    assert!(matches!(refused, Moved::Refused(..)));
    let states = [
        PayoutState::Ordered,
        PayoutState::Approved,
        PayoutState::Paying,
        PayoutState::Unknown,
        PayoutState::Paid,
    ];
    assert_eq!(kinds(&world).await, states.map(EventKind::Payout));
    let world = world.reopen().await;
    let found = world.store.payout(&id).await.unwrap();
    assert_eq!(found, Some(paid_once.clone()));
    let events = world.store.events(0, &EventKind::ALL, 10).await.unwrap();
    let facture_domain::Payload::Payout(payload) = &events[4].payload else {
        panic!("it is about a payout");
    };
    assert_eq!(**payload, paid_once);
    let nobody = PayoutId::random();
    let none = world.store.move_payout(&nobody, PayoutMove::Cancel).await;
    assert_eq!(none.unwrap(), None);
}

pub(super) async fn only_so_many_orders_wait(world: World) {
    let order = async || {
        let ordered =
            world
                .store
                .order_payout(PayoutId::random(), vec![1], of_address(), None, 2, None);
        ordered.await.unwrap()
    };
    let Ordered::New(first) = order().await else {
        panic!("there is room");
    };
    order().await;
    assert_eq!(order().await, Ordered::TooMany);
    // The same request is answered all the same.
    let known = world
        .store
        .order_payout(first.id.clone(), vec![1], of_address(), None, 2, None);
    assert_eq!(known.await.unwrap(), Ordered::Known(first.clone()));
    done(&world, &first.id, begin("one", 1)).await;
    assert!(matches!(order().await, Ordered::New(_)));
}

pub(super) async fn a_list_of_payouts_shows_each_once(world: World) {
    let mut orders = Vec::new();
    for byte in 1..=5 {
        orders.insert(0, order(&world, of_invoice(byte)).await.id);
    }
    for cancelled in [&orders[1], &orders[3]] {
        done(&world, cancelled, PayoutMove::Cancel).await;
    }
    let list = async |state, after| {
        let page = world.store.payouts(state, after, 2).await.unwrap();
        let ids: Vec<_> = page.payouts.into_iter().map(|payout| payout.id).collect();
        (ids, page.next)
    };
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let (mut ids, next) = list(None, after).await;
        seen.append(&mut ids);
        after = next;
        if after.is_none() {
            break;
        }
        order(&world, of_address()).await;
    }
    assert_eq!(seen, orders);
    let (ids, next) = list(Some(PayoutState::Cancelled), None).await;
    assert_eq!(
        (ids.as_slice(), next),
        (&[orders[1].clone(), orders[3].clone()][..], None)
    );
    assert_eq!(list(None, Some(u64::MAX)).await, list(None, None).await);
    assert_eq!(
        list(Some(PayoutState::Paid), None).await,
        (Vec::new(), None)
    );
}

pub(super) async fn webhooks_learn_of_payouts(world: World) {
    let new = |path: &str, kinds| NewEndpoint {
        hook: hook(&format!("https://shop.example/{path}")),
        kinds,
    };
    let only = |state| Kinds::Only(vec![EventKind::Payout(state)]);
    for endpoint in [
        new("all", Kinds::All),
        new("paid", only(PayoutState::Paid)),
        new("cancelled", only(PayoutState::Cancelled)),
        new("invoices", Kinds::Only(vec![EventKind::Paid])),
    ] {
        world.store.create_endpoint(endpoint).await.unwrap();
    }
    let id = order(&world, of_invoice(1)).await.id;
    assert_eq!(world.waiting().await.len(), 1);
    done(&world, &id, PayoutMove::Cancel).await;
    assert_eq!(world.waiting().await.len(), 3);
}
