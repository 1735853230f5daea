//! Why there is no rate, and so no price in bitcoin.

use std::sync::Arc;

use facture_domain::Currency;
use facture_node::{CurrencyError, NodeError};

/// Why a price has no amount in bitcoin. Cheap to clone: several requests share one.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoRate {
    /// It is not the code of a currency of ISO 4217.
    #[error("there is no rate for {0}: it is not the code of a currency (ISO 4217)")]
    Unknown(String),
    /// More than 21 million bitcoin, or more than can be asked for.
    #[error("the price is too high")]
    TooHigh,
    /// There is no source that could ever say one.
    #[error("there are no exchange rates: {0}; see pricing.sources")]
    Unsupported(Arc<CurrencyError>),
    /// Fewer sources than are required say a price that can be used.
    #[error("there is no rate for {currency} at the moment: {answered} of {required} required sources have one{}", listed(.reasons))]
    TooFew {
        /// The currency.
        currency: Currency,
        /// How many there are.
        answered: usize,
        /// How many there must be.
        required: usize,
        /// Why the others have none.
        reasons: Arc<[String]>,
    },
    /// They do not agree.
    #[error(
        "there is no rate for {currency} at the moment: the sources are too far apart ({prices})"
    )]
    TooFarApart {
        /// The currency.
        currency: Currency,
        /// What they say.
        prices: Arc<str>,
    },
    /// The node, which is the only source, gave no answer.
    #[error(transparent)]
    Node(Arc<NodeError>),
}

fn listed(reasons: &[String]) -> String {
    match reasons {
        [] => String::new(),
        some => format!(" ({})", some.join("; ")),
    }
}
