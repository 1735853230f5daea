//! facture through Apache Kafka: making invoices, beside the API with as many under way; how much later than a webhook an event
//! comes; a long event log from its beginning, beside what the node can add to it; the memory of the bridge.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Context;
use rusqlite::Connection as Database;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout},
};

use super::delivery::Receiver;
use crate::{
    Args, filling,
    kafka::{Bridge, Broker, Orders},
    load,
    machine::DISK,
    node::{Caller, Maker, text},
    payment::{Payments, later_ms},
    process::{Facture, Process},
    table::{Goal, Pairs, Row, Spread, Table, percentile},
    world::{World, creation},
};

/// As many as a bridge has under way.
const CLIENTS: u32 = 64;

/// At least so long on each side.
const ROUND: Duration = Duration::from_millis(1500);

/// So many payments in a round.
const PAYMENTS: usize = 60;

const CREATE: &str = "Kafka: create, 64";
const LAG_P50: &str = "Kafka: event after webhook, p50";
const LAG_P99: &str = "Kafka: event after webhook, p99";
const REPLAY: &str = "Kafka: events from zero";
const MEMORY: &str = "Kafka: memory of the bridge";

pub(super) fn names() -> Vec<String> {
    [CREATE, LAG_P50, LAG_P99, REPLAY, MEMORY]
        .map(str::to_owned)
        .into()
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    if !args.kafka {
        for name in names().iter().filter(|name| args.wants(name)) {
            table.skipped(name, "needs Apache Kafka: --kafka starts one")?;
        }
        return Ok(());
    }
    let broker = Broker::start()?;
    let mut most = 0;
    if [CREATE, LAG_P50, LAG_P99]
        .iter()
        .any(|name| args.wants(name))
    {
        let world = World::start(args)?;
        let bridge = broker.bridge(&world.facture)?;
        if args.wants(CREATE) {
            table.add(creations(args, &world, &broker)?)?;
        }
        if args.wants(LAG_P50) || args.wants(LAG_P99) {
            lag(args, table, &world, &broker)?;
        }
        most = bridge.process.most_kib()?;
    }
    if args.wants(REPLAY) || args.wants(MEMORY) {
        let (row, memory) = replay(args, &broker)?;
        if args.wants(REPLAY) {
            table.add(row)?;
        }
        most = most.max(memory);
    }
    if args.wants(MEMORY) {
        let mib = (Spread::one(f64::from(most) / 1024.0), "MiB");
        let note = "the most that it had in the rows above".to_owned();
        table.add(Row::alone(MEMORY, mib, Goal::AtMost(40.0), note))?;
    }
    Ok(())
}

/// The ratio is promised of a real node.
fn goal(world_is_real: bool, goal: f64) -> Goal {
    match world_is_real {
        true => Goal::AtLeast(goal),
        false => Goal::None,
    }
}

fn creations(args: &Args, world: &World, broker: &Broker) -> anyhow::Result<Row> {
    let mut orders = Orders::open(broker)?;
    // For connections and pages of memory.
    orders.create(200)?;
    let (request, round) = (creation(&[]), args.round().max(ROUND));
    let mut pairs = Pairs::default();
    for _ in 0..args.rounds {
        let api = load::visit(world.facture.address, CLIENTS, round, 201, |_, bytes| {
            bytes.extend_from_slice(&request);
        })?;
        pairs.add(api.rate, orders.create(api.all.max(CLIENTS * 2))?);
    }
    let note = "compared with the API; the Kafka client is in Python".to_owned();
    pairs.row(CREATE, goal(!world.is_sandbox(), 0.8), note)
}

fn lag(args: &Args, table: &mut Table, world: &World, broker: &Broker) -> anyhow::Result<()> {
    let Some(rounds) = world.block_on(lateness(world, broker, args.rounds))? else {
        return table.skipped(
            LAG_P99,
            "nobody pays: --payer-rpc-file names a node that does",
        );
    };
    let all = rounds.concat();
    let medians: Vec<_> = rounds.iter().map(|round| percentile(round, 0.5)).collect();
    let p99 = Spread::at(&all, 0.99)?;
    let note = format!("{} payments", all.len());
    for (name, spread, goal) in [
        (LAG_P50, Spread::of(&medians)?, Goal::None),
        (LAG_P99, p99, Goal::AtMost(20.0)),
    ] {
        if args.wants(name) {
            table.add(Row::alone(name, (spread, "ms"), goal, note.clone()))?;
        }
    }
    Ok(())
}

/// How much later than the webhook, in milliseconds: each payment of each round.
async fn lateness(
    world: &World,
    broker: &Broker,
    rounds: u32,
) -> anyhow::Result<Option<Vec<Vec<f64>>>> {
    let Some(mut payments) = Payments::on(world).await? else {
        return Ok(None);
    };
    let mut webhook = Receiver::start(world.facture.address).await?;
    let mut kafka = Listener::start(broker).await?;
    let mut measured = Vec::new();
    // The first one is for warming up.
    for round in 0..=rounds {
        let mut late = Vec::new();
        for invoice in world.make_some(PAYMENTS).await? {
            let label = &invoice.label;
            let paid = payments.pay(&invoice);
            let told = async { tokio::try_join!(webhook.told_of(label), kafka.told_of(label)) };
            let (_, (webhook, kafka)) = tokio::try_join!(paid, told)?;
            late.push(later_ms(kafka, webhook));
        }
        if round > 0 {
            measured.push(late);
        }
    }
    Ok(Some(measured))
}

/// Who reads the events.
struct Listener {
    lines: Lines<BufReader<ChildStdout>>,
    _input: ChildStdin,
    _child: Child,
}

impl Listener {
    async fn start(broker: &Broker) -> anyhow::Result<Self> {
        let mut command = tokio::process::Command::from(broker.client());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let mut input = child.stdin.take().context("no input")?;
        input.write_all(b"paid\n").await?;
        let output = child.stdout.take().context("no output")?;
        let mut listener = Self {
            lines: BufReader::new(output).lines(),
            _input: input,
            _child: child,
        };
        listener.told_of("ready").await?;
        Ok(listener)
    }

    async fn told_of(&mut self, label: &str) -> anyhow::Result<Instant> {
        while let Some(line) = self.lines.next_line().await? {
            if line == label {
                return Ok(Instant::now());
            }
        }
        anyhow::bail!("the reader of the events has ended")
    }
}

/// The row, and the most memory that the bridge had, in KiB.
fn replay(args: &Args, broker: &Broker) -> anyhow::Result<(Row, u32)> {
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox = match &args.rpc_file {
        None => Some(crate::process::Node::start()?),
        Some(_) => None,
    };
    let rpc_file = match (&args.rpc_file, &sandbox) {
        (Some(rpc_file), _) => rpc_file.clone(),
        (None, Some(node)) => node.rpc_file.clone(),
        (None, None) => anyhow::bail!("no node"),
    };
    let node = load::run(CLIENTS, ROUND, async || Maker::open(rpc_file.clone()).await)?;
    let records = TempDir::new_in(DISK)?;
    let data = records.path().join("data");
    runtime.block_on(async {
        let mut caller = Caller::open(&rpc_file).await?;
        let info = caller.call("getinfo", serde_json::json!({})).await?;
        let id = facture_domain::NodeId::new(text(&info, "id")?);
        let invoice = filling::invoice().await?;
        filling::fill_of(&id, &data, &invoice, args.events).await
    })?;
    let (count, last) = events(&data)?;
    let facture = Facture::start_in(records, Facture::program(), "facture_", |command| {
        command.arg("--rpc-file").arg(&rpc_file);
    })?;
    let begun = Instant::now();
    let bridge: Bridge = broker.bridge(&facture)?;
    bridge.sent(last, Duration::from_secs(1200))?;
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    let mut pairs = Pairs::default();
    pairs.add(node.rate, rate);
    let note = format!("{count} events, by what the node alone creates with {CLIENTS} connections");
    let row = pairs.row(REPLAY, goal(sandbox.is_none(), 50.0), note)?;
    Ok((row, Process::most_kib(&bridge.process)?))
}

/// How many there are, and the number of the last one.
fn events(data: &Path) -> anyhow::Result<(u32, u64)> {
    let database = Database::open(data.join("facture.db"))?;
    let read = database.query_row("SELECT count(*), max(sequence) FROM events", [], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?))
    });
    let (count, last) = read?;
    Ok((count, last.try_into()?))
}
