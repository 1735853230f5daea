//! What an invoice sells, as its page shows it: what was bought, or where to buy it.

use crate::{
    reveal::{Download, Error as RevealError, Revealed, Reveals},
    web::{error::Problem, extract::visitor::Visitor, paths::item_path},
};
use facture_domain::{Channel, Invoice, ItemId, Status};

/// What an invoice sells.
pub(crate) enum SaleView {
    /// Nothing that is revealed, or not yet.
    None,
    /// It can be bought here, by another invoice.
    Offered(ItemId),
    /// It was bought.
    Revealed(Revealed),
}

/// What was bought, for the template.
pub(crate) enum Sold {
    Text(String),
    Download {
        name: String,
        /// Its size in bytes.
        bytes: u64,
        /// Where it is as it is.
        content: String,
        /// Where it is encrypted with the preimage.
        sealed: String,
    },
}

impl SaleView {
    /// What this invoice sells. Of other invoices, nothing is looked up.
    pub(crate) async fn of(reveals: &Reveals, invoice: &Invoice) -> Result<Self, Problem> {
        if invoice.order.channel != Some(Channel::Reveal) {
            return Ok(Self::None);
        }
        Ok(match &invoice.status {
            Status::Unpaid | Status::Accepted(_) => Self::None,
            Status::Paid(_) => {
                let revealed = reveals.revealed(invoice).await?;
                revealed.map_or(Self::None, Self::Revealed)
            }
            Status::Expired => match reveals.offered_by(invoice).await {
                Ok(item) => item.map_or(Self::None, |item| Self::Offered(item.id)),
                Err(RevealError::NotFound | RevealError::WordUnavailable) => Self::None,
                Err(error) => return Err(error.into()),
            },
        })
    }

    /// Where to buy it.
    pub(super) fn item_page(&self, visitor: Visitor) -> Option<String> {
        match self {
            Self::Offered(item) => Some(visitor.link(&item_path(item))),
            Self::None | Self::Revealed(_) => None,
        }
    }

    /// What was bought. `path` is that of the invoice's page.
    pub(super) fn sold(self, path: &str) -> Option<Sold> {
        match self {
            Self::None | Self::Offered(_) => None,
            Self::Revealed(Revealed::Text(text)) => Some(Sold::Text(text)),
            Self::Revealed(Revealed::Download(Download { name, bytes, .. })) => {
                Some(Sold::Download {
                    name,
                    bytes,
                    content: format!("{path}/content"),
                    sealed: format!("{path}/sealed"),
                })
            }
        }
    }
}
