//! Why the desk's records cannot be used.

/// The records.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] pub(crate) facture_store::Error);
