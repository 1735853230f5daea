//! A running server, as it says itself by its private socket.

use std::{path::Path, time::Duration};

use tokio::time::timeout;

use super::finding::{Check, Finding};
use crate::control::{Client, NodeLink, PayerPresence, ServerStatus, WebhookStatus};

/// Records are confirmed at least every 20 seconds while the node is there.
const MAX_LAG_SECONDS: u64 = 60;

/// How long it may take to say how it is.
const DEADLINE: Duration = Duration::from_secs(5);

/// How the server is, if one runs. One that does not answer is none for what is checked after this.
pub(super) async fn server(server: &mut Option<Client>, data_dir: &Path) -> Vec<Finding> {
    let Some(running) = server else {
        return vec![Finding::not_checked(
            Check::Server,
            format!(
                "no server runs on {}: what it would say of itself is left out.",
                data_dir.display()
            ),
        )];
    };
    let Ok(answer) = timeout(DEADLINE, running.status()).await else {
        *server = None;
        return vec![Finding::problem(
            Check::Server,
            format!(
                "a server runs, and has not answered for {} seconds.",
                DEADLINE.as_secs()
            ),
            "look into its log, and see whether this machine is overloaded; if it does not come back, restart it.",
        )];
    };
    match answer {
        Ok(status) => vec![
            version(&status),
            follower(&status),
            webhooks(&status.webhooks),
            payer(status.payer),
        ],
        Err(error) => vec![Finding::warning(
            Check::Server,
            format!("a server runs, and does not say how it is: {error}"),
            "if it is an older facture, restart it with this one.",
        )],
    }
}

fn version(status: &ServerStatus) -> Finding {
    if let Some(error) = &status.records_error {
        return Finding::problem(
            Check::Server,
            format!("the server cannot read its records: {error}"),
            "look into its log, and see whether the disk is full or failing.",
        );
    }
    let own = env!("CARGO_PKG_VERSION");
    match status.version == own {
        true => Finding::ok(Check::Server, format!("it runs, version {own}.")),
        false => Finding::warning(
            Check::Server,
            format!(
                "version {} runs, and version {own} is installed.",
                status.version
            ),
            "restart the server.",
        ),
    }
}

fn follower(status: &ServerStatus) -> Finding {
    match (&status.node, status.confirmed_seconds_ago) {
        (NodeLink::Following, Some(seconds @ ..=MAX_LAG_SECONDS)) => Finding::ok(
            Check::Follower,
            format!(
                "the server follows the node; its records were complete {seconds} seconds ago."
            ),
        ),
        (NodeLink::Following, Some(seconds)) => Finding::problem(
            Check::Follower,
            format!("the records were complete {seconds} seconds ago, and not since."),
            "look into the server's log: the node may be slow, or the disk.",
        ),
        (NodeLink::Following | NodeLink::Connecting, _) => Finding::warning(
            Check::Follower,
            "the server is still catching up with the node.",
            "wait a moment and check again.",
        ),
        (NodeLink::Disconnected(reason), _) => Finding::problem(
            Check::Follower,
            format!("the server has lost its node: {reason}"),
            "see what is said of the node above; the server goes on trying.",
        ),
    }
}

fn webhooks(webhooks: &WebhookStatus) -> Finding {
    let WebhookStatus {
        waiting,
        failing,
        disabled,
    } = webhooks;
    if !failing.is_empty() {
        return Finding::problem(
            Check::Webhooks,
            format!("{} does not take what is sent to it.", failing.join(", ")),
            "look at its deliveries in the API (docs/shop-developers.md); facture goes on trying.",
        );
    }
    match disabled.is_empty() {
        true => Finding::ok(
            Check::Webhooks,
            format!("no receiver fails; {waiting} deliveries wait."),
        ),
        false => Finding::warning(
            Check::Webhooks,
            format!(
                "webhooks to {} are switched off: nothing is sent there.",
                disabled.join(", ")
            ),
            "switch them on again by the API (PATCH /api/v1/webhooks/{id}), or delete them.",
        ),
    }
}

fn payer(payer: PayerPresence) -> Finding {
    match payer {
        PayerPresence::Present => Finding::ok(Check::Payer, "a payer is there."),
        PayerPresence::NotSeen => Finding::not_checked(
            Check::Payer,
            "no payer was there in the last minute: payouts and refunds wait until `facture payer` runs.",
        ),
    }
}
