//! Ten thousand open pages: what each costs, whether they cost anything while nothing happens, and how fast a payment
//! finds its own.

use std::{
    thread,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use crate::{
    Args,
    payment::{Payments, later_ms},
    sse::Events,
    table::{Goal, Row, Spread, Table},
    world::World,
};

const STREAMS: usize = 10_000;

/// How many invoices they follow: on a real node, each takes a while.
const INVOICES_REAL: usize = 1_000;

/// How many connect at the same time.
const AT_ONCE: usize = 100;

/// As long as it takes until each stream has had its comment once.
const IDLE: Duration = Duration::from_secs(15);

const PAYMENTS: usize = 40;

const MEMORY: &str = "10,000 streams: memory each";
const CPU: &str = "10,000 streams: CPU while nothing happens";
const PAYMENT: &str = "10,000 streams: one payment";

pub(super) fn names() -> Vec<String> {
    [MEMORY, CPU, PAYMENT].map(str::to_owned).into()
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let world = World::start(args)?;
    let invoices = if world.is_sandbox() {
        STREAMS
    } else {
        INVOICES_REAL
    };
    let invoices = world.make(invoices)?;
    let server = &world.facture.process;
    thread::sleep(Duration::from_secs(1));
    let before = server.rss_kib()?;
    let (sender, mut arrivals) = mpsc::unbounded_channel();
    world.block_on(async {
        let address = world.facture.address;
        let all: Vec<_> = (0..STREAMS)
            .filter_map(|number| invoices.get(number % invoices.len()))
            .collect();
        for some in all.chunks(AT_ONCE) {
            let opening = some.iter().map(async |invoice| {
                let path = format!("/check_invoice/{}/events", invoice.label);
                let mut events =
                    Events::open(address, &path, &[("accept", "text/event-stream")]).await?;
                events.next("invoice.created").await?;
                let (label, sender) = (invoice.label.clone(), sender.clone());
                tokio::spawn(async move {
                    // Those that are not paid are open until the end.
                    if events.next("invoice.paid").await.is_ok() {
                        let _ = sender.send((label, Instant::now()));
                    }
                });
                anyhow::Ok(())
            });
            futures_util::future::try_join_all(opening).await?;
        }
        anyhow::Ok(())
    })?;
    thread::sleep(Duration::from_secs(1));
    let used = server.cpu()?;
    thread::sleep(IDLE);
    let used = server.cpu()?.saturating_sub(used).as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    let after = server.rss_kib()?;
    let each = f64::from(after.saturating_sub(before)) / f64::from(u32::try_from(STREAMS)?);
    table.add(Row::alone(
        MEMORY,
        (Spread::one(each), "KiB"),
        Goal::AtMost(12.0),
        format!("RSS {} → {} MiB", before / 1024, after / 1024),
    ))?;
    table.add(Row::alone(
        CPU,
        (Spread::one(used), "% of a core"),
        Goal::AtMost(3.0),
        format!("over {} s, a comment to each included", IDLE.as_secs()),
    ))?;
    let late = world.block_on(async {
        let Some(mut payments) = Payments::on(&world).await? else {
            return Ok(None);
        };
        let mut late = Vec::new();
        for invoice in invoices.iter().take(PAYMENTS) {
            let heard = payments.pay(invoice).await?;
            let told = loop {
                match arrivals.recv().await {
                    Some((label, at)) if label == invoice.label => break at,
                    Some(_) => {}
                    None => anyhow::bail!("no stream is open"),
                }
            };
            late.push(later_ms(told, heard));
        }
        Ok(Some(late))
    })?;
    match late {
        None => table.skipped(
            PAYMENT,
            "nobody pays: --payer-rpc-file names a node that does",
        ),
        Some(late) => table.add(Row::alone(
            PAYMENT,
            (Spread::of(&late)?, "ms"),
            Goal::AtMost(5.0),
            format!("later than waitanyinvoice; {} payments", late.len()),
        )),
    }
}
