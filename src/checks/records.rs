//! The version of the records, and whose they are.

use std::path::Path;

use facture_domain::NodeId;
use facture_store::{Inspected, PostgresUrl, Store};
use secrecy::ExposeSecret;
use tokio::task::spawn_blocking;

use super::finding::{Check, Finding};
use crate::config::StoreConfig;

/// What the records say about themselves; an error as text.
type Seen = Result<Option<Inspected>, String>;

/// Whether this program can use the records, and the node whose they are, as far as that can be read.
pub(super) async fn records(config: &StoreConfig, data_dir: &Path) -> (Finding, Option<NodeId>) {
    let (known, seen) = match config.url.get() {
        None => (
            Store::SCHEMA,
            Store::inspect(data_dir).map_err(|error| error.to_string()),
        ),
        Some(url) => {
            let seen = match url.expose_secret().parse() {
                Ok(url) => inspect_postgres(url).await,
                Err(error) => Err(format!("store.url cannot be used: {error}")),
            };
            (Store::POSTGRES_SCHEMA, seen)
        }
    };
    let owner = seen.as_ref().ok().cloned().flatten();
    let finding = finding(known, seen);
    (finding, owner.and_then(|found| found.node))
}

async fn inspect_postgres(url: PostgresUrl) -> Seen {
    let database = url.to_string();
    let seen = spawn_blocking(move || Store::inspect_postgres(url)).await;
    let seen = seen.map_err(|error| error.to_string())?;
    seen.map_err(|error| format!("{database}: {error}"))
}

fn finding(known: u32, seen: Seen) -> Finding {
    match seen {
        Ok(None) => Finding::ok(
            Check::Records,
            "there are no records yet: the first start makes them.",
        ),
        Ok(Some(found)) if found.schema > known => Finding::problem(
            Check::Records,
            format!(
                "the records were written by a newer facture (schema {}; this one knows {known}).",
                found.schema
            ),
            "install that facture again, or go back to a backup from before it.",
        ),
        Ok(Some(found)) if found.schema < known => Finding::ok(
            Check::Records,
            format!(
                "the records have schema {}: the next start brings them to {known}.",
                found.schema
            ),
        ),
        Ok(Some(_)) => Finding::ok(Check::Records, format!("the records have schema {known}.")),
        Err(error) => Finding::problem(
            Check::Records,
            format!("the records cannot be read: {error}"),
            "run this command as the server's user and with its configuration; if a file is damaged, restore a backup.",
        ),
    }
}
