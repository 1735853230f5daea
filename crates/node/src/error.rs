//! What can go wrong with a node, in words that fit every back end.

#[cfg(feature = "lnd")]
use crate::lnd::error::Error as LndError;
use crate::{cln::error::Error as ClnError, error_kind::NodeErrorKind};

/// A call to the node that brought no result. Its text is the back end's own: it names the call and what happened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NodeError(Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Cln(ClnError),
    #[cfg(feature = "lnd")]
    #[error(transparent)]
    Lnd(LndError),
}

impl NodeError {
    /// What kind of failure it was.
    pub fn kind(&self) -> NodeErrorKind {
        match &self.0 {
            Cause::Cln(error) => error.neutral_kind(),
            #[cfg(feature = "lnd")]
            Cause::Lnd(error) => error.neutral_kind(),
        }
    }

    /// The node's own words, when it refused the call.
    pub fn refusal(&self) -> Option<&str> {
        match &self.0 {
            Cause::Cln(error) => error.refusal(),
            #[cfg(feature = "lnd")]
            Cause::Lnd(error) => error.refusal(),
        }
    }

    /// Whether the node has an invoice of this identity already.
    pub fn is_duplicate(&self) -> bool {
        match &self.0 {
            Cause::Cln(error) => error.is_duplicate(),
            #[cfg(feature = "lnd")]
            Cause::Lnd(error) => error.is_duplicate_hash(),
        }
    }
}

impl From<ClnError> for NodeError {
    fn from(error: ClnError) -> Self {
        Self(Cause::Cln(error))
    }
}

#[cfg(feature = "lnd")]
impl From<LndError> for NodeError {
    fn from(error: LndError) -> Self {
        Self(Cause::Lnd(error))
    }
}
