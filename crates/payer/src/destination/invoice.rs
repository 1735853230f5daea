//! A BOLT 11 invoice as its payer reads it: signature included, for it names who is paid.

use facture_domain::{
    Amount, Msat,
    payment_string::{PaymentRequest, PaymentString, Way},
    payout::FailureCode,
};
use jiff::Timestamp;

use super::refusal::Refusal;
use crate::node::NodeInfo;

/// Reads an invoice.
///
/// # Errors
/// [`FailureCode::DestinationInvalid`] with the reason.
pub(crate) fn parse(text: &str) -> Result<PaymentRequest, Refusal> {
    let invalid =
        |reason: &dyn ToString| Refusal::new(FailureCode::DestinationInvalid, reason.to_string());
    let parsed = PaymentString::parse(text).map_err(|error| invalid(&error))?;
    match parsed.way {
        Way::Bolt11(request) => Ok(*request),
        _ => Err(invalid(&"It is not a BOLT 11 invoice.")),
    }
}

/// Whether this node can pay it now.
///
/// # Errors
/// Why not.
pub(crate) fn check(
    invoice: &PaymentRequest,
    node: &NodeInfo,
    now: Timestamp,
) -> Result<(), Refusal> {
    let refused = |code| Err(Refusal::of(code));
    if !invoice.network.is_called(&node.network) {
        return refused(FailureCode::WrongNetwork);
    }
    if invoice.payee.to_string() == node.id.as_str() {
        return refused(FailureCode::OwnInvoice);
    }
    if invoice.expires_at <= now {
        return refused(FailureCode::InvoiceExpired);
    }
    Ok(())
}

/// The amount that is paid when so much was ordered.
///
/// # Errors
/// [`FailureCode::AmountMissing`], [`FailureCode::AmountNotAllowed`].
pub(crate) fn amount(invoice: &PaymentRequest, ordered: Option<Msat>) -> Result<Msat, Refusal> {
    let amount = match (invoice.decoded.amount, ordered) {
        (Amount::Any, None) => return Err(Refusal::of(FailureCode::AmountMissing)),
        (Amount::Exact(asked), Some(ordered)) if asked != ordered => {
            return Err(Refusal::new(
                FailureCode::AmountNotAllowed,
                format!(
                    "The invoice asks for {} msat, and {} msat were ordered.",
                    asked.msat(),
                    ordered.msat()
                ),
            ));
        }
        (Amount::Exact(amount), _) | (Amount::Any, Some(amount)) => amount,
    };
    match amount.msat() {
        0 => Err(Refusal::of(FailureCode::AmountNotAllowed)),
        _ => Ok(amount),
    }
}
