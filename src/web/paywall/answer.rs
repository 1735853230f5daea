//! What proxies and paying programs are answered. Errors are problem details (RFC 9457), with the types of the scheme `Payment`.

use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::query::Denial;
use crate::{
    paywall::Offer,
    web::{error::Problem, origin::Origin},
};
use facture_domain::paywall::{Receipt, Refused};

/// Why somebody is not let in, and what to pay.
#[derive(Serialize)]
struct Details {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<String>,
    /// The page of the invoice, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_url: Option<String>,
}

const RECEIPT: HeaderName = HeaderName::from_static("payment-receipt");
const TYPES: &str = "https://paymentauth.org/problems/";

/// They are let in.
pub(super) fn granted(receipt: Option<&Receipt>) -> Result<Response, Problem> {
    let mut headers = not_stored();
    if let Some(receipt) = receipt {
        headers.insert(RECEIPT, value(receipt.as_str())?);
    }
    Ok(headers.into_response())
}

/// They are not, and nothing is offered: the proxy asks again for that.
pub(super) fn unauthorized(refused: Option<Refused>) -> Response {
    // Without a challenge: nginx would add it to the offer's.
    details(Denial::Unauthorized, refused, not_stored(), None)
}

/// They are not, and this is what they can pay.
pub(super) fn payment_required(
    refused: Option<Refused>,
    offer: &Offer,
    origin: &Origin,
) -> Result<Response, Problem> {
    let mut headers = not_stored();
    let bolt11 = offer.bolt11.as_str();
    if let Some(token) = &offer.token {
        // Older clients look for the parameters in this order (Aperture's pattern), newer ones for the version and `token`.
        let l402 = format!(
            "L402 macaroon=\"{token}\", invoice=\"{bolt11}\", version=\"0\", token=\"{token}\""
        );
        headers.append(header::WWW_AUTHENTICATE, value(&l402)?);
    }
    if let Some(challenge) = &offer.challenge {
        headers.append(header::WWW_AUTHENTICATE, value(&challenge.header())?);
    }
    let pay = (bolt11.to_owned(), origin.status_url(&offer.invoice.label));
    Ok(details(Denial::Offer, refused, headers, Some(pay)))
}

fn details(
    denial: Denial,
    refused: Option<Refused>,
    mut headers: HeaderMap,
    pay: Option<(String, String)>,
) -> Response {
    let (kind, title) = kind(refused);
    let status = denial.status();
    let (invoice, status_url) = pay.unzip();
    let body = Details {
        r#type: format!("{TYPES}{kind}"),
        title,
        status: status.as_u16(),
        detail: match refused {
            Some(refused) => refused.to_string(),
            None => "Pay the invoice to see this.".to_owned(),
        },
        invoice,
        status_url,
    };
    let json = HeaderValue::from_static("application/problem+json");
    headers.insert(header::CONTENT_TYPE, json);
    (status, headers, Json(body)).into_response()
}

/// The end of its type, and its title.
fn kind(refused: Option<Refused>) -> (&'static str, &'static str) {
    match refused {
        None => ("payment-required", "Payment Required"),
        Some(Refused::Malformed) => ("lightning/malformed-credential", "Malformed Credential"),
        Some(Refused::WrongPreimage) => ("lightning/invalid-preimage", "Invalid Preimage"),
        Some(Refused::Expired) => ("lightning/expired-invoice", "Expired"),
        Some(
            Refused::Forged
            | Refused::Used
            | Refused::OtherResource
            | Refused::LowerPrice
            | Refused::UnknownCaveat,
        ) => ("lightning/unknown-challenge", "Unknown Challenge"),
    }
}

fn not_stored() -> HeaderMap {
    let never = HeaderValue::from_static("no-store");
    HeaderMap::from_iter([(header::CACHE_CONTROL, never)])
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|_| Problem::Internal)
}
