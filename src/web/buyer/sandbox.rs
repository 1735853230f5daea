//! The sandbox's "Pay" buttons, which play the buyer's wallet. Real nodes have no such routes.

use std::sync::Arc;

use axum::{
    extract::{FromRef, State},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    config::InvoiceConfig,
    invoices::{Found, Invoicing},
    offers::Offers,
    web::{
        error::Problem,
        extract::{
            body::FormFields,
            invoice::{OurLabel, find},
            offer::OfferInPath,
            visitor::Visitor,
        },
        mode::Mode,
        paths::{offer_path, status_path},
    },
};
use facture_domain::{Amount, Msat, listing::Filter};

/// The most characters of a note that are sent, as a wallet would.
const MAX_NOTE: usize = 140;

/// Dependencies of the buttons.
#[derive(Clone)]
pub(crate) struct WalletState {
    mode: Mode,
    invoicing: Arc<Invoicing>,
    offers: Offers,
    config: Arc<InvoiceConfig>,
}

impl<S> FromRef<S> for WalletState
where
    Mode: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Offers: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            mode: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            offers: FromRef::from_ref(state),
            config: FromRef::from_ref(state),
        }
    }
}

/// `POST /sandbox/{label}/pay`: pays the invoice and shows its page with the result.
pub(crate) async fn pay(
    State(state): State<WalletState>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let Found { invoice, .. } = find(&state.invoicing, &label).await?;
    let chosen = match invoice.amount {
        Amount::Exact(_) => None,
        Amount::Any => Some(state.config.default_sat.amount().msat()),
    };
    if let Err(error) = state.mode.pay(&invoice, chosen) {
        tracing::info!(%error, "the sandbox's wallet could not pay");
    }
    Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response())
}

/// `POST /sandbox/offer/{offer}/pay`: pays the offer, with the form's amount and note, and shows the page of that payment.
pub(crate) async fn pay_offer(
    State(state): State<WalletState>,
    visitor: Visitor,
    OfferInPath(id): OfferInPath,
    FormFields(fields): FormFields,
) -> Result<Response, Problem> {
    let offer = state.offers.shown(&id).await?;
    let field = |name: &str| {
        let named = fields.iter().find(|(field, _)| field == name);
        named
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    };
    let amount = match (offer.terms().amount, field("amount")) {
        (Some(Amount::Any), Some(text)) => Some(amount(text, visitor)?),
        (Some(Amount::Any), None) => Some(state.config.default_sat.amount()),
        (Some(Amount::Exact(_)) | None, _) => None,
    };
    let note = field("note").map(|note| note.chars().take(MAX_NOTE).collect::<String>());
    let paid = state
        .mode
        .pay_offer(&offer, amount.map(Msat::msat), note.as_deref());
    let path = match paid {
        Err(error) => {
            tracing::info!(%error, "the sandbox's wallet could not pay");
            offer_path(&id)
        }
        Ok(payment_hash) => {
            let filter = Filter {
                payment_hash: Some(payment_hash),
                ..Filter::default()
            };
            let listed = state.invoicing.list(&filter, None, 1).await?;
            let payment = listed.page.invoices.first();
            payment.map_or_else(|| offer_path(&id), |paid| status_path(&paid.label))
        }
    };
    Ok(Redirect::to(&visitor.link(&path)).into_response())
}

fn amount(text: &str, visitor: Visitor) -> Result<Msat, Problem> {
    Msat::parse_sat(text)
        .ok()
        .filter(|amount| amount.msat() > 0)
        .ok_or_else(|| {
            Problem::invalid(
                "amount",
                "amount_invalid",
                visitor.language.say("amount-not-digits").into_owned(),
            )
        })
}
