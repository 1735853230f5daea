//! Why a use case failed.

use facture_store::Error as StoreError;

use crate::invoices::Error as InvoicingError;

/// The reason that a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The invoice could not be made.
    #[error(transparent)]
    Invoice(#[from] InvoicingError),
    /// There is no such item, or it cannot be sold on this node.
    #[error("there is no such item")]
    NotFound,
    /// All are sold, or reserved by invoices that can still be paid.
    #[error("the item is sold out")]
    SoldOut,
    /// The node cannot have a word as a preimage.
    #[error("a word can be sold on Core Lightning only")]
    WordUnavailable,
    /// The key belongs to the sale of another item.
    #[error("the key belongs to the sale of another item")]
    OtherItem,
    /// The configuration manages the item.
    #[error("the item is in the configuration")]
    OfConfiguration,
    /// As many items are offered as may be.
    #[error("too many items are offered")]
    TooMany,
    /// The invoice is not paid: there is nothing to reveal yet.
    #[error("the invoice is not paid")]
    NotPaid,
    /// The invoice sells nothing that can be downloaded.
    #[error("the invoice sells nothing that can be downloaded")]
    NoDownload,
    /// As many payments are held as may be.
    #[error("too many payments are held")]
    TooManyHolds,
    /// Too many downloads are being prepared.
    #[error("too many downloads are being prepared")]
    Busy,
}
