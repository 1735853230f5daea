//! A thousand payments in a second, for a while: whether the follower keeps up, how late the shop's stream of all events
//! is, and whether memory grows.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::{
    Args,
    node::Caller,
    payment::later_ms,
    process::{Process, TOKEN},
    sse::{self, Events},
    table::{Goal, Row, Spread, Table, percentile},
    world::{Made, World},
};

const A_SECOND: usize = 1_000;

/// How many wallets share them.
const WALLETS: usize = 4;

/// After so long memory is what it is to stay.
const WARM: Duration = Duration::from_secs(5);

/// How long the last event may take.
const TIMEOUT: Duration = Duration::from_secs(30);

const RATE: &str = "1,000 payments/s: told";
const LAG: &str = "1,000 payments/s: lag p99";
const MEMORY: &str = "1,000 payments/s: memory";

pub(super) fn names() -> Vec<String> {
    [RATE, LAG, MEMORY].map(str::to_owned).into()
}

/// When the wallet had its answer.
type Paid = Arc<Mutex<HashMap<String, Instant>>>;

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    if args.rpc_file.is_some() {
        for name in names() {
            table.skipped(&name, "only the sandbox is paid so fast")?;
        }
        return Ok(());
    }
    let world = World::start(args)?;
    let seconds = usize::try_from(args.flood_seconds)?;
    let invoices = world.make(A_SECOND * seconds)?;
    let (lags, took, rss) = world.block_on(flood(&world, &invoices))?;
    let rate = f64::from(u32::try_from(lags.len())?) / took.as_secs_f64();
    let all = Spread::of(&lags)?;
    table.add(Row::alone(
        RATE,
        (Spread::one(rate), "/s"),
        // The last one may come a little later.
        Goal::AtLeast(990.0),
        format!("{} payments, all of them told", lags.len()),
    ))?;
    table.add(Row::alone(
        LAG,
        (
            Spread {
                median: percentile(&lags, 0.99),
                ..all
            },
            "ms",
        ),
        Goal::AtMost(50.0),
        format!("p50 {:.2} ms, after the wallet's answer", all.median),
    ))?;
    let (warm, most) = (
        rss.iter()
            .find(|(at, _)| *at >= WARM)
            .map_or(0, |(_, kib)| *kib),
        rss.iter().map(|(_, kib)| *kib).max().unwrap_or(0),
    );
    let first = rss.first().map_or(0, |(_, kib)| *kib);
    let last = rss.last().map_or(0, |(_, kib)| *kib);
    table.add(Row::alone(
        MEMORY,
        (
            Spread::one(f64::from(most.saturating_sub(warm)) / 1024.0),
            "MiB more",
        ),
        Goal::AtMost(4.0),
        format!(
            "RSS {} MiB before, {} after {} s, {} at the end",
            first / 1024,
            warm / 1024,
            WARM.as_secs(),
            last / 1024
        ),
    ))
}

/// The lag of each payment in milliseconds, how long all took, and the memory in KiB at some times.
async fn flood(
    world: &World,
    invoices: &[Made],
) -> anyhow::Result<(Vec<f64>, Duration, Vec<(Duration, u32)>)> {
    let authorization = format!("Bearer {TOKEN}");
    let path = "/api/v1/events/stream?types=invoice.paid";
    let headers = [("authorization", authorization.as_str())];
    let mut events = Events::open(world.facture.address, path, &headers).await?;
    let paid = Paid::default();
    let begun = Instant::now();
    let count = invoices.len();
    let hearing = tokio::spawn(async move {
        let mut heard = HashMap::with_capacity(count);
        while heard.len() < count {
            let event = timeout(TIMEOUT, events.next("invoice.paid")).await??;
            heard.insert(sse::label(&event)?.to_owned(), Instant::now());
        }
        anyhow::Ok(heard)
    });
    let wallets = (0..WALLETS).map(async |wallet| {
        let mut caller = Caller::open(&world.rpc_file).await?;
        let gap = Duration::from_secs(1) / u32::try_from(A_SECOND / WALLETS)?;
        let mut beat = interval(gap);
        // Late ones are made up for: it is a thousand in a second.
        beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for invoice in invoices.iter().skip(wallet).step_by(WALLETS) {
            beat.tick().await;
            caller.pay(&invoice.bolt11).await?;
            let mut paid = paid.lock().unwrap_or_else(PoisonError::into_inner);
            paid.insert(invoice.label.clone(), Instant::now());
        }
        anyhow::Ok(())
    });
    let paying = futures_util::future::try_join_all(wallets);
    let mut rss = Vec::new();
    let watching = watch(&world.facture.process, begun, &mut rss);
    tokio::select! {
        paid = paying => drop(paid?),
        watched = watching => match watched? {},
    }
    let heard = hearing.await??;
    let took = begun.elapsed();
    let paid = paid.lock().unwrap_or_else(PoisonError::into_inner);
    let lags = heard.iter().filter_map(|(label, at)| {
        // An event may come before the wallet has its answer.
        paid.get(label).map(|paid| later_ms(*at, *paid).max(0.0))
    });
    Ok((lags.collect(), took, rss))
}

/// Looks at the memory twice a second.
async fn watch(
    server: &Process,
    begun: Instant,
    rss: &mut Vec<(Duration, u32)>,
) -> anyhow::Result<Infallible> {
    loop {
        rss.push((begun.elapsed(), server.rss_kib()?));
        sleep(Duration::from_millis(500)).await;
    }
}
