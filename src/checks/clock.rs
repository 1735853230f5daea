//! This machine's clock, next to the node's.

use facture_node::{Node, NodeTime};
use facture_runtime::clock;
use jiff::Timestamp;

use super::finding::{Check, Finding};

/// So many seconds may lie between two clocks: invoices end, and pages count down, by both.
const MAX_DIFFERENCE: i64 = 30;

/// Whether the clock agrees with the node's, where that tells its time.
pub(super) async fn clock(node: &Node) -> Finding {
    if !clock::is_sound() {
        return Finding::problem(
            Check::Clock,
            "this machine's clock is before 1970 or after the year 9999.",
            "set it, and switch on NTP (`timedatectl set-ntp true`).",
        );
    }
    let nodes = match node.time().await {
        Ok(NodeTime::Told(nodes)) => nodes,
        Ok(NodeTime::SameMachine) => {
            return Finding::ok(
                Check::Clock,
                "the node is reached by a socket of this machine: both go by the same clock.",
            );
        }
        Ok(NodeTime::Unknown) => {
            return Finding::not_checked(
                Check::Clock,
                "the node does not tell its time: there is nothing to compare this machine's clock with.",
            );
        }
        Err(error) => {
            return Finding::not_checked(
                Check::Clock,
                format!("the node's time is not known: {error}"),
            );
        }
    };
    let ahead = Timestamp::now().duration_since(nodes).as_secs();
    let order = if ahead < 0 { "behind" } else { "ahead of" };
    match ahead.abs() {
        ..=MAX_DIFFERENCE => {
            Finding::ok(Check::Clock, "this machine's clock agrees with the node's.")
        }
        apart => Finding::problem(
            Check::Clock,
            format!("this machine's clock is {apart} seconds {order} the node's."),
            "switch on NTP on both machines (`timedatectl set-ntp true`).",
        ),
    }
}
