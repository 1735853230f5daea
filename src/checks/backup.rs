//! How old the last backup is.

use std::path::Path;

use facture_backup::LastBackup;
use facture_store::Store;
use jiff::{SignedDuration, Timestamp};

use super::finding::{Check, Finding};
use crate::config::StoreConfig;

/// Whether `facture backup` made a backup of the records within as many days as is configured.
pub(super) fn backup(config: &StoreConfig, data_dir: &Path) -> Finding {
    let max_age_days = config.backup_max_age_days.value();
    if config.url.get().is_some() {
        return Finding::not_checked(
            Check::Backup,
            "the records are in PostgreSQL, whose own tools back them up.",
        );
    }
    if max_age_days == 0 {
        return Finding::not_checked(
            Check::Backup,
            "store.backup_max_age_days is 0: the age of backups is not looked at.",
        );
    }
    if !Store::exists(data_dir) {
        return Finding::not_checked(Check::Backup, "there are no records to back up yet.");
    }
    let last = match LastBackup::of(data_dir) {
        Ok(Some(last)) => last,
        Ok(None) => {
            return Finding::warning(
                Check::Backup,
                "`facture backup` has made no backup of these records.",
                "make one each day (docs/backup.md); if they are backed up in another way, set store.backup_max_age_days = 0.",
            );
        }
        Err(error) => {
            return Finding::warning(
                Check::Backup,
                format!("when the last backup was made is not known: {error}"),
                "make one, as the user who owns the data directory: that is noted anew.",
            );
        }
    };
    // One of the future is of a clock that was wrong: it counts as new.
    let age = Timestamp::now().duration_since(last.created_at);
    let message = format!("the last backup is {} old: {}", shown(age), last.place);
    match age > SignedDuration::from_hours(24 * i64::from(max_age_days)) {
        false => Finding::ok(Check::Backup, message),
        true => Finding::warning(
            Check::Backup,
            message,
            "make a new one, and see why nothing did (docs/backup.md).",
        ),
    }
}

fn shown(age: SignedDuration) -> String {
    match age.as_hours() {
        ..1 => "less than an hour".to_owned(),
        1 => "an hour".to_owned(),
        hours @ 2..48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}
