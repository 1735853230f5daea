//! For load balancers and service managers: whether facture is alive, and whether it can reach the node.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{error::Problem, probe::Noted};
use crate::invoices::{Age, Invoicing, Link};

/// `GET /healthz`: the process responds. Says nothing about the node. `facture doctor` finds out by it whether the public
/// address leads here.
pub(crate) async fn alive(_: Noted) -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

/// `GET /readyz`: the node answers `getinfo`, knows the chain, and we follow it; otherwise 503 with the reason. The
/// node is called at most once a second, no matter how many requests arrive, and nothing is logged for them.
pub(crate) async fn ready(State(invoicing): State<Arc<Invoicing>>) -> Response {
    match (invoicing.node(Age::Recent).await, invoicing.link()) {
        (Ok(node), Link::Following) if node.syncing.is_some() => unready(&Problem::NodeSyncing),
        (Ok(node), Link::Following) => {
            Json(json!({ "status": "ready", "node": { "id": node.id.as_str(), "network": node.network } }))
                .into_response()
        }
        // The node responds, but we have not caught up with it, or it is the wrong one, or the store fails.
        (Ok(_), Link::Connecting | Link::Disconnected(_)) => unready(&Problem::NotFollowing),
        (Err(error), _) => unready(&Problem::of_node(&error)),
    }
}

fn unready(problem: &Problem) -> Response {
    let body =
        json!({ "status": "unready", "code": problem.code(), "reason": problem.explanation() });
    let mut response = Json(body).into_response();
    problem.mark(&mut response);
    response
}
