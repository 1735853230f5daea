//! `/invoices/{invoice}/payment-methods`: what is to be paid, and what was.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    access::{InvoiceOfStore, ViewInvoices},
    amounts::{btc, rate},
    invoice_json::amount,
    method::LIGHTNING,
};
use facture_domain::{Bolt11, Invoice, Msat, Status};

/// A way to pay an invoice. Amounts are in bitcoin, but for `rate`: what one costs in the invoice's currency.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MethodJson {
    payment_method_id: &'static str,
    /// The older name.
    payment_method: &'static str,
    crypto_code: &'static str,
    currency: &'static str,
    destination: String,
    payment_link: String,
    rate: String,
    payment_method_paid: String,
    total_paid: String,
    due: String,
    amount: String,
    payment_method_fee: &'static str,
    /// The older name.
    network_fee: &'static str,
    activated: bool,
    payments: Vec<PaymentJson>,
    additional_data: serde_json::Map<String, serde_json::Value>,
}

/// A payment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentJson {
    id: String,
    /// In seconds since 1970.
    received_date: i64,
    value: String,
    fee: &'static str,
    status: &'static str,
    destination: String,
}

const NO_FEE: &str = "0";

/// `GET …/invoices/{invoice}/payment-methods`
pub(crate) async fn read(InvoiceOfStore { found, .. }: InvoiceOfStore<ViewInvoices>) -> Response {
    Json([MethodJson::new(&found.invoice)]).into_response()
}

impl MethodJson {
    fn new(invoice: &Invoice) -> Self {
        let asked = amount(invoice);
        let payment = PaymentJson::of(invoice);
        let asked_msat = asked.map_or(0, Msat::msat);
        let paid = received(invoice);
        let bolt11 = bolt11(invoice);
        Self {
            payment_method_id: LIGHTNING,
            payment_method: LIGHTNING,
            crypto_code: "BTC",
            currency: "BTC",
            destination: bolt11.to_owned(),
            payment_link: format!("lightning:{bolt11}"),
            rate: rate(invoice),
            payment_method_paid: btc(paid),
            total_paid: btc(paid),
            due: btc(asked_msat.saturating_sub(paid)),
            amount: btc(asked_msat),
            payment_method_fee: NO_FEE,
            network_fee: NO_FEE,
            activated: true,
            payments: payment.into_iter().collect(),
            additional_data: serde_json::Map::new(),
        }
    }
}

impl PaymentJson {
    /// The payment of an invoice, once it is there.
    pub(crate) fn of(invoice: &Invoice) -> Option<Self> {
        let received_at = match &invoice.status {
            Status::Paid(paid) => paid.paid_at,
            Status::Unpaid | Status::Accepted(_) | Status::Expired => invoice.payment_proven_at?,
        };
        Some(Self {
            id: invoice.payment_hash.to_string(),
            received_date: received_at.as_second(),
            value: btc(received(invoice)),
            fee: NO_FEE,
            status: "Settled",
            destination: bolt11(invoice).to_owned(),
        })
    }
}

/// Only payments of offers have none, and they are not asked for here.
fn bolt11(invoice: &Invoice) -> &str {
    invoice.bolt11().map_or("", Bolt11::as_str)
}

/// In msat: what arrived, or, where the node has no record of a payment that is proven, what was asked for.
fn received(invoice: &Invoice) -> u64 {
    match &invoice.status {
        Status::Paid(paid) => paid.amount_received.msat(),
        _ if invoice.payment_proven_at.is_some() => amount(invoice).map_or(0, Msat::msat),
        Status::Unpaid | Status::Accepted(_) | Status::Expired => 0,
    }
}
