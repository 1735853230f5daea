//! The books against a copy of themselves that was never closed, cut or unwritable.

use std::collections::HashMap;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::ledger::{
    invoice::State,
    steps::{Step, draft, hash, preimage, step},
};
use crate::reply::RpcError;

/// All that anybody can see of a ledger.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    created: Vec<Object>,
    updated: Vec<u64>,
    indexes: [u64; 3],
    paid: Vec<(u64, Object)>,
    preimages: Vec<[u8; 32]>,
    states: Vec<State>,
    blocks: u32,
    next_expiry: Option<u64>,
}

fn seen(books: &mut Books) -> Seen {
    let mut paid = Vec::new();
    let mut after = 0;
    while let Wait::Now(members) = books.wait_paid(after) {
        after += 1;
        paid.push((after, members));
    }
    let ledger = books.ledger();
    Seen {
        created: ledger.created_from(0).map(Invoice::members).collect(),
        updated: ledger.updated_from(0).map(Invoice::created_index).collect(),
        indexes: Index::ALL.map(|index| ledger.index(index)),
        paid,
        preimages: ledger
            .created_from(0)
            .filter_map(|invoice| invoice.preimage().copied())
            .collect(),
        states: ledger.created_from(0).map(Invoice::state).collect(),
        blocks: ledger.blocks(),
        next_expiry: ledger.next_expiry(),
    }
}

/// A directory for a journal.
fn file() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger");
    (directory, path)
}

fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// Does it; that is one record at most.
fn take(books: &mut Books, now: &mut u64, step: &Step) -> Result<(), Unwritten> {
    let present = |books: &Books, number: u64| {
        let invoice = books.ledger().by_hash(&hash(number));
        invoice.map_or(0, Invoice::created_index)
    };
    match *step {
        Step::Create(number, expiry) => drop(books.create(draft(number, *now + expiry))?),
        Step::Pay(number, msat) => drop(books.pay(&hash(number), msat, *now)?),
        Step::Pass(seconds) => {
            *now += seconds;
            books.expire(*now)?;
        }
        Step::Delete(number) => books.delete(present(books, number))?,
        Step::Forget(number) => drop(books.remove_description(present(books, number))?),
        Step::Cancel(number) => drop(books.cancel(&hash(number))?),
        Step::Capture(number) => drop(books.capture(&preimage(number), *now)?),
        Step::Mine(blocks) => books.mine(blocks)?,
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_restart_changes_nothing(
        steps in prop::collection::vec((step(12), prop::bool::weighted(0.2)), 0..60),
    ) {
        let (_directory, path) = file();
        let (mut kept, mut whole) = (Books::open(&path).unwrap(), Books::in_memory());
        let (mut now, mut same) = (0, 0);
        for (step, restarts) in steps {
            take(&mut kept, &mut now, &step).unwrap();
            take(&mut whole, &mut same, &step).unwrap();
            if restarts {
                kept.close();
                kept = Books::open(&path).unwrap();
            }
            prop_assert_eq!(seen(&mut kept), seen(&mut whole));
        }
        kept.close();
        kept = Books::open(&path).unwrap();
        // The next pay index is seen with the next payment only.
        for books in [&mut kept, &mut whole] {
            books.create(draft(100, now + 1)).unwrap().unwrap();
            books.pay(&hash(100), 1000, now).unwrap().unwrap();
        }
        prop_assert_eq!(seen(&mut kept), seen(&mut whole));
    }

    #[test]
    fn wherever_it_is_killed_whole_records_count(
        steps in prop::collection::vec(step(12), 1..40),
        cut in any::<prop::sample::Index>(),
        more in step(12),
    ) {
        let (_directory, path) = file();
        let mut books = Books::open(&path).unwrap();
        let mut now = 0;
        // By the number of records.
        let mut history = HashMap::from([(0, seen(&mut books))]);
        for step in &steps {
            take(&mut books, &mut now, step).unwrap();
            history.insert(whole_lines(&std::fs::read(&path).unwrap()), seen(&mut books));
        }
        books.close();
        let bytes = std::fs::read(&path).unwrap();
        let kept = &bytes[..cut.index(bytes.len() + 1)];
        std::fs::write(&path, kept).unwrap();
        let mut books = Books::open(&path).unwrap();
        prop_assert_eq!(&seen(&mut books), &history[&whole_lines(kept)]);
        // The next record goes over what was torn.
        take(&mut books, &mut now, &more).unwrap();
        let after = seen(&mut books);
        books.close();
        prop_assert_eq!(seen(&mut Books::open(&path).unwrap()), after);
    }
}

#[test]
fn what_cannot_be_written_does_not_happen() {
    let (_directory, path) = file();
    let mut books = Books::open(&path).unwrap();
    books.create(draft(1, 10)).unwrap().unwrap();
    books.create(draft(2, 20)).unwrap().unwrap();
    let before = seen(&mut books);
    books.journal.close();
    books.journal = Journal::unwritable(&path).unwrap();
    let mut failures = vec![books.expire(15).unwrap_err()];
    failures.extend(books.create(draft(4, 20)).err());
    failures.extend(books.pay(&hash(2), 1000, 5).err());
    failures.extend(books.delete(1).err());
    failures.extend(books.remove_description(1).err());
    assert_eq!(failures.len(), 5);
    for failure in failures {
        let error = RpcError::from(failure);
        assert_eq!(error.code, -1);
        assert!(
            error
                .message
                .starts_with("The sandbox cannot write its ledger: "),
            "{error}"
        );
    }
    assert_eq!(seen(&mut books), before);
    // What the rules refuse is refused as ever.
    assert_eq!(
        books.create(draft(1, 10)).unwrap().unwrap_err(),
        CreateError::DuplicatePreimage
    );
    assert_eq!(
        books.pay(&hash(1), 1, 5).unwrap().unwrap_err(),
        PayRefusal::Amount
    );
}

#[test]
fn what_is_closed_is_not_written_any_more() {
    let (_directory, path) = file();
    let mut old = Books::open(&path).unwrap();
    old.create(draft(1, 10)).unwrap().unwrap();
    old.close();
    let new = Books::open(&path).unwrap();
    assert!(old.expire(20).is_err());
    assert_eq!(new.ledger().len(), 1);
    assert_eq!(whole_lines(&std::fs::read(&path).unwrap()), 1);
}

#[test]
fn a_clock_that_is_behind_brings_nothing_back() {
    let (_directory, path) = file();
    let mut books = Books::open(&path).unwrap();
    books.create(draft(1, 100)).unwrap().unwrap();
    books.expire(100).unwrap();
    books.close();
    let mut books = Books::open(&path).unwrap();
    books.expire(50).unwrap();
    assert_eq!(
        books.ledger().by_created(1).unwrap().state(),
        State::Expired
    );
}
