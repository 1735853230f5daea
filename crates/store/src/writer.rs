//! The writer: one thread that owns the writing connection. Units of work wait in a bounded queue; the thread takes all that
//! are waiting and commits them together (group commit), because each commit waits for the disk. One that fails is rolled
//! back alone. That is rare, and SQLite copies every page that changes after a savepoint. So there are savepoints only when
//! one has failed: then all of them run again.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    error::Error,
    lock::Lock,
    shared::Shared,
    sql::{Connection, Durability},
    unit::{Effects, UnitOfWork},
};
use facture_runtime::metrics;

/// The maximum number of units of work in one commit, so that none waits long for the others.
const MAX_BATCH: usize = 64;

/// The maximum number of queued units of work. Further callers wait for room in the queue.
const MAX_QUEUE: usize = 1024;

/// How long a commit waits at most for the units of work that are coming, and how often it looks. The node on the same disk waits
/// for its own commits, and each of ours makes those longer: with fewer of ours, it answers sooner.
const COMMIT_DELAY: Duration = Duration::from_millis(8);
const STEP: Duration = Duration::from_millis(1);

/// A commit does not wait if it has one for so many units of work that are coming.
const COMING_FOR_ONE: usize = 4;

/// The queue of the writer's thread, which ends with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Command>,
    coming: Arc<AtomicUsize>,
}

/// As long as this is there, a unit of work is coming: somebody waits for what the node says, to write it down.
#[derive(Debug)]
#[must_use = "it is announced as long as this is there"]
pub struct Coming(Arc<AtomicUsize>);

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// When a commit begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timing {
    /// As soon as the thread is free.
    Soon,
    /// A moment later, if many more like it are coming.
    Grouped,
}

enum Command {
    Work(Durability, Timing, Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

impl Command {
    fn is_grouped(&self) -> bool {
        matches!(self, Self::Work(_, Timing::Grouped, _))
    }
}

/// A queued unit of work and its caller.
trait Job: Send {
    /// Runs it, possibly again after a rollback. Returns whether it is to be committed.
    fn run(&mut self, unit: &mut UnitOfWork<'_>) -> bool;
    /// Answers the caller.
    fn answer(self: Box<Self>, committed: Result<(), Arc<Error>>);
}

struct Pending<W, T> {
    work: W,
    outcome: Option<Result<T, Error>>,
    /// `None`: nobody waits.
    answer: Option<oneshot::Sender<Result<T, Error>>>,
}

impl<W, T> Job for Pending<W, T>
where
    W: Fn(&mut UnitOfWork<'_>) -> Result<T, Error> + Send,
    T: Send,
{
    fn run(&mut self, unit: &mut UnitOfWork<'_>) -> bool {
        self.outcome = None;
        self.outcome = Some((self.work)(unit));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<Error>>) {
        let outcome = match (self.outcome, committed) {
            // It failed by itself, or it was rolled back with the others.
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(Error::Group(error)),
            (Some(Ok(done)), Ok(())) => Ok(done),
            // It panicked.
            (None, Ok(())) => Err(Error::Closed),
        };
        match (self.answer, outcome) {
            // The caller may be gone.
            (Some(answer), outcome) => drop(answer.send(outcome)),
            (None, Err(error)) => tracing::warn!(%error, "something cannot be written"),
            (None, Ok(_)) => {}
        }
    }
}

impl Writer {
    /// Starts the thread. It owns this connection, and the lock for as long as it can write.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub(super) fn start(
        connection: Connection,
        shared: Arc<Shared>,
        lock: Option<Lock>,
    ) -> Result<Self, Error> {
        let (sender, queue) = mpsc::channel(MAX_QUEUE);
        let coming = Arc::new(AtomicUsize::new(0));
        let announced = Arc::clone(&coming);
        thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                Thread {
                    connection,
                    shared,
                    coming: announced,
                    _lock: lock,
                }
                .run(queue);
            })?;
        Ok(Self {
            queue: sender,
            coming,
        })
    }

    /// Says that a unit of work is coming.
    pub(super) fn announce(&self) -> Coming {
        self.coming.fetch_add(1, Ordering::Relaxed);
        Coming(Arc::clone(&self.coming))
    }

    /// Runs a unit of work, in one commit with others that are waiting. It is committed when this returns, and every read
    /// that begins later sees it.
    ///
    /// # Errors
    /// [`Error`]: then nothing of it is done.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        durability: Durability,
        timing: Timing,
        work: impl Fn(&mut UnitOfWork<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, outcome) = oneshot::channel();
        let _waits = metrics::store_write_waits();
        let job = Pending {
            work,
            outcome: None,
            answer: Some(answer),
        };
        let queued = self
            .queue
            .send(Command::Work(durability, timing, Box::new(job)))
            .await;
        queued.map_err(|_| Error::Closed)?;
        outcome.await.unwrap_or(Err(Error::Closed))
    }

    /// Queues a unit of work without waiting for it. It is dropped when the queue is full.
    pub(super) fn try_enqueue(
        &self,
        work: impl Fn(&mut UnitOfWork<'_>) -> Result<(), Error> + Send + 'static,
    ) {
        let job = Pending {
            work,
            outcome: None,
            answer: None,
        };
        let command = Command::Work(Durability::Relaxed, Timing::Soon, Box::new(job));
        let _ = self.queue.try_send(command);
    }

    /// Runs what is queued, then closes the connection.
    pub(super) async fn close(&self) {
        let (closed, wait) = oneshot::channel();
        if self.queue.send(Command::Close(closed)).await.is_ok() {
            let _ = wait.await;
        }
    }
}

struct Thread {
    connection: Connection,
    shared: Arc<Shared>,
    /// How many units of work are coming.
    coming: Arc<AtomicUsize>,
    /// The last field, so that it is released after the connection is closed.
    _lock: Option<Lock>,
}

impl Thread {
    fn run(mut self, mut queue: mpsc::Receiver<Command>) {
        let mut waiting = Vec::with_capacity(MAX_BATCH);
        let mut closing = Vec::new();
        while queue.blocking_recv_many(&mut waiting, MAX_BATCH) > 0 {
            self.await_more(&mut queue, &mut waiting);
            let (mut relaxed, mut full) = (Vec::new(), Vec::new());
            for command in waiting.drain(..) {
                match command {
                    Command::Work(Durability::Relaxed, _, job) => relaxed.push(job),
                    Command::Work(Durability::Full, _, job) => full.push(job),
                    Command::Close(closed) => {
                        // What is in the queue is done first.
                        queue.close();
                        closing.push(closed);
                    }
                }
            }
            self.commit(Durability::Relaxed, relaxed);
            self.commit(Durability::Full, full);
        }
        drop(self);
        for closed in closing {
            let _ = closed.send(());
        }
    }

    /// Waits a moment for more, if much is coming, little of it is there, and nothing else waits.
    fn await_more(&self, queue: &mut mpsc::Receiver<Command>, waiting: &mut Vec<Command>) {
        let until = Instant::now() + COMMIT_DELAY;
        let enough = || MAX_BATCH.min(self.coming.load(Ordering::Relaxed) / COMING_FOR_ONE);
        while waiting.iter().all(Command::is_grouped)
            && waiting.len() < enough()
            && Instant::now() < until
        {
            thread::sleep(STEP);
            while waiting.len() < MAX_BATCH
                && let Ok(more) = queue.try_recv()
            {
                waiting.push(more);
            }
        }
    }

    /// Runs these units of work in one transaction and answers each caller.
    fn commit(&mut self, durability: Durability, mut jobs: Vec<Box<dyn Job>>) {
        if jobs.is_empty() {
            return;
        }
        let mut effects = Effects::default();
        let committed = match self.transaction(durability, &mut jobs, &mut effects) {
            Ok(()) => {
                effects.committed(&self.shared);
                Ok(())
            }
            Err(error) => {
                effects.failed(&self.shared);
                Err(Arc::new(error))
            }
        };
        // It was found out what became of a commit that was interrupted, on a new connection.
        if let Err(error) = self.open_again() {
            tracing::debug!(%error, "the records could not be read again");
        }
        for job in jobs {
            job.answer(committed.clone());
        }
    }

    fn transaction(
        &mut self,
        durability: Durability,
        jobs: &mut [Box<dyn Job>],
        effects: &mut Effects,
    ) -> Result<(), Error> {
        let done = self.attempt(durability, jobs, effects);
        if done.is_err()
            && self.connection.is_in_transaction()
            && let Err(error) = self.connection.roll_back()
        {
            tracing::error!(%error, "a transaction cannot be rolled back");
        }
        done
    }

    fn attempt(
        &mut self,
        durability: Durability,
        jobs: &mut [Box<dyn Job>],
        effects: &mut Effects,
    ) -> Result<(), Error> {
        self.connection.begin(durability)?;
        self.open_again()?;
        if !self.run_all(jobs, effects)? {
            self.connection.roll_back()?;
            *effects = Effects::default();
            if jobs.len() == 1 {
                return Ok(());
            }
            self.connection.begin(durability)?;
            self.run_each(jobs, effects)?;
        }
        Ok(self.connection.commit()?)
    }

    /// Reads again what this process knew, if others may have written since.
    fn open_again(&mut self) -> Result<(), Error> {
        if self.connection.is_new() {
            self.shared.open_again(&self.connection)?;
            self.connection.accept();
        }
        Ok(())
    }

    /// Runs these units of work until one fails; `false`: one failed.
    fn run_all(&self, jobs: &mut [Box<dyn Job>], effects: &mut Effects) -> Result<bool, Error> {
        for job in jobs {
            match self.unit(job)? {
                Some(more) => effects.append(more),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Runs these units of work, each in a savepoint: one that fails is rolled back alone.
    fn run_each(&self, jobs: &mut [Box<dyn Job>], effects: &mut Effects) -> Result<(), Error> {
        for job in jobs {
            self.connection.begin_part()?;
            match self.unit(job)? {
                Some(more) => {
                    effects.append(more);
                    self.connection.keep_part()?;
                }
                None => self.connection.roll_back_part()?,
            }
        }
        Ok(())
    }

    /// Runs one unit of work; `None`: it failed. An error: the whole transaction is lost.
    fn unit(&self, job: &mut Box<dyn Job>) -> Result<Option<Effects>, Error> {
        let mut unit = UnitOfWork::new(&self.connection, &self.shared);
        // A panic fails this unit of work only.
        let ran = catch_unwind(AssertUnwindSafe(|| job.run(&mut unit)));
        let succeeded = ran.unwrap_or_else(|_| {
            metrics::panicked("store-writer");
            false
        });
        if succeeded {
            return Ok(Some(unit.into_effects()));
        }
        match self.connection.is_in_transaction() {
            true => Ok(None),
            false => Err(Error::RolledBack),
        }
    }
}
