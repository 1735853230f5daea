//! What keeps the desk from answering.

/// It did not work, through no fault of the user.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The records.
    #[error(transparent)]
    Store(#[from] facture_store::Error),
    /// Too many passwords are being checked at once.
    #[error("too many passwords are being checked")]
    Busy,
    /// A password could not be hashed, or a second factor not be made.
    #[error("{0}")]
    Crypto(String),
}
