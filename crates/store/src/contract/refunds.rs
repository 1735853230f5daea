//! Refunds and vouchers: counted in the unit of work that adds one.

use jiff::Timestamp;

use super::{World, label, paid, unpaid};
use crate::{Claimed, Issued, NewVouchers, Ordered, VoucherCancelled};
use facture_domain::{
    BatchId, LabelKey, Msat, PaymentHash, Preimage, RefundRefused, VoucherId, VoucherSecret,
    VoucherState, VoucherTerms,
    payout::{
        Attempt, Destination, DestinationKind, NewPayout, PayerId, PayoutId, PayoutMove, Report,
    },
};

const FAR: i64 = 4_102_444_800;

fn msat(msat: u64) -> Msat {
    Msat::from_msat(msat).unwrap()
}

fn hash(byte: u8) -> PaymentHash {
    Preimage::from_bytes([byte; 32]).payment_hash()
}

/// A payout of the sale 1.
fn refund(byte: u8, amount: u64) -> NewPayout {
    NewPayout {
        destination: Destination {
            kind: DestinationKind::Bolt11,
            text: format!("lnbcrt1{byte}"),
        },
        payment_hash: Some(hash(byte)),
        amount: Some(msat(amount)),
        max_fee: None,
        reason: None,
        invoice: Some(label(1)),
        asked_by: "shop".to_owned(),
        expires_at: Timestamp::from_second(FAR).unwrap(),
    }
}

/// One voucher for the sale 1.
fn voucher(key: &LabelKey, request: &str, amount: u64) -> NewVouchers {
    let batch = BatchId::of_request(key, "shop", request);
    let id = VoucherId::of_batch(key, &batch, 1);
    NewVouchers {
        fingerprint: vec![1],
        vouchers: vec![(id.clone(), VoucherSecret::of(key, &id))],
        batch,
        refundable: None,
        terms: VoucherTerms {
            amount: msat(amount),
            max_fee: None,
            reason: None,
            invoice: Some(label(1)),
            asked_by: "shop".to_owned(),
            expires_at: Timestamp::from_second(FAR).unwrap(),
        },
    }
}

async fn sold(world: &World) {
    let sale = paid(1).into();
    let created = world.store.create(world.node.clone(), sale, Vec::new());
    created.await.unwrap();
}

async fn order(world: &World, byte: u8, amount: u64) -> Ordered {
    let id = PayoutId::random();
    let ordered = world
        .store
        .order_payout(id, vec![byte], refund(byte, amount), None, 100, None);
    ordered.await.unwrap()
}

/// What is refunded, pending and left of the sale 1.
async fn sums(world: &World) -> (u64, u64, u64) {
    let refunds = world.store.refunds(&label(1), 10).await.unwrap().unwrap();
    let totals = refunds.totals;
    (
        totals.refunded.msat(),
        totals.pending.msat(),
        totals.left().msat(),
    )
}

pub(super) async fn many_refunds_are_no_more_than_was_received(world: World) {
    let unknown = world.store.refunds(&label(1), 10).await.unwrap();
    assert_eq!(unknown, Err(RefundRefused::UnknownSale));
    let not_paid = unpaid(2).into();
    let created = world.store.create(world.node.clone(), not_paid, Vec::new());
    created.await.unwrap();
    let refused = world.store.refunds(&label(2), 10).await.unwrap();
    assert_eq!(refused, Err(RefundRefused::NotPaid));
    sold(&world).await;
    assert_eq!(sums(&world).await, (0, 0, 1_234));
    let orders = (1..=20).map(|byte| order(&world, byte, 100));
    let ordered = futures_util::future::join_all(orders).await;
    let new = ordered.iter().filter(|one| matches!(one, Ordered::New(_)));
    assert_eq!(new.count(), 12);
    let left = msat(34);
    let too_much = Ordered::Refused(RefundRefused::TooMuch { left });
    assert_eq!(ordered.iter().filter(|one| **one == too_much).count(), 8);
    assert_eq!(sums(&world).await, (0, 1_200, 34));
}

pub(super) async fn a_voucher_reserves_its_part_of_the_sale_until_it_is_over(world: World) {
    sold(&world).await;
    let key = LabelKey::random();
    let new = voucher(&key, "1", 1_000);
    let (id, secret) = new.vouchers[0].clone();
    let store = &world.store;
    let issued = store.issue_vouchers(new.clone()).await.unwrap();
    assert!(matches!(issued, Issued::New(_)), "{issued:?}");
    let again = store.issue_vouchers(new.clone()).await.unwrap();
    assert!(matches!(again, Issued::Known(_)), "{again:?}");
    let other = NewVouchers {
        fingerprint: vec![2],
        ..new
    };
    let other = store.issue_vouchers(other).await.unwrap();
    assert_eq!(other, Issued::OtherRequest);
    assert_eq!(sums(&world).await, (0, 1_000, 234));
    let left = msat(234);
    let more = store.issue_vouchers(voucher(&key, "2", 235)).await.unwrap();
    assert_eq!(more, Issued::Refused(RefundRefused::TooMuch { left }));
    // Of two claims at the same time one is the first.
    let claim = |byte| store.claim_voucher(&secret, refund(byte, 0), vec![byte], key.clone(), 100);
    let (one, other) = tokio::join!(claim(1), claim(2));
    let claims = [one.unwrap(), other.unwrap()];
    assert!(claims.contains(&Claimed::New), "{claims:?}");
    let refused = Claimed::Refused(VoucherState::Claimed);
    assert!(claims.contains(&refused), "{claims:?}");
    let byte = if claims[0] == Claimed::New { 1 } else { 2 };
    assert_eq!(claim(byte).await.unwrap(), Claimed::Known);
    assert_eq!(sums(&world).await, (0, 1_000, 234));
    let cancelled = store.cancel_voucher(&id).await.unwrap();
    let refused = VoucherCancelled::Refused(VoucherState::Claimed);
    assert_eq!(cancelled, Some(refused));
    // Paid, it is on the sale, also for whoever reads it from the cache.
    let payout = id.payout(&key, 0);
    let payer = PayerId::random();
    let begin = PayoutMove::Begin(Attempt {
        payer: payer.clone(),
        payment_hash: hash(byte),
        bolt11: None,
    });
    let report = Report::Paid {
        preimage: Preimage::from_bytes([byte; 32]),
        amount: msat(1_000),
        fee: msat(1),
    };
    for step in [begin, PayoutMove::Report(payer, report)] {
        store.move_payout(&payout, step).await.unwrap();
    }
    assert_eq!(sums(&world).await, (1_000, 0, 234));
    let sale = store.find(&label(1)).await.unwrap().unwrap();
    assert_eq!(sale.refunded, Some(msat(1_000)));
    // What the node reports later takes nothing from it.
    let cursor = super::at(9);
    let merged = store.apply(&world.node, &[paid(1)], &cursor).await.unwrap();
    assert_eq!(merged.changed, 0);
    let sale = store.find(&label(1)).await.unwrap().unwrap();
    assert_eq!(sale.refunded, Some(msat(1_000)));
}
