//! The records with a thousand, a hundred thousand and a million invoices: whether the same work takes the same time. All
//! three are used alternately, so what happens to the disk meanwhile happens to all.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use facture_domain::{Invoice, Label, LabelPrefix};
use facture_domain::{
    idempotency::{IdempotentRequest, KeyRetention},
    listing::{Filter, ListPosition},
};
use facture_store::Store;
use tempfile::TempDir;

use crate::{
    Args, filling,
    machine::DISK,
    table::{Goal, Row, Spread, Table, percentile},
};

const SIZES: [u32; 3] = [1_000, 100_000, 1_000_000];

/// What is done, and how often in a round.
#[derive(Clone, Copy)]
enum Work {
    Create,
    /// With a key that is reserved before, as a form has.
    CreateOnce,
    Read,
    List,
    /// What the follower does: one payment, and the cursor.
    Follow,
}

const WORKS: [(Work, &str, usize); 5] = [
    (Work::Create, "create", 200),
    (Work::CreateOnce, "create once", 200),
    (Work::Read, "read", 500),
    (Work::List, "list page", 200),
    (Work::Follow, "follower step", 200),
];

const PARTS: [(&str, f64); 2] = [("p50", 0.5), ("p99", 0.99)];

const WITHIN: f64 = 1.2;

const STARTS: u32 = 5;

/// So many different invoices are read in a round, each once.
const READ: u32 = 500;

/// As many as the API gives on a page.
const PAGE: u32 = 50;

pub(super) fn names() -> Vec<String> {
    let mut names = Vec::new();
    for size in SIZES {
        names.push(start_name(size));
    }
    for (_, work, _) in WORKS {
        for size in SIZES.into_iter().skip(1) {
            names.extend(PARTS.map(|(part, _)| name(work, size, part)));
        }
    }
    names
}

fn name(work: &str, size: u32, part: &str) -> String {
    format!("store of {}: {work}, {part}", thousands(size))
}

fn start_name(size: u32) -> String {
    format!("store of {}: start-up", thousands(size))
}

fn thousands(size: u32) -> String {
    match (size / 1_000_000, size / 1_000 % 1_000) {
        (0, thousands) => format!("{thousands},000"),
        (millions, rest) => format!("{millions},{rest:03},000"),
    }
}

/// Records of one size.
struct Sized {
    size: u32,
    directory: TempDir,
    store: Store,
    /// Some, from everywhere.
    labels: Vec<Label>,
    /// Updates so far.
    index: u64,
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let invoice = filling::invoice().await?;
        let mut all = Vec::new();
        for size in SIZES {
            let begun = Instant::now();
            let sized = Sized::make(size, &invoice).await?;
            let filled = begun.elapsed();
            all.push(start(sized, filled, table).await?);
        }
        for (work, name, often) in WORKS {
            measure(args, &invoice, &mut all, (work, name, often), table).await?;
        }
        for sized in all {
            sized.store.close().await;
        }
        Ok(())
    })
}

impl Sized {
    async fn make(size: u32, invoice: &Invoice) -> anyhow::Result<Self> {
        let directory = TempDir::new_in(DISK)?;
        filling::fill(directory.path(), invoice, size).await?;
        let labels = filling::labels(directory.path(), READ).await?;
        Ok(Self {
            size,
            store: Store::open(directory.path()).await?,
            directory,
            labels,
            index: u64::from(size),
        })
    }
}

/// How long the store takes to open, the whole file and its journal in order.
async fn start(mut sized: Sized, filled: Duration, table: &mut Table) -> anyhow::Result<Sized> {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        took.push(sized.reopen().await?.as_secs_f64() * 1e3);
    }
    let bytes = std::fs::metadata(sized.directory.path().join("facture.db"))?.len();
    table.add(Row::alone(
        start_name(sized.size),
        (Spread::of(&took)?, "ms"),
        Goal::AtMost(200.0),
        format!(
            "{} MiB, filled in {:.1} s",
            bytes / 1024 / 1024,
            filled.as_secs_f64()
        ),
    ))?;
    Ok(sized)
}

async fn measure(
    args: &Args,
    invoice: &Invoice,
    all: &mut [Sized],
    (work, name_of_work, often): (Work, &str, usize),
    table: &mut Table,
) -> anyhow::Result<()> {
    let wanted = all
        .iter()
        .skip(1)
        .flat_map(|sized| PARTS.map(|part| name(name_of_work, sized.size, part.0)));
    if !wanted.into_iter().any(|name| args.wants(&name)) {
        return Ok(());
    }
    // Milliseconds, of each size, of each round; the first round is for warming up.
    let mut times: Vec<Vec<Vec<f64>>> = all.iter().map(|_| Vec::new()).collect();
    for round in 0..=args.rounds {
        let mut of_round: Vec<Vec<f64>> = all.iter().map(|_| Vec::new()).collect();
        for sized in all.iter_mut() {
            sized.reopen().await?;
        }
        for number in 0..often {
            for (sized, times) in all.iter_mut().zip(&mut of_round) {
                times.push(sized.once(work, invoice, number).await?);
            }
        }
        if round > 0 {
            for (times, of_round) in times.iter_mut().zip(of_round) {
                times.push(of_round);
            }
        }
    }
    let Some((first, rest)) = times.split_first() else {
        return Ok(());
    };
    for (sized, times) in all.iter().skip(1).zip(rest) {
        for (part_name, part) in PARTS {
            let (small, large) = (of(first, part)?, of(times, part)?);
            let ratios = first.iter().zip(times);
            let ratios = ratios.map(|(s, l)| percentile(l, part) / percentile(s, part));
            table.add(Row {
                name: name(name_of_work, sized.size, part_name),
                bare: Some(small),
                ours: Some(large),
                unit: " ms",
                result: Some((
                    Spread {
                        median: large.median / small.median,
                        ..Spread::of(&ratios.collect::<Vec<_>>())?
                    },
                    "×",
                )),
                goal: Goal::AtMost(WITHIN),
                note: "compared with 1,000 invoices".to_owned(),
            })?;
        }
    }
    Ok(())
}

/// The percentile of all rounds together, since one is short for it, and those of the rounds.
fn of(rounds: &[Vec<f64>], part: f64) -> anyhow::Result<Spread> {
    let each = rounds.iter().map(|round| percentile(round, part));
    Ok(Spread {
        median: percentile(&rounds.concat(), part),
        ..Spread::of(&each.collect::<Vec<_>>())?
    })
}

impl Sized {
    /// Nothing that was read is remembered; how long that takes.
    async fn reopen(&mut self) -> anyhow::Result<Duration> {
        self.store.close().await;
        let begun = Instant::now();
        self.store = Store::open(self.directory.path()).await?;
        Ok(begun.elapsed())
    }

    /// Another invoice.
    fn next(&mut self, like: &Invoice) -> Invoice {
        self.index += 1;
        Invoice {
            label: LabelPrefix::default().random_label(),
            number: self.index,
            ..like.clone()
        }
    }

    /// In milliseconds.
    async fn once(&mut self, work: Work, invoice: &Invoice, number: usize) -> anyhow::Result<f64> {
        let node = filling::node();
        let begun;
        match work {
            Work::Create => {
                let made = self.next(invoice);
                begun = Instant::now();
                self.store
                    .create(node.clone(), made.into(), Vec::new())
                    .await?;
            }
            Work::CreateOnce => {
                let made = self.next(invoice);
                let request = IdempotentRequest {
                    scope: "bench".to_owned(),
                    key: format!("{:032x}", rand::random::<u128>()),
                    fingerprint: vec![0; 32],
                    retention: KeyRetention::Short,
                };
                begun = Instant::now();
                self.store
                    .reserve(request, made.label.clone(), None)
                    .await?;
                self.store
                    .create(node.clone(), made.into(), Vec::new())
                    .await?;
            }
            Work::Read => {
                let label = self.labels.get(number).context("there is no more")?;
                begun = Instant::now();
                self.store.find(label).await?;
            }
            Work::List => {
                // Somewhere among all, as who goes on from page to page.
                let back = i64::from(self.size) / 10 * i64::try_from(number % 10)? / 10;
                let after = ListPosition {
                    created_at: invoice.created_at.as_second() - back,
                    number: 0,
                    label: "facture_8".to_owned(),
                };
                begun = Instant::now();
                self.store
                    .list(&Filter::default(), Some(&after), PAGE)
                    .await?;
            }
            Work::Follow => {
                let made = Arc::new(self.next(invoice));
                self.store
                    .create(node.clone(), Arc::clone(&made), Vec::new())
                    .await?;
                let paid = filling::paid(&made, self.index)?;
                begun = Instant::now();
                self.store
                    .apply(&node, &[paid], &filling::cursor(self.index))
                    .await?;
            }
        }
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    }
}
