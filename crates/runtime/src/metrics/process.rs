//! What the process uses, as Linux says it (proc(5)).

use std::fs;

pub(super) struct Process {
    pub(super) resident_bytes: u64,
    pub(super) open_files: u64,
}

/// `None` where there is no `/proc`.
pub(super) fn look() -> Option<Process> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = resident.trim().strip_suffix("kB")?.trim().parse().ok()?;
    // One of them is the listing itself.
    let open = fs::read_dir("/proc/self/fd")
        .ok()?
        .count()
        .saturating_sub(1);
    Some(Process {
        resident_bytes: kibibytes * 1024,
        open_files: u64::try_from(open).ok()?,
    })
}
