//! What the node tells by itself: how far its `updated` and `deleted` indexes are (`wait`), and which invoice was paid,
//! whole (`waitanyinvoice`). The first two alone miss nothing. The last saves the question what has changed, which a real
//! lightningd answers only when it is done with the payment's own work, while somebody stands at the counter.

use std::{future::pending, mem, time::Duration};

use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::time::timeout;

use crate::{
    cln::{
        client::Client,
        error::Error,
        listed::Listed as ClnListed,
        waiter::{Deletion, Waiter},
    },
    feed::{
        news::{DeletionNews, News},
        position::Position,
    },
    listed::Listed,
};

/// Of a payment both are told, one right after the other.
const PAYMENT_TIMEOUT: Duration = Duration::from_millis(5);

/// The connections, before anything is waited for.
#[derive(Debug)]
pub struct Waiters {
    updates: Waiter,
    deletions: Waiter,
    payments: Waiter,
    /// With the changes of hold invoices so far; `None` where there are none.
    holds: Option<(Waiter, u64)>,
}

/// Waits on all of them.
pub struct Watch {
    updates: BoxStream<'static, Result<u64, Error>>,
    /// How far the node's index is known to be.
    reached: u64,
    deletions: BoxStream<'static, Result<Deletion, Error>>,
    payments: Payments,
    /// Labels of hold invoices that changed.
    holds: Option<BoxStream<'static, Result<String, Error>>>,
    /// Payments that were told before their turn.
    early: Vec<Listed>,
}

/// `None` where the node does not tell: nothing is missed.
struct Payments(Option<BoxStream<'static, Result<ClnListed, Error>>>);

impl Waiters {
    /// Opens them.
    pub(crate) async fn open(node: &Client) -> Result<Self, Error> {
        let (updates, deletions, payments) =
            tokio::try_join!(node.waiter(), node.waiter(), node.waiter())?;
        let holds = match node.hold_changes().await? {
            Some(changes) => Some((node.waiter().await?, changes)),
            None => None,
        };
        Ok(Self {
            updates,
            deletions,
            payments,
            holds,
        })
    }

    /// Begins to wait for what comes after the index `applied`, and after so many deletions.
    pub(super) fn wait(self, applied: u64, deleted: u64) -> Watch {
        let updates = stream::try_unfold((self.updates, applied), async |(waiter, known)| {
            let (waiter, reached) = waiter.updated(known + 1).await?;
            Ok(Some((reached, (waiter, reached))))
        });
        let deletions = stream::try_unfold((self.deletions, deleted), async |(waiter, known)| {
            let (waiter, deletion) = waiter.deleted(known + 1).await?;
            let known = deletion.reached;
            Ok(Some((deletion, (waiter, known))))
        });
        let payments = stream::try_unfold(self.payments, async |waiter| {
            let (waiter, paid) = waiter.paid().await?;
            Ok(Some((paid, waiter)))
        });
        let holds = self.holds.map(|holds| {
            let changes = stream::try_unfold(holds, async |(waiter, known)| {
                let (waiter, label, change) = waiter.hold(known + 1).await?;
                Ok(Some((label, (waiter, change))))
            });
            changes.boxed()
        });
        Watch {
            holds,
            updates: updates.boxed(),
            reached: applied,
            deletions: deletions.boxed(),
            payments: Payments(Some(payments.boxed())),
            early: Vec::new(),
        }
    }
}

impl Watch {
    /// Waits for something after `position`. Nothing is missed when the wait is given up.
    pub(crate) async fn next(&mut self, position: Position) -> Result<News, Error> {
        let applied = position.number();
        while self.reached <= applied {
            tokio::select! {
                biased;
                paid = self.payments.next() => {
                    if paid.updated_index() == Some(applied + 1) {
                        return Ok(News::Paid(vec![Listed::from(paid)]));
                    }
                    self.early.push(Listed::from(paid));
                }
                Some(reached) = self.updates.next() => self.reached = reached?,
                Some(deletion) = self.deletions.next() => return Ok(News::Deleted(DeletionNews::Cln(deletion?))),
                label = next_hold(&mut self.holds) => return Ok(News::LookUp { label }),
            }
        }
        if self.reached == applied + 1
            && let Some(paid) = self.payments.right_after().await
        {
            if paid.updated_index() == Some(self.reached) {
                return Ok(News::Paid(vec![Listed::from(paid)]));
            }
            self.early.push(Listed::from(paid));
        }
        Ok(News::Changed {
            to: Position::new(self.reached),
            early: mem::take(&mut self.early),
        })
    }
}

/// The next hold invoice that changes.
async fn next_hold(holds: &mut Option<BoxStream<'static, Result<String, Error>>>) -> String {
    if let Some(changes) = holds {
        match changes.next().await {
            Some(Ok(label)) => return label,
            // All hold invoices are looked up when the watch begins anew.
            Some(Err(error)) => tracing::debug!(%error, "changes of hold invoices are not told"),
            None => {}
        }
        *holds = None;
    }
    pending().await
}

impl Payments {
    /// The next one that is paid from now on.
    async fn next(&mut self) -> ClnListed {
        if let Some(payments) = &mut self.0 {
            match payments.next().await {
                Some(Ok(paid)) => return paid,
                // A rune that does not allow it, or an invoice of another program that cannot be read.
                Some(Err(error)) => tracing::debug!(%error, "payments are not told, but asked for"),
                None => {}
            }
            self.0 = None;
        }
        pending().await
    }

    async fn right_after(&mut self) -> Option<ClnListed> {
        self.0.as_ref()?;
        timeout(PAYMENT_TIMEOUT, self.next()).await.ok()
    }
}
