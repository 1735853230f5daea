//! Whether the node is still the one whose updates were applied, or was put back to an older state and went on from there.

use super::{pages, session::Session};
use crate::sync::follower::{Error, Follower};
use facture_domain::NodeId;
use facture_store::{Cursor, History};

/// What the node's updates say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All is as it was until this index.
    Same { until: u64 },
    /// None of those that are remembered is there any more.
    Unknown,
    /// It was put back: there are others in their places.
    Other,
}

impl Follower {
    /// Begins a session where the last one ended; from the first update on if the node was put back since.
    pub(super) async fn resume(&self) -> Result<(Session, u64), Error> {
        let node = self.node.getinfo().await?.id;
        self.decide_ownership(&node).await?;
        let cursor = self.store.bind(&node).await?;
        let history = self.store.history().await?;
        let mut now = self.node.updated_index().await?;
        if now < cursor.updated {
            // To be believed, it must say so again.
            now = self.node.updated_index().await?;
        }
        let verdict = match now < cursor.updated {
            true => Verdict::Other,
            false => self.verdict(cursor, &history).await?,
        };
        let session = match verdict {
            Verdict::Same { until } => {
                let updated = cursor.updated.min(until);
                Session::new(node, Cursor { updated, ..cursor }, history)
            }
            Verdict::Unknown | Verdict::Other => {
                let said = "the node was put back to an older state, such as a backup. Reading everything again";
                match verdict {
                    Verdict::Other => tracing::warn!(now, applied = cursor.updated, "{said}"),
                    _ => tracing::info!(
                        "whether the node is as it was is not known. Reading everything again"
                    ),
                }
                self.start_over(node).await?
            }
        };
        Ok((session, now))
    }

    /// As if the node had never been followed. Nothing in the mirror changes by that.
    async fn start_over(&self, node: NodeId) -> Result<Session, Error> {
        self.store.rewind(&node).await?;
        self.store.save_history(&node, &History::default()).await?;
        Ok(Session::new(node, Cursor::default(), History::default()))
    }

    /// Whether the node is still as it was when it was looked at last in this session.
    pub(super) async fn is_as_it_was(&self, session: &Session) -> Result<bool, Error> {
        let verdict = self.verdict(session.cursor, &session.history).await?;
        Ok(verdict != Verdict::Other)
    }

    async fn verdict(&self, cursor: Cursor, history: &History) -> Result<Verdict, Error> {
        if cursor.updated == 0 {
            return Ok(Verdict::Same { until: 0 });
        }
        let verdict = self.compare(history).await?;
        match verdict {
            Verdict::Same { .. } => Ok(verdict),
            // To be believed, it must say so again.
            Verdict::Unknown | Verdict::Other => self.compare(history).await,
        }
    }

    /// Compares what is remembered with what the node lists. In between there may be gaps, where an invoice was updated
    /// again or deleted since, but never anything else.
    async fn compare(&self, history: &History) -> Result<Verdict, Error> {
        let (Some(oldest), Some(newest)) = (history.updates.first(), history.updates.last()) else {
            return Ok(Verdict::Unknown);
        };
        let mut verdict = Verdict::Unknown;
        let mut start = oldest.index;
        while start <= newest.index {
            let page = pages::updated(&self.node, start).await?;
            for listed in &page.listed {
                let Some(index) = listed.updated_index().filter(|at| *at <= newest.index) else {
                    continue;
                };
                let known = history.updates.iter().find(|update| update.index == index);
                if known.is_none_or(|known| known.fingerprint != listed.fingerprint()) {
                    return Ok(Verdict::Other);
                }
                verdict = Verdict::Same { until: index };
            }
            match page.rest {
                pages::Rest::More { next } => start = next,
                pages::Rest::None { .. } => break,
            }
        }
        Ok(verdict)
    }

    /// Writes down what is remembered, if anything is new.
    pub(super) async fn save_history(&self, session: &Session) -> Result<(), Error> {
        if self.store.history().await? != session.history {
            self.store
                .save_history(&session.node, &session.history)
                .await?;
        }
        Ok(())
    }
}
