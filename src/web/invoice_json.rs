//! An invoice as JSON: the response of `/create_invoice` and `/check_invoice/{label}` to
//! `Accept: application/json`. Amounts are millisatoshi, times are seconds since 1970, as lightningd has them.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    amount_json::AmountJson,
    breakdown_json::TaxLineJson,
    error::Problem,
    hold_json::HoldJson,
    origin::Origin,
    rate_json::{RateJson, ValuationJson, overpaid_msat},
    schema::{nullable_one_of, one_of},
};
use crate::invoices::{Found, Freshness};
use crate::web::fast_path::{CachedAnswer, RenderCache, Rendered, Variant};
use facture_domain::{Channel, Invoice, Label, Msat, Refunded, Status, StatusName, Warning};

/// An invoice as its buyer sees it.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = PublicInvoice)]
pub(crate) struct InvoiceJson {
    /// The invoice's name, here and on the node. It cannot be guessed and gives access to the invoice's page.
    #[schema(example = "facture_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    label: String,
    /// `unpaid`, `accepted` (the payment has arrived and is held), `paid`, `expired` or `cancelled`.
    #[schema(schema_with = status_schema)]
    status: &'static str,
    /// The amount requested, in millisatoshis, or `"any"` if the payer chooses.
    #[schema(example = 250_000_000)]
    amount_msat: AmountJson,
    /// The currency of the price, in which the shop set it. `null`: it set the amount in bitcoin.
    #[schema(required = true, example = "EUR")]
    currency: Option<String>,
    /// The price in that currency, in decimal digits.
    #[schema(required = true, example = "9.90")]
    amount: Option<String>,
    /// The exchange rate by which the amount followed from the price. `null`: by none, or it is not known.
    #[schema(required = true)]
    rate: Option<RateJson>,
    /// The purpose of the payment.
    #[schema(example = "Two bags of tea")]
    description: String,
    /// The BOLT 11 string for the buyer's wallet. `null`: it is the payment of an offer, which has none.
    #[schema(required = true, example = "lnbcrt2500u1…")]
    bolt11: Option<String>,
    /// The SHA-256 hash of the payment's preimage, in hexadecimal.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "0001020304050607080900010203040506070809000102030405060708090102"
    )]
    payment_hash: String,
    /// When the invoice was created, in seconds since 1970.
    #[schema(example = 1_795_195_153)]
    created_at: i64,
    /// When the invoice expires, in seconds since 1970.
    #[schema(example = 1_795_198_753)]
    expires_at: i64,
    /// The invoice's page for the buyer.
    #[schema(
        example = "https://shop.example/check_invoice/facture_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a"
    )]
    status_url: String,
    /// The amount received, in millisatoshis: between the amount requested and twice that. `null`: it is not paid.
    #[schema(required = true)]
    amount_received_msat: Option<u64>,
    /// When the payment arrived, in seconds since 1970. `null`: it is not paid.
    #[schema(required = true)]
    paid_at: Option<i64>,
    /// The number of the payment's receipt. Within what is before the last hyphen, a shop's payments are counted from 1 without
    /// gaps. `null`: it is not paid, or was paid before there were numbers.
    #[schema(required = true, example = "20261129-0958-42")]
    receipt_number: Option<String>,
    /// How much of it was paid back, in millisatoshis.
    refunded_msat: u64,
    /// `none`, `part` or `whole`: whether that is all of what was received.
    #[schema(schema_with = refund_schema)]
    refund: &'static str,
    /// When its preimage proved that the invoice was paid although the node has lost the payment, in seconds since 1970. The
    /// amount received is not known. It must not be paid again.
    #[schema(required = true)]
    payment_proven_at: Option<i64>,
    /// The label of the invoice that replaced this one after it expired, at the buyer's request. It is for the same order and
    /// is the one to pay now. `null`: there is none.
    #[schema(required = true)]
    renewed_by: Option<String>,
    /// If the node could not be reached: when this state was last known to be current, in seconds since 1970. `null`: it is
    /// current.
    #[schema(required = true)]
    stale_since: Option<i64>,
}

/// An invoice for the merchant who created it with the form, including the node's warnings.
#[derive(Serialize)]
pub(crate) struct CreatedJson {
    #[serde(flatten)]
    invoice: InvoiceJson,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningJson>,
}

/// An invoice as its shop sees it, with the shop's own data, which the buyer does not see.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Invoice)]
pub(crate) struct ShopInvoiceJson {
    #[serde(flatten)]
    invoice: InvoiceJson,
    /// The shop's order number.
    #[schema(required = true, example = "2026-7")]
    order_id: Option<String>,
    /// The shop's metadata, exactly as it was sent.
    #[schema(required = true, value_type = Value, example = json!({ "cart": [7, 12] }))]
    metadata: Option<Box<RawValue>>,
    /// Where the buyer returns to after the payment.
    #[schema(required = true, example = "https://shop.example/thanks?order=2026-7")]
    redirect_url: Option<String>,
    /// The node's warnings when it created the invoice: some or all buyers may not be able to pay it.
    warnings: Vec<WarningJson>,
    /// When it was cancelled, in seconds since 1970. `null`: it was not.
    #[schema(required = true)]
    cancelled_at: Option<i64>,
    /// The label of the expired invoice that this one replaced. `null`: it replaced none.
    #[schema(required = true)]
    renewal_of: Option<String>,
    /// By which way it was asked for. `null`: that is not known, as after the records were lost.
    #[schema(required = true, schema_with = channel_schema)]
    channel: Option<&'static str>,
    /// What of the price is taxed, by rate. Empty: the shop did not say.
    tax: Vec<TaxLineJson>,
    /// The part of the price that is a tip, in decimal digits. `null`: none that the shop said.
    #[schema(required = true, example = "1.50")]
    tip: Option<String>,
    /// What was taken off before: the price is what remained. `null`: nothing that the shop said.
    #[schema(required = true, example = "2.00")]
    discount: Option<String>,
    /// What was received above the amount requested, in millisatoshis.
    overpaid_msat: u64,
    /// What the payment was worth when it arrived, with a price in another currency. `null`: it is not paid, has no such price, or
    /// that is not known, which may be filled in later.
    #[schema(required = true)]
    valuation: Option<ValuationJson>,
    /// Of a hold invoice: what is held, and when that is decided. `null`: it is no hold invoice.
    #[schema(required = true)]
    hold: Option<HoldJson>,
    /// Of the payment of an offer: which one, and what the payer wrote. `null`: it is none.
    #[schema(required = true)]
    offer: Option<OfferPaymentJson>,
}

/// Which offer an invoice is the payment of.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = OfferPayment)]
struct OfferPaymentJson {
    /// The offer's id.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "a4b971f94e9c2d4495adefa60be27359fb986fa78b7dc84d15db3435f51236a0"
    )]
    offer_id: String,
    /// What the payer wrote to the shop: anybody's text, as the node received it. `null`: nothing.
    #[schema(required = true, example = "For table 7")]
    payer_note: Option<String>,
}

/// A warning from the node.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Warning)]
struct WarningJson {
    /// Its name, such as `warning_capacity`.
    code: String,
    /// The node's message.
    message: String,
}

impl ShopInvoiceJson {
    /// The response for an invoice that was looked up, including how current it is.
    pub(crate) fn answer(
        cache: &RenderCache,
        found: &Found,
        origin: Origin,
    ) -> Result<Arc<CachedAnswer>, Problem> {
        let variant = Variant::ShopJson(origin.clone());
        cache.answer(found, variant, || {
            let public = InvoiceJson::found(found, &origin);
            Rendered::json(&Self::with(public, &found.invoice))
        })
    }

    pub(crate) fn new(invoice: &Invoice, origin: &Origin) -> Self {
        Self::with(InvoiceJson::new(invoice, origin), invoice)
    }

    fn with(public: InvoiceJson, invoice: &Invoice) -> Self {
        let order = &invoice.order;
        let breakdown = order.breakdown.as_ref();
        Self {
            invoice: public,
            channel: order.channel.map(Channel::as_str),
            tax: TaxLineJson::all(breakdown),
            tip: breakdown.and_then(|breakdown| breakdown.tip.clone()),
            discount: breakdown.and_then(|breakdown| breakdown.discount.clone()),
            order_id: order.order_id.as_ref().map(|id| id.as_str().to_owned()),
            // Validated when it arrived.
            metadata: order
                .metadata
                .as_ref()
                .and_then(|json| RawValue::from_string(json.as_str().to_owned()).ok()),
            redirect_url: order
                .redirect_url
                .as_ref()
                .map(|url| url.as_str().to_owned()),
            warnings: warnings(invoice),
            cancelled_at: invoice.cancelled_at.map(Timestamp::as_second),
            renewal_of: order.renewal_of.as_ref().map(Label::to_string),
            overpaid_msat: overpaid_msat(invoice),
            valuation: invoice.valuation.as_ref().map(ValuationJson::of),
            hold: HoldJson::of(invoice),
            offer: invoice.offer().map(|payment| OfferPaymentJson {
                offer_id: payment.offer.to_string(),
                payer_note: payment.payer_note.clone(),
            }),
        }
    }
}

impl CreatedJson {
    pub(crate) fn new(invoice: &Invoice, origin: &Origin) -> Self {
        Self {
            invoice: InvoiceJson::new(invoice, origin),
            warnings: warnings(invoice),
        }
    }
}

fn warnings(invoice: &Invoice) -> Vec<WarningJson> {
    let warnings = invoice.order.warnings.iter();
    warnings
        .map(|Warning { code, message }| WarningJson {
            code: code.clone(),
            message: message.clone(),
        })
        .collect()
}

/// When a response was last current, in seconds since 1970; `None`: it is current.
pub(crate) fn stale_since(freshness: Freshness) -> Option<i64> {
    match freshness {
        Freshness::Current => None,
        Freshness::AsOf(since) => Some(since.as_second()),
    }
}

fn refund_schema() -> Object {
    let some = Msat::MAX;
    one_of(
        [
            Refunded::Nothing,
            Refunded::Part(some),
            Refunded::Whole(some),
        ]
        .map(Refunded::as_str),
    )
}

fn channel_schema() -> Object {
    nullable_one_of(Channel::ALL.map(Channel::as_str))
}

fn status_schema() -> Object {
    one_of(StatusName::ALL.map(StatusName::as_str))
}

impl InvoiceJson {
    /// The response for an invoice that was looked up, including how current it is.
    pub(crate) fn answer(
        cache: &RenderCache,
        found: &Found,
        origin: Origin,
    ) -> Result<Arc<CachedAnswer>, Problem> {
        let variant = Variant::Json(origin.clone());
        cache.answer(found, variant, || {
            Rendered::json(&Self::found(found, &origin))
        })
    }

    fn found(found: &Found, origin: &Origin) -> Self {
        Self {
            stale_since: stale_since(found.freshness),
            ..Self::new(&found.invoice, origin)
        }
    }

    /// The request's headers give the host that the visitor used.
    pub(crate) fn new(invoice: &Invoice, origin: &Origin) -> Self {
        let paid = match &invoice.status {
            Status::Paid(settlement) => Some(settlement),
            Status::Unpaid | Status::Accepted(_) | Status::Expired => None,
        };
        Self {
            status_url: origin.status_url(&invoice.label),
            label: invoice.label.to_string(),
            status: invoice.state().as_str(),
            amount_msat: invoice.amount.into(),
            currency: invoice
                .order
                .quote
                .as_ref()
                .map(|quote| quote.currency.clone()),
            amount: invoice
                .order
                .quote
                .as_ref()
                .map(|quote| quote.amount.clone()),
            rate: invoice.order.rate.as_ref().map(RateJson::of),
            description: invoice.description.clone(),
            bolt11: invoice.bolt11().map(|bolt11| bolt11.as_str().to_owned()),
            payment_hash: invoice.payment_hash.to_string(),
            created_at: invoice.created_at.as_second(),
            expires_at: invoice.expires_at.as_second(),
            amount_received_msat: paid.map(|paid| paid.amount_received.msat()),
            paid_at: paid.map(|paid| paid.paid_at.as_second()),
            receipt_number: invoice.receipt.map(|number| number.to_string()),
            refunded_msat: invoice.refunded.map_or(0, Msat::msat),
            refund: paid
                .map_or(Refunded::Nothing, |paid| {
                    Refunded::of(invoice.refunded, paid.amount_received)
                })
                .as_str(),
            payment_proven_at: invoice.payment_proven_at.map(Timestamp::as_second),
            renewed_by: invoice.renewed_by.as_ref().map(Label::to_string),
            stale_since: None,
        }
    }
}
