//! This build beside another one (`--against`), alternating round by round: creating invoices, the processor time of one
//! creation, reading invoices, and the sizes of both programs. Every figure is a ratio, this build's to the other's.

use std::{fs, path::Path, time::Duration};

use crate::{
    Args,
    http::{self, Connection},
    load,
    process::{Bare, Facture},
    table::{Goal, Pairs, Row, Spread, Table},
    world::{Made, World, creation},
};

/// At least so long on a real node.
const REAL_ROUND: Duration = Duration::from_millis(1500);

/// How many invoices are read, in turns.
const READ: usize = 200;

#[derive(Clone, Copy)]
enum Measured {
    Api,
    ApiWithKey,
    Form,
    /// Processor time of one creation by the API.
    ProcessorTime,
    PaidPage,
    PaidJson,
    UnpaidPage,
    UnpaidJson,
    NotModified,
    PaidPageInGzip,
    ProgramSize,
}

const ROWS: [(Measured, u32, Goal); 19] = [
    (Measured::Api, 1, Goal::AtLeast(1.5)),
    (Measured::Api, 8, Goal::AtLeast(2.0)),
    (Measured::Api, 64, Goal::AtLeast(1.7)),
    (Measured::ApiWithKey, 8, Goal::AtLeast(2.0)),
    (Measured::ApiWithKey, 64, Goal::AtLeast(1.7)),
    (Measured::Form, 8, Goal::AtLeast(2.0)),
    (Measured::Form, 64, Goal::AtLeast(1.7)),
    (Measured::ProcessorTime, 8, Goal::AtMost(0.4)),
    (Measured::PaidPage, 1, Goal::AtLeast(0.95)),
    (Measured::PaidPage, 16, Goal::AtLeast(0.95)),
    (Measured::PaidJson, 1, Goal::AtLeast(0.95)),
    (Measured::PaidJson, 16, Goal::AtLeast(0.95)),
    (Measured::UnpaidPage, 1, Goal::AtLeast(0.95)),
    (Measured::UnpaidPage, 16, Goal::AtLeast(0.95)),
    (Measured::UnpaidJson, 1, Goal::AtLeast(0.95)),
    (Measured::UnpaidJson, 16, Goal::AtLeast(0.95)),
    (Measured::NotModified, 16, Goal::AtLeast(0.95)),
    (Measured::PaidPageInGzip, 16, Goal::AtLeast(0.95)),
    (Measured::ProgramSize, 0, Goal::AtMost(1.0)),
];

pub(super) fn names() -> Vec<String> {
    ROWS.iter()
        .map(|(measured, clients, _)| name(*measured, *clients))
        .collect()
}

fn name(measured: Measured, clients: u32) -> String {
    let what = match measured {
        Measured::Api => "create by API",
        Measured::ApiWithKey => "create by API with Idempotency-Key",
        Measured::Form => "create by form",
        Measured::ProcessorTime => "processor time of a creation",
        Measured::PaidPage => "paid page",
        Measured::PaidJson => "paid JSON",
        Measured::UnpaidPage => "unpaid page",
        Measured::UnpaidJson => "unpaid JSON",
        Measured::NotModified => "If-None-Match",
        Measured::PaidPageInGzip => "paid page in gzip",
        Measured::ProgramSize => return "another build: size of the program".to_owned(),
    };
    format!("another build: {what}, {clients}")
}

/// One of the two builds, with what is read there.
struct Side {
    world: World,
    paid: Option<Vec<Made>>,
    unpaid: Vec<Made>,
    /// The `ETag` of each paid page.
    tags: Vec<String>,
}

impl Side {
    fn start(args: &Args, program: &Path) -> anyhow::Result<Self> {
        let world = World::start_program(args, program)?;
        let paid = world.make_paid(READ)?;
        let unpaid = world.make(READ)?;
        let mut tags = Vec::new();
        for invoice in paid.iter().flatten() {
            tags.push(world.block_on(tag(&world, invoice))?);
        }
        Ok(Self {
            world,
            paid,
            unpaid,
            tags,
        })
    }

    /// How many a second, or how many seconds of processor time.
    fn measure(
        &self,
        measured: Measured,
        clients: u32,
        round: Duration,
    ) -> anyhow::Result<Option<f64>> {
        let address = self.world.facture.address;
        let (html, json) = ("text/html,application/xhtml+xml", "application/json");
        let (invoices, accept, extra) = match measured {
            Measured::Api | Measured::ProcessorTime => {
                let before = self.world.facture.process.cpu()?;
                let plain = creation(&[]);
                let done = load::visit(address, clients, round, 201, |_, bytes| {
                    bytes.extend_from_slice(&plain);
                })?;
                let used = self.world.facture.process.cpu()? - before;
                return Ok(Some(match measured {
                    Measured::ProcessorTime => used.as_secs_f64() / f64::from(done.all),
                    _ => done.rate,
                }));
            }
            Measured::ApiWithKey => {
                let done = load::visit(address, clients, round, 201, |_, bytes| {
                    let key = format!("{:032x}", rand::random::<u128>());
                    *bytes = creation(&[("idempotency-key", &key)]);
                })?;
                return Ok(Some(done.rate));
            }
            Measured::Form => {
                let done = load::visit(address, clients, round, 303, |_, bytes| {
                    let once = rand::random::<u128>();
                    let fields =
                        format!("amount=1000&description=Two+bags+of+tea&once={once:032x}");
                    let kind = "application/x-www-form-urlencoded";
                    *bytes = http::post("/create_invoice", &[("accept", html)], kind, &fields);
                })?;
                return Ok(Some(done.rate));
            }
            Measured::PaidPage | Measured::NotModified => (self.paid.as_ref(), html, None),
            Measured::PaidJson => (self.paid.as_ref(), json, None),
            Measured::UnpaidPage => (Some(&self.unpaid), html, None),
            Measured::UnpaidJson => (Some(&self.unpaid), json, None),
            Measured::PaidPageInGzip => {
                (self.paid.as_ref(), html, Some(("accept-encoding", "gzip")))
            }
            Measured::ProgramSize => return Ok(None),
        };
        let Some(invoices) = invoices else {
            return Ok(None);
        };
        let requests: Vec<Vec<u8>> = invoices
            .iter()
            .enumerate()
            .map(|(index, invoice)| {
                let mut headers = vec![("accept", accept)];
                headers.extend(extra);
                if let (Measured::NotModified, Some(tag)) = (measured, self.tags.get(index)) {
                    headers.push(("if-none-match", tag));
                }
                http::get(&format!("/check_invoice/{}", invoice.label), &headers)
            })
            .collect();
        let status = match measured {
            Measured::NotModified => 304,
            _ => 200,
        };
        let done = load::visit(address, clients, round, status, |number, bytes| {
            let index = usize::try_from(number).unwrap_or_default() % requests.len();
            bytes.extend_from_slice(&requests[index]);
        })?;
        Ok(Some(done.rate))
    }
}

async fn tag(world: &World, invoice: &Made) -> anyhow::Result<String> {
    let mut connection = Connection::open(world.facture.address).await?;
    let path = format!("/check_invoice/{}", invoice.label);
    let request = http::get(&path, &[("accept", "text/html,application/xhtml+xml")]);
    let answer = connection.exchange(&request).await?;
    Ok(answer.header("etag").unwrap_or_default())
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let Some(other) = &args.against else {
        for name in names().iter().filter(|name| args.wants(name)) {
            table.skipped(name, "--against names no other build")?;
        }
        return Ok(());
    };
    let this = Facture::program();
    let (theirs, ours) = (Side::start(args, other)?, Side::start(args, this)?);
    let round = if ours.world.is_sandbox() {
        args.round()
    } else {
        args.round().max(REAL_ROUND)
    };
    for (measured, clients, goal) in ROWS {
        let name = name(measured, clients);
        if !args.wants(&name) {
            continue;
        }
        if let Measured::ProgramSize = measured {
            let size = |program: &Path| {
                anyhow::Ok(f64::from(u32::try_from(
                    fs::metadata(program)?.len() / 1024,
                )?))
            };
            let (theirs, ours) = (size(other)?, size(this)?);
            table.add(Row {
                name,
                bare: Some(Spread::one(theirs)),
                ours: Some(Spread::one(ours)),
                unit: "KiB",
                result: Some((Spread::one(ours / theirs), "×")),
                goal,
                note: String::new(),
            })?;
            continue;
        }
        let mut pairs = Pairs::default();
        for _ in 0..args.rounds {
            let (Some(theirs), Some(ours)) = (
                theirs.measure(measured, clients, round)?,
                ours.measure(measured, clients, round)?,
            ) else {
                break;
            };
            pairs.add(theirs, ours);
        }
        if pairs.is_empty() {
            table.skipped(&name, "nobody pays here")?;
        } else {
            table.add(pairs.row(&name, goal, String::new())?)?;
        }
    }
    // What creates invoices as fast as the node and the disk allow, for both.
    let till = Bare::till(&ours.world.rpc_file)?;
    for clients in [1, 8, 64] {
        let name = format!("another build: a bare till, {clients}");
        if !args.wants(&name) {
            continue;
        }
        let mut pairs = Pairs::default();
        for _ in 0..args.rounds {
            let Some(theirs) = theirs.measure(Measured::Api, clients, round)? else {
                break;
            };
            let bare = load::visit(till.address, clients, round, 201, |_, bytes| {
                let label = format!("{:032x}", rand::random::<u128>());
                *bytes = http::post("/", &[], "text/plain", &label);
            })?;
            pairs.add(theirs, bare.rate);
        }
        table.add(pairs.row(&name, Goal::None, String::new())?)?;
    }
    Ok(())
}
