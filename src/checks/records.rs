//! The version of the records, and whose they are.

use std::path::Path;

use facture_domain::NodeId;
use facture_store::Store;

use super::finding::{Check, Finding};

/// Whether this program can use the records.
pub(super) fn records(data_dir: &Path) -> Finding {
    let known = Store::SCHEMA;
    match Store::inspect(data_dir) {
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
            "run this command as the server's user; if the file is damaged, restore a backup.",
        ),
    }
}

/// The node whose records they are, as far as that can be read.
pub(super) fn owner(data_dir: &Path) -> Option<NodeId> {
    Store::inspect(data_dir).ok().flatten()?.node
}
