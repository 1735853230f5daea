//! Invoices that are made at the same time are written down together: a commit waits for the disk, and while one does,
//! others gather for the next.

use std::sync::Arc;

use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{
    Error, Merged, Repeatable, Reserved, Store, cursor::bound, endpoints::add_hook,
    invoices::merge, keys, recent::Recent,
};
use crate::{
    invoice::{Hook, Invoice, Label, NodeId},
    metrics, tasks,
};

/// So many at once, at most: the follower waits for its turn meanwhile.
const TOGETHER: usize = 64;

/// The queue of what is to be written. Its task ends with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Making(mpsc::UnboundedSender<Job>);

/// One step of making an invoice.
#[derive(Debug)]
pub(super) enum Job {
    Reserve {
        request: Repeatable,
        label: Label,
        answer: Answer<Reserved>,
    },
    Create {
        node: NodeId,
        invoice: Arc<Invoice>,
        hooks: Vec<Hook>,
        answer: Answer<Merged>,
    },
}

/// What came of a job, told once it is committed.
#[derive(Debug)]
pub(super) struct Answer<T> {
    outcome: Option<T>,
    asker: oneshot::Sender<Result<T, Error>>,
}

impl Store {
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
            .done(|answer| Job::Create {
                node,
                invoice,
                hooks,
                answer,
            })
            .await
    }
}

impl Making {
    pub(super) fn start(writer: SqlitePool, recent: Arc<Recent>) -> Self {
        let (queue, jobs) = mpsc::unbounded_channel();
        // Outside of the task: who asks while it is begun again is served after that.
        let jobs = Arc::new(Mutex::new(jobs));
        tokio::spawn(tasks::keep_up("making", move || {
            write_all(writer.clone(), Arc::clone(&recent), Arc::clone(&jobs))
        }));
        Self(queue)
    }

    /// Has a job done, together with those that others have.
    pub(super) async fn done<T>(&self, job: impl FnOnce(Answer<T>) -> Job) -> Result<T, Error> {
        let (asker, told) = oneshot::channel();
        let outcome = None;
        let _waits = metrics::store_write_waits();
        // This fails only when the runtime ends; no answer comes when the task panics too.
        let _ = self.0.send(job(Answer { outcome, asker }));
        told.await.unwrap_or(Err(Error::Closed))
    }
}

async fn write_all(
    writer: SqlitePool,
    recent: Arc<Recent>,
    jobs: Arc<Mutex<mpsc::UnboundedReceiver<Job>>>,
) {
    let mut jobs = jobs.lock().await;
    let mut together = Vec::new();
    while jobs.recv_many(&mut together, TOGETHER).await > 0 {
        write(&writer, &recent, std::mem::take(&mut together)).await;
    }
}

/// All in one unit of work: what stops one, a full disk or a lock, would stop the others too.
async fn write(writer: &SqlitePool, recent: &Recent, mut jobs: Vec<Job>) {
    let failure = transact(writer, recent, &mut jobs)
        .await
        .err()
        .map(Arc::new);
    for job in jobs {
        job.tell(failure.as_ref());
    }
}

async fn transact(writer: &SqlitePool, recent: &Recent, jobs: &mut [Job]) -> Result<(), Error> {
    let mut work = writer.begin_with("BEGIN IMMEDIATE").await?;
    let labels: Vec<Label> = jobs.iter().filter_map(Job::changes).cloned().collect();
    let changing = recent.changing(&labels);
    if jobs.iter().any(|job| matches!(job, Job::Reserve { .. })) {
        keys::forget_some(&mut work).await?;
    }
    let mut written = Vec::new();
    for job in jobs {
        written.extend(job.run(&mut work).await?.map(Arc::new));
    }
    work.commit().await?;
    changing.done(&written);
    Ok(())
}

impl Job {
    fn changes(&self) -> Option<&Label> {
        match self {
            Self::Reserve { .. } => None,
            Self::Create { invoice, .. } => Some(&invoice.label),
        }
    }

    /// Returns the invoice as it is then, if there is one.
    async fn run(&mut self, work: &mut SqliteConnection) -> Result<Option<Invoice>, Error> {
        match self {
            Self::Reserve {
                request,
                label,
                answer,
            } => {
                answer.outcome = Some(keys::reserve(work, request, label).await?);
                Ok(None)
            }
            Self::Create {
                node,
                invoice,
                hooks,
                answer,
            } => {
                bound(work, node).await?;
                let mut merged = Merged::default();
                let written = merge(work, invoice, &mut merged).await?;
                for hook in hooks {
                    add_hook(work, &invoice.label, hook).await?;
                }
                answer.outcome = Some(merged);
                Ok(Some(written))
            }
        }
    }

    fn tell(self, failure: Option<&Arc<Error>>) {
        match self {
            Self::Reserve { answer, .. } => answer.tell(failure),
            Self::Create { answer, .. } => answer.tell(failure),
        }
    }
}

impl<T> Answer<T> {
    fn tell(self, failure: Option<&Arc<Error>>) {
        let told = match failure {
            Some(error) => Err(Error::Together(Arc::clone(error))),
            None => self.outcome.ok_or(Error::Closed),
        };
        // Whoever asked may be gone.
        let _ = self.asker.send(told);
    }
}
