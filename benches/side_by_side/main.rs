//! facture beside what it cannot be faster than, in one run: bare calls of the node, a bare axum route, a bare
//! `waitanyinvoice`. `cargo bench --bench side_by_side` prints one table, and writes it as JSON. A row that misses its
//! goal says so; only one that cannot be measured makes the run fail. `docs/performance.md` explains every row.

mod filling;
mod http;
mod kafka;
mod load;
mod machine;
mod node;
mod payment;
mod process;
mod roles;
mod rows;
mod sse;
mod table;
mod world;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use tokio::runtime::Runtime;

use facture_test_support::cln::Regtest;

use self::{roles::Role, table::Table};

/// facture beside the limits, in one table.
#[derive(Debug, Parser)]
#[command(name = "side_by_side")]
struct Args {
    /// Only the rows whose names have this in them, in any case; `|` between several.
    #[arg(long, value_name = "TEXT")]
    rows: Option<String>,
    /// Print the names of the rows and stop.
    #[arg(long)]
    list: bool,
    /// Pairs of rounds in a row; the median is of these.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// How long one round lasts, in milliseconds.
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(50..=60_000))]
    round_ms: u32,
    /// How long the flood of payments lasts, in seconds.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    flood_seconds: u32,
    /// Where the table goes as JSON.
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/../side_by_side.json"))]
    json: PathBuf,
    /// A lightningd on regtest in place of the sandbox. Invoices are made there.
    #[arg(long, value_name = "SOCKET")]
    rpc_file: Option<PathBuf>,
    /// The lightningd that pays those invoices. Without it, rows with payments are skipped on a real node.
    #[arg(long, value_name = "SOCKET", requires = "rpc_file")]
    payer_rpc_file: Option<PathBuf>,
    /// A pair of real nodes, made for this and removed afterwards: needs bitcoind, bitcoin-cli, lightningd and
    /// lightning-cli on PATH.
    #[arg(long, conflicts_with = "rpc_file")]
    regtest: bool,
    /// Measure the rows on LND with a pair of real nodes, made for this and removed afterwards: needs bitcoind, bitcoin-cli,
    /// lnd and lncli on PATH.
    #[arg(long)]
    lnd: bool,
    /// Measure the rows with Apache Kafka: needs what tests/kafka needs, installed as it says.
    #[arg(long)]
    kafka: bool,
    /// Of how many invoices the events are that are sent to Kafka from the first one on.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    events: u32,
    /// Another build's program: measured beside this one in the rows "another build".
    #[arg(long, value_name = "PROGRAM")]
    against: Option<PathBuf>,
    /// Build everything once more in an empty directory and time it.
    #[arg(long)]
    cold_build: bool,
    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
    /// This program is one of the processes of a row.
    #[command(subcommand)]
    role: Option<Role>,
}

impl Args {
    fn wants(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.rows.as_deref().is_none_or(|wanted| {
            let wanted = wanted.to_lowercase();
            wanted.split('|').any(|part| name.contains(part.trim()))
        })
    }

    fn round(&self) -> Duration {
        Duration::from_millis(self.round_ms.into())
    }
}

fn main() -> ExitCode {
    let mut args = Args::parse();
    let done = match &args.role {
        Some(role) => roles::play(role).map(|()| ExitCode::SUCCESS),
        None => compare(&mut args),
    };
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "side_by_side: {error:#}");
        ExitCode::FAILURE
    })
}

fn compare(args: &mut Args) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout();
    if args.list {
        for (names, _) in rows::ALL {
            for name in names() {
                writeln!(out, "{name}")?;
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    rlimit::increase_nofile_limit(u64::MAX)?;
    // Until the end.
    let _pair = real_pair(args)?;
    let started = Instant::now();
    let machine = machine::facts()?;
    for (fact, value) in &machine {
        writeln!(out, "{fact}: {value}")?;
    }
    let mut table = Table::default();
    let mut exit = ExitCode::SUCCESS;
    for (names, run) in rows::ALL {
        if !names().iter().any(|name| args.wants(name)) {
            continue;
        }
        if let Err(error) = run(args, &mut table) {
            table.failed(&names().join("; "), &format!("{error:#}"))?;
            exit = ExitCode::FAILURE;
        }
    }
    let took = started.elapsed();
    table.print(took)?;
    table.save(&args.json, &machine, took)?;
    Ok(exit)
}

/// Starts the pair, if one is wanted, and names its sockets.
fn real_pair(args: &mut Args) -> anyhow::Result<Option<(Runtime, Regtest)>> {
    if !args.regtest {
        return Ok(None);
    }
    let runtime = Runtime::new()?;
    let pair = runtime.block_on(Regtest::start())?;
    let payer = runtime.block_on(pair.payer_cli(&["getinfo"]))?;
    args.rpc_file = Some(pair.merchant_rpc().to_owned());
    args.payer_rpc_file =
        Some(Path::new(&node::text(&payer, "lightning-dir")?).join("lightning-rpc"));
    Ok(Some((runtime, pair)))
}
