//! What a newcomer meets first: the size of the program, how soon it answers, what it takes while idle, and how long it is
//! in the making.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::{
    Args, http,
    http::Connection,
    machine::DISK,
    process::Facture,
    table::{Goal, Row, Spread, Table},
    world::World,
};

const SIZE: &str = "binary, stripped";
const FIRST_PAGE: &str = "exec to first page";
const RSS: &str = "idle RSS";
const CRATES: &str = "crates in the tree";
const BUILD: &str = "cold release build";

const IDLE: Duration = Duration::from_secs(2);

pub(super) fn names() -> Vec<String> {
    [SIZE, FIRST_PAGE, RSS, CRATES, BUILD]
        .map(str::to_owned)
        .into()
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let mut add =
        |name: &str, result, goal, note: String| table.add(Row::alone(name, result, goal, note));
    if args.wants(SIZE) {
        let megabytes = stripped()? / 1e6;
        let result = (Spread::one(megabytes), "MB");
        add(SIZE, result, Goal::AtMost(15.0), String::new())?;
    }
    if args.wants(FIRST_PAGE) || args.wants(RSS) {
        let world = World::start(args)?;
        let (mut took, mut rss) = (Vec::new(), Vec::new());
        for _ in 0..args.rounds {
            let begun = Instant::now();
            let facture = Facture::start(Facture::program(), &world.rpc_file, "bench_")?;
            world.block_on(first_page(&facture))?;
            took.push(begun.elapsed().as_secs_f64() * 1e3);
            if args.wants(RSS) {
                thread::sleep(IDLE);
                rss.push(f64::from(facture.process.rss_kib()?) / 1024.0);
            }
        }
        if args.wants(FIRST_PAGE) {
            let result = (Spread::of(&took)?, "ms");
            let note = "with empty records, which it makes".to_owned();
            add(FIRST_PAGE, result, Goal::AtMost(50.0), note)?;
        }
        if args.wants(RSS) {
            let result = (Spread::of(&rss)?, "MiB");
            let note = format!("{} s after the first page", IDLE.as_secs());
            add(RSS, result, Goal::AtMost(20.0), note)?;
        }
    }
    if args.wants(CRATES) {
        let result = (Spread::one(crates()?), "crates");
        add(
            CRATES,
            result,
            Goal::None,
            "normal ones, ours included".to_owned(),
        )?;
    }
    if args.wants(BUILD) {
        if args.cold_build {
            let result = (Spread::one(cold_build()?), "s");
            add(BUILD, result, Goal::AtMost(240.0), String::new())?;
        } else {
            table.skipped(BUILD, "measured with --cold-build")?;
        }
    }
    Ok(())
}

async fn first_page(facture: &Facture) -> anyhow::Result<()> {
    let mut connection = Connection::open(facture.address).await?;
    let request = http::get("/", &[("accept", "text/html")]);
    connection.exchange(&request).await?.expect(200).map(drop)
}

/// In bytes.
fn stripped() -> anyhow::Result<f64> {
    let directory = TempDir::new_in(DISK)?;
    let copy = directory.path().join("facture");
    let status = Command::new("strip")
        .arg("-o")
        .arg(&copy)
        .arg(env!("CARGO_BIN_EXE_facture"))
        .status()
        .context("strip")?;
    if !status.success() {
        bail!("strip failed");
    }
    Ok(f64::from(u32::try_from(fs::metadata(copy)?.len())?))
}

fn crates() -> anyhow::Result<f64> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    if !output.status.success() {
        bail!("cargo tree failed");
    }
    let text = String::from_utf8(output.stdout)?;
    let names: BTreeSet<_> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect();
    Ok(f64::from(u32::try_from(names.len())?))
}

/// In seconds.
fn cold_build() -> anyhow::Result<f64> {
    let target = TempDir::new_in(DISK)?;
    let begun = Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--target-dir"])
        .arg(target.path())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("the build failed");
    }
    Ok(begun.elapsed().as_secs_f64())
}
