//! A new invoice to replace an expired one.

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

/// Dependencies for renewing an invoice.
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

/// `POST /check_invoice/{label}/renew`: redirects to the invoice to pay now; programs get 200 and the invoice. Repeated
/// requests create only one; an invoice paid in the meantime is shown instead. 410 if it is expired and cannot be
/// replaced.
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
            // The POST was carried out: never answer "not modified".
            headers.remove(header::IF_NONE_MATCH);
            Ok(InvoiceJson::answer(&state.cache, &found, origin)?.respond(&headers))
        }
    }
}
