//! The node: that it answers, what it knows, and whether it can be paid.

use facture_domain::{Msat, NodeId};
use facture_node::{Node, NodeErrorKind, NodeInfo};

use super::{
    clock,
    finding::{Check, Finding},
    rights,
};
use crate::{app, config::Config};

/// Below this, a payment of 10,000 satoshis does not arrive.
const LITTLE_MSAT: u64 = 10_000_000;

/// Somebody who pays needs at least so much room: below it, nobody can. The desk has the same figure.
const LEAST_MSAT: u64 = 1000;

/// Whether the configured node can be used. `owner`: the node of the records, if there are any.
pub async fn node(config: &Config, owner: Option<&NodeId>) -> Vec<Finding> {
    let place = config.node.place();
    let node = match app::node(config) {
        Ok(node) => node,
        Err(error) => {
            return vec![Finding::problem(
                Check::Node,
                format!("the node at {place} cannot be asked: {error:#}"),
                "correct [node] in the configuration; docs/install.md says how the node is reached.",
            )];
        }
    };
    let info = match node.info().await {
        Ok(info) => info,
        Err(error) => {
            return vec![Finding::problem(
                Check::Node,
                error.to_string(),
                advice(error.kind()),
            )];
        }
    };
    vec![
        identity(&info, owner),
        sync(&info),
        rights::rights(&config.node, &node).await,
        clock::clock(&node).await,
        liquidity(&node).await,
    ]
}

fn advice(kind: NodeErrorKind) -> &'static str {
    match kind {
        NodeErrorKind::Forbidden => {
            "make a new credential: `facture rune` or `facture lnd-macaroon` prints the command."
        }
        NodeErrorKind::Unsupported => {
            "upgrade the node: lightningd must be v23.08 or newer, lnd 0.18 or newer."
        }
        NodeErrorKind::Unreachable => {
            "start the node, and see that [node] in the configuration says where it is."
        }
        _ => "see that [node] in the configuration leads to a node, and look into its log.",
    }
}

fn identity(info: &NodeInfo, owner: Option<&NodeId>) -> Finding {
    if let Some(owner) = owner.filter(|owner| **owner != info.id) {
        return Finding::problem(
            Check::Node,
            format!(
                "the node is {}, and the records are those of {owner}.",
                info.id
            ),
            "use the node of the records, or another data directory for this one.",
        );
    }
    Finding::ok(
        Check::Node,
        format!(
            "{} on {}, version {}, id {}.",
            info.alias, info.network, info.version, info.id
        ),
    )
}

fn sync(info: &NodeInfo) -> Finding {
    match &info.syncing {
        None => Finding::ok(
            Check::Sync,
            format!(
                "the node knows the chain up to block {}.",
                info.block_height
            ),
        ),
        Some(reason) => Finding::problem(
            Check::Sync,
            format!("the node is not ready to be paid: {reason}"),
            "wait until it has caught up with the chain; if it does not, look into the log of its bitcoind.",
        ),
    }
}

async fn liquidity(node: &Node) -> Finding {
    let advice =
        "open a channel with room on the other side, or spend over the ones that are there.";
    match node.receivable().await.map(|sum| sum.map(Msat::msat)) {
        Ok(Some(..LEAST_MSAT)) => Finding::problem(
            Check::Liquidity,
            "the node's channels can receive nothing: nobody can pay.",
            advice,
        ),
        Ok(Some(msat @ ..LITTLE_MSAT)) => {
            Finding::warning(Check::Liquidity, receivable(msat), advice)
        }
        Ok(Some(msat)) => Finding::ok(Check::Liquidity, receivable(msat)),
        Ok(None) => Finding::not_checked(
            Check::Liquidity,
            "the node does not tell how much it can receive: facture's credential leaves that out.",
        ),
        Err(error) => Finding::not_checked(
            Check::Liquidity,
            format!("how much the node can receive is not known: {error}"),
        ),
    }
}

fn receivable(msat: u64) -> String {
    format!(
        "the node's channels can receive {} sat in all.",
        msat / 1000
    )
}
