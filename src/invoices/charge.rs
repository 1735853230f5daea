//! The use cases that only Lightning Charge's API has.

use std::sync::Arc;

use facture_domain::{EventKind, Hook, Invoice, Label, Payload, StatusName};
use facture_store::hub::AllListener;

use crate::invoices::{error::Error, invoicing::Invoicing};
use crate::sync::Scope;

/// All payments from now on.
#[derive(Debug)]
pub struct Payments {
    invoicing: Invoicing,
    listener: AllListener,
    /// The last event that was looked at.
    after: u64,
    /// Paid, not handed out yet, the last first.
    ready: Vec<Invoice>,
}

/// The result of deleting an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Deleted: nobody can pay it.
    Done,
    /// It is in another state than it had to be in, and still there.
    Refused {
        /// The state, in lightningd's words.
        status: &'static str,
    },
}

/// The number of events read at once.
const PAGE: u32 = 100;

impl Invoicing {
    /// A page of all invoices in the order of making, those after this one, at most `limit`, without those that
    /// [`Invoicing::delete`] deleted.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn created_after(
        &self,
        after: Option<&Invoice>,
        limit: u32,
    ) -> Result<Vec<Invoice>, Error> {
        if after.is_none() {
            // When the node is away, the list says what was known last.
            let _ = self.barrier.pass(Scope::All).await;
        }
        Ok(self.store.charge_invoices(after, limit).await?)
    }

    /// Whether [`Invoicing::delete`] deleted an invoice.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn is_deleted(&self, label: &Label) -> Result<bool, Error> {
        Ok(self.store.is_charge_deleted(label).await?)
    }

    /// Deletes an invoice that is in this state, in lightningd's words. An unpaid one is taken from the node, so that
    /// nobody can pay it; of others, the node and our records keep what happened. In a task of its own, like cancelling.
    ///
    /// # Errors
    /// [`Error`]; then it may be tried again.
    pub async fn delete(&self, invoice: Arc<Invoice>, status: String) -> Result<Deletion, Error> {
        let this = self.clone();
        self.run_to_completion(async move { this.delete_once(&invoice, &status).await })
            .await
    }

    async fn delete_once(&self, invoice: &Invoice, status: &str) -> Result<Deletion, Error> {
        let refused = |state: StatusName| {
            Ok(Deletion::Refused {
                status: charge_word(state),
            })
        };
        let state = invoice.state();
        if status != charge_word(state) {
            return refused(state);
        }
        if let StatusName::Unpaid | StatusName::Accepted = state
            && let Some(state) = self.cancel_on_node(invoice, None).await?
        {
            return refused(state);
        }
        self.store.charge_delete(&invoice.label).await?;
        Ok(Deletion::Done)
    }

    /// Adds an address that is notified when an invoice is paid, even if it was paid just now.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn add_hook(&self, label: &Label, hook: &Hook) -> Result<(), Error> {
        self.store.add_endpoint(label, hook).await?;
        Ok(())
    }

    /// Follows all payments from now on.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn payments(&self) -> Result<Payments, Error> {
        let listener = self.hub.listen_all();
        let after = self.store.last_event().await?;
        Ok(Payments {
            invoicing: self.clone(),
            listener,
            after,
            ready: Vec::new(),
        })
    }
}

/// Lightning Charge's word for a state: it knows three of them.
pub fn charge_word(state: StatusName) -> &'static str {
    match state {
        // It is not decided yet.
        StatusName::Unpaid | StatusName::Accepted => StatusName::Unpaid,
        StatusName::Paid => StatusName::Paid,
        StatusName::Expired | StatusName::Cancelled => StatusName::Expired,
    }
    .as_str()
}

impl Payments {
    /// The next invoice that is paid.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn next(&mut self) -> Result<Invoice, Error> {
        loop {
            if let Some(invoice) = self.ready.pop() {
                return Ok(invoice);
            }
            let kinds = [EventKind::Paid];
            let page = self
                .invoicing
                .store
                .events(self.after, &kinds, PAGE)
                .await?;
            match page.last() {
                Some(last) => self.after = last.sequence,
                None => self.listener.changed().await,
            }
            let paid = page.into_iter().filter_map(|event| match event.payload {
                Payload::Invoice(invoice) => Some(*invoice),
                Payload::Payout(_) => None,
            });
            self.ready = paid.rev().collect();
        }
    }
}
