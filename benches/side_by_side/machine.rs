//! What the numbers depend on.

use std::{
    fs::{self, File},
    io::Write,
    process::Command,
    thread,
    time::Instant,
};

use crate::table::Spread;

/// Where everything that is measured on a disk is.
pub(crate) const DISK: &str = env!("CARGO_TARGET_TMPDIR");

const SYNCS: usize = 50;

/// Cores, kernel, disk and commit.
pub(crate) fn facts() -> anyhow::Result<Vec<(&'static str, String)>> {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    Ok(vec![
        ("cores", thread::available_parallelism()?.to_string()),
        ("processor", processor()),
        ("kernel", kernel.trim().to_owned()),
        ("load before", load()),
        ("fsync of a page, µs", fsync()?),
        ("commit", commit()),
    ])
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    info.lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']))
        .to_owned()
}

/// Somebody else's work on the same cores spoils what is not a ratio.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("unknown").to_owned()
}

fn fsync() -> anyhow::Result<String> {
    let mut file = tempfile::tempfile_in(DISK)?;
    let mut took = Vec::new();
    for _ in 0..SYNCS {
        took.push(one_fsync(&mut file)?);
    }
    let Spread { median, min, max } = Spread::of(&took)?;
    Ok(format!("{median:.0} ({min:.0}–{max:.0}) in {DISK}"))
}

fn one_fsync(file: &mut File) -> anyhow::Result<f64> {
    file.write_all(&[0; 4096])?;
    let begun = Instant::now();
    file.sync_data()?;
    Ok(begun.elapsed().as_secs_f64() * 1e6)
}

fn commit() -> String {
    let git = |args: &[&str]| {
        let output = Command::new("git")
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .ok()?;
        String::from_utf8(output.stdout).ok()
    };
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else {
        return "unknown".to_owned();
    };
    let clean = git(&["status", "--porcelain", "--untracked-files=no"])
        .is_some_and(|changes| changes.is_empty());
    let changed = if clean { "" } else { ", changed" };
    format!("{}{changed}", commit.trim())
}
