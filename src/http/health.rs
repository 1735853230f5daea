//! For load balancers and service managers: are we alive, can we reach the node.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{App, error::Problem};

/// `GET /healthz`: the process answers. Says nothing about the node.
pub(super) async fn alive() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

/// `GET /readyz`: the node answers `getinfo`; 503 with the reason when it does not.
pub(super) async fn ready(State(app): State<App>) -> Response {
    match app.invoicing.node().await {
        Ok(node) => Json(json!({
            "status": "ready",
            "node": {
                "id": node.id,
                "network": node.network,
                "version": node.version,
                "blockheight": node.blockheight,
            },
        }))
        .into_response(),
        Err(error) => {
            let reason = error.to_string();
            let problem = Problem::from(error);
            let mut response =
                Json(json!({ "status": "unready", "code": problem.code(), "reason": reason }))
                    .into_response();
            problem.mark(&mut response);
            response
        }
    }
}
