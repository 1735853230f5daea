//! Invoices as Lightning Charge serializes them: fields, order and types.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::invoices::charge_word;
use facture_domain::{Amount, Invoice, Label, Metadata, Status};

/// The response to `POST /invoice`.
#[derive(Serialize)]
pub(crate) struct CreatedJson<'a> {
    id: String,
    msatoshi: Option<String>,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quoted_currency: Option<&'a RawValue>,
    /// Numbers remain numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    quoted_amount: Option<&'a RawValue>,
    rhash: String,
    payreq: Option<String>,
    expires_at: i64,
    created_at: i64,
    metadata: Option<Box<RawValue>>,
    status: &'static str,
}

/// An invoice in all other responses.
#[derive(Serialize)]
pub(crate) struct InvoiceJson {
    id: String,
    msatoshi: Option<String>,
    quoted_currency: Option<String>,
    quoted_amount: Option<String>,
    rhash: String,
    payreq: Option<String>,
    pay_index: Option<u64>,
    description: String,
    metadata: Option<Box<RawValue>>,
    /// In seconds since 1970, like all times here.
    created_at: i64,
    expires_at: i64,
    paid_at: Option<i64>,
    msatoshi_received: Option<String>,
    status: &'static str,
    /// Not part of Lightning Charge: the invoice that replaced this expired one at the buyer's request, and the one
    /// that this invoice replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    renewed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal_of: Option<String>,
}

impl<'a> CreatedJson<'a> {
    pub(crate) fn new(
        invoice: &Invoice,
        quoted_currency: Option<&'a RawValue>,
        quoted_amount: Option<&'a RawValue>,
    ) -> Self {
        Self {
            id: invoice.label.to_string(),
            msatoshi: msatoshi(invoice.amount),
            description: invoice.description.clone(),
            quoted_currency,
            quoted_amount,
            rhash: invoice.payment_hash.to_string(),
            payreq: invoice.bolt11().map(|bolt11| bolt11.as_str().to_owned()),
            expires_at: invoice.expires_at.as_second(),
            created_at: invoice.created_at.as_second(),
            metadata: metadata(invoice.order.metadata.as_ref()),
            status: charge_word(invoice.state()),
        }
    }
}

impl InvoiceJson {
    pub(crate) fn new(invoice: &Invoice) -> Self {
        let settlement = match &invoice.status {
            Status::Paid(settlement) => Some(settlement),
            Status::Unpaid | Status::Accepted(_) | Status::Expired => None,
        };
        let (quoted_currency, quoted_amount) = match &invoice.order.quote {
            Some(quote) => (Some(quote.currency.clone()), Some(quote.amount.clone())),
            None => (None, None),
        };
        Self {
            id: invoice.label.to_string(),
            msatoshi: msatoshi(invoice.amount),
            quoted_currency,
            quoted_amount,
            rhash: invoice.payment_hash.to_string(),
            payreq: invoice.bolt11().map(|bolt11| bolt11.as_str().to_owned()),
            pay_index: settlement.map(|paid| paid.pay_index),
            description: invoice.description.clone(),
            metadata: metadata(invoice.order.metadata.as_ref()),
            created_at: invoice.created_at.as_second(),
            expires_at: invoice.expires_at.as_second(),
            paid_at: settlement.map(|paid| paid.paid_at.as_second()),
            msatoshi_received: settlement.map(|paid| paid.amount_received.msat().to_string()),
            status: charge_word(invoice.state()),
            renewed_by: invoice.renewed_by.as_ref().map(Label::to_string),
            renewal_of: invoice.order.renewal_of.as_ref().map(Label::to_string),
        }
    }
}

fn msatoshi(amount: Amount) -> Option<String> {
    match amount {
        Amount::Exact(amount) => Some(amount.msat().to_string()),
        Amount::Any => None,
    }
}

/// Metadata imported before validation existed may not be JSON: it must not hide the invoice, or all those listed with
/// it.
fn metadata(metadata: Option<&Metadata>) -> Option<Box<RawValue>> {
    metadata.and_then(|json| RawValue::from_string(json.as_str().to_owned()).ok())
}
