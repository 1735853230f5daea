//! The routes of an invoice's page and its QR code.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{MatchedPath, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    checkout_page::{CheckoutPage, CheckoutState},
    pages::Codes,
    payable, png,
    qr::Matrix,
};
use crate::{
    invoices::{Found, Freshness},
    web::{
        error::Problem,
        extract::{
            format::ResponseFormat,
            headers::Headers,
            invoice::{CurrentInvoice, OurLabel, find},
            visitor::{Visitor, has_just_created},
        },
        fast_path::Replayable,
        invoice_json::InvoiceJson,
        origin::Origin,
    },
};
use facture_domain::{Invoice, Label, Status};

/// How long the page shows the node's warnings to the creator of the invoice. After that, the link may be in the
/// buyer's hands.
const JUST_CREATED: SignedDuration = SignedDuration::from_mins(2);

/// `GET /check_invoice/{label}`
pub(crate) async fn show(
    State(state): State<CheckoutState>,
    format: ResponseFormat,
    visitor: Visitor,
    route: MatchedPath,
    RawQuery(query): RawQuery,
    CurrentInvoice(found): CurrentInvoice,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    let created = has_just_created(&query.unwrap_or_default()) && is_new(&found.invoice);
    let answer = match format {
        ResponseFormat::Json => {
            InvoiceJson::answer(&state.cache, &found, Origin::of(&state.address, &headers))?
        }
        ResponseFormat::Html if created => CheckoutPage::created(&state, visitor, &found)?,
        ResponseFormat::Html => CheckoutPage::answer(&state, visitor, &found).await?,
    };
    let response = answer.respond(&headers);
    Ok(match (format, &found.invoice.status) {
        // A replacement is not part of the invoice.
        (ResponseFormat::Html, Status::Expired) => response,
        (ResponseFormat::Html, _) if created => response,
        _ if found.freshness != Freshness::Current => response,
        _ => (Extension(Replayable { answer, route }), response).into_response(),
    })
}

/// Whether the merchant may still be looking at the invoice they created.
fn is_new(invoice: &Invoice) -> bool {
    let age = Timestamp::now().duration_since(invoice.created_at);
    invoice.status == Status::Unpaid && age < JUST_CREATED
}

/// `GET /check_invoice/{label}/qr.svg`: just the QR code, while the invoice can be paid.
pub(crate) async fn svg(
    State(state): State<CheckoutState>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    Ok(svg_answer(&*code(&state, &label).await?, visitor))
}

/// `GET /check_invoice/{label}/qr.png`: the same for browsers that do not show SVG.
pub(crate) async fn png(
    State(state): State<CheckoutState>,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    png::answer(&*code(&state, &label).await?)
}

/// `GET /check_invoice/{label}/any.svg`: the QR code for any wallet, if the shop offers it.
pub(crate) async fn any_svg(
    State(state): State<CheckoutState>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let code = any_code(&state, &label).await?;
    Ok(svg_answer(&code, visitor))
}

/// `GET /check_invoice/{label}/any.png`: the same for browsers that do not show SVG.
pub(crate) async fn any_png(
    State(state): State<CheckoutState>,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    png::answer(&any_code(&state, &label).await?)
}

async fn any_code(state: &CheckoutState, label: &Label) -> Result<Matrix, Problem> {
    if state.pages.codes() == Codes::Lightning {
        return Err(Problem::PageNotFound);
    }
    let Found { invoice, .. } = find(&state.invoicing, label).await?;
    match invoice.status {
        Status::Unpaid => Matrix::of_uri(&payable::uri(&invoice)?),
        Status::Accepted(_) | Status::Paid(_) | Status::Expired => Err(Problem::NotPayable),
    }
}

fn svg_answer(code: &Matrix, visitor: Visitor) -> Response {
    let svg = HeaderValue::from_static("image/svg+xml");
    let drawn = code.svg(&visitor.language.say("qr-code"));
    ([(header::CONTENT_TYPE, svg)], drawn).into_response()
}

async fn code(state: &CheckoutState, label: &Label) -> Result<Arc<Matrix>, Problem> {
    let Found { invoice, .. } = find(&state.invoicing, label).await?;
    match invoice.status {
        Status::Unpaid => state.cache.code(&invoice),
        Status::Accepted(_) | Status::Paid(_) | Status::Expired => Err(Problem::NotPayable),
    }
}
