//! The entries of a time: what was received, and what was paid back, page by page. Only what is stored is in them.

use std::{ops::Range, sync::Arc, vec};

use facture_domain::{
    Invoice, Label, Settlement, Status,
    desk::Note,
    payout::{Payment, Payout, PayoutId},
};
use facture_store::Store;
use jiff::Timestamp;

use super::error::Error;

/// As many are read at once.
const PAGE: u32 = 500;

/// Something that was received or paid back.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A sale that was paid.
    Sale(Box<Sold>),
    /// A refund that was paid.
    Refund(Box<Repaid>),
}

/// A sale that was paid.
#[derive(Clone, Debug)]
pub struct Sold {
    /// Its invoice.
    pub invoice: Invoice,
    /// Its payment.
    pub payment: Settlement,
    /// The shop's note.
    pub note: Option<Note>,
}

/// A refund that was paid.
#[derive(Clone, Debug)]
pub struct Repaid {
    /// Its payout.
    pub payout: Payout,
    /// Its payment.
    pub payment: Payment,
    /// The sale that it refunds.
    pub sale: Label,
    /// Its invoice; `None`: it was forgotten.
    pub invoice: Option<Arc<Invoice>>,
}

/// The entries of a time: sales in the order in which they were paid, then refunds in the order in which they were ordered.
#[derive(Debug)]
pub struct Entries {
    store: Store,
    time: Range<i64>,
    place: Place,
}

/// How far they are read.
#[derive(Debug)]
enum Place {
    Sales(Option<(i64, Label)>),
    Refunds(Option<PayoutId>),
    End,
}

impl Entries {
    pub(super) fn new(store: Store, time: Range<Timestamp>) -> Self {
        Self {
            store,
            time: time.start.as_second()..time.end.as_second(),
            place: Place::Sales(None),
        }
    }

    /// The next ones; `None` when there are no more.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn next(&mut self) -> Result<Option<vec::IntoIter<Entry>>, Error> {
        loop {
            let entries = match &self.place {
                Place::Sales(after) => self.sales(after.clone()).await?,
                Place::Refunds(after) => self.refunds(after.clone()).await?,
                Place::End => return Ok(None),
            };
            if !entries.is_empty() {
                return Ok(Some(entries.into_iter()));
            }
        }
    }

    async fn sales(&mut self, after: Option<(i64, Label)>) -> Result<Vec<Entry>, Error> {
        let invoices = self.store.paid_sales(self.time.clone(), after, PAGE);
        let invoices = invoices.await?;
        let labels: Vec<_> = invoices
            .iter()
            .map(|invoice| invoice.label.clone())
            .collect();
        let mut notes = self.store.notes_on(&labels).await?;
        let entries = invoices.into_iter().filter_map(|invoice| {
            let Status::Paid(payment) = &invoice.status else {
                return None;
            };
            Some(Entry::Sale(Box::new(Sold {
                payment: payment.clone(),
                note: notes.remove(invoice.label.as_str()),
                invoice,
            })))
        });
        let entries: Vec<_> = entries.collect();
        let last = match entries.last() {
            Some(Entry::Sale(sold)) => {
                Some((sold.payment.paid_at.as_second(), sold.invoice.label.clone()))
            }
            _ => None,
        };
        self.place = match last {
            Some(last) => Place::Sales(Some(last)),
            None => Place::Refunds(None),
        };
        Ok(entries)
    }

    async fn refunds(&mut self, after: Option<PayoutId>) -> Result<Vec<Entry>, Error> {
        let payouts = self.store.paid_refunds(self.time.clone(), after, PAGE);
        let payouts = payouts.await?;
        self.place = match payouts.last() {
            Some(last) => Place::Refunds(Some(last.id.clone())),
            None => Place::End,
        };
        let mut entries = Vec::new();
        for payout in payouts {
            let payment = payout.status.payment().cloned();
            let (Some(payment), Some(sale)) = (payment, payout.order.invoice.clone()) else {
                continue;
            };
            entries.push(Entry::Refund(Box::new(Repaid {
                invoice: self.store.find(&sale).await?,
                payout,
                payment,
                sale,
            })));
        }
        Ok(entries)
    }
}
