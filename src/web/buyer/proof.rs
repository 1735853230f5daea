//! The proof of payment: a buyer pastes the preimage that their wallet got, and sees that it belongs to the invoice.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{checkout::CheckoutPage, html};
use crate::web::{
    error::{Invalid, Problem},
    extract::{FormFields, OurLabel, format::Wants, visitor::Visitor},
    state::{App, status_path},
};
use facture_domain::{PaymentHash, Preimage, Status};

/// What was pasted and what came of it.
pub(crate) struct Proof {
    pub(crate) typed: String,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the invoice's.
    Matches,
    /// It is another payment's.
    Differs,
    /// It is none at all.
    NotHex,
}

/// `POST /check_invoice/{label}/proof`: the paid page with the answer; for programs `{"matches":…}`. It is compared, not
/// kept. That it matches an invoice which is not paid in our records is an alarm. Posted, so that it stays out of addresses and other people's logs.
pub(crate) async fn compare(
    State(app): State<App>,
    wants: Wants,
    visitor: Visitor,
    OurLabel(label): OurLabel,
    FormFields(fields): FormFields,
) -> Result<Response, Problem> {
    let mut found = app.find(&label).await?;
    let mut pasted = fields
        .into_iter()
        .filter_map(|(name, value)| (name == "preimage").then_some(value));
    let typed = pasted.next().unwrap_or_default();
    if pasted.next().is_some() {
        // It could be meant either way.
        return Err(Problem::Invalid(Invalid {
            field: "preimage".to_owned(),
            code: "field_repeated",
            message: match wants {
                Wants::Json => "The field preimage was sent more than once.".to_owned(),
                Wants::Page => visitor
                    .language
                    .say_with("field-repeated", &[("field", "preimage".into())]),
            },
        }));
    }
    let proof = Proof::of(typed, &found.invoice.payment_hash);
    let verdict = proof.verdict;
    let is_open = |status: &Status| !matches!(status, Status::Paid(_));
    if verdict == Verdict::Matches && is_open(&found.invoice.status) {
        app.invoicing.payment_proven(&found.invoice).await?;
        found = app.find(&label).await?;
    }
    match wants {
        Wants::Json if verdict == Verdict::NotHex => Err(Problem::Invalid(Invalid {
            field: "preimage".to_owned(),
            code: "preimage_invalid",
            message: "The preimage must be 64 hexadecimal digits.".to_owned(),
        })),
        Wants::Json => Ok(Json(json!({ "matches": verdict == Verdict::Matches })).into_response()),
        // What came of it is on its page, and there is nothing to prove before it is paid.
        Wants::Page
            if found.invoice.status == Status::Unpaid
                || found.invoice.payment_proven_at.is_some() && is_open(&found.invoice.status) =>
        {
            Ok(Redirect::to(&visitor.link(&status_path(&label))).into_response())
        }
        Wants::Page => {
            let succession = app.invoicing.succession(&found.invoice).await?;
            let page = CheckoutPage::new(&app, visitor, &found, succession, Some(proof))?;
            let mut response = html(&page)?;
            if verdict != Verdict::Matches {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Ok(response)
        }
    }
}

impl Proof {
    fn of(typed: String, payment_hash: &PaymentHash) -> Self {
        let verdict = match Preimage::parse(&typed) {
            Ok(preimage) if preimage.payment_hash() == *payment_hash => Verdict::Matches,
            Ok(_) => Verdict::Differs,
            Err(_) => Verdict::NotHex,
        };
        Self { typed, verdict }
    }
}
