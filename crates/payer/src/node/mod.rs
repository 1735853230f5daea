//! The node that pays: one enum over the back ends, in the domain's terms. What may be sent to it is in one list for each
//! back end (`cln/method.rs`, `lnd/method.rs`), which is this crate's own.

pub mod cln;
mod error;
#[cfg(feature = "lnd")]
pub mod lnd;
mod offer;
mod payment;

use facture_domain::{Msat, NodeId, PaymentHash};

pub use self::{
    error::NodeError,
    offer::{Offer, OfferError, OfferInvoice, OfferPrice, OfferQuantity},
    payment::{Answer, Instruction, NodeInfo, Retrying, Settled, Tracked},
};

/// The node.
#[derive(Debug)]
pub enum Node {
    /// Core Lightning.
    Cln(cln::Cln),
    /// LND.
    #[cfg(feature = "lnd")]
    Lnd(lnd::Lnd),
}

impl Node {
    /// Who it is.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn info(&self) -> Result<NodeInfo, NodeError> {
        match self {
            Self::Cln(cln) => cln.info().await,
            #[cfg(feature = "lnd")]
            Self::Lnd(lnd) => lnd.info().await,
        }
    }

    /// What it knows of a payment. Another node than `node` is not asked.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn track(&self, node: &NodeId, hash: PaymentHash) -> Result<Tracked, NodeError> {
        match self {
            Self::Cln(cln) => cln.track(node, hash).await,
            #[cfg(feature = "lnd")]
            Self::Lnd(lnd) => lnd.track(node, hash).await,
        }
    }

    /// Reads an offer. Another node than `node` is not asked.
    ///
    /// # Errors
    /// [`OfferError`]; LND pays no offers: [`OfferError::Unsupported`].
    pub async fn offer(&self, node: &NodeId, text: &str) -> Result<Offer, OfferError> {
        match self {
            Self::Cln(cln) => cln.offer(node, text).await,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Err(no_offers()),
        }
    }

    /// Asks the owner of an offer for an invoice of this amount, which pays nothing.
    ///
    /// # Errors
    /// [`OfferError`].
    pub async fn offer_invoice(
        &self,
        node: &NodeId,
        text: &str,
        amount: Msat,
        quantity: OfferQuantity,
    ) -> Result<OfferInvoice, OfferError> {
        match self {
            Self::Cln(cln) => cln.offer_invoice(node, text, amount, quantity).await,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Err(no_offers()),
        }
    }

    /// Pays. It may be repeated with the same invoice: the node makes one payment for a payment hash.
    pub async fn pay(&self, instruction: &Instruction) -> Answer {
        match self {
            Self::Cln(cln) => cln.pay(instruction).await,
            #[cfg(feature = "lnd")]
            Self::Lnd(lnd) => lnd.pay(instruction).await,
        }
    }
}

#[cfg(feature = "lnd")]
fn no_offers() -> OfferError {
    OfferError::Unsupported("LND cannot pay BOLT 12 offers.".to_owned())
}
