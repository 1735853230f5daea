//! Invoices that are made at the same time are written down together: a commit waits for the disk, and while one does,
//! others gather for the next.

use std::sync::Arc;

use sqlx::{Connection, SqlitePool};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};

use super::{
    Error, Merged, Repeatable, Reserved, Store,
    changes::Changes,
    cursor::Bound,
    endpoints::add_hook,
    keys::{self, FORGOTTEN_AT_ONCE},
    recent::Recent,
    renewals,
};
use crate::{
    invoice::{Hook, Invoice, Label, NodeId},
    metrics, tasks,
};

/// So many at once, at most: the follower waits for its turn meanwhile.
const TOGETHER: usize = 64;

/// After so many reservations old keys are forgotten: to look for some costs as much as to reserve.
const BETWEEN_FORGETTING: usize = 50;

/// The queue of what is to be written. Its task ends with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Making(mpsc::UnboundedSender<Job>);

/// One step of making an invoice.
#[derive(Debug)]
enum Job {
    Reserve(Reservation),
    Create(Creation),
}

#[derive(Debug)]
struct Reservation {
    request: Repeatable,
    label: Label,
    answer: Answer<Reserved>,
}

#[derive(Debug)]
struct Creation {
    node: NodeId,
    invoice: Arc<Invoice>,
    hooks: Vec<Hook>,
    answer: Answer<Merged>,
}

/// What came of a job is told once it is committed.
type Answer<T> = oneshot::Sender<Result<T, Error>>;

/// What the task writes with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) writer: SqlitePool,
    pub(super) reserving: SqlitePool,
    pub(super) bound: Arc<Bound>,
    pub(super) recent: Arc<Recent>,
    pub(super) queue: Arc<Notify>,
}

impl Store {
    /// Binds a key to a label, for good: whichever of the same requests comes first, they all get its label. To be called
    /// before the node is asked, so that a crash in between leads back to the same label. A power cut may forget it, as
    /// long as no invoice was created since: what is on the disk of an invoice is there after what was reserved for it.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reserve(&self, request: Repeatable, label: Label) -> Result<Reserved, Error> {
        self.making
            .done(|answer| {
                Job::Reserve(Reservation {
                    request,
                    label,
                    answer,
                })
            })
            .await
    }

    /// Takes in one invoice that the node has just made, with the shop's side of it and whom to tell. Harmless when the
    /// mirror has it already: the follower may have seen it first.
    ///
    /// # Errors
    /// [`Error`]: then nothing is stored, and the invoice must not be shown.
    pub async fn create(
        &self,
        node: NodeId,
        invoice: Arc<Invoice>,
        hooks: Vec<Hook>,
    ) -> Result<Merged, Error> {
        self.making
            .done(|answer| {
                Job::Create(Creation {
                    node,
                    invoice,
                    hooks,
                    answer,
                })
            })
            .await
    }
}

impl Making {
    pub(super) fn start(desk: Desk) -> Self {
        let (queue, jobs) = mpsc::unbounded_channel();
        // Outside of the task: who asks while it is begun again is served after that.
        let jobs = Arc::new(Mutex::new(jobs));
        tokio::spawn(tasks::keep_up("making", move || {
            write_all(desk.clone(), Arc::clone(&jobs))
        }));
        Self(queue)
    }

    /// Has a job done, together with those that others have.
    async fn done<T>(&self, job: impl FnOnce(Answer<T>) -> Job) -> Result<T, Error> {
        let (answer, told) = oneshot::channel();
        let _waits = metrics::store_write_waits();
        // This fails only when the runtime ends; no answer comes when the task panics too.
        let _ = self.0.send(job(answer));
        told.await.unwrap_or(Err(Error::Closed))
    }
}

async fn write_all(desk: Desk, jobs: Arc<Mutex<mpsc::UnboundedReceiver<Job>>>) {
    let mut jobs = jobs.lock().await;
    let mut together = Vec::new();
    // Some may have grown old while we were not there.
    let mut reserved = BETWEEN_FORGETTING;
    while jobs.recv_many(&mut together, TOGETHER).await > 0 {
        let (mut reservations, mut creations) = (Vec::new(), Vec::new());
        for job in together.drain(..) {
            match job {
                Job::Reserve(reservation) => reservations.push(reservation),
                Job::Create(creation) => creations.push(creation),
            }
        }
        // Whoever reserved has yet to ask the node.
        if !reservations.is_empty() {
            let outcome = desk.reserve(&reservations).await;
            reserved += reservations.len();
            tell(reservations.into_iter().map(|one| one.answer), outcome);
            if reserved >= BETWEEN_FORGETTING {
                // While the node is asked.
                reserved = match desk.forget_keys().await {
                    // There may be more.
                    Ok(FORGOTTEN_AT_ONCE..) => BETWEEN_FORGETTING,
                    Ok(_) => 0,
                    Err(error) => {
                        tracing::warn!(%error, "old keys are not forgotten");
                        0
                    }
                };
            }
        }
        if !creations.is_empty() {
            let outcome = desk.create(&creations).await;
            tell(creations.into_iter().map(|one| one.answer), outcome);
        }
    }
}

impl Desk {
    async fn reserve(&self, reservations: &[Reservation]) -> Result<Vec<Reserved>, Error> {
        let _turn = self.writer.acquire().await?;
        let mut reserving = self.reserving.acquire().await?;
        let asked = reservations.iter().map(|one| (&one.request, &one.label));
        keys::reserve(&mut reserving, &asked.collect::<Vec<_>>()).await
    }

    async fn forget_keys(&self) -> Result<u64, Error> {
        let _turn = self.writer.acquire().await?;
        keys::forget_some(&mut *self.reserving.acquire().await?).await
    }

    /// All in one unit of work: what stops one, a full disk or a lock, would stop the others too.
    async fn create(&self, creations: &[Creation]) -> Result<Vec<Merged>, Error> {
        let labels = || {
            creations.iter().flat_map(|Creation { invoice, .. }| {
                [Some(&invoice.label), invoice.order.renewal_of.as_ref()]
                    .into_iter()
                    .flatten()
            })
        };
        // Kept to the end, as by `Store::apply`.
        let mut writer = self.writer.acquire().await?;
        let changing = self.recent.changing(labels());
        let plain = |one: &Creation| {
            one.hooks.is_empty()
                && one.invoice.order.renewal_of.is_none()
                && self.bound.is(&one.node)
        };
        if creations.iter().all(plain) {
            // New, and for us alone: one statement is a unit of work by itself.
            let mut changes = Changes::default();
            let outcomes = made(&mut changes, creations);
            match changes.write(&mut writer).await {
                // The follower was first, or another request for the same.
                Err(Error::Changed) => {}
                written => {
                    written?.done(changing, &self.queue);
                    return Ok(outcomes);
                }
            }
        }
        let mut work = writer.begin_with("BEGIN IMMEDIATE").await?;
        for creation in creations {
            self.bound.check(&mut work, &creation.node).await?;
        }
        let mut changes = Changes::of(&mut work, labels()).await?;
        let outcomes = made(&mut changes, creations);
        let written = changes.write(&mut work).await?;
        for creation in creations {
            renewals::link(&mut work, &creation.invoice).await?;
            for hook in &creation.hooks {
                add_hook(&mut work, &creation.invoice.label, hook).await?;
            }
        }
        work.commit().await?;
        written.done(changing, &self.queue);
        if creations.iter().any(|creation| !creation.hooks.is_empty()) {
            // They were told of what had happened before they were there.
            self.queue.notify_one();
        }
        Ok(outcomes)
    }
}

fn made(changes: &mut Changes, creations: &[Creation]) -> Vec<Merged> {
    let made = creations.iter();
    made.map(|Creation { invoice, .. }| {
        let merged = changes.merge(invoice);
        if let Some(old) = &invoice.order.renewal_of {
            changes.renew(old, &invoice.label);
        }
        merged
    })
    .collect()
}

/// Whoever asked may be gone.
fn tell<T>(answers: impl Iterator<Item = Answer<T>>, outcome: Result<Vec<T>, Error>) {
    match outcome {
        Ok(outcomes) => answers.zip(outcomes).for_each(|(answer, outcome)| {
            let _ = answer.send(Ok(outcome));
        }),
        Err(error) => {
            let error = Arc::new(error);
            answers.for_each(|answer| {
                let _ = answer.send(Err(Error::Together(Arc::clone(&error))));
            });
        }
    }
}
