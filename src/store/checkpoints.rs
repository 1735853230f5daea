//! Moves what was committed from SQLite's log into the database beside the writer. Otherwise SQLite does it within some
//! commit, which then takes many times as long as others, the more so the larger the database is.

use std::{sync::Arc, time::Duration};

use sqlx::SqlitePool;
use tokio::{
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    time::sleep,
};

use crate::tasks;

/// So many pages of 4 KiB are left to the task: SQLite's own measure for a checkpoint.
const PAGES: i64 = 1_000;

/// With so many in the log SQLite does it within a commit all the same, or the log would have no bound while there is no
/// pause between commits: only then it begins anew.
pub(super) const AT_MOST: &str = "4000";

/// No more often than this, however much is written.
const PAUSE: Duration = Duration::from_millis(100);

/// Ends with its last clone.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    written: Sender<()>,
    connection: SqlitePool,
}

impl Checkpoints {
    /// On a connection of its own.
    pub(super) fn start(connection: SqlitePool) -> Self {
        let (written, news) = mpsc::channel(1);
        let news = Arc::new(Mutex::new(news));
        let own = connection.clone();
        tokio::spawn(tasks::keep_up("checkpoints", move || {
            keep(own.clone(), Arc::clone(&news))
        }));
        Self {
            written,
            connection,
        }
    }

    /// The writer is done with something.
    pub(super) fn consider(&self) {
        // One that is there already says the same.
        let _ = self.written.try_send(());
    }

    pub(super) async fn close(&self) {
        self.connection.close().await;
    }
}

async fn keep(connection: SqlitePool, news: Arc<Mutex<Receiver<()>>>) {
    let mut news = news.lock().await;
    while news.recv().await.is_some() {
        if let Err(error) = checkpoint(&connection).await
            && !connection.is_closed()
        {
            // Nothing is lost by that, and whoever writes meets the same trouble.
            tracing::debug!(%error, "the log cannot be moved into the database");
        }
        sleep(PAUSE).await;
    }
}

async fn checkpoint(connection: &SqlitePool) -> Result<(), sqlx::Error> {
    let (_, log, moved): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(NOOP)")
        .fetch_one(connection)
        .await?;
    if log - moved >= PAGES {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(connection)
            .await?;
    }
    Ok(())
}
