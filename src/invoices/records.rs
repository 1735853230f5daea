//! All invoices and all events, as our records have them.

use std::sync::Arc;

use jiff::Timestamp;

use crate::invoices::{error::Error, found::Freshness, invoicing::Invoicing};
use crate::sync::{Scope, Stale};
use facture_domain::desk::{SalePage, SaleSearch, SaleTotals};
use facture_domain::listing::{Filter, ListPosition, Page};
use facture_domain::{Event, EventKind, Invoice, Label, Metadata, OrderId};
use facture_store::hub::AllListener;

/// A part of a list of invoices, and how current that is.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The invoices.
    pub page: Page,
    /// Whether the node could be reached.
    pub freshness: Freshness,
}

impl Invoicing {
    /// Invoices, the newest first, those after `after`, at most `limit`, from our records: the node is asked once whether
    /// they are current.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<&ListPosition>,
        limit: u32,
    ) -> Result<Listed, Error> {
        let freshness = self.freshness_of_all().await;
        Ok(Listed {
            page: self.store.list(filter, after, limit).await?,
            freshness,
        })
    }

    /// Sales that somebody at the desk looks for, the newest first, those after `after`, at most `limit`, from our records, as
    /// [`Invoicing::list`] lists them.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn search(
        &self,
        search: &SaleSearch,
        after: Option<&ListPosition>,
        limit: u32,
    ) -> Result<SalePage, Error> {
        Ok(self.store.search_sales(search, after, limit).await?)
    }

    /// What the paid ones of such sales come to, from our records.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn sale_totals(&self, search: &SaleSearch) -> Result<SaleTotals, Error> {
        Ok(self.store.sale_totals(search).await?)
    }

    /// Asks the node once whether our records are current.
    pub async fn freshness_of_all(&self) -> Freshness {
        let passed = self.barrier.pass(Scope::All).await;
        self.wait_until_complete().await;
        match passed {
            Ok(()) if self.progress().borrow().unclear.is_empty() => Freshness::Current,
            Ok(()) => Freshness::AsOf(Timestamp::UNIX_EPOCH),
            Err(Stale { since }) => Freshness::AsOf(since.unwrap_or(Timestamp::UNIX_EPOCH)),
        }
    }

    /// Replaces what a shop says about an order; the invoice as it is then, `None` when there is none.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn replace_metadata(
        &self,
        label: &Label,
        metadata: Option<Metadata>,
        order_id: Option<OrderId>,
    ) -> Result<Option<Arc<Invoice>>, Error> {
        Ok(self.store.set_metadata(label, metadata, order_id).await?)
    }

    /// Follows all invoices, as [`Invoicing::listen`] does one.
    pub fn listen_all(&self) -> AllListener {
        self.hub.listen_all()
    }

    /// What happened to all invoices after the event number `after`, in order, at most `limit` events, of these kinds.
    /// A number that we never gave is of other records, which were lost: then from the first on.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn all_events(
        &self,
        after: u64,
        kinds: &[EventKind],
        limit: u32,
    ) -> Result<Vec<Event>, Error> {
        let known = after <= self.store.last_event().await?;
        let after = if known { after } else { 0 };
        Ok(self.store.events(after, kinds, limit).await?)
    }
}
