//! An invoice as programs read it: the answer of `/create_invoice` and `/check_invoice/{label}` to
//! `Accept: application/json`. Amounts are millisatoshi, times are seconds since 1970, as lightningd has them.

use axum::http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::App;
use crate::{
    invoice::{Amount, Invoice, Order, Status},
    invoicing::{Found, Freshness},
};

#[derive(Serialize)]
pub(super) struct InvoiceJson {
    label: String,
    /// `unpaid`, `paid` or `expired`.
    status: &'static str,
    /// `null`: the payer chooses.
    amount_msat: Option<u64>,
    description: String,
    bolt11: String,
    payment_hash: String,
    created_at: i64,
    expires_at: i64,
    status_url: String,
    #[serde(flatten)]
    settlement: Option<SettlementJson>,
    #[serde(flatten)]
    stale: Option<StaleJson>,
}

#[derive(Serialize)]
struct SettlementJson {
    amount_received_msat: u64,
    paid_at: i64,
}

/// Only there when the node could not be asked: what is said above is what was last known.
#[derive(Serialize)]
struct StaleJson {
    stale_since: i64,
}

/// An invoice as its shop reads it: with the shop's own side of it, which is not the buyer's business.
#[derive(Serialize)]
pub(super) struct ShopInvoiceJson {
    #[serde(flatten)]
    invoice: InvoiceJson,
    order_id: Option<String>,
    metadata: Option<Box<RawValue>>,
    redirect_url: Option<String>,
    /// When it was taken back; it is `expired` then.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_at: Option<i64>,
    /// The label of the expired invoice in whose place this one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal_of: Option<String>,
}

impl ShopInvoiceJson {
    pub(super) fn found(app: &App, found: Found, headers: &HeaderMap) -> Self {
        let (order, cancelled_at) = (found.invoice.order.clone(), found.invoice.cancelled_at);
        Self::with(InvoiceJson::found(app, found, headers), order, cancelled_at)
    }

    pub(super) fn new(app: &App, invoice: Invoice, headers: &HeaderMap) -> Self {
        let (order, cancelled_at) = (invoice.order.clone(), invoice.cancelled_at);
        Self::with(InvoiceJson::new(app, invoice, headers), order, cancelled_at)
    }

    fn with(invoice: InvoiceJson, order: Order, cancelled_at: Option<Timestamp>) -> Self {
        Self {
            invoice,
            order_id: order.order_id.map(|id| id.as_str().to_owned()),
            // It was checked when it came.
            metadata: order
                .metadata
                .and_then(|json| RawValue::from_string(json.as_str().to_owned()).ok()),
            redirect_url: order.redirect_url.map(|url| url.as_str().to_owned()),
            cancelled_at: cancelled_at.map(Timestamp::as_second),
            renewal_of: order.renewal_of.map(|label| label.to_string()),
        }
    }
}

impl InvoiceJson {
    /// An invoice that was looked up, with how current it is.
    pub(super) fn found(app: &App, found: Found, headers: &HeaderMap) -> Self {
        let stale = match found.freshness {
            Freshness::Current => None,
            Freshness::AsOf(since) => Some(StaleJson {
                stale_since: since.as_second(),
            }),
        };
        Self {
            stale,
            ..Self::new(app, found.invoice, headers)
        }
    }

    /// The request's headers tell the host that the visitor came by.
    pub(super) fn new(app: &App, invoice: Invoice, headers: &HeaderMap) -> Self {
        Self {
            status_url: app.status_url(&invoice.label, headers),
            label: invoice.label.to_string(),
            status: invoice.status.as_str(),
            amount_msat: match invoice.amount {
                Amount::Exact(amount) => Some(amount.msat()),
                Amount::Any => None,
            },
            description: invoice.description,
            bolt11: invoice.bolt11.as_str().to_owned(),
            payment_hash: invoice.payment_hash.to_string(),
            created_at: invoice.created_at.as_second(),
            expires_at: invoice.expires_at.as_second(),
            settlement: match invoice.status {
                Status::Paid(settlement) => Some(SettlementJson {
                    amount_received_msat: settlement.amount_received.msat(),
                    paid_at: settlement.paid_at.as_second(),
                }),
                Status::Unpaid | Status::Expired => None,
            },
            stale: None,
        }
    }
}
