//! A payment as LNbits 1.x writes it.

use serde::Serialize;
use serde_json::value::RawValue;

use facture_domain::{Amount, Bolt11, Invoice, ShopId, Status, StatusName};

/// The words for where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PaymentStatus {
    Pending,
    Success,
    Failed,
}

/// A payment. Times are in UTC (RFC 3339).
#[derive(Serialize)]
pub(crate) struct PaymentJson {
    checking_id: String,
    payment_hash: String,
    wallet_id: String,
    /// In msat: what was asked for, or what was received once it is paid.
    amount: u64,
    fee: u64,
    bolt11: String,
    /// The older name of `bolt11`.
    payment_request: String,
    status: PaymentStatus,
    pending: bool,
    memo: String,
    expiry: String,
    /// Never given: the records do not have it.
    preimage: Option<String>,
    time: String,
    created_at: String,
    updated_at: String,
    extra: Option<Box<RawValue>>,
}

impl PaymentStatus {
    /// The status of an invoice.
    pub(crate) fn of(invoice: &Invoice) -> Self {
        match invoice.state() {
            _ if invoice.payment_proven_at.is_some() => Self::Success,
            StatusName::Paid => Self::Success,
            StatusName::Unpaid | StatusName::Accepted => Self::Pending,
            StatusName::Expired | StatusName::Cancelled => Self::Failed,
        }
    }
}

impl PaymentJson {
    /// The payment of an invoice.
    pub(crate) fn new(invoice: &Invoice) -> Self {
        let hash = invoice.payment_hash.to_string();
        // Only payments of offers have none, and they are not asked for here.
        let bolt11 = invoice.bolt11().map_or("", Bolt11::as_str);
        let created_at = invoice.created_at.to_string();
        let paid = match &invoice.status {
            Status::Paid(paid) => Some(paid),
            Status::Unpaid | Status::Accepted(_) | Status::Expired => None,
        };
        let asked = match invoice.amount {
            Amount::Exact(amount) => amount.msat(),
            Amount::Any => 0,
        };
        let status = PaymentStatus::of(invoice);
        let shop = invoice.order.shop.as_ref();
        let metadata = invoice.order.metadata.as_ref();
        Self {
            checking_id: hash.clone(),
            payment_hash: hash,
            wallet_id: shop.map(ShopId::to_string).unwrap_or_default(),
            amount: paid.map_or(asked, |paid| paid.amount_received.msat()),
            fee: 0,
            bolt11: bolt11.to_owned(),
            payment_request: bolt11.to_owned(),
            status,
            pending: status == PaymentStatus::Pending,
            memo: invoice.description.clone(),
            expiry: invoice.expires_at.to_string(),
            preimage: None,
            time: created_at.clone(),
            updated_at: paid.map_or(created_at.clone(), |paid| paid.paid_at.to_string()),
            created_at,
            extra: metadata.and_then(|json| RawValue::from_string(json.as_str().to_owned()).ok()),
        }
    }
}
