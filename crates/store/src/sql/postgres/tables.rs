//! The tables: brings those of an older version of this program up to date, refuses those of a newer one. Each migration is a
//! file in `migrations/` and a line here, and is never changed once it was released. It has the number of the one that does the
//! same to SQLite's tables; the first makes all tables that there were then.

use jiff::Timestamp;

use crate::sql::{
    durability::Durability,
    error::{Error, Result},
    postgres::{owner::Owner, session::Session},
};

struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

/// In the order of their versions.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 44,
        name: "0044_start",
        sql: include_str!("migrations/0044_start.sql"),
    },
    Migration {
        version: 45,
        name: "0045_devices",
        sql: include_str!("migrations/0045_devices.sql"),
    },
    Migration {
        version: 46,
        name: "0046_worth",
        sql: include_str!("migrations/0046_worth.sql"),
    },
];

/// The last migration: the version of the tables that this program makes.
pub(crate) const NEWEST: u32 = match MIGRATIONS {
    [.., last] => last.version,
    [] => 0,
};

/// Of the servers that are supported, the oldest.
const OLDEST_SERVER: u32 = 15;

const COUNT: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version bigint PRIMARY KEY,
    name text COLLATE \"C\" NOT NULL,
    -- In seconds since 1970.
    applied_at bigint NOT NULL
)";

/// Brings the tables up to date: all missing migrations in one transaction.
///
/// # Errors
/// [`Error::NewerTables`], [`Error::OldServer`], or what a migration failed with: then the tables are as they were.
pub(crate) fn migrate(owner: &mut Owner) -> Result<()> {
    let server = owner.session().text("SHOW server_version_num")?;
    let server = server.and_then(|number| number.parse::<u32>().ok());
    let found = server.unwrap_or_default() / 10_000;
    if found < OLDEST_SERVER {
        return Err(Error::OldServer(found));
    }
    owner.begin(Durability::Full)?;
    let migrated = apply_missing(owner.session());
    match migrated {
        Ok(()) => owner.commit(),
        Err(error) => {
            if owner.is_in_transaction() {
                owner.roll_back()?;
            }
            Err(error)
        }
    }
}

fn apply_missing(session: &Session) -> Result<()> {
    session.run(COUNT)?;
    let found = session.text("SELECT coalesce(max(version), 0) FROM schema_migrations")?;
    let found = found.and_then(|version| version.parse().ok()).unwrap_or(0);
    if found > NEWEST {
        return Err(Error::NewerTables {
            found,
            known: NEWEST,
        });
    }
    let now = Timestamp::now().as_second();
    for Migration { version, name, sql } in MIGRATIONS.iter().filter(|one| one.version > found) {
        session.run(sql)?;
        session.run(&format!(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES ({version}, '{name}', {now})"
        ))?;
    }
    Ok(())
}

/// What the tables say about themselves, whatever version of this program made them: the last migration, and the node whose
/// invoices these are. `None`: there are none.
pub(crate) fn inspect(session: &Session) -> Result<Option<(u32, Option<String>)>> {
    let tables =
        "SELECT to_regclass('schema_migrations') IS NOT NULL AND to_regclass('nodes') IS NOT NULL";
    if session.text(tables)?.as_deref() != Some("t") {
        return Ok(None);
    }
    let schema = session.text("SELECT coalesce(max(version), 0) FROM schema_migrations")?;
    let schema = schema.and_then(|version| version.parse().ok());
    Ok(Some((
        schema.unwrap_or(0),
        session.text("SELECT id FROM nodes")?,
    )))
}
