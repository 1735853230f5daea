//! What is known about a string that somebody wants to pay: what the node reads in an offer, and whether it is an invoice
//! of ours.

use jiff::Timestamp;

use crate::invoices::{error::Error, found::Freshness, invoicing::Invoicing, records::Listed};
use facture_domain::{
    Label, Msat, Network, PaymentHash, Status, listing::Filter, payment_string::Bolt12,
};
use facture_node::{Bolt12Fields, Bolt12Reading};

/// The result of having the node read a BOLT 12 string.
#[derive(Clone, Debug)]
pub enum OfferReading {
    /// What it says.
    Read(Box<OfferFields>),
    /// It is not valid, for this reason in the node's words.
    Invalid(String),
    /// The node cannot read such strings, does not let us ask, or does not answer.
    Unavailable,
}

/// What an offer says, or what is exchanged for it. What is absent is not in it.
#[derive(Clone, Debug)]
pub struct OfferFields {
    /// The amount; of an offer, of one item.
    pub amount: Option<Msat>,
    /// The amount in another currency, such as `12.50 EUR`.
    pub price: Option<String>,
    /// What it is for, in the words of who asks for the money.
    pub description: Option<String>,
    /// Who made it, in their own words.
    pub issuer: Option<String>,
    /// From when on it must not be paid.
    pub expires_at: Option<Timestamp>,
    /// A public key that stands for who is paid.
    pub destination: Option<String>,
    /// The chain; `None` for one that we do not know.
    pub network: Option<Network>,
    /// Of an invoice.
    pub payment_hash: Option<PaymentHash>,
}

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
    pub async fn read_offer(&self, text: &Bolt12) -> OfferReading {
        match self.reads.read_bolt12(text).await {
            Ok(Bolt12Reading::Read(fields)) => OfferReading::Read(Box::new((*fields).into())),
            Ok(Bolt12Reading::Invalid(reason)) => OfferReading::Invalid(reason),
            Ok(Bolt12Reading::Unavailable) => OfferReading::Unavailable,
            Err(error) => {
                tracing::debug!(%error, "the node could not be asked what an offer says");
                OfferReading::Unavailable
            }
        }
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

impl From<Bolt12Fields> for OfferFields {
    fn from(fields: Bolt12Fields) -> Self {
        Self {
            amount: fields.amount,
            price: fields.price,
            description: fields.description,
            issuer: fields.issuer,
            expires_at: fields.expires_at,
            destination: fields.destination,
            network: fields.network,
            payment_hash: fields.payment_hash,
        }
    }
}
