//! A fresh invoice in the place of an expired one.

use std::sync::Arc;

use axum::{
    extract::{FromRef, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    invoices::{Invoicing, Renewal},
    web::{
        error::Problem,
        extract::{
            client::Client,
            format::ResponseFormat,
            invoice::{OurLabel, find},
            visitor::Visitor,
        },
        fast_path::RenderCache,
        invoice_json::InvoiceJson,
        limits::creation::CreationLimit,
        origin::Origin,
        paths::status_path,
    },
};

/// What renewing an invoice needs.
#[derive(Clone)]
pub(crate) struct RenewState {
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    cache: Arc<RenderCache>,
}

impl<S> FromRef<S> for RenewState
where
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Arc<RenderCache>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            cache: FromRef::from_ref(state),
        }
    }
}

/// `POST /check_invoice/{label}/renew`: leads to the invoice that is to be paid now; for programs 200 and the invoice.
/// However often it is pressed there is one; what was paid meanwhile is shown instead. 410 when it is over and none is
/// made in its place.
pub(crate) async fn renew(
    State(state): State<RenewState>,
    format: ResponseFormat,
    visitor: Visitor,
    client: Client,
    origin: Origin,
    mut headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    state.creation.admit(&client, &state.invoicing).await?;
    let renewed = state.invoicing.renew(&label).await?;
    let label = match renewed.ok_or(Problem::InvoiceNotFound)? {
        Renewal::To(label) => label,
        Renewal::Refused => return Err(Problem::NotRenewable),
    };
    match format {
        ResponseFormat::Html => {
            Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response())
        }
        ResponseFormat::Json => {
            let found = find(&state.invoicing, &label).await?;
            // What was posted was done: that is never "nothing new".
            headers.remove(header::IF_NONE_MATCH);
            Ok(InvoiceJson::answer(&state.cache, &found, origin)?.respond(&headers))
        }
    }
}
