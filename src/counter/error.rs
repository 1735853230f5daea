//! Why a use case failed.

use crate::invoices::Error as InvoicingError;
use facture_domain::counter::CounterSaleError;
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
    /// Nothing is sold, or too much.
    #[error(transparent)]
    Sale(#[from] CounterSaleError),
    /// There is no such item.
    #[error("there is no such item")]
    NotFound,
    /// There are as many items as may be.
    #[error("there are as many items as may be")]
    TooMany,
}
