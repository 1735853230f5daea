//! What the node lets us do: what a checkout needs, and no more.

use facture_node::{CallNeed, Node, NodeError, RefusalReason, RefusedCall};

use super::finding::{Check, Finding};
use crate::config::{NodeConfig, NodeKind};

/// Whether our credential has just the rights that it needs.
pub(super) async fn rights(config: &NodeConfig, node: &Node) -> Finding {
    match ask(node).await {
        Ok((refused, excess)) => {
            lacking(config, &refused).unwrap_or_else(|| surplus(config, &excess))
        }
        Err(error) => Finding::not_checked(
            Check::Rights,
            format!("what the node allows is not known: {error}"),
        ),
    }
}

async fn ask(node: &Node) -> Result<(Vec<RefusedCall>, Vec<String>), NodeError> {
    Ok((node.refused_calls().await?, node.excess_rights().await?))
}

/// The first of these that applies.
fn lacking(config: &NodeConfig, refused: &[RefusedCall]) -> Option<Finding> {
    let named = |need: CallNeed, reason: RefusalReason| {
        let such = refused
            .iter()
            .filter(|refused| refused.need == need && refused.reason == reason);
        let names: Vec<_> = such.map(|refused| format!("`{}`", refused.call)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let make = maker(config);
    if let Some(calls) = named(CallNeed::Essential, RefusalReason::Forbidden) {
        return Some(Finding::problem(
            Check::Rights,
            format!("the node does not let facture call {calls}."),
            format!("make a new credential with the command that {make} prints."),
        ));
    }
    if let Some(calls) = named(CallNeed::Essential, RefusalReason::Unknown) {
        return Some(Finding::problem(
            Check::Rights,
            format!("the node has no {calls}: it is too old."),
            "upgrade the node: lightningd must be v23.08 or newer, lnd 0.18 or newer.",
        ));
    }
    if let Some(calls) = named(CallNeed::Holds, RefusalReason::Forbidden) {
        return Some(Finding::warning(
            Check::Rights,
            format!(
                "the node does not let facture call {calls}: hold invoices cannot be made or settled."
            ),
            format!("make a new credential with the command that {make} prints."),
        ));
    }
    let calls = named(CallNeed::Optional, RefusalReason::Forbidden)?;
    Some(Finding::warning(
        Check::Rights,
        format!("the node does not let facture call {calls}: what needs them is missing."),
        format!("make a new credential with the command that {make} prints."),
    ))
}

fn surplus(config: &NodeConfig, excess: &[String]) -> Finding {
    if !excess.is_empty() {
        return Finding::warning(
            Check::Rights,
            format!(
                "facture's credential allows more than it needs: {}.",
                excess.join(", ")
            ),
            format!(
                "make one that cannot spend with the command that {} prints.",
                maker(config)
            ),
        );
    }
    Finding::ok(
        Check::Rights,
        match config.has_own_credential() {
            true => "the node allows what a checkout needs, and no more.",
            false => {
                "the node allows what a checkout needs. Its socket allows everything else, too: `facture rune` is for a \
                 server that must not have that."
            }
        },
    )
}

fn maker(config: &NodeConfig) -> &'static str {
    match config.kind {
        NodeKind::Cln => "`facture rune`",
        NodeKind::Lnd => "`facture lnd-macaroon`",
    }
}
