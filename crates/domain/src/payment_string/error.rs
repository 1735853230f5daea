//! What can be wrong with a text that should say how to pay.

use super::text::MAX_BYTES;
use crate::bolt11::Bolt11Error;

/// Why a text does not say how to pay. The texts go on after "The string".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentStringError {
    /// Nothing but spaces.
    #[error("is empty")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("is longer than {} bytes", MAX_BYTES)]
    TooLong,
    /// Nothing that we know.
    #[error(
        "is not a BOLT 11 invoice, a BOLT 12 offer, an LNURL, a Lightning Address or a bitcoin: URI"
    )]
    Unknown,
    /// The public key of a node, which asks for nothing.
    #[error("is the public key of a node; it must be an invoice, an offer, an LNURL or an address")]
    NodeId,
    /// A link without an LNURL in it.
    #[error("is a link that has no LNURL in a parameter `lightning`")]
    Link,
    /// Begins as a payment request does.
    #[error("is {0}")]
    Bolt11(#[from] Bolt11Error),
    /// Begins as an offer does.
    #[error("is not a BOLT 12 string: {0}")]
    Bolt12(&'static str),
    /// Begins as an LNURL does.
    #[error("is not an LNURL: {0}")]
    Lnurl(&'static str),
    /// Has an at sign.
    #[error("is not a Lightning Address: {0}")]
    Address(&'static str),
    /// Begins with `bitcoin:`.
    #[error("is not a bitcoin: URI: {0}")]
    Uri(String),
}
