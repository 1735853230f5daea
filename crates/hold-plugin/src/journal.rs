//! What outlives a restart: a small SQLite database of the plugin's own, written by a thread of its own. Each write is one
//! transaction and on the disk when it is answered. It may fail or hang: then the caller is told in time.

use std::{
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use crate::{
    faults::{Disk, Faults},
    hold::Hold,
};

/// A write that takes longer has failed, as far as its caller goes.
const PATIENCE: Duration = Duration::from_secs(5);

/// While an earlier write hangs, so long the next one waits for it.
const SHORT_PATIENCE: Duration = Duration::from_millis(200);

/// So long the plugin of a node that has just ended may still have the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

const FILE: &str = "holds.sqlite3";

/// The version of the schema.
const VERSION: i64 = 1;

const SCHEMA: &str = "
    -- A row for each hold invoice; `record` is JSON.
    CREATE TABLE hold (label TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Labels of invoices that lightningd may have for a moment while a hold invoice is made.
    CREATE TABLE temporary (label TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    -- One row: how many changes there were.
    CREATE TABLE change (count INTEGER NOT NULL) STRICT;
    INSERT INTO change VALUES (0);
    PRAGMA user_version = 1;
";

/// Why the journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    /// Its directory.
    #[error("{}: {source}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite says no.
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    /// SQLite says no, in its own codes.
    #[error("{0}")]
    Code(#[from] rusqlite::ffi::Error),
    /// A newer facture made it.
    #[error("it was made by a newer facture (version {0})")]
    Newer(i64),
    /// What is in it is not ours.
    #[error("a record cannot be read: {0}")]
    Record(serde_json::Error),
    /// No answer in time.
    #[error("the disk does not answer")]
    Stuck,
    /// The thread has ended.
    #[error("it is closed")]
    Closed,
}

/// What is written in one transaction.
#[derive(Debug, Default)]
pub(crate) struct Write {
    /// Hold invoices as they are now.
    pub(crate) holds: Vec<Hold>,
    /// Labels that are forgotten.
    pub(crate) forgotten: Vec<String>,
    pub(crate) temporary: Temporary,
    /// How many changes there were.
    pub(crate) changes: u64,
}

/// What becomes of a temporary label.
#[derive(Debug, Default)]
pub(crate) enum Temporary {
    #[default]
    Same,
    Note(String),
    Forget(String),
}

/// What was in the journal.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) holds: Vec<Hold>,
    pub(crate) changes: u64,
    /// Labels of invoices that may have been left behind.
    pub(crate) temporary: Vec<String>,
}

/// The open journal. Dropping it ends its thread.
#[derive(Debug)]
pub(crate) struct Journal {
    jobs: mpsc::Sender<Job>,
    /// A write that was given up and may still be carried out.
    stuck: Option<oneshot::Receiver<Result<(), JournalError>>>,
}

struct Job {
    write: Write,
    done: oneshot::Sender<Result<(), JournalError>>,
}

impl Journal {
    /// Opens the journal in a directory, which is made if it is not there, and reads it.
    ///
    /// # Errors
    /// [`JournalError`].
    pub(crate) fn open(directory: &Path) -> Result<(Self, Contents), JournalError> {
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory);
        made.map_err(|source| JournalError::Directory {
            path: directory.to_owned(),
            source,
        })?;
        let connection = Connection::open(directory.join(FILE))?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // Nobody else writes it: a second plugin on the same directory must not.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            0 => connection.execute_batch(&format!("BEGIN EXCLUSIVE; {SCHEMA} COMMIT;"))?,
            VERSION => {}
            newer => return Err(JournalError::Newer(newer)),
        }
        let contents = read(&connection)?;
        let (jobs, next) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new().name("journal".to_owned());
        let faults = Faults::at(directory);
        let thread = thread.spawn(move || serve(connection, &next, &faults));
        thread.map_err(|source| JournalError::Directory {
            path: directory.to_owned(),
            source,
        })?;
        let journal = Self { jobs, stuck: None };
        Ok((journal, contents))
    }

    /// Writes, and returns when it is on the disk.
    ///
    /// # Errors
    /// [`JournalError`]; after [`JournalError::Stuck`] it may still be written.
    pub(crate) async fn write(&mut self, write: Write) -> Result<(), JournalError> {
        if let Some(stuck) = &mut self.stuck {
            let answered = tokio::time::timeout(SHORT_PATIENCE, stuck).await;
            // How it ended does not matter: what it wrote is written again.
            let _ = answered.map_err(|_| JournalError::Stuck)?;
            self.stuck = None;
        }
        let (done, mut outcome) = oneshot::channel();
        let job = Job { write, done };
        self.jobs.send(job).map_err(|_| JournalError::Closed)?;
        match tokio::time::timeout(PATIENCE, &mut outcome).await {
            Ok(Ok(written)) => written,
            Ok(Err(_)) => Err(JournalError::Closed),
            Err(_) => {
                self.stuck = Some(outcome);
                Err(JournalError::Stuck)
            }
        }
    }
}

/// Until nobody can send anything any more.
fn serve(mut connection: Connection, next: &mpsc::Receiver<Job>, faults: &Faults) {
    while let Ok(Job { write, done }) = next.recv() {
        while faults.disk() == Disk::Hangs {
            std::thread::sleep(Duration::from_millis(20));
        }
        if faults.disk() == Disk::Full {
            let _ = done.send(Err(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL).into()
            ));
            continue;
        }
        // Who does not wait any more asks again.
        let _ = done.send(carry_out(&mut connection, &write));
    }
}

fn carry_out(connection: &mut Connection, write: &Write) -> Result<(), JournalError> {
    let transaction = connection.transaction()?;
    for hold in &write.holds {
        let record = serde_json::to_string(hold).map_err(JournalError::Record)?;
        transaction
            .prepare_cached("INSERT OR REPLACE INTO hold (label, record) VALUES (?1, ?2)")?
            .execute(params![hold.label, record])?;
    }
    for label in &write.forgotten {
        transaction.execute("DELETE FROM hold WHERE label = ?1", [label])?;
    }
    match &write.temporary {
        Temporary::Same => {}
        Temporary::Note(label) => {
            transaction.execute("INSERT OR IGNORE INTO temporary VALUES (?1)", [label])?;
        }
        Temporary::Forget(label) => {
            transaction.execute("DELETE FROM temporary WHERE label = ?1", [label])?;
        }
    }
    let changes = i64::try_from(write.changes).unwrap_or(i64::MAX);
    transaction.execute("UPDATE change SET count = max(count, ?1)", [changes])?;
    Ok(transaction.commit()?)
}

fn read(connection: &Connection) -> Result<Contents, JournalError> {
    let mut contents = Contents::default();
    let mut records = connection.prepare("SELECT record FROM hold")?;
    for record in records.query_map([], |row| row.get(0))? {
        let record: String = record?;
        let hold: Hold = serde_json::from_str(&record).map_err(JournalError::Record)?;
        contents.holds.push(hold);
    }
    let mut labels = connection.prepare("SELECT label FROM temporary")?;
    for label in labels.query_map([], |row| row.get(0))? {
        contents.temporary.push(label?);
    }
    let changes: i64 = connection.query_row("SELECT count FROM change", [], |row| row.get(0))?;
    contents.changes = u64::try_from(changes).unwrap_or_default();
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bytes::Bytes32,
        hold::{Held, HtlcId, Part, State},
    };

    fn hold(label: &str, change: u64) -> Hold {
        Hold {
            label: label.to_owned(),
            bolt11: "lnbcrt1".to_owned(),
            payment_hash: Bytes32([1; 32]),
            payment_secret: Bytes32([2; 32]),
            amount_msat: Some(1000),
            description: "Zwei Nächte \"Süd\"\n".to_owned(),
            cltv: 168,
            expires_at: 2_000_000_000,
            change,
            state: State::Accepted(Held {
                accepted_at: 1_900_000_000,
                parts: vec![Part {
                    htlc: HtlcId {
                        short_channel_id: "1x2x3".to_owned(),
                        id: u64::MAX,
                    },
                    amount_msat: 1000,
                    cltv_expiry: 500,
                }],
            }),
        }
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("deep/facture-hold");
        let (mut journal, contents) = Journal::open(&place).unwrap();
        assert!(contents.holds.is_empty());
        let made = Write {
            temporary: Temporary::Note("t".to_owned()),
            ..Write::default()
        };
        journal.write(made).await.unwrap();
        let holds = vec![hold("a", 1), hold("b", 2)];
        let write = Write {
            holds: holds.clone(),
            changes: 7,
            ..Write::default()
        };
        journal.write(write).await.unwrap();
        drop(journal);
        let (mut journal, contents) = Journal::open(&place).unwrap();
        assert_eq!(contents.holds, holds);
        assert_eq!(
            (contents.changes, contents.temporary),
            (7, vec!["t".to_owned()])
        );

        let write = Write {
            holds: vec![hold("b", 8)],
            forgotten: vec!["a".to_owned()],
            temporary: Temporary::Forget("t".to_owned()),
            changes: 8,
        };
        journal.write(write).await.unwrap();
        drop(journal);
        let (_, contents) = Journal::open(&place).unwrap();
        assert_eq!(contents.holds, [hold("b", 8)]);
        assert_eq!(contents.changes, 8);
        assert!(contents.temporary.is_empty());
    }

    #[test]
    fn a_broken_one_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(
            directory.path().join(FILE),
            "this is no database at all, but long enough",
        )
        .unwrap();
        assert!(Journal::open(directory.path()).is_err());
        let file = directory.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(
            Journal::open(&file),
            Err(JournalError::Directory { .. })
        ));
    }

    #[test]
    fn a_newer_one_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        drop(Journal::open(directory.path()).unwrap());
        let connection = Connection::open(directory.path().join(FILE)).unwrap();
        connection.busy_timeout(BUSY_TIMEOUT).unwrap();
        connection.pragma_update(None, "user_version", 2).unwrap();
        drop(connection);
        assert!(matches!(
            Journal::open(directory.path()),
            Err(JournalError::Newer(2))
        ));
    }
}
