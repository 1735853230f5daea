//! The two answers of LNURL-pay (LUD-06).

use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    reply::{LnurlError, reply},
    success::SuccessAction,
};
use crate::web::{error::Problem, origin::Origin};
use facture_domain::{Ask, Invoice, PayerField};

/// The tag of what can be paid.
pub(super) const PAY_REQUEST: &str = "payRequest";

/// What a wallet can pay. It asks `callback` for an invoice.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PayRequest {
    pub(super) tag: &'static str,
    pub(super) callback: String,
    /// Millisatoshis.
    pub(super) min_sendable: u64,
    /// Millisatoshis.
    pub(super) max_sendable: u64,
    pub(super) metadata: String,
    /// LUD-12: in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comment_allowed: Option<usize>,
    /// LUD-18: what the wallet may or must tell about the payer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payer_data: Option<Value>,
}

/// The invoice for a wallet.
#[derive(Serialize)]
struct PayResponse {
    pr: String,
    routes: [(); 0],
    /// LUD-11: the LNURL can be paid again. In this answer only: PyPI's lnurl 2.0.2 refuses it in the first one.
    disposable: bool,
    /// LUD-21: where to read whether it was paid.
    verify: String,
    /// LUD-09 and LUD-10: what the wallet shows afterwards.
    #[serde(rename = "successAction", skip_serializing_if = "Option::is_none")]
    success_action: Option<SuccessAction>,
}

/// The answer with an invoice.
///
/// # Errors
/// [`LnurlError`] when there is no BOLT 11 string, which such an invoice always has.
pub(super) fn pay_response(
    invoice: &Invoice,
    origin: &Origin,
    success_action: Option<SuccessAction>,
) -> Result<Response, LnurlError> {
    let bolt11 = invoice.bolt11().ok_or(Problem::Internal)?;
    Ok(reply(&PayResponse {
        pr: bolt11.as_str().to_owned(),
        routes: [],
        disposable: false,
        verify: origin.url(&format!("/lnurl/verify/{}", invoice.label)),
        success_action,
    }))
}

/// LUD-18: what the wallet may or must tell about the payer. `None`: nothing is asked.
pub(super) fn asked_of_payers(fields: &[(PayerField, Ask)]) -> Option<Value> {
    let asked = fields.iter().filter(|(_, ask)| *ask != Ask::No);
    let asked = asked.map(|(field, ask)| {
        let is_mandatory = *ask == Ask::Required;
        (field.as_str(), json!({ "mandatory": is_mandatory }))
    });
    let asked: Value = asked.collect();
    asked
        .as_object()
        .is_some_and(|asked| !asked.is_empty())
        .then_some(asked)
}
