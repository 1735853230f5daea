//! Which checks are made, and when they count as passed.

use super::finding::{Check, Finding, State};

/// Which checks are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All.
    All,
    /// Those that were named.
    Only(Vec<Check>),
}

impl Selection {
    /// Whether one of these is made.
    pub(super) fn has(&self, checks: &[Check]) -> bool {
        match self {
            Self::All => true,
            Self::Only(named) => checks.iter().any(|check| named.contains(check)),
        }
    }

    /// Whether somebody who asked for these checks is told by the exit code. Of all checks, a problem. Of those that were named,
    /// whatever is not well, as what could not be checked is not known to be well.
    pub fn is_failed_by(&self, finding: &Finding) -> bool {
        match self {
            Self::All => finding.is_problem(),
            Self::Only(_) => finding.state != State::Ok,
        }
    }

    /// Leaves out what was checked along with them, and says of each check that was named how it is. A configuration that cannot be
    /// used is always told of: nothing can be checked without one.
    pub fn of(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        let Self::Only(named) = self else {
            return findings;
        };
        findings.retain(|finding| {
            let is_useless = finding.check == Check::Configuration && finding.is_problem();
            is_useless || named.contains(&finding.check)
        });
        for check in named {
            if !findings.iter().any(|finding| finding.check == *check) {
                findings.push(Finding::not_checked(
                    *check,
                    "this could not be checked: `facture doctor` says why.",
                ));
            }
        }
        findings
    }
}
