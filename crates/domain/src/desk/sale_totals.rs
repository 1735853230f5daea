//! What the sales of a search come to.

use super::{sale_search::Reach, worth::Worth};

/// What the paid sales of a search come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleTotals {
    /// How many there are.
    pub count: u64,
    /// What was received, in millisatoshis. A sum may be more than any one amount.
    pub msat: i128,
    /// What that was worth.
    pub worth: Worth,
    /// How far it was looked for them.
    pub reach: Reach,
}
