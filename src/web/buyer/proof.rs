//! The proof of payment: a buyer pastes the preimage from their wallet and sees whether it belongs to the invoice.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{
    checkout_page::{CheckoutPage, CheckoutState},
    sale_view::SaleView,
    shell::html,
    verdict::{Proof, Verdict},
};
use crate::web::{
    error::Problem,
    extract::{
        body::FormFields,
        format::ResponseFormat,
        invoice::{OurLabel, find},
        visitor::Visitor,
    },
    paths::status_path,
};
use facture_domain::Status;

/// `POST /check_invoice/{label}/proof`: the paid page with the result; for programs `{"matches":…}`. The preimage is
/// compared, not stored. A match for an invoice that is unpaid in our records is an alarm. It is posted to stay out of
/// URLs and other people's logs.
pub(crate) async fn compare(
    State(state): State<CheckoutState>,
    format: ResponseFormat,
    visitor: Visitor,
    OurLabel(label): OurLabel,
    FormFields(fields): FormFields,
) -> Result<Response, Problem> {
    let mut found = find(&state.invoicing, &label).await?;
    let mut pasted = fields
        .into_iter()
        .filter_map(|(name, value)| (name == "preimage").then_some(value));
    let typed = pasted.next().unwrap_or_default();
    if pasted.next().is_some() {
        // Ambiguous.
        let message = match format {
            ResponseFormat::Json => "The field preimage was sent more than once.".to_owned(),
            ResponseFormat::Html => visitor
                .language
                .say_with("field-repeated", &[("field", "preimage".into())]),
        };
        return Err(Problem::invalid("preimage", "field_repeated", message));
    }
    let proof = Proof::of(typed, &found.invoice.payment_hash);
    let verdict = proof.verdict;
    let is_open = |status: &Status| !matches!(status, Status::Paid(_));
    if verdict == Verdict::Matches && is_open(&found.invoice.status) {
        state.invoicing.payment_proven(&found.invoice).await?;
        found = find(&state.invoicing, &label).await?;
    }
    match format {
        ResponseFormat::Json if verdict == Verdict::NotHex => Err(Problem::invalid(
            "preimage",
            "preimage_invalid",
            "The preimage must be 64 hexadecimal digits.",
        )),
        ResponseFormat::Json => {
            Ok(Json(json!({ "matches": verdict == Verdict::Matches })).into_response())
        }
        // The page shows the invoice's state, and there is nothing to prove before it is paid.
        ResponseFormat::Html
            if matches!(found.invoice.status, Status::Unpaid | Status::Accepted(_))
                || found.invoice.payment_proven_at.is_some() && is_open(&found.invoice.status) =>
        {
            Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response())
        }
        ResponseFormat::Html => {
            let succession = state.invoicing.succession(&found.invoice).await?;
            let sale = SaleView::of(&state.reveals, &state.links, &found.invoice).await?;
            let page = CheckoutPage::new(&state, visitor, &found, succession, Some(proof), sale)?;
            let mut response = html(&page)?;
            if verdict != Verdict::Matches {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Ok(response)
        }
    }
}
