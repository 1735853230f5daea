//! Reading invoices, beside a bare axum route that answers as many bytes: paid ones, unpaid ones behind the freshness
//! barrier, and polls that find nothing new. A bare route behind a barrier is measured too.

use std::{net::SocketAddr, slice};

use anyhow::Context;

use crate::{
    Args,
    http::{self, Connection},
    load,
    load::Done,
    process::{Bare, Process},
    table::{Goal, Pairs, Row, Spread, Table},
    world::{Made, World},
};

const CLIENTS: [u32; 3] = [1, 16, 256];

/// So many different invoices are read, in no order.
const PAID: usize = 200;
const UNPAID: usize = 2000;

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Page,
    /// As browsers ask for it.
    PageInGzip,
    Json,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Paid,
    Unpaid,
    /// Not ours: a bare route behind a bare barrier.
    BareBarrier,
    /// Of paid ones: what was read before has not changed.
    NotModified,
}

const KINDS: [(Kind, Form); 9] = [
    (Kind::Paid, Form::Page),
    (Kind::Paid, Form::Json),
    (Kind::Unpaid, Form::Page),
    (Kind::Unpaid, Form::Json),
    (Kind::BareBarrier, Form::Json),
    (Kind::NotModified, Form::Page),
    (Kind::NotModified, Form::Json),
    (Kind::Paid, Form::PageInGzip),
    (Kind::Unpaid, Form::PageInGzip),
];

/// One row, to be measured.
struct Reading {
    kind: Kind,
    form: Form,
    clients: u32,
}

/// What is asked for, and what comes.
struct Workload {
    requests: Vec<Vec<u8>>,
    status: u16,
    /// The length of a body; the bodies of a row may differ by a few bytes.
    bytes: usize,
}

pub(super) fn names() -> Vec<String> {
    readings().iter().map(Reading::name).collect()
}

fn readings() -> Vec<Reading> {
    KINDS
        .iter()
        .flat_map(|&(kind, form)| {
            let clients: &[u32] = if form == Form::PageInGzip {
                &[16]
            } else {
                &CLIENTS
            };
            clients.iter().map(move |&clients| Reading {
                kind,
                form,
                clients,
            })
        })
        .collect()
}

impl Form {
    fn accept(self) -> &'static str {
        match self {
            Self::Page | Self::PageInGzip => "text/html,application/xhtml+xml",
            Self::Json => "application/json",
        }
    }
}

impl Reading {
    fn name(&self) -> String {
        let form = match self.form {
            Form::Page => "status page",
            Form::PageInGzip => "status page in gzip",
            Form::Json => "status JSON",
        };
        let kind = match self.kind {
            Kind::Paid => "paid",
            Kind::Unpaid => "unpaid",
            Kind::BareBarrier => return format!("bare route behind a barrier, {}", self.clients),
            Kind::NotModified => "If-None-Match",
        };
        format!("{form}, {kind}, {}", self.clients)
    }

    fn goal(&self) -> Goal {
        match (self.form, self.kind) {
            (Form::PageInGzip, _) | (_, Kind::BareBarrier) => Goal::None,
            (_, Kind::Paid | Kind::NotModified) => Goal::AtLeast(0.8),
            (_, Kind::Unpaid) => Goal::AtLeast(0.6),
        }
    }
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let wanted: Vec<Reading> = readings()
        .into_iter()
        .filter(|reading| args.wants(&reading.name()))
        .collect();
    let mut world = World::start(args)?;
    let paid = world.make_paid(PAID)?;
    let unpaid = world.make(UNPAID)?;
    for reading in &wanted {
        let invoices = match reading.kind {
            Kind::Paid | Kind::NotModified => paid.as_ref(),
            Kind::Unpaid | Kind::BareBarrier => Some(&unpaid),
        };
        let Some(invoices) = invoices else {
            table.skipped(
                &reading.name(),
                "nobody pays: --payer-rpc-file names a node that does",
            )?;
            continue;
        };
        match world.block_on(ask(reading, world.facture.address, invoices))? {
            Some(workload) => measure(args, reading, &mut world, &workload, table)?,
            None => table.add(Row {
                name: reading.name(),
                bare: None,
                ours: None,
                unit: "/s",
                result: Some((Spread::one(0.0), "×")),
                goal: reading.goal(),
                note: "the answer has no ETag".to_owned(),
            })?,
        }
    }
    Ok(())
}

/// Reads each once; `None` where an `ETag` is needed and there is none.
async fn ask(
    reading: &Reading,
    address: SocketAddr,
    invoices: &[Made],
) -> anyhow::Result<Option<Workload>> {
    let mut connection = Connection::open(address).await?;
    let accept = ("accept", reading.form.accept());
    let headers = match reading.form {
        Form::Page | Form::Json => vec![accept],
        Form::PageInGzip => vec![accept, ("accept-encoding", "gzip, deflate, br, zstd")],
    };
    let mut requests = Vec::new();
    let mut bytes = 0;
    for invoice in invoices {
        let path = format!("/check_invoice/{}", invoice.label);
        let plain = http::get(&path, &headers);
        let answer = connection.exchange(&plain).await?;
        bytes = answer.expect(200)?.len();
        requests.push(match (reading.kind, answer.header("etag")) {
            (Kind::Paid | Kind::Unpaid | Kind::BareBarrier, _) => plain,
            (Kind::NotModified, Some(etag)) => {
                http::get(&path, &[accept, ("if-none-match", &etag)])
            }
            (Kind::NotModified, None) => return Ok(None),
        });
    }
    let not_modified = reading.kind == Kind::NotModified;
    Ok(Some(Workload {
        requests,
        status: if not_modified { 304 } else { 200 },
        bytes: if not_modified { 0 } else { bytes },
    }))
}

fn measure(
    args: &Args,
    reading: &Reading,
    world: &mut World,
    workload: &Workload,
    table: &mut Table,
) -> anyhow::Result<()> {
    let bare = Bare::route(workload.status, workload.bytes)?;
    let request = http::get("/", &[("accept", "text/html,application/xhtml+xml")]);
    let read_bare = |lasts| {
        load::visit(
            bare.address,
            reading.clients,
            lasts,
            workload.status,
            |_, bytes| bytes.extend_from_slice(&request),
        )
    };
    let barrier = match reading.kind {
        Kind::BareBarrier => Some(Bare::barrier(&world.rpc_file, workload.bytes)?),
        Kind::Paid | Kind::Unpaid | Kind::NotModified => None,
    };
    let (address, requests) = match &barrier {
        Some(bare) => (bare.address, slice::from_ref(&request)),
        None => (world.facture.address, workload.requests.as_slice()),
    };
    let read_ours = |lasts| {
        load::visit(
            address,
            reading.clients,
            lasts,
            workload.status,
            |number, bytes| bytes.extend_from_slice(some(requests, number)),
        )
    };
    // Caches and branch predictors.
    read_bare(args.round() / 4)?;
    read_ours(args.round() / 4)?;
    let mut pairs = Pairs::default();
    let (mut bare_cost, mut our_cost) = (Cost::default(), Cost::default());
    let mut calls = 0;
    for _ in 0..args.rounds {
        let bare_rate = bare_cost.of(&bare.process, || read_bare(args.round()))?;
        let before = world.calls()?;
        let process = barrier
            .as_ref()
            .map_or(&world.facture.process, |bare| &bare.process);
        let our_rate = our_cost.of(process, || read_ours(args.round()))?;
        if let (Some(before), Some(after)) = (before, world.calls()?) {
            calls += after - before;
        }
        pairs.add(bare_rate, our_rate);
    }
    let per_read = f64::from(calls) / our_cost.requests.max(1.0);
    let mut note = format!(
        "{} B; server's CPU {:.1} µs, bare {:.1} µs",
        workload.bytes,
        our_cost.micros(),
        bare_cost.micros()
    );
    if world.is_sandbox() {
        note = format!("{note}; {per_read:.4} node calls a read");
    }
    table.add(pairs.row(&reading.name(), reading.goal(), note)?)?;
    // The goal is about a crowd: one reader alone must ask for each read.
    if reading.kind == Kind::Unpaid && reading.clients == 256 && world.is_sandbox() {
        table.add(Row::alone(
            format!("{}: node calls a read", reading.name()),
            (Spread::one(per_read), "calls"),
            Goal::AtMost(0.05),
            format!("{calls} calls"),
        ))?;
    }
    Ok(())
}

/// One of them, in an order that looks like none.
fn some(requests: &[Vec<u8>], number: u32) -> &[u8] {
    let place = usize::try_from(number.wrapping_mul(2_654_435_761)).unwrap_or(0);
    requests
        .get(place % requests.len().max(1))
        .map_or(&[], Vec::as_slice)
}

/// What a server uses of the processors.
#[derive(Default)]
struct Cost {
    seconds: f64,
    requests: f64,
}

impl Cost {
    fn of(
        &mut self,
        server: &Process,
        round: impl FnOnce() -> anyhow::Result<Done>,
    ) -> anyhow::Result<f64> {
        let before = server.cpu()?;
        let done = round()?;
        let used = server
            .cpu()?
            .checked_sub(before)
            .context("a process's time went backwards")?;
        self.seconds += used.as_secs_f64();
        self.requests += f64::from(done.all);
        Ok(done.rate)
    }

    /// For one request, in microseconds.
    fn micros(&self) -> f64 {
        self.seconds * 1e6 / self.requests.max(1.0)
    }
}
