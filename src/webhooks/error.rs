//! Why endpoints or deliveries could not be read or changed.

use facture_store::Error as StoreError;

/// Why endpoints or deliveries could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There are as many endpoints as there may be.
    #[error("there are {0} endpoints, and no more may be added")]
    TooManyEndpoints(u32),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooManyEndpoints(max) => Self::TooManyEndpoints(max),
            error => Self::Store(error),
        }
    }
}
