//! What the journal keeps, and what it notices.

use std::fs::{self, OpenOptions};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use facture_domain::{
    Msat, NodeId, PaymentHash, Preimage,
    payout::{DestinationKind, FailureCode, PayoutId},
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn id(number: u8) -> PayoutId {
    PayoutId::parse(&format!("po_{number:032x}")).unwrap()
}

fn hash(byte: u8) -> PaymentHash {
    PaymentHash::from_bytes([byte; 32])
}

fn msat(msat: u64) -> Msat {
    Msat::from_msat(msat).unwrap()
}

fn begun(payout: u8, hash_byte: u8) -> Begun {
    Begun {
        payout: id(payout),
        asked_by: "shop".to_owned(),
        kind: DestinationKind::Bolt11,
        destination: "lnbcrt1…".to_owned(),
        invoice: "lnbcrt1…".to_owned(),
        payment_hash: hash(hash_byte),
        expires_at: at(5_000),
        amount: msat(10_000),
        amount_by: AmountBy::Invoice,
        max_fee: msat(5_000),
        node: NodeId::new("02ab".to_owned()),
    }
}

fn payer(id: &str) -> PayerId {
    PayerId::parse(id).unwrap()
}

fn sending(payout: u8) -> Entry {
    Entry::Sending { payout: id(payout) }
}

fn not_sent(payout: u8) -> Entry {
    Entry::NotSent {
        payout: id(payout),
        message: "away".to_owned(),
    }
}

fn paid(payout: u8) -> Entry {
    Entry::Paid {
        payout: id(payout),
        preimage: Preimage::from_bytes([0; 32]),
        amount: msat(10_000),
        fee: msat(7),
    }
}

fn failed(payout: u8) -> Entry {
    Entry::Failed {
        payout: id(payout),
        code: FailureCode::NoRoute,
        message: "no way".to_owned(),
    }
}

fn abandoned(payout: u8) -> Entry {
    Entry::Abandoned {
        payout: id(payout),
        message: "cancelled".to_owned(),
    }
}

fn filled() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(directory.path(), at(1)).unwrap();
    let entries = [
        Entry::Begun(begun(1, 0xaa)),
        sending(1),
        paid(1),
        Entry::Begun(begun(2, 0xbb)),
        sending(2),
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
    assert_eq!(ledger.payer(), Some(journal.payer()));
    let first = ledger.payout(&id(1)).unwrap();
    assert!(matches!(first.progress, Progress::Paid { fee, .. } if fee == msat(7)));
    assert_eq!(first.spent_msat(), 10_007);
    let open: Vec<_> = ledger.open().map(|record| &record.begun.payout).collect();
    assert_eq!(open, [&id(2)]);
    let sent = Progress::Sent {
        at: at(6),
        before: None,
    };
    assert_eq!(ledger.payout(&id(2)).unwrap().progress, sent);
    assert_eq!(ledger.payout(&id(2)).unwrap().spent_msat(), 15_000);
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
    journal.append(at(9), paid(2)).unwrap();
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
        Entry::Begun(begun(1, 0xcc)),
        Entry::Begun(begun(3, 0xbb)),
        sending(1),
        sending(3),
        paid(1),
        paid(3),
        failed(1),
        abandoned(2),
        Entry::Opened {
            payer: payer("other"),
        },
    ] {
        let written = journal.append(at(9), entry.clone());
        let refused = matches!(written, Err(JournalError::Sequence(_)));
        assert!(refused, "{entry:?}: {written:?}");
    }
    assert_eq!(text(&directory), before);
    assert!(journal.append(at(9), failed(2)).is_ok());
    // Its hash is free again; that of one that is paid never is.
    assert!(journal.append(at(9), Entry::Begun(begun(4, 0xbb))).is_ok());
    assert!(journal.append(at(9), Entry::Begun(begun(5, 0xaa))).is_err());
}

#[test]
fn a_call_that_was_not_carried_out_counts_as_if_it_had_not_been_sent() {
    let directory = filled();
    let mut journal = Journal::open(directory.path(), at(9)).unwrap();
    let progress = |journal: &Journal| journal.ledger().payout(&id(2)).unwrap().progress.clone();
    journal.append(at(9), sending(2)).unwrap();
    journal.append(at(10), not_sent(2)).unwrap();
    let earlier = Progress::Sent {
        at: at(6),
        before: None,
    };
    assert_eq!(progress(&journal), earlier);
    journal.append(at(11), not_sent(2)).unwrap();
    assert_eq!(progress(&journal), Progress::Begun);
    assert!(journal.append(at(12), not_sent(2)).is_err());
    assert!(journal.append(at(12), paid(2)).is_err());
    journal.append(at(12), sending(2)).unwrap();
    drop(journal);
    let journal = Journal::open(directory.path(), at(13)).unwrap();
    let sent = Progress::Sent {
        at: at(12),
        before: None,
    };
    assert_eq!(progress(&journal), sent);
}

/// A line that is whole, as its hash says, and that nobody understands.
#[test]
fn a_field_that_cannot_be_read_is_named() {
    for (field, value, expected) in [
        ("payout", "po_1", "payout: not the id of a payout"),
        (
            "payment_hash",
            "aa",
            "payment_hash: not 64 hexadecimal digits",
        ),
        ("kind", "cash", "kind: an unknown kind of destination"),
        ("node", "", "node: not the id of a node"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(directory.path(), at(1)).unwrap();
        journal.append(at(2), Entry::Begun(begun(1, 0xaa))).unwrap();
        drop(journal);
        let mut lines: Vec<_> = text(&directory).lines().map(str::to_owned).collect();
        let mut line: serde_json::Value = serde_json::from_str(&lines[1]).unwrap();
        line[field] = value.into();
        lines[1] = line.to_string();
        fs::write(directory.path().join(JOURNAL), lines.join("\n") + "\n").unwrap();
        let error = Journal::open(directory.path(), at(3))
            .unwrap_err()
            .to_string();
        assert!(error.contains("line 2: "), "{error}");
        assert!(error.contains(expected), "{error}");
    }
    // An amount that is too large is no amount without a limit.
    let directory = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(directory.path(), at(1)).unwrap();
    journal.append(at(2), Entry::Begun(begun(1, 0xaa))).unwrap();
    drop(journal);
    let with = text(&directory).replace(
        "\"max_fee_msat\":5000",
        "\"max_fee_msat\":18446744073709551615",
    );
    fs::write(directory.path().join(JOURNAL), with).unwrap();
    let error = Journal::open(directory.path(), at(3))
        .unwrap_err()
        .to_string();
    assert!(error.contains("an amount of more than there is"), "{error}");
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
    fn a_payout_ends_once(picks in prop::collection::vec((0..3_u8, 0..6_usize), 0..60)) {
        let mut ledger = Ledger::default();
        ledger.apply(at(0), &Entry::Opened { payer: payer("payer") }).unwrap();
        let mut ended = [false; 3];
        for (which, what) in picks {
            let entry = match what {
                0 => Entry::Begun(begun(which, which)),
                1 => sending(which),
                2 => not_sent(which),
                3 => paid(which),
                4 => failed(which),
                _ => abandoned(which),
            };
            let taken = ledger.apply(at(1), &entry).is_ok();
            let ended = &mut ended[usize::from(which)];
            prop_assert!(!(*ended && taken));
            *ended |= taken && what >= 3;
        }
    }
}
