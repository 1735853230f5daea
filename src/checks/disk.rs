//! Free space.

use std::path::Path;

use rustix::fs::statvfs;

use super::{
    files::existing,
    finding::{Check, Finding},
};

const MIB: u64 = 1024 * 1024;

/// Below this, a busy day can fill the disk. docs/alerts.yml has the same figure.
const LITTLE: u64 = 1024 * MIB;

/// Below this, it may be full at any moment.
const TOO_LITTLE: u64 = 100 * MIB;

/// Whether there is room where the records are, or will be.
pub(super) fn free_space(data_dir: &Path) -> Finding {
    let place = existing(data_dir);
    let shown = place.display();
    let free = match statvfs(place) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize),
        Err(error) => {
            return Finding::not_checked(
                Check::Disk,
                format!("the free space at {shown} is not known: {error}"),
            );
        }
    };
    let message = format!("{} MiB are free at {shown}.", free / MIB);
    let advice = "make room, or move the data directory: with a full disk no invoices are made.";
    match free {
        ..TOO_LITTLE => Finding::problem(Check::Disk, message, advice),
        TOO_LITTLE..LITTLE => Finding::warning(Check::Disk, message, advice),
        LITTLE.. => Finding::ok(Check::Disk, message),
    }
}
