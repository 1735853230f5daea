//! What a commit waits for.

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The disk: it survives a power cut.
    Full,
    /// Nothing: a power cut may take it back, as long as nothing that was written later is on the disk.
    Relaxed,
}
