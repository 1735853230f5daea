//! `GET /api/v1/invoices`: lists of invoices.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    invoices::Invoicing,
    web::{
        error::Problem,
        extract::{
            bearer::{Caller, Read},
            query::Query,
        },
        invoice_json::{ShopInvoiceJson, stale_since},
        origin::Origin,
    },
};
use facture_domain::listing::{Filter, ListPosition};
use facture_domain::{OrderId, PaymentHash, StatusName};

/// Filters; an invoice must match all of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InvoiceListQuery {
    /// With this status. `accepted`: those whose payment is held.
    #[param(inline, nullable = false)]
    status: Option<StatusJson>,
    /// With this order number.
    #[param(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$",
        nullable = false
    )]
    order_id: Option<String>,
    /// With this payment hash.
    #[param(pattern = "^[0-9a-f]{64}$", nullable = false)]
    payment_hash: Option<String>,
    /// Paid by this offer.
    #[param(pattern = "^[0-9a-f]{64}$", nullable = false)]
    offer_id: Option<String>,
    /// Created at this time or later, in seconds since 1970.
    #[param(inline, nullable = false)]
    created_after: Option<Seconds>,
    /// Created before this time.
    #[param(inline, nullable = false)]
    created_before: Option<Seconds>,
    /// Paid at this time or later.
    #[param(inline, nullable = false)]
    paid_after: Option<Seconds>,
    /// Paid before this time.
    #[param(inline, nullable = false)]
    paid_before: Option<Seconds>,
    /// With this text in the description, the order number or the metadata. The case of ASCII letters is ignored.
    #[param(min_length = 1, max_length = 255, nullable = false)]
    text: Option<String>,
    /// The maximum number of invoices to return.
    #[param(inline, nullable = false)]
    limit: Option<Limit>,
    /// The `next_cursor` of the previous response. The other parameters should be the same.
    #[param(
        pattern = "^[0-9]{1,12}\\.[0-9]{1,18}\\.[0-9A-Za-z_-]{1,255}$",
        nullable = false
    )]
    cursor: Option<String>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum StatusJson {
    Unpaid,
    Accepted,
    Paid,
    Expired,
    Cancelled,
}

/// Seconds since 1970, until the year 9999.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(try_from = "i64")]
#[schema(minimum = 0, maximum = 253_402_207_200_i64)]
struct Seconds(i64);

/// The maximum number of items to return.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(try_from = "u32")]
#[schema(minimum = 1, maximum = 100, default = 20)]
pub(crate) struct Limit(u32);

/// The position of an event in the log.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(try_from = "u64")]
#[schema(minimum = 0, maximum = 9_223_372_036_854_775_807_i64)]
pub(crate) struct Sequence(pub(crate) u64);

/// A page of invoices, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = InvoiceList)]
pub(crate) struct ListJson {
    invoices: Vec<ShopInvoiceJson>,
    /// The `cursor` for the next page, or `null` on the last page.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// If the node could not be reached: when the list was last known to be current, in seconds since 1970, or 0 if that was
    /// before the start. `null`: it is current.
    #[schema(required = true)]
    stale_since: Option<i64>,
}

/// List invoices
///
/// Newest first, from facture's records. Following the cursors returns each invoice once, even if invoices are created in
/// between. If the node could not confirm that the records are current, `stale_since` is set.
#[utoipa::path(
    get,
    path = "/invoices",
    operation_id = "listInvoices",
    tag = "Invoices",
    security(("token" = ["invoices:read"])),
    params(InvoiceListQuery),
    responses((status = 200, description = "A page of invoices, newest first.", body = ListJson)),
)]
pub(crate) async fn list(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    Query(query): Query<InvoiceListQuery>,
) -> Result<Json<ListJson>, Problem> {
    let after = match &query.cursor {
        None => None,
        Some(text) => Some(read_cursor(text).ok_or_else(|| {
            invalid(
                "cursor",
                "The cursor must be the next_cursor of an earlier response.",
            )
        })?),
    };
    let limit = Limit::or_default(query.limit);
    let listed = invoicing
        .list(&query.filter()?, after.as_ref(), limit)
        .await?;
    let invoices = listed.page.invoices.into_iter();
    Ok(Json(ListJson {
        invoices: invoices
            .map(|invoice| ShopInvoiceJson::new(&invoice, &origin))
            .collect(),
        next_cursor: listed.page.next.as_ref().map(write_cursor),
        stale_since: stale_since(listed.freshness),
    }))
}

impl InvoiceListQuery {
    fn filter(self) -> Result<Filter, Problem> {
        let order_id = self.order_id.map(OrderId::parse).transpose();
        let payment_hash: Option<Result<PaymentHash, _>> =
            self.payment_hash.map(|text| text.parse());
        let text = self.text.map(|text| match text.len() {
            1..=OrderId::MAX_BYTES => Ok(text),
            _ => Err(invalid("text", "The text must be 1 to 255 bytes long.")),
        });
        let seconds = |time: Option<Seconds>| time.map(|Seconds(seconds)| seconds);
        Ok(Filter {
            status: self.status.map(|status| match status {
                StatusJson::Unpaid => StatusName::Unpaid,
                StatusJson::Accepted => StatusName::Accepted,
                StatusJson::Paid => StatusName::Paid,
                StatusJson::Expired => StatusName::Expired,
                StatusJson::Cancelled => StatusName::Cancelled,
            }),
            order_id: order_id
                .map_err(|error| invalid("order_id", &format!("The order_id {error}.")))?,
            offer: self
                .offer_id
                .map(|text| text.parse())
                .transpose()
                .map_err(|_| invalid("offer_id", "The offer_id must be 64 hexadecimal digits."))?,
            payment_hash: payment_hash.transpose().map_err(|_| {
                invalid(
                    "payment_hash",
                    "The payment_hash must be 64 hexadecimal digits.",
                )
            })?,
            created: seconds(self.created_after)..seconds(self.created_before),
            paid: seconds(self.paid_after)..seconds(self.paid_before),
            text: text.transpose()?,
            channel: None,
            shop: None,
        })
    }
}

impl Limit {
    const DEFAULT: u32 = 20;
    const MOST: u32 = 100;

    pub(crate) fn or_default(limit: Option<Self>) -> u32 {
        limit.map_or(Self::DEFAULT, |Self(limit)| limit)
    }
}

impl TryFrom<u32> for Limit {
    type Error = String;

    fn try_from(limit: u32) -> Result<Self, String> {
        if (1..=Self::MOST).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err(format!("must be from 1 to {}", Self::MOST))
        }
    }
}

impl TryFrom<u64> for Sequence {
    type Error = &'static str;

    fn try_from(sequence: u64) -> Result<Self, Self::Error> {
        // The database cannot count further.
        i64::try_from(sequence)
            .map(|_| Self(sequence))
            .map_err(|_| "must be at most 9223372036854775807")
    }
}

impl TryFrom<i64> for Seconds {
    type Error = &'static str;

    fn try_from(seconds: i64) -> Result<Self, Self::Error> {
        if (0..=253_402_207_200).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err("must be seconds since 1970, until the year 9999")
        }
    }
}

/// The position where a page ends. Opaque to clients.
pub(crate) fn write_cursor(place: &ListPosition) -> String {
    format!("{}.{}.{}", place.created_at, place.number, place.label)
}

/// Reads what [`write_cursor`] wrote.
pub(crate) fn read_cursor(text: &str) -> Option<ListPosition> {
    let (created_at, rest) = text.split_once('.')?;
    let (number, label) = rest.split_once('.')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let digits = is_number(created_at, 12) && is_number(number, 18);
    let name = (1..=255).contains(&label.len()) && label.bytes().all(plain);
    Some(ListPosition {
        created_at: created_at.parse().ok().filter(|_| digits && name)?,
        number: number.parse().ok()?,
        label: label.to_owned(),
    })
}

pub(crate) fn invalid(field: &str, message: &str) -> Problem {
    Problem::invalid(field, "query_invalid", message)
}
