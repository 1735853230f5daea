//! `get_info`

use facture_sidecar::Server;
use serde::{Deserialize, Serialize};

use super::patience::patiently;
use crate::wire::{Failure, Method, PAYMENT_RECEIVED};

/// What is read of `GET /api/v1/node`. Without a node that answers, nothing is known.
#[derive(Deserialize)]
struct Node {
    id: Option<String>,
    alias: Option<String>,
    network: Option<String>,
    block_height: Option<u32>,
}

/// The answer.
#[derive(Serialize)]
pub(super) struct Info {
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pubkey: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block_height: Option<u32>,
    methods: [&'static str; 4],
    notifications: [&'static str; 1],
}

/// What the connection can do, and which node it is.
pub(super) async fn read(server: &Server) -> Result<Info, Failure> {
    let node: Node = patiently(|| server.get("/node")).await?;
    Ok(Info {
        alias: node.alias,
        pubkey: node.id,
        network: node.network.map(|network| match network.as_str() {
            "bitcoin" => "mainnet".to_owned(),
            _ => network,
        }),
        block_height: node.block_height,
        methods: Method::CARRIED_OUT,
        notifications: [PAYMENT_RECEIVED],
    })
}
