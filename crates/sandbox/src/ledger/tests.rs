//! The ledger by itself: counters, order, cost.

use proptest::prelude::*;

use super::*;

fn draft(number: u64, expires_at: u64) -> Draft {
    let mut payment_hash = [0; 32];
    payment_hash[..8].copy_from_slice(&number.to_be_bytes());
    Draft {
        label: format!("l{number}"),
        bolt11: format!("lnbcrt{number}"),
        payment_hash,
        preimage: Some([7; 32]),
        amount_msat: Some(1000),
        description: "d".to_owned(),
        expires_at,
        overpayment: Overpayment::default(),
    }
}

fn hash(number: u64) -> [u8; 32] {
    draft(number, 0).payment_hash
}

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
        ledger.create(draft(number, 1_000_000)).unwrap();
    }
    for number in 1..=100_000 {
        ledger.expire(number);
        assert_eq!(
            ledger
                .by_label(&format!("l{number}"))
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

/// Something that happens to a ledger.
#[derive(Debug, Clone)]
enum Step {
    Create(u64, u64),
    Pay(u64, u64),
    Pass(u64),
    Delete(u64),
    Forget(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = 0..20u64;
    let step = prop_oneof![
        3 => (number.clone(), 0..30u64).prop_map(|(number, expiry)| Step::Create(number, expiry)),
        2 => (number.clone(), 500..2500u64).prop_map(|(number, msat)| Step::Pay(number, msat)),
        1 => (0..10u64).prop_map(Step::Pass),
        1 => number.clone().prop_map(Step::Delete),
        1 => number.prop_map(Step::Forget),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #[test]
    fn indexes_hold_whatever_happens(steps in steps()) {
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
                    if ledger.pay(&hash(number), msat, now).is_ok() {
                        prop_assert!((1000..=2000).contains(&msat));
                        (updated, paid) = (updated + 1, paid + 1);
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
        if let State::Paid(settlement) = invoice.state {
            settled += 1;
            prop_assert_eq!(
                ledger.by_pay_index.get(&settlement.pay_index),
                Some(&invoice.created_index)
            );
            prop_assert!(invoice.updated_index > 0);
        }
    }
    prop_assert_eq!(settled, ledger.by_pay_index.len());
    Ok(())
}
