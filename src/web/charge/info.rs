//! `/info`: information about the node.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{access::Caller, refusal::Refusal};
use crate::{
    invoices::{Age, Invoicing},
    web::extract::bearer::Read,
};

/// The fields of lightningd's `getinfo` that programs used.
#[derive(Serialize)]
struct InfoJson {
    id: String,
    alias: String,
    version: String,
    blockheight: u32,
    network: String,
}

/// `GET /info`
pub(crate) async fn read(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
) -> Result<Response, Refusal> {
    let info = invoicing.node(Age::New).await;
    let info = info.map_err(|error| Refusal::of_node(&error))?;
    Ok(Json(InfoJson {
        id: info.id.to_string(),
        alias: info.alias,
        version: info.version,
        blockheight: info.block_height,
        network: info.network,
    })
    .into_response())
}
