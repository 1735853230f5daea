//! How this server is, for the control socket: what `facture doctor` asks a running server.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::get};
use jiff::Timestamp;

use crate::{
    bookkeeping::Bookkeeping,
    control::{NodeLink, PayerPresence, ServerStatus, WebhookStatus},
    invoices::{Invoicing, Link},
    payouts::Payouts,
    webhooks::Webhooks,
};
use facture_domain::hook::EndpointState;

/// Where the status comes from.
pub(super) struct StatusSources {
    pub(super) invoicing: Invoicing,
    pub(super) bookkeeping: Bookkeeping,
    pub(super) webhooks: Webhooks,
    pub(super) payouts: Payouts,
}

/// The route of the control socket.
pub(super) fn routes(sources: StatusSources) -> Router {
    Router::new()
        .route("/status", get(status))
        .with_state(Arc::new(sources))
}

async fn status(State(sources): State<Arc<StatusSources>>) -> Json<ServerStatus> {
    let progress = sources.invoicing.progress().borrow().clone();
    let (webhooks, records_error) = match webhooks(&sources).await {
        Ok(webhooks) => (webhooks, None),
        Err(error) => (WebhookStatus::default(), Some(format!("{error:#}"))),
    };
    Json(ServerStatus {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        node: match progress.link {
            Link::Connecting => NodeLink::Connecting,
            Link::Following => NodeLink::Following,
            Link::Disconnected(reason) => NodeLink::Disconnected(reason),
        },
        confirmed_seconds_ago: progress.confirmed_at.map(|at| {
            let ago = Timestamp::now().duration_since(at).as_secs();
            u64::try_from(ago).unwrap_or(0)
        }),
        records_error,
        webhooks,
        payer: match sources.payouts.has_payer() {
            true => PayerPresence::Present,
            false => PayerPresence::NotSeen,
        },
    })
}

/// Reads the records, too: what fails here fails for buyers.
async fn webhooks(sources: &StatusSources) -> anyhow::Result<WebhookStatus> {
    let endpoints = sources.webhooks.list().await?.into_iter();
    Ok(WebhookStatus {
        waiting: sources.webhooks.backlog().await?.waiting,
        failing: sources.bookkeeping.failing_receivers().await?,
        disabled: endpoints
            .filter(|endpoint| endpoint.state != EndpointState::Enabled)
            .map(|endpoint| endpoint.hook.url.receiver())
            .collect(),
    })
}
