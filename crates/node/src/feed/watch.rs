//! Waiting for what happens on a node.

use std::fmt;

use crate::{
    cln::feed::news::{Waiters, Watch as ClnWatch},
    error::NodeError,
    feed::{news::News, position::Position},
};

/// The connections of a [`Watch`], before anything is waited for: nothing that happens after they are open is missed.
#[derive(Debug)]
pub enum WatchConnections {
    /// Core Lightning's.
    Cln(Waiters),
}

/// Waits for what happens on a node.
pub enum Watch {
    /// Core Lightning's.
    Cln(ClnWatch),
}

impl Watch {
    /// Waits for something after `position`, up to which all changes were taken in. Nothing is missed when the wait is
    /// given up.
    ///
    /// # Errors
    /// [`NodeError`] when a connection is lost.
    pub async fn next(&mut self, position: Position) -> Result<News, NodeError> {
        let Self::Cln(watch) = self;
        Ok(watch.next(position).await?)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
