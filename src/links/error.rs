//! Why a use case failed.

use crate::invoices::Error as InvoicingError;
use facture_domain::LinkState;
use facture_store::Error as StoreError;

/// The reason that a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No invoice was made.
    #[error(transparent)]
    Invoice(#[from] InvoicingError),
    /// There is no such link.
    #[error("there is no such link")]
    NotFound,
    /// There is another link with this name.
    #[error("there is another link with this name")]
    Taken,
    /// There are as many links as may be.
    #[error("there are as many links as may be")]
    TooMany,
    /// Nothing can be ordered, or not so much.
    #[error("nothing can be ordered: {0:?}")]
    Closed(LinkState),
    /// The price has more digits than can be worked with, or more satoshis than there are.
    #[error("the amount is too large")]
    AmountTooLarge,
    /// The buyer chose less or more than the shop takes.
    #[error("the amount is outside of the shop's limits")]
    AmountOutside,
}
