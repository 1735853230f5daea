//! The sandbox's "Pay" button: plays the buyer's wallet. There is no such route on a real node.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    invoices::Found,
    web::{
        error::Problem,
        extract::{OurLabel, visitor::Visitor},
        paths::status_path,
        state::{App, Mode},
    },
};
use facture_domain::Amount;

/// `POST /sandbox/{label}/pay`: pays the invoice and shows its page, which tells what came of it.
pub(crate) async fn pay(
    State(app): State<App>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let Mode::Sandbox(node) = &app.mode else {
        return Err(Problem::PageNotFound);
    };
    let Found { invoice, .. } = app.find(&label).await?;
    let chosen = match invoice.amount {
        Amount::Exact(_) => None,
        Amount::Any => Some(app.invoice.default_sat.amount().msat()),
    };
    if let Err(error) = node.pay(invoice.bolt11.as_str(), chosen) {
        tracing::info!(%error, "the sandbox's wallet could not pay");
    }
    Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response())
}
