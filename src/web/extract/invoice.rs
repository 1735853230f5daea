//! The invoice named in a path.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts, Path},
    http::request::Parts,
};

use crate::{
    invoices::{Found, Invoicing},
    web::error::Problem,
};
use facture_domain::Label;

/// The `{label}` of the path, if it is one of ours. Any other is "not found" without calling the node.
pub(crate) struct OurLabel(pub(crate) Label);

/// The invoice of the `{label}`, as it is now.
pub(crate) struct CurrentInvoice(pub(crate) Found);

/// Looks up an invoice.
///
/// # Errors
/// [`Problem::InvoiceNotFound`] if there is none, and errors reading the store.
pub(crate) async fn find(invoicing: &Invoicing, label: &Label) -> Result<Found, Problem> {
    invoicing.find(label).await?.ok_or(Problem::InvoiceNotFound)
}

impl<S> FromRequestParts<S> for OurLabel
where
    Arc<Invoicing>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text): Path<String> = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::InvoiceNotFound)?;
        Arc::<Invoicing>::from_ref(state)
            .parse_label(&text)
            .map(Self)
            .ok_or(Problem::InvoiceNotFound)
    }
}

impl<S> FromRequestParts<S> for CurrentInvoice
where
    Arc<Invoicing>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // The fast path has already looked it up for an earlier request (`fast_path/replay.rs`).
        if let Some(found) = parts.extensions.remove() {
            return Ok(Self(found));
        }
        let OurLabel(label) = OurLabel::from_request_parts(parts, state).await?;
        find(&Arc::from_ref(state), &label).await.map(Self)
    }
}
