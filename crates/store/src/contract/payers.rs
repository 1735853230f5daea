//! Payouts as payers see them: who begins what, and what there is to do.

use jiff::{SignedDuration, Timestamp};

use super::{
    World,
    payouts::{begin, done, kinds, of_address, of_invoice, order, paid, payer, step},
};
use crate::Moved;
use facture_domain::{
    EventKind,
    payout::{MoveRefused, NewPayout, PayoutMove, PayoutState, PayoutStatus, Report},
};

fn in_seconds(seconds: i64) -> Timestamp {
    Timestamp::now()
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap()
}

pub(super) async fn of_two_payers_one_begins(world: World) {
    let id = order(&world, of_invoice(1)).await.id;
    let (one, two) = tokio::join!(
        step(&world, &id, begin("one", 1)),
        step(&world, &id, begin("two", 1)),
    );
    let done = [&one, &two].map(|moved| matches!(moved, Moved::Done(_)));
    assert_ne!(done[0], done[1], "{one:?} {two:?}");
    let late = if done[0] { "two" } else { "one" };
    for refused in [begin(late, 1), paid(late, 1)] {
        let refused = step(&world, &id, refused).await;
        let Moved::Refused(payout, why) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(why, MoveRefused::BegunByAnother);
        assert_eq!(payout.state(), PayoutState::Paying);
    }
    let states = [PayoutState::Ordered, PayoutState::Paying];
    assert_eq!(kinds(&world).await, states.map(EventKind::Payout));
}

pub(super) async fn two_payouts_never_pay_the_same_invoice(world: World) {
    let first = order(&world, of_address()).await.id;
    let second = order(&world, of_address()).await.id;
    done(&world, &first, begin("one", 1)).await;
    let taken = step(&world, &second, begin("one", 1)).await;
    assert_eq!(taken, Moved::HashTaken(first.clone()));
    let other = order(&world, of_invoice(2)).await.id;
    let taken = step(&world, &second, begin("one", 2)).await;
    assert_eq!(taken, Moved::HashTaken(other));
    done(&world, &second, begin("one", 3)).await;
}

pub(super) async fn what_nobody_began_in_time_expires(world: World) {
    let soon = |order: NewPayout| NewPayout {
        expires_at: in_seconds(-1),
        ..order
    };
    let late = order(&world, soon(of_invoice(1))).await.id;
    let next = world.store.next_payout_expiry().await.unwrap();
    assert!(next.unwrap() <= Timestamp::now());
    // Nobody begins it any more, whether that was written down or not.
    for refused in [begin("one", 1), PayoutMove::Approve] {
        let refused = step(&world, &late, refused).await;
        assert!(matches!(refused, Moved::Refused(_, MoveRefused::Expired)));
    }
    assert_eq!(
        world.store.payout_work(&payer("one"), 10).await.unwrap(),
        []
    );
    let in_time = order(&world, of_address()).await;
    assert_eq!(world.store.expire_payouts(10).await.unwrap(), 1);
    assert_eq!(world.store.expire_payouts(10).await.unwrap(), 0);
    let expired = world.store.payout(&late).await.unwrap().unwrap();
    assert_eq!(expired.status, PayoutStatus::Expired);
    let next = world.store.next_payout_expiry().await.unwrap();
    assert_eq!(next, Some(in_time.order.expires_at));
    done(&world, &in_time.id, begin("one", 2)).await;
    assert_eq!(world.store.next_payout_expiry().await.unwrap(), None);
    let states = [
        PayoutState::Ordered,
        PayoutState::Ordered,
        PayoutState::Expired,
        PayoutState::Paying,
    ];
    assert_eq!(kinds(&world).await, states.map(EventKind::Payout));
}

pub(super) async fn a_payer_sees_what_it_has_to_do(world: World) {
    let mut orders = Vec::new();
    for byte in 1..=5 {
        orders.push(order(&world, of_invoice(byte)).await.id);
    }
    done(&world, &orders[0], begin("one", 1)).await;
    done(&world, &orders[1], begin("two", 2)).await;
    let unknown = PayoutMove::Report(payer("two"), Report::Unknown(None));
    done(&world, &orders[1], unknown).await;
    done(&world, &orders[2], PayoutMove::Cancel).await;
    done(&world, &orders[3], PayoutMove::Approve).await;
    let work = async |name| {
        let work = world.store.payout_work(&payer(name), 10).await.unwrap();
        work.into_iter().map(|payout| payout.id).collect::<Vec<_>>()
    };
    let waiting = &orders[3..];
    assert_eq!(work("one").await, [&orders[0..1], waiting].concat());
    assert_eq!(work("two").await, [&orders[1..2], waiting].concat());
    assert_eq!(work("three").await, waiting);
    // What waits for an approval keeps nobody waiting.
    let wanted = PayoutMove::Report(payer("one"), Report::ApprovalRequired);
    done(&world, &orders[3], wanted).await;
    let waiting = [orders[4].clone(), orders[3].clone()];
    assert_eq!(work("three").await, waiting);
}
