//! Moves what was committed from SQLite's log into the database beside the writer. Otherwise SQLite does it within some
//! commit, which then takes many times as long as others, the more so the larger the database is.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, wal::CheckpointMode};
use tokio::task::spawn_blocking;

use crate::error::Error;

/// With this many pages of 4 KiB in the log the thread makes a checkpoint: SQLite's default.
const CHECKPOINT_PAGES: i32 = 1_000;

/// With this many pages in the log the checkpoint is made within a commit. Without a pause between commits, the log would
/// otherwise grow without bound: it only starts over when all of it has been moved.
const MAX_WAL_PAGES: i32 = 4_000;

/// The minimum time between two checkpoints.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

/// The thread that makes checkpoints. It ends with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints(Arc<Owner>);

#[derive(Debug)]
struct Owner {
    signal: Arc<Signal>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread waits for.
#[derive(Debug, Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    log_is_long: bool,
    stop: bool,
}

impl Checkpoints {
    /// Starts the thread, on a connection of its own, for the log of this writer.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub(super) fn start(connection: Connection, writer: &mut Connection) -> Result<Self, Error> {
        let signal = Arc::new(Signal::default());
        // It takes the place of SQLite's own, which is done within commits.
        writer.wal_hook(Some({
            let signal = Arc::clone(&signal);
            move |log: &mut rusqlite::hooks::Wal, pages| {
                if pages >= MAX_WAL_PAGES {
                    // An error of this hook would be one of the commit, which has happened. Mostly it means that the
                    // thread is at a checkpoint, too: the next commit tries again.
                    if let Err(error) = log.checkpoint() {
                        tracing::debug!(%error, "the log cannot be moved into the database");
                    }
                } else if pages >= CHECKPOINT_PAGES {
                    signal.set(|state| state.log_is_long = true);
                }
                Ok(())
            }
        }))?;
        let thread = thread::Builder::new()
            .name("store-checkpoints".to_owned())
            .spawn({
                let signal = Arc::clone(&signal);
                move || run(&connection, &signal)
            })?;
        Ok(Self(Arc::new(Owner {
            signal,
            thread: Mutex::new(Some(thread)),
        })))
    }

    /// Ends the thread and closes its connection.
    pub(super) async fn close(&self) {
        let owner = Arc::clone(&self.0);
        let ended = spawn_blocking(move || {
            owner.signal.set(|state| state.stop = true);
            let thread = owner.thread.lock();
            let thread = thread.unwrap_or_else(PoisonError::into_inner).take();
            thread.map(JoinHandle::join)
        });
        let _ = ended.await;
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.signal.set(|state| state.stop = true);
    }
}

impl Signal {
    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the log is long; `false`: the end.
    fn wait(&self) -> bool {
        let waiting = |state: &mut State| !state.log_is_long && !state.stop;
        let state = self.changed.wait_while(self.lock(), waiting);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        state.log_is_long = false;
        !state.stop
    }

    /// `false`: the end came meanwhile.
    fn pause(&self) -> bool {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), MIN_INTERVAL, |state| !state.stop);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !state.stop
    }
}

fn run(connection: &Connection, signal: &Signal) {
    while signal.wait() {
        if let Err(error) = checkpoint(connection) {
            // Nothing is lost by that, and the writer meets the same error.
            tracing::debug!(%error, "the log cannot be moved into the database");
        }
        if !signal.pause() {
            return;
        }
    }
}

fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    let (log, moved) = connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::NOOP)?;
    if log - moved >= CHECKPOINT_PAGES {
        connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::{connection, tests::opened};

    /// What the other connection's busy handler, which has no environment, tells and waits for.
    static WAITS: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>> = Mutex::new(None);

    /// SQLite reports an error of the hook as one of the commit, which has happened by then.
    #[tokio::test]
    async fn a_commit_does_not_fail_because_a_checkpoint_is_in_progress() {
        let (directory, store, _) = opened().await;
        let mut other = connection::open_to_write(&directory.path().join("facture.db")).unwrap();
        let (waits, is_waiting) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel();
        *WAITS.lock().unwrap() = Some((waits, may_go_on));
        other
            .busy_handler(Some(|_| {
                if let Some((waits, may_go_on)) = WAITS.lock().unwrap().take() {
                    let _ = waits.send(());
                    let _ = may_go_on.recv();
                }
                false
            }))
            .unwrap();
        let checkpoint = move || {
            // It takes the lock for checkpoints, then waits for the writer.
            let _ = other.wal_checkpoint_v2(None::<&str>, CheckpointMode::FULL);
        };
        let checkpoint = Mutex::new(Some(checkpoint));
        let written = store.write(move |unit| {
            unit.execute(
                "CREATE TABLE filler AS WITH RECURSIVE n (i) AS \
                     (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500) SELECT randomblob(4000) FROM n",
                [],
            )?;
            let thread = thread::spawn(checkpoint.lock().unwrap().take().unwrap());
            is_waiting.recv().unwrap();
            Ok(thread)
        });
        let written = written.await;
        go_on.send(()).unwrap();
        written.expect("it is committed").join().unwrap();
        store.close().await;
    }
}
