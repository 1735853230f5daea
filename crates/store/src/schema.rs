//! The tables: brings those of any older version of this program up to date, refuses those of a newer one.
//!
//! A migration is a file in `migrations/` and a line here. It is never changed once it was released. (The crate
//! `rusqlite_migration` counts in `user_version`, without gaps, and asks for a newer compiler than we do; taking over
//! what sqlx wrote would be left to us all the same.)

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{
    applied::{applied, has_table},
    before_upgrade,
    error::Error,
};

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
    43 "0043_counter",
    44 "0044_notices",
    45 "0045_devices",
    46 "0046_worth",
}

/// The last migration: the version of the tables that this program makes.
pub(super) const NEWEST: u32 = match MIGRATIONS {
    [.., last] => last.version,
    [] => 0,
};

/// Brings the tables of the database in `data_dir` up to date: all missing migrations in one transaction. Records that are
/// there already are copied before. The caller sees to it that no other process does so at the same time.
///
/// # Errors
/// [`Error::NewerSchema`], [`Error::BeforeUpgrade`], [`Error::Migration`]: then the records are as they were.
pub(super) fn migrate(connection: &mut Connection, data_dir: &Path) -> Result<(), Error> {
    bring_up_to_date(connection, data_dir, MIGRATIONS)
}

fn bring_up_to_date(
    connection: &mut Connection,
    data_dir: &Path,
    migrations: &[Migration],
) -> Result<(), Error> {
    let had = applied(connection)?;
    let found = had.last().copied().unwrap_or_default();
    let known = migrations.last().map_or(0, |migration| migration.version);
    if found > known {
        return Err(Error::NewerSchema { found, known });
    }
    let missing: Vec<&Migration> = migrations
        .iter()
        .filter(|migration| !had.contains(&migration.version))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !had.is_empty() {
        let copy = before_upgrade::copy(connection, data_dir, found)?;
        let copy = copy.display();
        tracing::info!(%copy, found, known, "the records were copied; their tables are brought up to date");
    }
    let work = begin(connection)?;
    count_migrations(&work)?;
    for migration in missing {
        apply(&work, migration).map_err(|source| Error::Migration {
            version: migration.version,
            source: source.into(),
        })?;
    }
    work.commit()?;
    before_upgrade::remove_old(data_dir);
    Ok(())
}

fn apply(work: &Transaction<'_>, migration: &Migration) -> rusqlite::Result<()> {
    work.execute_batch(migration.sql)?;
    work.execute(
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)",
        (
            migration.version,
            migration.name,
            Timestamp::now().as_second(),
        ),
    )?;
    Ok(())
}

/// Makes the table in which migrations are counted. Until schema 9 sqlx did this, with a table of its own. A facture of that
/// time finds its table missing and its first migration impossible: it changes nothing either.
fn count_migrations(work: &Transaction<'_>) -> Result<(), Error> {
    if has_table(work, "schema_migrations")? {
        return Ok(());
    }
    work.execute_batch(
        "CREATE TABLE schema_migrations (
             version INTEGER PRIMARY KEY,
             name TEXT NOT NULL,
             -- In seconds since 1970.
             applied_at BIGINT NOT NULL
         )",
    )?;
    if has_table(work, "_sqlx_migrations")? {
        work.execute_batch(
            "INSERT INTO schema_migrations (version, name, applied_at)
                 SELECT version, printf('%04d_', version) || replace(description, ' ', '_'),
                     coalesce(unixepoch(installed_on), 0)
                 FROM _sqlx_migrations WHERE success;
             DROP TABLE _sqlx_migrations;",
        )?;
    }
    Ok(())
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, path::Path};

    use rusqlite::OpenFlags;

    use super::*;
    use crate::connection;

    /// A database with all tables but the newest, and something in it; what it has of that.
    fn older(data_dir: &Path) -> (Connection, impl Fn(&Connection) -> (u32, i64)) {
        let file = data_dir.join(connection::FILE);
        let mut connection = connection::open_to_write(&file).unwrap();
        let (_, older) = MIGRATIONS.split_last().unwrap();
        bring_up_to_date(&mut connection, data_dir, older).unwrap();
        connection
            .execute("INSERT INTO nodes (id) VALUES ('02ab')", [])
            .unwrap();
        let state = |connection: &Connection| {
            let sql = "SELECT count(*) FROM nodes WHERE id = '02ab'";
            let rows = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            let tables = applied(connection).unwrap();
            (tables.last().copied().unwrap(), rows)
        };
        (connection, state)
    }

    fn with_one_more(version: u32, sql: &'static str) -> Vec<Migration> {
        let all = MIGRATIONS
            .iter()
            .map(|migration| Migration { ..*migration });
        all.chain([Migration {
            version,
            name: "later",
            sql,
        }])
        .collect()
    }

    fn copies(data_dir: &Path) -> Vec<String> {
        let files = fs::read_dir(data_dir.join("backups")).into_iter().flatten();
        let mut names: Vec<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_migration_that_fails_leaves_the_records_as_they_were() {
        let directory = tempfile::tempdir().unwrap();
        let (mut connection, state) = older(directory.path());
        let before = state(&connection);
        // The newest one works; what comes after it does half of its work.
        let broken = with_one_more(9_000, "DELETE FROM nodes; INSERT INTO nowhere VALUES (1);");
        for _ in 0..2 {
            let failed = bring_up_to_date(&mut connection, directory.path(), &broken).unwrap_err();
            assert!(
                matches!(failed, Error::Migration { version: 9_000, .. }),
                "{failed}"
            );
            assert!(failed.to_string().contains("left as they were"), "{failed}");
            assert_eq!(state(&connection), before);
            // Also for whoever opens them next.
            let again = connection::open_to_write(&directory.path().join(connection::FILE));
            assert_eq!(state(&again.unwrap()), before);
            // One copy, however often it is tried.
            let copy = format!("facture-schema-{}.db", before.0);
            assert_eq!(copies(directory.path()), [copy]);
        }
        migrate(&mut connection, directory.path()).unwrap();
        assert_eq!(state(&connection), (NEWEST, 1));
    }

    #[test]
    fn a_copy_is_made_first_and_the_last_two_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let (mut connection, state) = older(directory.path());
        // There was nothing to copy.
        assert_eq!(copies(directory.path()), [""; 0]);
        let (found, _) = state(&connection);
        migrate(&mut connection, directory.path()).unwrap();
        for version in 9_000..9_002 {
            let migrations = with_one_more(version, "SELECT 1");
            bring_up_to_date(&mut connection, directory.path(), &migrations).unwrap();
        }
        let kept = [NEWEST, 9_000].map(|schema| format!("facture-schema-{schema}.db"));
        let mut kept = kept.to_vec();
        kept.sort();
        assert_eq!(copies(directory.path()), kept);
        assert!(found < NEWEST);
        // It is records as they were, which the facture of that time can open.
        let copy = directory.path().join("backups").join(&kept[0]);
        assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let copy = connection::open(&copy, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        assert_eq!(state(&copy).1, 1);
    }

    #[test]
    fn without_a_copy_nothing_is_migrated() {
        let directory = tempfile::tempdir().unwrap();
        let (mut connection, state) = older(directory.path());
        let before = state(&connection);
        fs::write(directory.path().join("backups"), "no directory").unwrap();
        let failed = migrate(&mut connection, directory.path()).unwrap_err();
        assert!(matches!(failed, Error::BeforeUpgrade { .. }), "{failed}");
        assert!(
            failed.to_string().contains("backups/facture-schema-"),
            "{failed}"
        );
        assert_eq!(state(&connection), before);
        // Nor one of records that are damaged already.
        fs::remove_file(directory.path().join("backups")).unwrap();
        let page = "SELECT rootpage FROM sqlite_schema WHERE name = 'users'";
        let page: i64 = connection.query_row(page, [], |row| row.get(0)).unwrap();
        connection.close().unwrap();
        let file = directory.path().join(connection::FILE);
        let mut bytes = fs::read(&file).unwrap();
        let end = usize::try_from(page).unwrap() * 4096;
        bytes[end - 4096..end].fill(0xa5);
        fs::write(&file, bytes).unwrap();
        let mut connection = connection::open_to_write(&file).unwrap();
        let failed = migrate(&mut connection, directory.path()).unwrap_err();
        assert!(matches!(failed, Error::BeforeUpgrade { .. }), "{failed}");
        assert_eq!(state(&connection), before);
        assert_eq!(copies(directory.path()), [""; 0]);
    }

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
