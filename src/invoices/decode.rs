//! What is known about a string that somebody wants to pay: what the node reads in an offer, and whether it is an invoice
//! of ours.

use crate::invoices::{error::Error, found::Freshness, invoicing::Invoicing, records::Listed};
use facture_domain::{
    Label, PaymentHash, Status,
    listing::Filter,
    payment_string::{Bolt12, Bolt12Reading},
};

/// An invoice of ours that somebody wants to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRequest {
    /// Its label.
    pub label: Label,
    /// Whether it is paid; `None` while that is not known, because the node cannot be reached.
    pub paid: Option<bool>,
}

impl Invoicing {
    /// Has the node read a BOLT 12 string. A node that does not answer is no error: the kind of the string is known all the
    /// same.
    pub async fn read_offer(&self, text: &Bolt12) -> Bolt12Reading {
        let read = self.reads.read_bolt12(text).await;
        read.unwrap_or_else(|error| {
            tracing::debug!(%error, "the node could not be asked what an offer says");
            Bolt12Reading::Unavailable
        })
    }

    /// The invoice of ours with this payment hash, and whether it is paid; `None` when there is none.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn own_request(&self, hash: PaymentHash) -> Result<Option<OwnRequest>, Error> {
        let filter = Filter {
            payment_hash: Some(hash),
            ..Filter::default()
        };
        let Listed { page, freshness } = self.list(&filter, None, 1).await?;
        let own = page.invoices.into_iter().next();
        Ok(own.map(|invoice| OwnRequest {
            label: invoice.label,
            paid: match (invoice.status, freshness) {
                (Status::Paid(_), _) => Some(true),
                (_, Freshness::Current) => Some(false),
                (_, Freshness::AsOf(_)) => None,
            },
        }))
    }
}
