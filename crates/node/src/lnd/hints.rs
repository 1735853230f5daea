//! Which channels an invoice names.

/// Whether an invoice names channels that are not public.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hints {
    /// It does not.
    #[default]
    None,
    /// It names up to 20: who pays learns of them.
    Private,
}
