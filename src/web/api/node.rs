//! `/api/v1/node`: the Lightning node.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    invoices::{Age, Invoicing},
    web::{
        error::Problem,
        extract::bearer::{Caller, Read},
    },
};
use facture_domain::Msat;

/// The Lightning node. Values that are not known are `null`.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = Node)]
pub(crate) struct NodeJson {
    /// Whether the node responds.
    reachable: bool,
    /// Its public key, in hexadecimal.
    #[schema(required = true)]
    id: Option<String>,
    /// Its alias.
    #[schema(required = true)]
    alias: Option<String>,
    /// `bitcoin`, `testnet`, `signet` or `regtest`.
    #[schema(required = true)]
    network: Option<String>,
    /// The version of lightningd.
    #[schema(required = true)]
    version: Option<String>,
    /// The height of the latest block it knows.
    #[schema(required = true)]
    block_height: Option<u32>,
    /// How much its channels can receive in total, in millisatoshis. A single payment may be limited to less.
    #[schema(required = true)]
    receivable_msat: Option<u64>,
}

/// Read the node
///
/// The node's identity, whether it responds, and how much it can receive.
#[utoipa::path(
    get,
    path = "/node",
    operation_id = "readNode",
    tag = "Node",
    security(("token" = ["invoices:read"])),
    responses((status = 200, description = "The node.", body = NodeJson)),
)]
pub(crate) async fn read(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
) -> Result<Json<NodeJson>, Problem> {
    let info = match invoicing.node(Age::New).await {
        Ok(info) => info,
        Err(error) => {
            return match Problem::of_node(&error) {
                Problem::NodeUnreachable | Problem::NodeTooSlow | Problem::NodeBusy => {
                    Ok(Json(NodeJson::default()))
                }
                problem => Err(problem),
            };
        }
    };
    let receivable = invoicing.receivable().await;
    let receivable = receivable.map_err(|error| Problem::of_node(&error))?;
    Ok(Json(NodeJson {
        reachable: true,
        id: Some(info.id.to_string()),
        alias: Some(info.alias),
        network: Some(info.network),
        version: Some(info.version),
        block_height: Some(info.block_height),
        receivable_msat: receivable.map(Msat::msat),
    }))
}
