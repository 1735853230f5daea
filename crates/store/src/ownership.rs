//! Whether this process is the only one that writes. As long as it is, what it knows of the records is exact.

use std::sync::atomic::{AtomicU64, Ordering};

/// Whether nobody else writes. A data directory is this process's own until it ends. A database of PostgreSQL is as long as
/// one connection lasts; with the next one a new term begins.
#[derive(Debug)]
pub(crate) struct Ownership {
    /// The term that has begun; 0: none.
    current: AtomicU64,
    last: AtomicU64,
}

/// The time for which a connection lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term(u64);

impl Ownership {
    /// For ever.
    pub(crate) fn permanent() -> Self {
        Self {
            current: AtomicU64::new(1),
            last: AtomicU64::new(1),
        }
    }

    /// Of what is not owned yet.
    pub(crate) fn none() -> Self {
        Self {
            current: AtomicU64::new(0),
            last: AtomicU64::new(0),
        }
    }

    /// Whether nobody else writes.
    pub(crate) fn is_held(&self) -> bool {
        self.current.load(Ordering::Acquire) != 0
    }

    /// A term that is to begin.
    pub(crate) fn next(&self) -> Term {
        Term(self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// It begins.
    pub(crate) fn begin(&self, term: Term) {
        self.current.store(term.0, Ordering::Release);
    }

    /// It is over. Another one that has begun meanwhile goes on.
    pub(crate) fn end(&self, term: Term) {
        let _ = self
            .current
            .compare_exchange(term.0, 0, Ordering::AcqRel, Ordering::Relaxed);
    }
}
