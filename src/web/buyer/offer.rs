//! The page of an offer, by which a shop is paid again and again: its code, to show or to print. Looking makes nothing.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    extract::{FromRef, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    description::{Description, Length},
    pages::{Money, Pages},
    png,
    qr::Matrix,
    shell::{Shell, html},
};
use crate::{
    config::InvoiceConfig,
    offers::Offers,
    web::{
        error::Problem,
        extract::{format::ResponseFormat, offer::OfferInPath, visitor::Visitor},
        offer_json::OfferJson,
        origin::Origin,
        paths::offer_path,
    },
};
use facture_domain::{Amount, Offer, OfferState, payment_string::Bolt12};

#[derive(Template)]
#[template(path = "offer.html")]
struct OfferPage {
    shell: Shell,
    /// What a payment has to bring. `None`: that depends on a rate.
    amount: Option<Amount>,
    description: Description,
    issuer: Option<String>,
    /// What the sandbox's button pays if no amount is chosen, in satoshis.
    default_sat: String,
    view: View,
}

enum View {
    Active {
        bolt12: Bolt12,
        /// The QR code as SVG, and the path of the PNG: Tor Browser at its safest level shows no SVG.
        svg: String,
        png: String,
        /// The target of the sandbox's button.
        sandbox: String,
        script: String,
    },
    Disabled,
}

/// Dependencies of the offers' pages.
#[derive(Clone)]
pub(crate) struct OfferPageState {
    offers: Offers,
    pages: Pages,
    config: Arc<InvoiceConfig>,
}

impl<S> FromRef<S> for OfferPageState
where
    Offers: FromRef<S>,
    Pages: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            offers: FromRef::from_ref(state),
            pages: FromRef::from_ref(state),
            config: FromRef::from_ref(state),
        }
    }
}

/// `GET /offer/{offer}`: the page; for programs, the offer.
pub(crate) async fn show(
    State(state): State<OfferPageState>,
    format: ResponseFormat,
    visitor: Visitor,
    origin: Origin,
    OfferInPath(id): OfferInPath,
) -> Result<Response, Problem> {
    let offer = state.offers.shown(&id).await?;
    match format {
        ResponseFormat::Json => Ok(Json(OfferJson::new(&offer, &origin)).into_response()),
        ResponseFormat::Html => html(&OfferPage::new(&state, visitor, &offer)?),
    }
}

/// `GET /offer/{offer}/qr.svg`: just the QR code, as long as the offer can be paid.
pub(crate) async fn svg(
    State(state): State<OfferPageState>,
    visitor: Visitor,
    OfferInPath(id): OfferInPath,
) -> Result<Response, Problem> {
    let svg = HeaderValue::from_static("image/svg+xml");
    let drawn = code(&state.offers.shown(&id).await?)?.svg(&visitor.language.say("qr-code"));
    Ok(([(header::CONTENT_TYPE, svg)], drawn).into_response())
}

/// `GET /offer/{offer}/qr.png`: the same for browsers that do not show SVG.
pub(crate) async fn png(
    State(state): State<OfferPageState>,
    OfferInPath(id): OfferInPath,
) -> Result<Response, Problem> {
    png::answer(&code(&state.offers.shown(&id).await?)?)
}

fn code(offer: &Offer) -> Result<Matrix, Problem> {
    match offer.state {
        OfferState::Active => Matrix::of_offer(&offer.bolt12),
        OfferState::Disabled => Err(Problem::NotPayable),
    }
}

impl OfferPage {
    fn new(state: &OfferPageState, visitor: Visitor, offer: &Offer) -> Result<Self, Problem> {
        let path = offer_path(&offer.id);
        let terms = offer.terms();
        Ok(Self {
            amount: terms.amount,
            description: Description::of(&terms.description),
            issuer: terms.issuer,
            default_sat: visitor.language.sat(state.config.default_sat.amount()),
            view: match offer.state {
                OfferState::Disabled => View::Disabled,
                OfferState::Active => View::Active {
                    bolt12: offer.bolt12.clone(),
                    svg: code(offer)?.svg(&visitor.language.say("qr-code")),
                    png: format!("{path}/qr.png"),
                    sandbox: visitor.link(&format!("/sandbox{path}/pay")),
                    script: state.pages.checkout_script().to_owned(),
                },
            },
            shell: Shell::new(&state.pages, visitor, &path),
        })
    }
}
