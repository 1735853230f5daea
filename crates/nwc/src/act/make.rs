//! `make_invoice`

use facture_sidecar::Server;
use nostr::event::EventId;
use serde::Serialize;
use serde_json::value::RawValue;

use super::patience::patiently;
use crate::{
    connection::Connection,
    wire::{ApiInvoice, Code, Failure, MakeParams, Mark, Marked, Transaction},
};

/// The longest metadata that is kept, in characters: NIP-47 wants longer ones to be dropped.
const MAX_METADATA: usize = 4096;

/// The body of `POST /api/v1/invoices`.
#[derive(Serialize)]
struct NewInvoiceJson {
    amount_msat: AmountJson,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry: Option<u64>,
    metadata: Marked,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AmountJson {
    Exact(u64),
    Any(&'static str),
}

/// Makes one. The same event makes the same invoice, however often it comes.
pub(super) async fn make(
    server: &Server,
    connection: &Connection,
    id: EventId,
    params: MakeParams,
) -> Result<Transaction, Failure> {
    if params.description_hash.is_some_and(|hash| !hash.is_empty()) {
        let message = "an invoice has its description, not the hash of one";
        return Err(Failure::new(Code::Other, message));
    }
    let new = NewInvoiceJson {
        amount_msat: match params.amount {
            0 => AmountJson::Any("any"),
            msat => AmountJson::Exact(msat),
        },
        description: params.description.unwrap_or_default(),
        expiry: params.expiry.filter(|seconds| *seconds > 0),
        metadata: Marked {
            nwc: Mark::of(
                connection,
                params.metadata.filter(|metadata| is_kept(metadata)),
            ),
        },
    };
    let body = serde_json::to_vec(&new)
        .map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
    let key = id.to_hex();
    let call = || server.post("/invoices", Some(&key), body.clone());
    let invoice: ApiInvoice = patiently(call).await?;
    Ok(Transaction::of(invoice))
}

fn is_kept(metadata: &RawValue) -> bool {
    metadata.get() != "null" && metadata.get().chars().count() <= MAX_METADATA
}
