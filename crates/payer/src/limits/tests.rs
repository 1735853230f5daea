//! Each limit, and what counts.

use facture_domain::{NodeId, PaymentHash, Preimage, payout::PayoutId};
use tempfile::TempDir;

use super::*;
use crate::{
    config::Config,
    journal::{AmountBy, Begun, Entry, Journal},
};

const KEYS: &str = r#"
    data_dir = "/nowhere"
    [server]
    socket = "/s"
    token_file = "/t"
    [node]
    rpc_file = "/r"
    [limits]
    per_payout_sat = 1000
    per_hour_sat = 1500
    per_day_sat = 2500
    per_asker_per_day_sat = 2000
    askers.bridge = 100
    kinds = ["bolt11", "lightning_address"]
"#;

fn config() -> LimitsConfig {
    Config::parse(KEYS).unwrap().limits
}

fn sat(sat: u64) -> Msat {
    Msat::from_sat(sat).unwrap()
}

fn id(number: u8) -> PayoutId {
    PayoutId::parse(&format!("po_{number:032x}")).unwrap()
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(60 * minute).unwrap()
}

fn proposed(asked_by: &str, amount: u64) -> ProposedPayment<'_> {
    ProposedPayment {
        asked_by,
        kind: DestinationKind::Bolt11,
        amount: sat(amount),
        max_fee: sat(5),
    }
}

struct Spending {
    journal: Journal,
    _directory: TempDir,
}

impl Spending {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self {
            journal: Journal::open(directory.path(), at(0)).unwrap(),
            _directory: directory,
        }
    }

    fn begin(&mut self, minute: i64, payout: u8, asked_by: &str, amount: u64) {
        let begun = Begun {
            payout: id(payout),
            asked_by: asked_by.to_owned(),
            kind: DestinationKind::Bolt11,
            destination: String::new(),
            invoice: String::new(),
            payment_hash: PaymentHash::from_bytes([payout; 32]),
            expires_at: at(9999),
            amount: sat(amount),
            amount_by: AmountBy::Invoice,
            max_fee: sat(5),
            node: NodeId::new("02ab".to_owned()),
        };
        self.journal
            .append(at(minute), Entry::Begun(begun))
            .unwrap();
    }

    fn pay(&mut self, minute: i64, payout: u8, amount: u64) {
        let payout = id(payout);
        let sending = Entry::Sending {
            payout: payout.clone(),
        };
        self.journal.append(at(minute), sending).unwrap();
        let paid = Entry::Paid {
            payout,
            preimage: Preimage::from_bytes([0; 32]),
            amount: sat(amount),
            fee: sat(0),
        };
        self.journal.append(at(minute), paid).unwrap();
    }

    fn check(&self, minute: i64, asked_by: &str, amount: u64) -> Result<(), LimitExceeded> {
        check(
            &config(),
            self.journal.ledger(),
            at(minute),
            proposed(asked_by, amount),
        )
    }
}

#[test]
fn each_limit_is_kept() {
    let mut spending = Spending::new();
    assert_eq!(spending.check(0, "shop", 1000), Ok(()));
    let beyond = spending.check(0, "shop", 1001);
    assert_eq!(beyond, Err(LimitExceeded::Payout(1_000_000)));
    let offer = ProposedPayment {
        kind: DestinationKind::LnurlPay,
        ..proposed("shop", 1)
    };
    let refused = check(&config(), spending.journal.ledger(), at(0), offer);
    assert_eq!(refused, Err(LimitExceeded::Kind(DestinationKind::LnurlPay)));

    spending.begin(0, 1, "shop", 1000);
    assert_eq!(spending.check(1, "shop", 490), Ok(()));
    let beyond = spending.check(1, "shop", 491);
    assert_eq!(beyond, Err(LimitExceeded::Hour(1_500_000)));
    // The fee limit counts until the fee is known.
    spending.pay(1, 1, 1000);
    assert_eq!(spending.check(1, "shop", 495), Ok(()));

    // After an hour the day's sum is what counts, and before that the asker's.
    assert_eq!(spending.check(61, "shop", 995), Ok(()));
    let beyond = spending.check(61, "shop", 996);
    assert_eq!(beyond, Err(LimitExceeded::Asker(2_000_000)));
    assert_eq!(spending.check(61, "other", 1000), Ok(()));
    let beyond = spending.check(61, "bridge", 96);
    assert_eq!(beyond, Err(LimitExceeded::Asker(100_000)));
    spending.begin(61, 2, "other", 600);
    spending.pay(61, 2, 600);
    let beyond = spending.check(125, "third", 896);
    assert_eq!(beyond, Err(LimitExceeded::Day(2_500_000)));
    assert_eq!(spending.check(24 * 60 + 2, "shop", 1000), Ok(()));
}

#[test]
fn what_is_under_way_counts_however_long_it_takes_and_a_clock_that_is_set_back_frees_nothing() {
    let mut spending = Spending::new();
    spending.begin(0, 1, "shop", 1000);
    let beyond = spending.check(100_000, "shop", 500);
    assert_eq!(beyond, Err(LimitExceeded::Hour(1_500_000)));
    spending.pay(100_000, 1, 1000);
    let beyond = spending.check(0, "shop", 500);
    assert_eq!(beyond, Err(LimitExceeded::Hour(1_500_000)));
}

#[test]
fn the_fee_limit_is_the_smaller_one() {
    let config = config();
    assert_eq!(max_fee(&config, sat(100), None), sat(5));
    assert_eq!(max_fee(&config, sat(1000), None), sat(10));
    assert_eq!(max_fee(&config, sat(1000), Some(sat(3))), sat(3));
    assert_eq!(max_fee(&config, sat(1000), Some(sat(30))), sat(10));
    assert!(max_fee(&config, Msat::MAX, None) < Msat::MAX);
}
