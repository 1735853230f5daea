//! A wallet that is given an offer of the node: it asks for an invoice, to pay it.

use super::bolt11;
use super::bolt12::{self, Kind};
use super::node::Node;
use super::offering::{self, InvoiceRequest};
use super::payment::PayError;

/// Why an offer was not paid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfferNotPaid {
    /// The node speaks as LND, which has no offers.
    #[error("there are no offers")]
    NoOffers,
    /// The text is no offer.
    #[error("Unparsable offer")]
    Unreadable,
    /// The node makes no invoice for it; its reason.
    #[error("{0}")]
    NoInvoice(String),
    /// The invoice was not paid.
    #[error(transparent)]
    NotPaid(#[from] PayError),
}

/// A wallet asks the node for an invoice of one of its offers.
pub(super) fn ask(
    node: &Node,
    offer: &str,
    amount_msat: Option<u64>,
    note: Option<&str>,
) -> Result<String, OfferNotPaid> {
    let offer = bolt12::read(bolt11::canonical(offer));
    let offer = offer.filter(|offer| offer.kind == Kind::Offer);
    let request = InvoiceRequest {
        amount_msat,
        quantity: None,
        payer_note: note.map(str::to_owned),
    };
    offering::invoice(node, &offer.ok_or(OfferNotPaid::Unreadable)?, request)
        .map_err(|why| OfferNotPaid::NoInvoice(why.to_string()))
}
