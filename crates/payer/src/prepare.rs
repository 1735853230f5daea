//! From an order to what would be begun for it: the invoice, the amount, the fee limit. Nothing is written here.

use facture_domain::{
    Amount, Msat,
    payment_string::PaymentRequest,
    payout::{DestinationKind, FailureCode},
};
use jiff::Timestamp;

use crate::{
    config::LimitsConfig,
    destination::{
        Fetcher, Refusal, invoice,
        lnurl::{self, NoInvoice},
    },
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
) -> Result<Prepared, Refusal> {
    let invoice = invoice::parse(&order.destination)?;
    of_invoice(order, &invoice, limits, node, now)
}

/// Of an order to pay an LNURL or a Lightning Address: its server is asked for an invoice.
pub(crate) async fn fetched(
    order: &Order,
    fetcher: &Fetcher,
    limits: &LimitsConfig,
    node: &NodeInfo,
    now: Timestamp,
) -> Result<Prepared, NoInvoice> {
    let request = lnurl::invoice(fetcher, &order.destination, order.amount).await?;
    Ok(of_invoice(order, &request, limits, node, now)?)
}

/// Of an order and the invoice that is to be paid for it.
fn of_invoice(
    order: &Order,
    request: &PaymentRequest,
    limits: &LimitsConfig,
    node: &NodeInfo,
    now: Timestamp,
) -> Result<Prepared, Refusal> {
    invoice::check(request, node, now)?;
    let amount = invoice::amount(request, order.amount)?;
    let max_fee = limits::max_fee(limits, amount, order.max_fee);
    let begun = Begun {
        payout: order.id.as_str().to_owned(),
        asked_by: order.asked_by.clone(),
        kind: order.kind,
        destination: order.destination.clone(),
        invoice: request.decoded.bolt11.as_str().to_owned(),
        payment_hash: request.decoded.payment_hash.to_string(),
        expires_at: request.expires_at,
        amount_msat: amount.msat(),
        amount: match request.decoded.amount {
            Amount::Exact(_) => AmountBy::Invoice,
            Amount::Any => AmountBy::Order,
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
pub(crate) fn unsupported(kind: DestinationKind) -> Refusal {
    let message = format!(
        "This payer cannot pay a destination of the kind {}.",
        kind.as_str()
    );
    Refusal::new(FailureCode::Unsupported, message)
}
