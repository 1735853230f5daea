//! Whether lightningd is still the one whose updates were taken in, or was put back to an older state and went on from
//! there. Its index alone does not tell.

use serde::{Deserialize, Serialize};

use super::pages::{self, PageContinuation};
use crate::{
    cln::{client::Client, error::Error, listed::Listed},
    feed::page::Continuity,
};
use facture_domain::StoredHistory;

/// So many of the last updates are remembered: those of them that the node still lists tell whether it is the same.
const MAX_REMEMBERED: usize = 32;

/// What is remembered of the node.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct History {
    /// The last updates, in their order, without gaps.
    updates: Vec<Update>,
    /// The `deleted` index when everything of ours that can still be paid was known to be there; `None`: it was not looked
    /// at.
    deleted: Option<u64>,
    #[serde(skip)]
    remembering: Remembering,
}

/// An update of an invoice, ours or not.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Update {
    /// Its place in the `updated` index.
    index: u64,
    /// Which invoice it was, and what became of it.
    fingerprint: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Remembering {
    #[default]
    On,
    /// Something was taken in that is not remembered.
    Paused,
}

/// What the remembered updates say.
pub(super) enum Verdict {
    /// All is as it was until this index.
    Same { until: u64 },
    /// None of those that are remembered is there any more.
    Unknown,
    /// There are others in their places.
    Restored,
}

impl From<Verdict> for Continuity {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Same { .. } => Self::Same,
            Verdict::Unknown => Self::Unknown,
            Verdict::Restored => Self::Restored,
        }
    }
}

impl History {
    pub(super) fn parse(stored: &StoredHistory) -> Option<Self> {
        serde_json::from_str(stored.as_str()).ok()
    }

    pub(super) fn stored(&self) -> StoredHistory {
        StoredHistory::new(serde_json::to_string(self).unwrap_or_default())
    }

    pub(super) fn deleted(&self) -> Option<u64> {
        self.deleted
    }

    pub(super) fn set_deleted(&mut self, deleted: u64) {
        self.deleted = Some(deleted);
    }

    pub(super) fn pause(&mut self) {
        self.remembering = Remembering::Paused;
    }

    pub(super) fn remember<'a>(&mut self, taken_in: impl Iterator<Item = &'a Listed>) {
        if self.remembering == Remembering::Paused {
            // What is remembered has no gaps.
            self.updates.clear();
            self.remembering = Remembering::On;
        }
        for listed in taken_in {
            let Some(index) = listed.updated_index() else {
                continue;
            };
            if self.updates.last().is_none_or(|last| last.index < index) {
                self.updates.push(Update {
                    index,
                    fingerprint: listed.fingerprint(),
                });
            }
        }
        let surplus = self.updates.len().saturating_sub(MAX_REMEMBERED);
        self.updates.drain(..surplus);
    }

    /// Whether the node whose updates up to `updated` were taken in is still the same.
    pub(super) async fn verdict(&self, client: &Client, updated: u64) -> Result<Verdict, Error> {
        if updated == 0 {
            return Ok(Verdict::Same { until: 0 });
        }
        match self.compare(client).await? {
            same @ Verdict::Same { .. } => Ok(same),
            // It has to say so twice.
            Verdict::Unknown | Verdict::Restored => self.compare(client).await,
        }
    }

    /// Compares what is remembered with what the node lists. In between there may be gaps, where an invoice was updated
    /// again or deleted since, but never anything else.
    async fn compare(&self, client: &Client) -> Result<Verdict, Error> {
        let updates = &self.updates;
        let (Some(oldest), Some(newest)) = (updates.first(), updates.last()) else {
            return Ok(Verdict::Unknown);
        };
        let mut verdict = Verdict::Unknown;
        let mut start = oldest.index;
        while start <= newest.index {
            let page = pages::updated(client, start).await?;
            for listed in &page.listed {
                let Some(index) = listed.updated_index().filter(|at| *at <= newest.index) else {
                    continue;
                };
                let known = updates.iter().find(|update| update.index == index);
                if known.is_none_or(|known| known.fingerprint != listed.fingerprint()) {
                    return Ok(Verdict::Restored);
                }
                verdict = Verdict::Same { until: index };
            }
            match page.end {
                PageContinuation::More { next } => start = next,
                PageContinuation::None { .. } => break,
            }
        }
        Ok(verdict)
    }
}
