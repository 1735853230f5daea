//! The order of a node's changes.

/// A place in the order of the node's changes. Its number means something to the back end only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(u64);

impl Position {
    /// Before the first change.
    pub const START: Self = Self(0);

    pub(crate) fn new(place: u64) -> Self {
        Self(place)
    }

    /// The number, for a gauge or a log.
    pub fn number(self) -> u64 {
        self.0
    }
}
