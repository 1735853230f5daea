//! `/api/v1/decode`: what a string to pay says. Nothing is paid, and no host that the string names is asked.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    body::JsonBody,
    decoded_json::{DecodedJson, Details},
};
use crate::{
    invoices::Invoicing,
    payouts::Payouts,
    web::{
        error::Problem,
        extract::bearer::{Caller, Read},
    },
};
use facture_domain::payment_string::{Bolt12Reading, PaymentString, Way};

/// The string to decode.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Decode, example = json!({ "string": "LIGHTNING:LNBCRT100N1P4SPQG3…" }))]
pub(crate) struct DecodeJson {
    /// What somebody pasted: a BOLT 11 invoice, a BOLT 12 offer, an LNURL, a Lightning Address, a `bitcoin:` URI or an address
    /// on the chain, in small or capital letters, with or without `lightning:`. At most 8192 bytes.
    #[schema(max_length = 8192)]
    string: String,
}

/// Decode a string to pay
///
/// Says what a BOLT 11 invoice, a BOLT 12 offer, an LNURL, a Lightning Address or a `bitcoin:` URI (BIP 321) asks for, before it
/// is paid. Nothing is paid. BOLT 12 strings are read by the Lightning node, if it can. The hosts of LNURLs and Lightning
/// Addresses are not asked: `url` is what a wallet would fetch.
#[utoipa::path(
    post,
    path = "/decode",
    operation_id = "decode",
    tag = "Decode",
    security(("token" = ["invoices:read"])),
    request_body = DecodeJson,
    responses((status = 200, description = "What the string says.", body = DecodedJson)),
)]
pub(crate) async fn decode(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
    State(payouts): State<Payouts>,
    body: JsonBody<DecodeJson>,
) -> Result<Json<DecodedJson>, Problem> {
    let text = &body.content.string;
    let read = PaymentString::parse(text).map_err(|error| refuse(&error.to_string()))?;
    let mut decoded = DecodedJson::new(&read);
    if let Way::Bolt12(bolt12) = &read.way {
        match invoicing.read_offer(bolt12).await {
            Bolt12Reading::Read(fields) => decoded.add_offer(*fields),
            Bolt12Reading::Invalid(reason) => {
                let reason = match reason.is_empty() {
                    true => "the node does not say why".to_owned(),
                    false => reason,
                };
                return Err(refuse(&format!("is not a valid BOLT 12 string: {reason}")));
            }
            Bolt12Reading::Unavailable => decoded.details = Details::TypeOnly,
        }
    }
    if let Some(hash) = decoded.hash {
        match invoicing.own_request(hash).await? {
            Some(own) => decoded.add_own(own),
            None => decoded.add_paid(payouts.have_paid(hash).await?),
        }
    }
    Ok(Json(decoded))
}

fn refuse(reason: &str) -> Problem {
    Problem::invalid("string", "string_invalid", format!("The string {reason}."))
}
