//! Waiting for what happens on a node.

use std::fmt;

#[cfg(feature = "lnd")]
use crate::lnd::feed::watch::Watch as LndWatch;
use crate::{
    cln::feed::news::Watch as ClnWatch,
    error::NodeError,
    feed::{news::News, position::Position},
};

/// Waits for what happens on a node.
pub enum Watch {
    /// Core Lightning's.
    Cln(ClnWatch),
    /// LND's.
    #[cfg(feature = "lnd")]
    Lnd(Box<LndWatch>),
}

impl Watch {
    /// Waits for something after `position`, up to which all changes were taken in. Nothing is missed when the wait is
    /// given up.
    ///
    /// # Errors
    /// [`NodeError`] when a connection is lost.
    pub async fn next(&mut self, position: Position) -> Result<News, NodeError> {
        match self {
            Self::Cln(watch) => Ok(watch.next(position).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(watch) => Ok(watch.next().await?),
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
