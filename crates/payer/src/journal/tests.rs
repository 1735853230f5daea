//! What the journal keeps, and what it notices.

use std::fs::{self, OpenOptions};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use facture_domain::payout::{DestinationKind, FailureCode};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn begun(payout: &str, hash: &str) -> Begun {
    Begun {
        payout: payout.to_owned(),
        asked_by: "shop".to_owned(),
        kind: DestinationKind::Bolt11,
        destination: "lnbcrt1…".to_owned(),
        invoice: "lnbcrt1…".to_owned(),
        payment_hash: hash.to_owned(),
        expires_at: at(5_000),
        amount_msat: 10_000,
        amount: AmountBy::Invoice,
        max_fee_msat: 5_000,
        node: "02ab".to_owned(),
    }
}

fn sending(payout: &str) -> Entry {
    Entry::Sending {
        payout: payout.to_owned(),
    }
}

fn paid(payout: &str) -> Entry {
    Entry::Paid {
        payout: payout.to_owned(),
        preimage: "00".repeat(32),
        amount_msat: 10_000,
        fee_msat: 7,
    }
}

fn failed(payout: &str) -> Entry {
    Entry::Failed {
        payout: payout.to_owned(),
        code: FailureCode::NoRoute,
        message: "no way".to_owned(),
    }
}

fn abandoned(payout: &str) -> Entry {
    Entry::Abandoned {
        payout: payout.to_owned(),
        message: "cancelled".to_owned(),
    }
}

fn filled() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(directory.path(), at(1)).unwrap();
    let entries = [
        Entry::Begun(begun("po_1", "aa")),
        sending("po_1"),
        paid("po_1"),
        Entry::Begun(begun("po_2", "bb")),
        sending("po_2"),
    ];
    for (entry, second) in entries.into_iter().zip(2..) {
        journal.append(at(second), entry).unwrap();
    }
    directory
}

fn text(directory: &TempDir) -> String {
    fs::read_to_string(directory.path().join(JOURNAL)).unwrap()
}

#[test]
fn what_was_written_is_read_back() {
    let directory = filled();
    let journal = Journal::open(directory.path(), at(9)).unwrap();
    let ledger = journal.ledger();
    assert_eq!(ledger.payer(), Some(journal.payer().as_str()));
    let first = ledger.payout("po_1").unwrap();
    assert!(matches!(first.progress, Progress::Paid { fee_msat: 7, .. }));
    assert_eq!(first.spent_msat(), 10_007);
    let open: Vec<_> = ledger.open().map(|record| &record.begun.payout).collect();
    assert_eq!(open, ["po_2"]);
    let sent = Progress::Sent {
        at: at(6),
        before: None,
    };
    assert_eq!(ledger.payout("po_2").unwrap().progress, sent);
    assert_eq!(ledger.payout("po_2").unwrap().spent_msat(), 15_000);
}

#[test]
fn one_process_has_it_at_a_time_and_everybody_may_read_it() {
    let directory = filled();
    let journal = Journal::open(directory.path(), at(9)).unwrap();
    let second = Journal::open(directory.path(), at(9));
    assert!(matches!(second, Err(JournalError::Locked(_))), "{second:?}");
    let (_, tip) = read(directory.path(), |_| ()).unwrap();
    assert_eq!(tip.lines, 6);
    drop(journal);
    assert!(Journal::open(directory.path(), at(9)).is_ok());
}

#[test]
fn a_line_that_was_not_finished_is_left_out() {
    let directory = filled();
    let path = directory.path().join(JOURNAL);
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"n\":7,\"at\":\"20").unwrap();
    let mut journal = Journal::open(directory.path(), at(9)).unwrap();
    journal.append(at(9), paid("po_2")).unwrap();
    drop(journal);
    let (ledger, tip) = read(directory.path(), |_| ()).unwrap();
    assert_eq!((ledger.open().count(), tip.lines), (0, 7));
}

#[test]
fn a_journal_that_is_gone_is_missed() {
    let directory = filled();
    fs::remove_file(directory.path().join(JOURNAL)).unwrap();
    let opened = Journal::open(directory.path(), at(9));
    assert!(
        matches!(opened, Err(JournalError::Missing(_))),
        "{opened:?}"
    );
}

#[test]
fn what_does_not_follow_is_not_written() {
    let directory = filled();
    let mut journal = Journal::open(directory.path(), at(9)).unwrap();
    let before = text(&directory);
    for entry in [
        Entry::Begun(begun("po_1", "cc")),
        Entry::Begun(begun("po_3", "bb")),
        sending("po_1"),
        sending("po_3"),
        paid("po_1"),
        paid("po_3"),
        failed("po_1"),
        abandoned("po_2"),
        Entry::Opened {
            payer: "other".to_owned(),
        },
    ] {
        let written = journal.append(at(9), entry.clone());
        let refused = matches!(written, Err(JournalError::Sequence(_)));
        assert!(refused, "{entry:?}: {written:?}");
    }
    assert_eq!(text(&directory), before);
    assert!(journal.append(at(9), failed("po_2")).is_ok());
    // Its hash is free again; that of one that is paid never is.
    assert!(
        journal
            .append(at(9), Entry::Begun(begun("po_4", "bb")))
            .is_ok()
    );
    assert!(
        journal
            .append(at(9), Entry::Begun(begun("po_5", "aa")))
            .is_err()
    );
}

proptest! {
    /// Whatever byte is changed, taken away or put in: it is noticed, unless only the last line's end is.
    #[test]
    fn a_change_is_noticed(place in any::<prop::sample::Index>(), byte in any::<u8>(), kind in 0..3) {
        let directory = filled();
        let mut bytes = text(&directory).into_bytes();
        let place = place.index(bytes.len() - 1);
        match kind {
            0 => {
                prop_assume!(bytes[place] != byte);
                bytes[place] = byte;
            }
            1 => drop(bytes.remove(place)),
            _ => bytes.insert(place, byte),
        }
        // The newest line is what nothing follows: its hash is what `verify` prints.
        let (_, before) = read(directory.path(), |_| ()).unwrap();
        fs::write(directory.path().join(JOURNAL), &bytes).unwrap();
        let noticed = match read(directory.path(), |_| ()) {
            Ok((_, tip)) => tip != before,
            Err(_) => true,
        };
        prop_assert!(noticed);
    }

    /// However entries come: a payout is begun once, and nothing is sent after its end.
    #[test]
    fn a_payout_ends_once(picks in prop::collection::vec((0..3_usize, 0..5_usize), 0..60)) {
        let mut ledger = Ledger::default();
        ledger.apply(at(0), &Entry::Opened { payer: "payer".to_owned() }).unwrap();
        let mut ended = [false; 3];
        for (which, what) in picks {
            let payout = format!("po_{which}");
            let entry = match what {
                0 => Entry::Begun(begun(&payout, &payout)),
                1 => sending(&payout),
                2 => paid(&payout),
                3 => failed(&payout),
                _ => abandoned(&payout),
            };
            let taken = ledger.apply(at(1), &entry).is_ok();
            prop_assert!(!(ended[which] && taken));
            ended[which] |= taken && what >= 2;
        }
    }
}
