//! Why a rule could not be made, changed or read.

use crate::webhooks::DestinationRefused;
use facture_store::Error as StoreError;

/// Why a rule could not be made, changed or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There are as many rules as may be.
    #[error("there are as many rules as may be")]
    TooMany,
    /// Nothing is sent to this address.
    #[error(transparent)]
    Destination(#[from] DestinationRefused),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
