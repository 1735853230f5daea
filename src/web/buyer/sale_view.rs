//! What an invoice sells, as its page shows it: what was bought, or where to buy it.

use crate::{
    links::Links,
    reveal::{Download, Error as RevealError, Revealed, Reveals},
    web::{
        error::Problem,
        extract::visitor::Visitor,
        paths::{item_path, link_path},
    },
};
use facture_domain::{Channel, Invoice, ItemId, Label, Slug, Status};

/// What an invoice sells.
pub(crate) enum SaleView {
    /// Nothing that is revealed, or not yet.
    None,
    /// It can be bought here, by another invoice.
    Offered(ItemId),
    /// It was bought.
    Revealed(Revealed),
    /// It was ordered by this payment link, and can be again.
    Ordered(Slug),
    /// It was ordered by a payment link and is paid, and the shop says this.
    Thanks(String),
}

/// What was bought, for the template.
pub(crate) enum Sold {
    Text(String),
    /// What the shop says to those who paid.
    Thanks(String),
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
    pub(crate) async fn of(
        reveals: &Reveals,
        links: &Links,
        invoice: &Invoice,
    ) -> Result<Self, Problem> {
        match invoice.order.channel {
            Some(Channel::Reveal) => Self::of_item(reveals, invoice).await,
            Some(Channel::Link) => Self::of_link(links, &invoice.label, &invoice.status).await,
            _ => Ok(Self::None),
        }
    }

    async fn of_link(links: &Links, label: &Label, status: &Status) -> Result<Self, Problem> {
        let found = match status {
            Status::Unpaid | Status::Accepted(_) => None,
            Status::Paid(_) | Status::Expired => links.of(label).await?,
        };
        Ok(match (found, status) {
            (Some((_, Some(thanks))), Status::Paid(_)) => Self::Thanks(thanks.as_str().to_owned()),
            (Some((slug, _)), Status::Expired) => Self::Ordered(slug),
            _ => Self::None,
        })
    }

    async fn of_item(reveals: &Reveals, invoice: &Invoice) -> Result<Self, Problem> {
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
            Self::Ordered(slug) => Some(visitor.link(&link_path(slug))),
            Self::None | Self::Revealed(_) | Self::Thanks(_) => None,
        }
    }

    /// What was bought. `path` is that of the invoice's page.
    pub(super) fn sold(self, path: &str) -> Option<Sold> {
        match self {
            Self::None | Self::Offered(_) | Self::Ordered(_) => None,
            Self::Thanks(text) => Some(Sold::Thanks(text)),
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
