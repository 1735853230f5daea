//! Where an invoice stands, in lightningd's words.

use facture_domain::StatusName;
use serde::Deserialize;

/// Where an invoice stands, as `listinvoices` tells and `delinvoice` wants and tells it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It can be paid.
    Unpaid,
    /// It was paid.
    Paid,
    /// It can no longer be paid.
    Expired,
}

impl From<State> for StatusName {
    fn from(state: State) -> Self {
        match state {
            State::Unpaid => Self::Unpaid,
            State::Paid => Self::Paid,
            State::Expired => Self::Expired,
        }
    }
}
