//! The addresses of BTCPay's checkout. Ours has another, to which they lead; who may show it in a frame is configured.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use crate::{
    invoices::Invoicing,
    web::{
        error::Problem,
        etag::{is_known, short_hash, weak_etag},
        extract::visitor::Visitor,
        paths::status_path,
    },
};

/// What opens an invoice over the shop's page.
const SCRIPT: &str = include_str!("../../../static/btcpay.js");

/// `GET /i/{invoice}`
pub(crate) async fn checkout(
    State(invoicing): State<Arc<Invoicing>>,
    visitor: Visitor,
    Path(invoice): Path<String>,
) -> Result<Response, Problem> {
    lead_on(&invoicing, &visitor, &invoice)
}

/// `GET /invoice?id=…&view=modal`
pub(crate) async fn modal(
    State(invoicing): State<Arc<Invoicing>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let id = pairs.find(|(name, _)| name == "id");
    let (_, id) = id.ok_or(Problem::InvoiceNotFound)?;
    lead_on(&invoicing, &visitor, &id)
}

/// `GET /modal/btcpay.js`
pub(crate) async fn script(headers: HeaderMap) -> Result<Response, Problem> {
    let etag = weak_etag(&short_hash(SCRIPT.as_bytes()));
    let common = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ETAG, etag.clone()),
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/javascript; charset=utf-8"),
        ),
    ];
    Ok(match is_known(&etag, &headers) {
        true => (StatusCode::NOT_MODIFIED, common).into_response(),
        false => (common, SCRIPT).into_response(),
    })
}

fn lead_on(invoicing: &Invoicing, visitor: &Visitor, id: &str) -> Result<Response, Problem> {
    let label = invoicing.parse_label(id).ok_or(Problem::InvoiceNotFound)?;
    Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response())
}
