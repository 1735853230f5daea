//! The sandbox's "Pay" button, which plays the buyer's wallet. Real nodes have no such route.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    config::InvoiceConfig,
    invoices::{Found, Invoicing},
    web::{
        error::Problem,
        extract::{
            invoice::{OurLabel, find},
            visitor::Visitor,
        },
        mode::Mode,
        paths::status_path,
    },
};
use facture_domain::Amount;

/// `POST /sandbox/{label}/pay`: pays the invoice and shows its page with the result.
pub(crate) async fn pay(
    State(mode): State<Mode>,
    State(invoicing): State<Arc<Invoicing>>,
    State(config): State<Arc<InvoiceConfig>>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let Found { invoice, .. } = find(&invoicing, &label).await?;
    let chosen = match invoice.amount {
        Amount::Exact(_) => None,
        Amount::Any => Some(config.default_sat.amount().msat()),
    };
    if let Err(error) = mode.pay(&invoice, chosen) {
        tracing::info!(%error, "the sandbox's wallet could not pay");
    }
    Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response())
}
