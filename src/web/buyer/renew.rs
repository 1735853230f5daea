//! A fresh invoice in the place of an expired one.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    invoices::Renewal,
    web::{
        error::Problem,
        extract::{OurLabel, client::Client, format::Wants, visitor::Visitor},
        invoice_json::InvoiceJson,
        origin::Origin,
        paths::status_path,
        state::App,
    },
};

/// `POST /check_invoice/{label}/renew`: leads to the invoice that is to be paid now; for programs 200 and the invoice.
/// However often it is pressed there is one; what was paid meanwhile is shown instead. 410 when it is over and none is
/// made in its place.
pub(crate) async fn renew(
    State(app): State<App>,
    wants: Wants,
    visitor: Visitor,
    client: Client,
    origin: Origin,
    mut headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    app.limits.creation.admit(&client, &app.invoicing).await?;
    let renewed = app.invoicing.renew(&label).await?;
    let label = match renewed.ok_or(Problem::InvoiceNotFound)? {
        Renewal::To(label) => label,
        Renewal::Refused => return Err(Problem::NotRenewable),
    };
    match wants {
        Wants::Page => Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response()),
        Wants::Json => {
            let found = app.find(&label).await?;
            // What was posted was done: that is never "nothing new".
            headers.remove(header::IF_NONE_MATCH);
            Ok(InvoiceJson::answer(&app, &found, origin)?.respond(&headers))
        }
    }
}
