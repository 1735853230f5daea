//! The ledger by itself: counters, order, cost.

use proptest::prelude::*;

use super::steps::{ANY_AMOUNT, Step, draft, hash, preimage, step};
use super::*;

#[test]
fn counters_start_at_one() {
    let mut ledger = Ledger::default();
    assert_eq!(ledger.create(draft(1, 10)).unwrap().created_index(), 1);
    assert_eq!(ledger.create(draft(2, 10)).unwrap().created_index(), 2);
    assert_eq!(ledger.index(Index::Updated), 0);
    ledger.pay(&hash(2), 1000, 5).unwrap();
    ledger.expire(10);
    let updated: Vec<u64> = ledger.updated_from(1).map(Invoice::created_index).collect();
    assert_eq!(updated, [2, 1]);
    ledger.delete(1);
    assert_eq!(
        [1, 2, 2],
        [
            ledger.index(Index::Deleted),
            ledger.index(Index::Created),
            ledger.index(Index::Updated)
        ]
    );
}

#[test]
fn a_duplicate_changes_nothing() {
    let mut ledger = Ledger::default();
    ledger.create(draft(1, 10)).unwrap();
    assert_eq!(
        ledger.create(draft(1, 10)).unwrap_err(),
        CreateError::DuplicatePreimage
    );
    let same_label = Draft {
        payment_hash: hash(2),
        ..draft(1, 10)
    };
    assert_eq!(
        ledger.create(same_label).unwrap_err(),
        CreateError::DuplicateLabel
    );
    assert_eq!((ledger.len(), ledger.index(Index::Created)), (1, 1));
}

#[test]
fn a_hundred_thousand_invoices_cost_little() {
    let mut ledger = Ledger::default();
    for number in 1..=100_000 {
        let paid_at_once = Draft {
            preimage: Some(preimage(number)),
            ..draft(number, 1_000_000)
        };
        ledger.create(paid_at_once).unwrap();
    }
    for number in 1..=100_000 {
        ledger.expire(number);
        assert_eq!(
            ledger
                .by_label(&draft(number, 0).label)
                .unwrap()
                .created_index(),
            number
        );
        assert_eq!(
            ledger.created_from(number).take(2).count(),
            if number == 100_000 { 1 } else { 2 }
        );
        ledger.pay(&hash(number), 1000, number).unwrap();
        assert_eq!(ledger.updated_from(number).take(2).count(), 1);
        assert!(matches!(ledger.wait_paid(number - 1), Wait::Now(_)));
    }
    assert_eq!(ledger.next_expiry(), None);
}

#[test]
fn a_caller_that_went_away_leaves_nothing_behind() {
    let mut ledger = Ledger::default();
    for _ in 0..10_000 {
        drop(ledger.wait_index(Index::Created, 1));
        drop(ledger.wait_paid(0));
    }
    assert!(ledger.index_waiters.len() < 100 && ledger.paid_waiters.len() < 100);
}

proptest! {
    #[test]
    fn indexes_hold_whatever_happens(steps in prop::collection::vec(step(20), 0..60)) {
        let mut ledger = Ledger::default();
        let mut now = 0;
        let (mut created, mut updated, mut deleted, mut paid) = (0, 0, 0, 0);
        for step in steps {
            ledger.expire(now);
            let unpaid = |ledger: &Ledger| ledger.created_from(0).filter(|invoice| invoice.state == State::Unpaid).count();
            let before = unpaid(&ledger);
            let present = |ledger: &Ledger, number: u64| ledger.by_hash(&hash(number)).map(|invoice| invoice.created_index);
            match step {
                Step::Create(number, expiry) => {
                    created += u64::from(ledger.create(draft(number, now + expiry)).is_ok());
                }
                Step::Pay(number, msat) => {
                    if let Ok(invoice) = ledger.pay(&hash(number), msat, now) {
                        prop_assert!(number == ANY_AMOUNT || (1000..=2000).contains(&msat));
                        updated += 1;
                        paid += u64::from(matches!(invoice.state, State::Paid(_)));
                    }
                }
                Step::Pass(seconds) => {
                    now += seconds;
                    ledger.expire(now);
                    updated += u64::try_from(before - unpaid(&ledger)).unwrap();
                }
                Step::Delete(number) => if let Some(index) = present(&ledger, number) {
                    ledger.delete(index);
                    deleted += 1;
                },
                Step::Forget(number) => if let Some(index) = present(&ledger, number) {
                    updated += u64::from(ledger.remove_description(index));
                },
                Step::Cancel(number) => updated += u64::from(ledger.cancel(&hash(number))),
                Step::Capture(number) => {
                    let captured = u64::from(ledger.capture(&preimage(number), now));
                    (updated, paid) = (updated + captured, paid + captured);
                }
                Step::Mine(blocks) => ledger.mine(blocks),
            }
            // What expires at once is an update of its own.
            let before = unpaid(&ledger);
            ledger.expire(now);
            updated += u64::try_from(before - unpaid(&ledger)).unwrap();
            prop_assert_eq!(
                (ledger.index(Index::Created), ledger.index(Index::Updated), ledger.index(Index::Deleted), ledger.paid),
                (created, updated, deleted, paid)
            );
            consistent(&ledger, now)?;
        }
    }
}

fn consistent(ledger: &Ledger, now: u64) -> Result<(), TestCaseError> {
    let all: Vec<&Invoice> = ledger.created_from(0).collect();
    prop_assert!(all.is_sorted_by(|a, b| a.created_index < b.created_index));
    prop_assert_eq!(ledger.updated_from(0).count(), all.len());
    prop_assert!(
        ledger
            .updated_from(1)
            .collect::<Vec<_>>()
            .is_sorted_by(|a, b| a.updated_index < b.updated_index)
    );
    prop_assert_eq!(
        (ledger.by_label.len(), ledger.by_hash.len()),
        (all.len(), all.len())
    );
    let mut settled = 0;
    for invoice in &all {
        prop_assert_eq!(
            ledger.by_label(invoice.label()).map(Invoice::created_index),
            Some(invoice.created_index)
        );
        prop_assert!(invoice.updated_index <= ledger.updated);
        prop_assert_eq!(
            invoice.state == State::Unpaid,
            ledger
                .by_expiry
                .contains(&(invoice.draft.expires_at, invoice.created_index))
        );
        prop_assert!(invoice.state != State::Unpaid || invoice.draft.expires_at > now);
        for settlement in &invoice.payments {
            settled += 1;
            prop_assert_eq!(
                ledger.by_pay_index.get(&settlement.pay_index),
                Some(&invoice.created_index)
            );
            prop_assert!(invoice.updated_index > 0);
        }
        let last = invoice.payments.last().copied().map(State::Paid);
        prop_assert_eq!(
            last.is_some(),
            matches!(invoice.state, State::Paid(_)),
            "{:?}",
            invoice
        );
        prop_assert!(last.is_none_or(|last| last == invoice.state));
    }
    prop_assert_eq!(settled, ledger.by_pay_index.len());
    Ok(())
}
