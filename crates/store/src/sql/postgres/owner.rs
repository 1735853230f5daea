//! The one connection that writes.
//!
//! One facture owns a database: caches and counters of that process are exact only as long as nobody else writes. So the
//! connection that writes holds a lock of its session. If the connection is lost, so is the lock, and nothing can be written
//! without it: there is no moment at which one is there and the other is not. (With a connection for the lock alone there
//! would be.) It is made anew, and the lock is taken again, when something is to be written next.
//!
//! Each transaction that writes takes another lock first, to its end. That puts commits into an order, in which the numbers
//! of events rise, whoever writes: a reader that has seen one has seen all before it.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    ownership::{Ownership, Term},
    sql::{
        durability::Durability,
        error::{Error, Result},
        postgres::{server::Server, session::Session},
    },
};

/// The keys of advisory locks, which are a database's own: `facture` in ASCII, and one more byte.
pub(crate) const OWNER_LOCK: i64 = 0x6661_6374_7572_6501;
pub(crate) const WRITE_LOCK: i64 = 0x6661_6374_7572_6502;

/// How long the start waits for the lock of a facture that has just ended.
const START: Duration = Duration::from_secs(3);

/// How long a commit that was interrupted is looked for.
const RESOLVE: Duration = Duration::from_secs(10);

/// How often something is tried.
const PAUSE: Duration = Duration::from_millis(100);

/// The connection that writes, as long as this process owns the database.
#[derive(Debug)]
pub(crate) struct Owner {
    server: Arc<Server>,
    ownership: Arc<Ownership>,
    session: Session,
    /// Which connection of this process it is.
    term: Term,
    backend: Backend,
    transaction: Option<Transaction>,
    /// What this process knew before is to be read again.
    is_new: bool,
}

/// A process of the server.
#[derive(Debug)]
struct Backend(String);

/// The number of a transaction, by which the server knows what became of it; `None`: it has not begun.
#[derive(Debug)]
struct Transaction(Option<String>);

impl Owner {
    /// Makes the connection and takes the lock.
    ///
    /// # Errors
    /// [`Error::Owned`] when another facture has it. [`Error::Unreachable`].
    pub(crate) fn open(server: Arc<Server>, ownership: Arc<Ownership>) -> Result<Self> {
        let until = Instant::now() + START;
        let (session, term) = loop {
            match connect(&server, &ownership, None) {
                Err(Error::Owned) if Instant::now() < until => thread::sleep(PAUSE),
                connected => break connected?,
            }
        };
        Ok(Self {
            backend: Backend::of(&session)?,
            server,
            ownership,
            session,
            term,
            transaction: None,
            is_new: true,
        })
    }

    /// The connection.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Whether the connection is another than before, so that another process may have written meanwhile.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// What this process knew was read again: it is exact from now on, as long as the connection lasts.
    pub(crate) fn accept(&mut self) {
        self.is_new = false;
        self.ownership.begin(self.term);
        if self.session.is_closed() {
            self.ownership.end(self.term);
        }
    }

    /// Begins a transaction that writes.
    pub(crate) fn begin(&mut self, durability: Durability) -> Result<()> {
        self.restore()?;
        self.session.forget_failure();
        self.transaction = Some(Transaction(None));
        let durability = match durability {
            Durability::Full => "on",
            Durability::Relaxed => "off",
        };
        let number = self.session.text(&format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = {durability}; \
             SELECT pg_advisory_xact_lock({WRITE_LOCK}); SELECT pg_current_xact_id()"
        ))?;
        self.transaction = Some(Transaction(number));
        Ok(())
    }

    /// Commits it. If the connection is lost meanwhile, the server is asked what became of it.
    ///
    /// # Errors
    /// [`Error::CommitUnknown`] when it cannot be found out. Otherwise nothing is written.
    pub(crate) fn commit(&mut self) -> Result<()> {
        if self.session.has_failed() {
            // It would be rolled back without an error.
            return Err(Error::Aborted);
        }
        let transaction = self.transaction.take();
        match self.session.run("COMMIT") {
            Err(error) if self.session.is_closed() || error.is_lost() => {
                match transaction.and_then(|transaction| transaction.0) {
                    Some(number) => self.resolve(&number, error),
                    None => Err(error),
                }
            }
            done => done,
        }
    }

    /// Rolls it back.
    pub(crate) fn roll_back(&mut self) -> Result<()> {
        self.transaction = None;
        self.session.run("ROLLBACK")?;
        self.session.forget_failure();
        Ok(())
    }

    /// Whether a transaction is open.
    pub(crate) fn is_in_transaction(&self) -> bool {
        self.transaction.is_some() && !self.session.is_closed()
    }

    /// Begins or keeps a part of the transaction.
    pub(crate) fn run(&self, sql: &str) -> Result<()> {
        self.session.run(sql)
    }

    /// The part in which a statement failed was rolled back.
    pub(crate) fn part_rolled_back(&self) {
        self.session.forget_failure();
    }

    /// Makes the connection anew if it was lost.
    fn restore(&mut self) -> Result<()> {
        if !self.session.is_closed() {
            return Ok(());
        }
        self.transaction = None;
        let (session, term) = connect(&self.server, &self.ownership, Some(&self.backend))?;
        self.backend = Backend::of(&session)?;
        (self.session, self.term) = (session, term);
        self.is_new = true;
        tracing::info!("the connection to PostgreSQL that writes was made anew");
        Ok(())
    }

    /// What became of a commit whose answer was lost.
    fn resolve(&mut self, number: &str, lost: Error) -> Result<()> {
        let until = Instant::now() + RESOLVE;
        loop {
            // Once the lock is held again, that transaction has ended.
            let status = self.restore().and_then(|()| {
                self.session
                    .text(&format!("SELECT pg_xact_status('{number}'::xid8)"))
            });
            match status {
                Ok(Some(status)) if status == "committed" => return Ok(()),
                Ok(_) => return Err(lost),
                // A server that took over may never have heard of it.
                Err(Error::Postgres { .. }) => return Err(lost),
                Err(_) if Instant::now() < until => thread::sleep(PAUSE),
                Err(_) => return Err(Error::CommitUnknown),
            }
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // The next one need not wait until the server has noticed that this one is gone.
        if !self.session.is_closed() {
            let _ = self
                .session
                .text(&format!("SELECT pg_advisory_unlock({OWNER_LOCK})"));
        }
        self.ownership.end(self.term);
    }
}

impl Backend {
    fn of(session: &Session) -> Result<Self> {
        let condition = session.text(
            "SELECT format('pid = %s AND backend_start = %L', pid, backend_start) \
             FROM pg_stat_activity WHERE pid = pg_backend_pid()",
        )?;
        Ok(Self(condition.ok_or(Error::NoRow)?))
    }
}

/// Makes the connection that writes and takes the lock. Our own connection before may still have it, if only this side knows
/// that it is lost: then it is ended.
fn connect(
    server: &Server,
    ownership: &Arc<Ownership>,
    before: Option<&Backend>,
) -> Result<(Session, Term)> {
    let term = ownership.next();
    let session = Session::connect_watched(server, {
        let ownership = Arc::clone(ownership);
        move || ownership.end(term)
    })?;
    if try_lock(&session)? {
        return Ok((session, term));
    }
    if let Some(Backend(condition)) = before {
        session.text(&format!(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE {condition}"
        ))?;
        if try_lock(&session)? {
            return Ok((session, term));
        }
    }
    Err(Error::Owned)
}

fn try_lock(session: &Session) -> Result<bool> {
    let locked = session.text(&format!("SELECT pg_try_advisory_lock({OWNER_LOCK})"))?;
    Ok(locked.as_deref() == Some("t"))
}
