//! Offers (BOLT 12): what is to be paid for one, and whether the invoice that its owner gave is for that.

use facture_domain::{Msat, payout::FailureCode};

use super::refusal::{NoInvoice, Refusal};
use crate::node::{NodeInfo, Offer, OfferError, OfferInvoice, OfferPrice};

/// The longest text of an offer's owner that is passed on, in characters.
const MAX_TEXT: usize = 200;

/// The amount that is paid for an offer when so much was ordered.
///
/// # Errors
/// [`FailureCode::AmountMissing`], [`FailureCode::AmountNotAllowed`], [`FailureCode::OwnInvoice`].
pub(crate) fn amount(
    offer: &Offer,
    ordered: Option<Msat>,
    node: &NodeInfo,
) -> Result<Msat, Refusal> {
    if offer.issuer.as_deref() == Some(node.id.as_str()) {
        return Err(Refusal::of(FailureCode::OwnInvoice));
    }
    let amount = match (&offer.price, ordered) {
        (OfferPrice::Any, None) => return Err(Refusal::of(FailureCode::AmountMissing)),
        (OfferPrice::InCurrency(currency), None) => {
            let message =
                format!("The offer has a price in {currency}. Order it with amount_msat.");
            return Err(Refusal::new(FailureCode::AmountMissing, message));
        }
        (OfferPrice::Exact(price), Some(ordered)) if ordered < *price => {
            let (price, ordered) = (price.msat(), ordered.msat());
            let message =
                format!("The offer asks for {price} msat, and {ordered} msat were ordered.");
            return Err(Refusal::new(FailureCode::AmountNotAllowed, message));
        }
        (OfferPrice::Exact(price), None) => *price,
        (_, Some(ordered)) => ordered,
    };
    match amount.msat() {
        0 => Err(Refusal::of(FailureCode::AmountNotAllowed)),
        _ => Ok(amount),
    }
}

/// That the invoice is for this offer and this amount, and its node's.
///
/// # Errors
/// [`FailureCode::DestinationInvalid`] with what is wrong.
pub(crate) fn check(invoice: &OfferInvoice, offer: &Offer, amount: Msat) -> Result<(), Refusal> {
    let is_owners = match &offer.issuer {
        Some(issuer) => *issuer == invoice.node,
        None => offer.ends.contains(&invoice.node),
    };
    let wrong = if invoice.offer_id != offer.id {
        "Its owner gave an invoice for another offer."
    } else if !is_owners {
        "Another node gave the invoice."
    } else if invoice.amount != amount {
        "Its owner gave an invoice of another amount."
    } else {
        return Ok(());
    };
    Err(Refusal::new(FailureCode::DestinationInvalid, wrong))
}

impl From<OfferError> for NoInvoice {
    fn from(error: OfferError) -> Self {
        let refused = |code, message: String| {
            let plain = message.chars().filter(|char| !char.is_control());
            let message: String = plain.take(MAX_TEXT).collect();
            Self::Refused(Refusal::new(code, message))
        };
        match error {
            OfferError::Invalid(reason) => refused(FailureCode::DestinationInvalid, reason),
            OfferError::OtherNetwork => Refusal::of(FailureCode::WrongNetwork).into(),
            OfferError::Expired => {
                let message = "The offer has expired. Ask for a new one.";
                refused(FailureCode::InvoiceExpired, message.to_owned())
            }
            OfferError::Refused(reason) => {
                let message = format!("Its owner refuses: {reason}");
                refused(FailureCode::DestinationRefused, message)
            }
            OfferError::Unsupported(reason) => refused(FailureCode::Unsupported, reason),
            OfferError::NoAnswer(reason) => Self::NoAnswer(reason),
            OfferError::Node(error) => Self::NodeAway(error),
        }
    }
}
