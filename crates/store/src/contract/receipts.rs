//! Receipt numbers: no gaps, none twice.

use super::{World, at, label, paid, unpaid};
use crate::error::Error;
use facture_domain::{Invoice, NodeId, ReceiptNumber, Status};

async fn receipt(world: &World, number: u64) -> Option<ReceiptNumber> {
    world
        .store
        .find(&label(number))
        .await
        .unwrap()
        .unwrap()
        .receipt
}

async fn number(world: &World, invoice: u64) -> Option<u64> {
    receipt(world, invoice).await.map(|receipt| receipt.number)
}

pub(super) async fn each_payment_gets_the_next_number_once(world: World) {
    for number in 1..=4 {
        world.create(&unpaid(number)).await;
    }
    world.apply(&[paid(2)]).await;
    world.apply(&[paid(1), paid(2)]).await;
    // What is not committed takes no number.
    let other = NodeId::new("03".repeat(33));
    let refused = world.store.apply(&other, &[paid(3)], &at(0)).await;
    assert!(matches!(refused, Err(Error::OtherNode { .. })));
    world.apply(&[paid(4)]).await;
    let mut found = Vec::new();
    for invoice in 1..=4 {
        found.push(number(&world, invoice).await);
    }
    assert_eq!(found, [Some(2), Some(1), None, Some(3)]);
    // The event says it, too.
    let events = world.store.events_of(&label(4), 0).await.unwrap();
    let told = events.last().unwrap().payload.invoice().unwrap();
    assert_eq!(told.receipt, receipt(&world, 4).await);
}

pub(super) async fn each_shop_counts_for_itself(world: World) {
    for (number, shop) in [(1, None), (2, Some("tea")), (3, Some("default"))] {
        let mut made = unpaid(number);
        made.order.shop = shop.map(|shop| shop.parse().unwrap());
        world.create(&made).await;
        world.apply(&[paid(number)]).await;
    }
    let mut found = Vec::new();
    for invoice in 1..=3 {
        found.push(number(&world, invoice).await);
    }
    assert_eq!(found, [Some(1), Some(1), Some(2)]);
}

pub(super) async fn restored_records_give_no_number_twice(world: World) {
    for number in 1..=4 {
        world.create(&unpaid(number)).await;
    }
    let (long_ago, later) = ("2026-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
    world.apply(&[paid_at(1, later)]).await;
    // A restart that misses nothing goes on.
    let world = world.reopen().await;
    world.apply(&[paid_at(2, later)]).await;
    let (first, second) = (
        receipt(&world, 1).await.unwrap(),
        receipt(&world, 2).await.unwrap(),
    );
    assert_eq!(
        (first.series, first.number, second.number),
        (second.series, 1, 2)
    );
    // The node has a payment from before that these records lack: which numbers were given then is not known.
    let world = world.reopen().await;
    world.apply(&[paid_at(3, long_ago)]).await;
    world.apply(&[paid_at(4, long_ago)]).await;
    let (third, fourth) = (
        receipt(&world, 3).await.unwrap(),
        receipt(&world, 4).await.unwrap(),
    );
    assert!(third.series > first.series);
    assert_eq!((third.number, fourth.number), (1, 2));
    assert_eq!(third.series, fourth.series);
}

fn paid_at(number: u64, time: &str) -> Invoice {
    let mut invoice = paid(number);
    if let Status::Paid(settlement) = &mut invoice.status {
        settlement.paid_at = time.parse().unwrap();
    }
    invoice
}

pub(super) async fn a_number_stays(world: World) {
    world.create(&unpaid(1)).await;
    world.apply(&[paid(1)]).await;
    let given = receipt(&world, 1).await;
    let world = world.reopen().await;
    let again = Invoice {
        receipt: None,
        ..paid(1)
    };
    world.apply(&[again]).await;
    assert_eq!(receipt(&world, 1).await, given);
}
