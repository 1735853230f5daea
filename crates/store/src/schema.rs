//! The tables: brings those of any older version of this program up to date, refuses those of a newer one.
//!
//! A migration is a file in `migrations/` and a line here. It is never changed once it was released. (The crate
//! `rusqlite_migration` counts in `user_version`, without gaps, and asks for a newer compiler than we do; taking over
//! what sqlx wrote would be left to us all the same.)

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::error::Error;

struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),+ $(,)?) => {
        /// In the order of their versions.
        const MIGRATIONS: &[Migration] = &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("migrations/", $name, ".sql")),
        }),+];
    };
}

migrations! {
    1 "0001_start",
    2 "0002_orders",
    3 "0003_webhooks",
    4 "0004_tokens",
    5 "0005_api",
    6 "0006_charge",
    7 "0007_charge_import",
    8 "0008_changes",
    9 "0009_cursor",
    10 "0010_history",
    11 "0011_renewals",
    12 "0012_queues",
    20 "0020_units",
    21 "0021_forgetting",
    22 "0022_facts_and_queues",
    23 "0023_cursor",
    25 "0025_pages",
    26 "0026_holds",
    27 "0027_payouts",
    28 "0028_vouchers",
    29 "0029_lnurl",
    30 "0030_items",
    31 "0031_replayed",
    32 "0032_paywall",
    33 "0033_offers",
    34 "0034_desk",
    35 "0035_btcpay",
    36 "0036_fixed_prices",
    37 "0037_valuations",
    38 "0038_sales",
    39 "0039_breakdowns",
    40 "0040_receipts",
    41 "0041_payment_links",
}

/// The last migration.
pub(super) const NEWEST: u32 = match MIGRATIONS {
    [.., last] => last.version,
    [] => 0,
};

/// The last migration of a database; 0 where sqlx, or nobody, has counted.
pub(super) fn found(connection: &Connection) -> Result<u32, Error> {
    if !has_table(connection, "schema_migrations")? {
        return Ok(0);
    }
    let newest = "SELECT coalesce(max(version), 0) FROM schema_migrations";
    Ok(connection.query_row(newest, [], |row| row.get(0))?)
}

/// Brings the tables up to date, each migration in a transaction of its own. The caller sees to it that no other process
/// does so at the same time.
///
/// # Errors
/// [`Error::NewerSchema`]: then nothing is changed. [`Error::Migration`].
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Error> {
    take_over(connection)?;
    let found = found(connection)?;
    if found > NEWEST {
        let known = NEWEST;
        return Err(Error::NewerSchema { found, known });
    }
    for migration in MIGRATIONS {
        apply(connection, migration).map_err(|source| Error::Migration {
            version: migration.version,
            source,
        })?;
    }
    Ok(())
}

fn apply(connection: &mut Connection, migration: &Migration) -> rusqlite::Result<()> {
    let known = "SELECT 1 FROM schema_migrations WHERE version = ?1";
    let done = connection.query_row(known, [migration.version], |_| Ok(()));
    if done.optional()?.is_some() {
        return Ok(());
    }
    let work = begin(connection)?;
    work.execute_batch(migration.sql)?;
    work.execute(
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)",
        (
            migration.version,
            migration.name,
            Timestamp::now().as_second(),
        ),
    )?;
    work.commit()
}

/// Until schema 9 sqlx did this, with a table of its own. A facture of that time finds its table missing and its first
/// migration impossible: it changes nothing either.
fn take_over(connection: &mut Connection) -> Result<(), Error> {
    if has_table(connection, "schema_migrations")? {
        return Ok(());
    }
    let work = begin(connection)?;
    work.execute_batch(
        "CREATE TABLE schema_migrations (
             version INTEGER PRIMARY KEY,
             name TEXT NOT NULL,
             -- In seconds since 1970.
             applied_at BIGINT NOT NULL
         )",
    )?;
    if has_table(&work, "_sqlx_migrations")? {
        work.execute_batch(
            "INSERT INTO schema_migrations (version, name, applied_at)
                 SELECT version, printf('%04d_', version) || replace(description, ' ', '_'),
                     coalesce(unixepoch(installed_on), 0)
                 FROM _sqlx_migrations WHERE success;
             DROP TABLE _sqlx_migrations;",
        )?;
    }
    work.commit()?;
    Ok(())
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

pub(super) fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    connection.query_row(sql, [name], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_file_is_a_migration_and_they_are_in_order() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrations");
        let files: BTreeSet<String> = fs::read_dir(directory)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let named: BTreeSet<String> = MIGRATIONS
            .iter()
            .map(|migration| format!("{}.sql", migration.name))
            .collect();
        assert_eq!(files, named);
        assert!(
            MIGRATIONS
                .windows(2)
                .all(|two| two[0].version < two[1].version)
        );
        for migration in MIGRATIONS {
            let number = format!("{:04}_", migration.version);
            assert!(migration.name.starts_with(&number), "{}", migration.name);
        }
    }
}
