//! The invoice cache: invoices that were read or written lately, so that a page that is requested again and again costs no
//! query.
//!
//! It is exact, not "soon": the one writer of the database is in this process (`lock.rs`, `ownership.rs`). What a unit of work wrote is put
//! in once it is committed, before its caller is answered, and what was read while anything was committed is not kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::sync::Cache;

use crate::ownership::Ownership;
use facture_domain::{Invoice, Label};

/// The most invoices, of 1 to 2 kB each.
const CAPACITY: usize = 4096;

pub(super) struct InvoiceCache {
    invoices: Cache<Label, Arc<Invoice>>,
    /// Rises with every commit that changed an invoice.
    generation: Mutex<u64>,
    ownership: Arc<Ownership>,
}

/// The generation in which a query began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Generation(u64);

impl InvoiceCache {
    /// An empty one, which is used while nobody else writes.
    pub(super) fn new(ownership: Arc<Ownership>) -> Self {
        Self {
            invoices: Cache::new(CAPACITY),
            generation: Mutex::default(),
            ownership,
        }
    }

    /// What the database has, without a query; `None` when that is not known.
    pub(super) fn get(&self, label: &Label) -> Option<Arc<Invoice>> {
        match self.ownership.is_held() {
            true => self.invoices.get(label),
            false => None,
        }
    }

    /// Others may have written.
    pub(super) fn clear(&self) {
        let mut generation = self.lock();
        *generation += 1;
        self.invoices.clear();
    }

    /// To be called before the query whose result is to be kept.
    pub(super) fn generation(&self) -> Generation {
        Generation(*self.lock())
    }

    /// Keeps what was read, unless anything was committed since.
    pub(super) fn keep(&self, since: Generation, invoice: &Arc<Invoice>) {
        let generation = self.lock();
        if *generation == since.0 {
            self.invoices
                .insert(invoice.label.clone(), Arc::clone(invoice));
        }
    }

    /// A unit of work was committed: these are as it wrote them, and those are gone.
    pub(super) fn committed<'a>(
        &self,
        written: impl IntoIterator<Item = &'a Arc<Invoice>>,
        removed: impl IntoIterator<Item = &'a Label>,
    ) {
        let mut generation = self.lock();
        for invoice in written {
            *generation += 1;
            self.invoices
                .insert(invoice.label.clone(), Arc::clone(invoice));
        }
        for label in removed {
            *generation += 1;
            self.invoices.remove(label);
        }
    }

    /// A commit failed: what the disk has of these is read again.
    pub(super) fn invalidate<'a>(&self, labels: impl IntoIterator<Item = &'a Label>) {
        self.committed([], labels);
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for InvoiceCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InvoiceCache")
            .field("invoices", &self.invoices.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use facture_domain::{Amount, Bolt11, InvoiceKind, Order, Status};

    fn invoice(label: &str) -> Arc<Invoice> {
        let now = Timestamp::now();
        Arc::new(Invoice {
            label: Label::stored(label.to_owned()),
            amount: Amount::Any,
            description: String::new(),
            kind: InvoiceKind::Bolt11(Bolt11::stored("lnbcrt1".to_owned())),
            payment_hash: "00".repeat(32).parse().unwrap(),
            number: 1,
            created_at: now,
            expires_at: now,
            status: Status::Unpaid,
            cancelled_at: None,
            payment_proven_at: None,
            renewed_by: None,
            refunded: None,
            valuation: None,
            receipt: None,
            hold: None,
            order: Order::default(),
        })
    }

    #[test]
    fn what_was_read_while_anything_was_committed_is_not_kept() {
        let cache = InvoiceCache::new(Arc::new(Ownership::permanent()));
        let (read, other) = (invoice("facture_a"), invoice("facture_b"));
        let before = cache.generation();
        cache.committed([&other], []);
        cache.keep(before, &read);
        assert_eq!(cache.get(&read.label), None);
        assert!(cache.get(&other.label).is_some());
        cache.keep(cache.generation(), &read);
        assert!(cache.get(&read.label).is_some());
        cache.invalidate([&read.label]);
        assert_eq!(cache.get(&read.label), None);
    }
}
