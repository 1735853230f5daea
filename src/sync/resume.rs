//! Going on where the last session ended.

use crate::sync::{error::Error, follower::Follower, session::Session};
use facture_node::{Continuity, Position};

impl Follower {
    /// Begins a session where the last one ended; at the node's first change if the node was restored since, or may have
    /// been. Nothing in the mirror changes by that. Where the node's changes are now comes with it.
    pub(super) async fn resume(&self) -> Result<(Session, Position), Error> {
        let node = self.node.info().await?.id;
        self.decide_ownership(&node).await?;
        let cursor = self.store.bind(&node).await?;
        let history = self.store.history().await?;
        let (feed, continuity, now) = self.node.resume(cursor.as_ref(), history.as_ref()).await?;
        match continuity {
            Continuity::Same => {}
            Continuity::Restored => tracing::warn!(
                now = now.number(),
                "the node was put back to an older state, such as a backup. Reading everything again"
            ),
            Continuity::Unknown => tracing::info!(
                "whether the node is as it was is not known. Reading everything again"
            ),
        }
        let session = Session::new(node, feed);
        if continuity != Continuity::Same {
            self.adopt_offers().await?;
            let cursor = session.feed.cursor();
            self.store.move_cursor(&session.node, &cursor).await?;
            self.save_history(&session).await?;
        }
        Ok((session, now))
    }

    /// Stores what is remembered of the node, if it is new.
    pub(super) async fn save_history(&self, session: &Session) -> Result<(), Error> {
        let history = session.feed.history();
        if self.store.history().await?.as_ref() != Some(&history) {
            self.store.save_history(&session.node, &history).await?;
        }
        Ok(())
    }
}
