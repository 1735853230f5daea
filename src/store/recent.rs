//! Invoices that were read lately, in memory: a page that is looked at again and again costs no query.
//!
//! Exact, not "soon": every unit of work that may change an invoice forgets it before it is done, and what was read
//! meanwhile is not kept. The one thing that another process does of which we are not told is to give up overdue invoices
//! (`facture reconcile` beside a server), so those are read from the database. What is written by memory is compared with
//! the database first (`changes.rs`).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use quick_cache::sync::Cache;

use crate::invoice::{Invoice, Label, Status};

/// So many at most, of 1 to 2 kB each.
const CAPACITY: usize = 4096;

pub(super) struct Recent {
    invoices: Cache<Label, Arc<Invoice>>,
    /// How often something was forgotten.
    forgotten: Mutex<u64>,
}

/// A look into the database, begun when so much was forgotten.
pub(super) struct Reading(u64);

/// A unit of work that may change these. To be made once the work has begun: then no other one is under way.
pub(super) struct Changing<'a> {
    recent: &'a Recent,
    begun: Reading,
    labels: Vec<&'a Label>,
}

impl Recent {
    pub(super) fn new() -> Self {
        Self {
            invoices: Cache::new(CAPACITY),
            forgotten: Mutex::default(),
        }
    }

    /// What the database has, without asking it.
    pub(super) fn get(&self, label: &Label) -> Option<Arc<Invoice>> {
        let invoice = self.invoices.get(label)?;
        let overdue = invoice.status == Status::Unpaid && invoice.expires_at <= Timestamp::now();
        (!overdue).then_some(invoice)
    }

    /// To be called before the database is asked for what is to be kept.
    pub(super) fn reading(&self) -> Reading {
        Reading(*self.forgotten())
    }

    /// Keeps what was read, unless anything has changed since.
    pub(super) fn keep(&self, reading: Reading, invoice: &Arc<Invoice>) {
        let forgotten = self.forgotten();
        if *forgotten == reading.0 {
            self.invoices
                .insert(invoice.label.clone(), Arc::clone(invoice));
        }
    }

    /// Forgets these when the unit of work is over, however it ended.
    pub(super) fn changing<'a>(
        &'a self,
        labels: impl IntoIterator<Item = &'a Label>,
    ) -> Changing<'a> {
        Changing {
            recent: self,
            begun: self.reading(),
            labels: labels.into_iter().collect(),
        }
    }

    fn forgotten(&self) -> MutexGuard<'_, u64> {
        self.forgotten
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Changing<'_> {
    /// It is committed, and these are now as it wrote them.
    pub(super) fn done<'a>(self, written: impl IntoIterator<Item = &'a Arc<Invoice>>) {
        let (recent, begun) = (self.recent, self.begun.0);
        drop(self);
        let forgotten = recent.forgotten();
        // Our own change, and no other since.
        if *forgotten == begun + 1 {
            for invoice in written {
                let label = invoice.label.clone();
                recent.invoices.insert(label, Arc::clone(invoice));
            }
        }
    }
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        let mut forgotten = self.recent.forgotten();
        *forgotten += 1;
        for label in &self.labels {
            self.recent.invoices.remove(*label);
        }
    }
}

impl std::fmt::Debug for Recent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recent")
            .field("invoices", &self.invoices.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::invoice::{Amount, Bolt11, Order};

    fn invoice(label: &str, lasts: SignedDuration) -> Arc<Invoice> {
        let now = Timestamp::now();
        Arc::new(Invoice {
            label: Label::stored(label.to_owned()),
            amount: Amount::Any,
            description: String::new(),
            bolt11: Bolt11::stored("lnbcrt1".to_owned()),
            payment_hash: "00".repeat(32).parse().unwrap(),
            created_index: 1,
            created_at: now,
            expires_at: now + lasts,
            status: Status::Unpaid,
            cancelled_at: None,
            renewed_by: None,
            order: Order::default(),
        })
    }

    #[test]
    fn what_was_read_while_anything_changed_is_not_kept() {
        let recent = Recent::new();
        let invoice = invoice("facture_a", SignedDuration::from_hours(1));
        let before = recent.reading();
        drop(recent.changing([&invoice.label]));
        recent.keep(before, &invoice);
        assert_eq!(recent.get(&invoice.label), None);
        recent.keep(recent.reading(), &invoice);
        assert!(recent.get(&invoice.label).is_some());
        drop(recent.changing([&invoice.label]));
        assert_eq!(recent.get(&invoice.label), None);
    }

    #[test]
    fn what_was_written_is_kept_unless_something_else_has_changed_since() {
        let recent = Recent::new();
        let invoice = invoice("facture_a", SignedDuration::from_hours(1));
        recent.changing([&invoice.label]).done([&invoice]);
        assert!(recent.get(&invoice.label).is_some());

        let (mine, other) = (
            recent.changing([&invoice.label]),
            recent.changing([&invoice.label]),
        );
        drop(other);
        mine.done([&invoice]);
        assert_eq!(recent.get(&invoice.label), None);
    }

    #[test]
    fn an_overdue_invoice_is_read_from_the_database() {
        let recent = Recent::new();
        let overdue = invoice("facture_a", SignedDuration::from_secs(-1));
        recent.keep(recent.reading(), &overdue);
        assert_eq!(recent.get(&overdue.label), None);
    }
}
