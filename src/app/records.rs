//! The records: SQLite in the data directory, or a database of PostgreSQL.

use std::path::Path;

use anyhow::{Context, bail};
use secrecy::ExposeSecret;

use crate::config::StoreConfig;
use facture_store::{Lock, PostgresUrl, Store};

/// Opens them. The data directory is this process's in both cases: it has the label key and the sockets.
///
/// # Errors
/// When they cannot be used.
pub(super) async fn open(config: &StoreConfig, lock: Lock) -> anyhow::Result<Store> {
    let Some(url) = postgres(config)? else {
        return Ok(Store::open_locked(lock).await?);
    };
    if Store::exists(lock.directory()) {
        let directory = lock.directory().display();
        tracing::warn!(%directory, database = %url, "the records are those of the database, not those in the data directory");
    }
    Ok(Store::open_postgres(url, Some(lock)).await?)
}

/// Whether there are records. Of a database only opening it can tell, so that is a yes.
pub fn has_records(config: &StoreConfig, data_dir: &Path) -> bool {
    config.url.get().is_some() || Store::exists(data_dir)
}

/// Where they are, for people.
///
/// # Errors
/// When the address of the database cannot be read.
pub fn place_of_records(config: &StoreConfig, data_dir: &Path) -> anyhow::Result<String> {
    Ok(match postgres(config)? {
        Some(url) => format!("{url} (PostgreSQL)"),
        None => data_dir.display().to_string(),
    })
}

/// For what is about the file of SQLite.
///
/// # Errors
/// When the records are in PostgreSQL.
pub fn need_file(config: &StoreConfig) -> anyhow::Result<()> {
    if config.url.get().is_some() {
        bail!(
            "the records are in PostgreSQL: back them up and restore them with its own tools, and keep a copy of the label \
             key (docs/operations.md)"
        );
    }
    Ok(())
}

fn postgres(config: &StoreConfig) -> anyhow::Result<Option<PostgresUrl>> {
    let parse = |url: &secrecy::SecretString| url.expose_secret().parse();
    let url = config.url.get().map(parse).transpose();
    url.context("store.url cannot be used")
}
