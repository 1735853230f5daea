//! An invoice as BTCPay writes it.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{amounts::btc, events::is_late, method::LIGHTNING};
use crate::web::origin::Origin;
use facture_domain::{Amount, Invoice, Msat, RedirectUrl, ShopId, Status, StatusName};

/// BTCPay's words for where an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum InvoiceStatus {
    New,
    Processing,
    Settled,
    Expired,
    Invalid,
}

/// What is to be said about it besides. Nothing is paid in parts over Lightning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum AdditionalStatus {
    None,
    PaidOver,
    PaidLate,
    Marked,
}

/// An invoice. Times are in seconds since 1970, amounts are decimals.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvoiceJson {
    id: String,
    store_id: String,
    amount: String,
    currency: String,
    #[serde(rename = "type")]
    kind: &'static str,
    checkout_link: String,
    created_time: i64,
    expiration_time: i64,
    monitoring_expiration: i64,
    status: InvoiceStatus,
    additional_status: AdditionalStatus,
    available_statuses_for_manual_marking: &'static [InvoiceStatus],
    archived: bool,
    metadata: Box<RawValue>,
    checkout: CheckoutJson,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckoutJson {
    speed_policy: &'static str,
    payment_methods: [&'static str; 1],
    default_payment_method: &'static str,
    expiration_minutes: i64,
    monitoring_minutes: i64,
    payment_tolerance: u32,
    #[serde(rename = "redirectURL")]
    redirect_url: Option<String>,
    default_language: Option<String>,
}

impl InvoiceStatus {
    /// The status of an invoice.
    pub(crate) fn of(invoice: &Invoice) -> Self {
        match invoice.state() {
            _ if invoice.payment_proven_at.is_some() => Self::Settled,
            StatusName::Unpaid => Self::New,
            StatusName::Accepted => Self::Processing,
            // BTCPay settles nothing that came too late: the shop decides.
            StatusName::Paid if is_late(invoice) => Self::Expired,
            StatusName::Paid => Self::Settled,
            StatusName::Expired => Self::Expired,
            StatusName::Cancelled => Self::Invalid,
        }
    }

    /// What the shop may make of it.
    fn marks(self) -> &'static [Self] {
        match self {
            Self::New => &[Self::Invalid],
            Self::Processing | Self::Settled | Self::Expired | Self::Invalid => &[],
        }
    }
}

impl InvoiceJson {
    /// With links to this address.
    pub(crate) fn new(invoice: &Invoice, origin: &Origin) -> Self {
        let status = InvoiceStatus::of(invoice);
        let order = &invoice.order;
        let (amount, currency) = price(invoice);
        let expires_at = invoice.expires_at.as_second();
        let created_at = invoice.created_at.as_second();
        Self {
            id: invoice.label.to_string(),
            store_id: order
                .shop
                .as_ref()
                .map(ShopId::to_string)
                .unwrap_or_default(),
            amount,
            currency,
            kind: match invoice.amount {
                Amount::Exact(_) => "Standard",
                Amount::Any => "TopUp",
            },
            checkout_link: origin.url(&format!("/i/{}", invoice.label)),
            created_time: created_at,
            expiration_time: expires_at,
            monitoring_expiration: expires_at,
            status,
            additional_status: AdditionalStatus::of(invoice),
            available_statuses_for_manual_marking: status.marks(),
            archived: false,
            metadata: metadata(invoice),
            checkout: CheckoutJson {
                speed_policy: "HighSpeed",
                payment_methods: [LIGHTNING],
                default_payment_method: LIGHTNING,
                expiration_minutes: (expires_at - created_at + 59) / 60,
                monitoring_minutes: 0,
                payment_tolerance: 0,
                redirect_url: order
                    .redirect_url
                    .as_ref()
                    .map(RedirectUrl::as_str)
                    .map(str::to_owned),
                default_language: None,
            },
        }
    }
}

impl AdditionalStatus {
    fn of(invoice: &Invoice) -> Self {
        match invoice.state() {
            StatusName::Paid if is_late(invoice) => Self::PaidLate,
            StatusName::Paid if is_overpaid(invoice) => Self::PaidOver,
            StatusName::Cancelled => Self::Marked,
            _ => Self::None,
        }
    }
}

/// Whether more was received than was asked for.
pub(crate) fn is_overpaid(invoice: &Invoice) -> bool {
    match (&invoice.status, invoice.amount) {
        (Status::Paid(paid), Amount::Exact(asked)) => paid.amount_received > asked,
        _ => false,
    }
}

/// What was received, or asked for.
pub(crate) fn amount(invoice: &Invoice) -> Option<Msat> {
    match (&invoice.status, invoice.amount) {
        (_, Amount::Exact(asked)) => Some(asked),
        (Status::Paid(paid), Amount::Any) => Some(paid.amount_received),
        (_, Amount::Any) => None,
    }
}

/// The price as it was asked for, and its currency. An invoice of any amount has none until it is paid.
fn price(invoice: &Invoice) -> (String, String) {
    match &invoice.order.quote {
        Some(quote) => (quote.amount.clone(), quote.currency.clone()),
        None => {
            let msat = amount(invoice).map_or(0, Msat::msat);
            (btc(msat), "BTC".to_owned())
        }
    }
}

/// All that the shop sent.
pub(crate) fn metadata(invoice: &Invoice) -> Box<RawValue> {
    let stored = invoice.order.metadata.as_ref();
    let json = stored.and_then(|json| RawValue::from_string(json.as_str().to_owned()).ok());
    json.unwrap_or_else(|| RawValue::from_string("{}".to_owned()).unwrap_or_default())
}
