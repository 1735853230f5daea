//! A fresh invoice in the place of an expired one.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use crate::http::{
    App, error::Problem, extract::OurLabel, invoice_json::InvoiceJson, state::status_path,
    visitor::Visitor, wants::Wants,
};

/// `POST /check_invoice/{label}/renew`: leads to the invoice that is to be paid now; for programs 200 and the invoice.
/// However often it is pressed there is one; what was paid meanwhile is shown instead.
pub(in crate::http) async fn renew(
    State(app): State<App>,
    wants: Wants,
    visitor: Visitor,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let renewed = app.invoicing.renew(&label).await?;
    let label = renewed.ok_or(Problem::InvoiceNotFound)?;
    match wants {
        Wants::Page => Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response()),
        Wants::Json => {
            let found = app.find(&label).await?;
            Ok(Json(InvoiceJson::found(&app, found, &headers)).into_response())
        }
    }
}
