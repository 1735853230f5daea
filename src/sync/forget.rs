//! Forgetting, now and then, what visitors made and nobody paid: a form that anybody may use must not fill the disk. The
//! node is not asked for that, and news is not kept waiting.

use std::{convert::Infallible, future::pending, time::Duration};

use tokio::time::sleep;

use crate::sync::{
    follower::Follower,
    maintenance::{MAINTENANCE_INTERVAL, ago},
    progress::{Link, Mirror},
};
use facture_runtime::metrics;
use facture_store::{Error, ForgetPosition, Forgettable, Forgotten};

/// How many invoices are looked at in one unit of work: some milliseconds.
const LIMIT: u32 = 100;

/// The pause between two of them, in which others can write: more are forgotten than strangers can make.
const PAUSE: Duration = Duration::from_millis(50);

/// The pause where none was forgotten, but there are more to look at.
const LONG_PAUSE: Duration = Duration::from_secs(1);

impl Follower {
    /// Forgets old invoices of the form that nobody paid, as long as the node is followed: what it says of their payment
    /// is known then.
    pub(super) async fn forget(&self) -> Infallible {
        let Some(age) = self.forget_after else {
            return pending().await;
        };
        let (which, age) = match self.prune_after {
            None => (Forgettable::Any, age),
            // What is forgotten could not be deleted from the node any more.
            Some(prune_after) => (Forgettable::Pruned, age.max(prune_after)),
        };
        let mut progress = self.progress();
        let mut total = 0;
        let mut position = None;
        loop {
            let is_known = progress.wait_for(|progress| {
                progress.link == Link::Following && progress.mirror == Mirror::Complete
            });
            if is_known.await.is_err() {
                return pending().await;
            }
            let forgotten = self.forget_some(which, age, position).await;
            let Forgotten { count, next } = forgotten.unwrap_or_else(|error| {
                tracing::warn!(%error, "old invoices could not be forgotten");
                Forgotten::default()
            });
            metrics::forgotten(count);
            total += count;
            position = next;
            let pause = match (position, count) {
                (None, _) => {
                    if total > 0 {
                        tracing::info!(
                            total,
                            "old invoices of the form, never paid, were forgotten"
                        );
                    }
                    total = 0;
                    MAINTENANCE_INTERVAL
                }
                (Some(_), 0) => LONG_PAUSE,
                (Some(_), _) => PAUSE,
            };
            sleep(pause).await;
        }
    }

    async fn forget_some(
        &self,
        which: Forgettable,
        age: Duration,
        position: Option<ForgetPosition>,
    ) -> Result<Forgotten, Error> {
        self.store.forget(which, ago(age), position, LIMIT).await
    }
}
