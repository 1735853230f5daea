//! What must not be wrong with an answer. The rest can follow, such as channels or a proxy.

use crate::checks::{Check, Finding};

const ESSENTIAL: [Check; 5] = [
    Check::DataDirectory,
    Check::Records,
    Check::Credentials,
    Check::Node,
    Check::Rights,
];

/// What is wrong and what to do, a line each; `None` when nothing is.
pub(super) fn complaint(findings: &[Finding]) -> Option<String> {
    let wrong = findings
        .iter()
        .filter(|finding| finding.is_problem() && ESSENTIAL.contains(&finding.check));
    let lines: Vec<_> = wrong.map(Finding::to_string).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
