//! From an order to what would be begun for it: the invoice, the amount, the fee limit. Nothing is written here.

use facture_domain::{
    Msat,
    payout::{DestinationKind, FailureCode},
};
use jiff::Timestamp;

use crate::{
    config::LimitsConfig,
    destination::{Invoice, InvoiceError},
    journal::{AmountBy, Begun},
    limits,
    node::NodeInfo,
    wire::Order,
};

/// A payment that can be begun.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) begun: Begun,
    pub(crate) amount: Msat,
    pub(crate) max_fee: Msat,
}

/// Of an order to pay a BOLT 11 invoice.
pub(crate) fn bolt11(
    order: &Order,
    limits: &LimitsConfig,
    node: &NodeInfo,
    now: Timestamp,
) -> Result<Prepared, InvoiceError> {
    let invoice = Invoice::parse(&order.destination)?;
    of_invoice(order, &invoice, limits, node, now)
}

/// Of an order and the invoice that is to be paid for it.
pub(crate) fn of_invoice(
    order: &Order,
    invoice: &Invoice,
    limits: &LimitsConfig,
    node: &NodeInfo,
    now: Timestamp,
) -> Result<Prepared, InvoiceError> {
    invoice.check(node, now)?;
    let amount = invoice.amount_for(order.amount)?;
    let max_fee = limits::max_fee(limits, amount, order.max_fee);
    let begun = Begun {
        payout: order.id.as_str().to_owned(),
        asked_by: order.asked_by.clone(),
        kind: order.kind,
        destination: order.destination.clone(),
        invoice: invoice.text.clone(),
        payment_hash: invoice.payment_hash.to_string(),
        expires_at: invoice.expires_at,
        amount_msat: amount.msat(),
        amount: match invoice.amount {
            Some(_) => AmountBy::Invoice,
            None => AmountBy::Order,
        },
        max_fee_msat: max_fee.msat(),
        node: node.id.as_str().to_owned(),
    };
    Ok(Prepared {
        begun,
        amount,
        max_fee,
    })
}

/// That this kind of destination is not paid yet.
pub(crate) fn unsupported(kind: DestinationKind) -> InvoiceError {
    let message = format!(
        "This payer cannot pay a destination of the kind {}.",
        kind.as_str()
    );
    InvoiceError::new(FailureCode::Unsupported, message)
}
