//! facture on a real lnd: making invoices, beside bare calls of `AddInvoice` on as many connections; and from a payment to a
//! page's event stream, beside a bare `SubscribeInvoices` that hears of the same payment.

use std::time::{Duration, Instant};

use anyhow::Context;
use facture_domain::{Amount, Expiry, Msat, PaymentHash, Preimage};
use facture_node::lnd::{
    AddInvoice, Client, Cursor, Description, Endpoint, Hints, Options, Page, Subscription,
    bakemacaroon,
};
use facture_test_support::lnd::Pair;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::{
    Args,
    http::Connection,
    load::{self, Worker},
    node::text,
    payment::later_ms,
    process::Facture,
    sse::Events,
    table::{Goal, Pairs, Row, Spread, Table, percentile},
    world::creation,
};

const CLIENTS: [u32; 3] = [1, 8, 64];

/// At least so long.
const ROUND: Duration = Duration::from_millis(1500);

/// So many payments in a round. One takes lnd a third of a second.
const PAYMENTS: usize = 20;

const STREAM_P50: &str = "LND: payment to SSE, p50";
const STREAM_P99: &str = "LND: payment to SSE, p99";

pub(super) fn names() -> Vec<String> {
    let create = CLIENTS.map(create_name).into_iter();
    create
        .chain([STREAM_P50.to_owned(), STREAM_P99.to_owned()])
        .collect()
}

fn create_name(clients: u32) -> String {
    format!("LND: create by API, {clients}")
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    if !args.lnd {
        for name in names().iter().filter(|name| args.wants(name)) {
            table.skipped(name, "needs lnd: --lnd starts a pair of real ones")?;
        }
        return Ok(());
    }
    let runtime = Runtime::new()?;
    let pair = runtime.block_on(Pair::start())?;
    runtime.block_on(pair.bake(&bakemacaroon()))?;
    let facture = facture_on(&pair)?;
    creations(args, table, &pair, &facture)?;
    if args.wants(STREAM_P50) || args.wants(STREAM_P99) {
        let rounds = runtime.block_on(lateness(&pair, &facture, args.rounds))?;
        let all = rounds.concat();
        let medians: Vec<_> = rounds.iter().map(|round| percentile(round, 0.5)).collect();
        let note = format!("later than SubscribeInvoices; {} payments", all.len());
        let p50 = Spread::of(&medians)?;
        let p99 = Spread::at(&all, 0.99)?;
        for (name, spread, goal) in [
            (STREAM_P50, p50, Goal::AtMost(2.0)),
            (STREAM_P99, p99, Goal::None),
        ] {
            if args.wants(name) {
                table.add(Row::alone(name, (spread, "ms"), goal, note.clone()))?;
            }
        }
    }
    Ok(())
}

fn facture_on(pair: &Pair) -> anyhow::Result<Facture> {
    let merchant = &pair.merchant;
    let settings = [
        ("KIND", "lnd".to_owned()),
        ("LND_URL", merchant.rest_url()),
        ("TLS_CERT_FILE", path(&merchant.certificate_file())?),
        ("MACAROON_FILE", path(&merchant.macaroon_file("checkout"))?),
    ];
    Facture::start_with(Facture::program(), "bench_", |command| {
        command.envs(settings.map(|(key, value)| (format!("FACTURE_NODE__{key}"), value)));
    })
}

fn path(path: &std::path::Path) -> anyhow::Result<String> {
    Ok(path.to_str().context("a plain path")?.to_owned())
}

fn creations(args: &Args, table: &mut Table, pair: &Pair, facture: &Facture) -> anyhow::Result<()> {
    let round = args.round().max(ROUND);
    let request = creation(&[]);
    for clients in CLIENTS {
        let name = create_name(clients);
        if !args.wants(&name) {
            continue;
        }
        let mut pairs = Pairs::default();
        let bare = || load::run(clients, round, async || Maker::open(pair));
        let ours = || {
            load::visit(facture.address, clients, round, 201, |_, bytes| {
                bytes.extend_from_slice(&request);
            })
        };
        for number in 0..args.rounds {
            // LND gets slower with each invoice that it has: neither is always the second.
            let (bare, ours) = if number % 2 == 0 {
                (bare()?, ours()?)
            } else {
                let ours = ours()?;
                (bare()?, ours)
            };
            pairs.add(bare.rate, ours.rate);
        }
        let goal = match clients {
            1 => Goal::None,
            _ => Goal::AtLeast(0.85),
        };
        table.add(pairs.row(&name, goal, String::new())?)?;
    }
    Ok(())
}

/// One that makes invoices, one after the other, which are none of facture's.
struct Maker(Client);

impl Maker {
    fn open(pair: &Pair) -> anyhow::Result<Self> {
        Ok(Self(client(pair)?))
    }
}

impl Worker for Maker {
    async fn once(&mut self, _: u32) -> anyhow::Result<()> {
        let preimage = Preimage::from_bytes(rand::random());
        let new = AddInvoice {
            preimage: &preimage,
            amount: Amount::Exact(Msat::from_sat(1000).context("an amount")?),
            description: Description::Text("Two bags of tea"),
            expiry: Expiry::from_seconds(3600)?,
            hints: Hints::None,
        };
        self.0.add_invoice(&new).await?;
        Ok(())
    }
}

/// A client with one connection, and one for a stream.
fn client(pair: &Pair) -> anyhow::Result<Client> {
    let merchant = &pair.merchant;
    let endpoint = Endpoint::new(
        &merchant.rest_url().parse()?,
        &merchant.certificate_file(),
        &merchant.macaroon_file("checkout"),
    )?;
    Ok(Client::new(Options {
        endpoint,
        deadline: Duration::from_secs(20),
        connections: 1,
        queue: 1,
        node: None,
    }))
}

/// How much later, in milliseconds: each payment of each round.
async fn lateness(pair: &Pair, facture: &Facture, rounds: u32) -> anyhow::Result<Vec<Vec<f64>>> {
    let client = client(pair)?;
    let mut listener = listener(&client).await?;
    let mut measured = Vec::new();
    // The first one is for warming up.
    for round in 0..=rounds {
        let mut late = Vec::new();
        for _ in 0..PAYMENTS {
            let invoice = create(facture).await?;
            let hash: PaymentHash = text(&invoice, "payment_hash")?.parse()?;
            let path = format!("/check_invoice/{}/events", text(&invoice, "label")?);
            let accept = [("accept", "text/event-stream")];
            let mut events = Events::open(facture.address, &path, &accept).await?;
            events.next("invoice.created").await?;
            let bolt11 = text(&invoice, "bolt11")?;
            let paying = async { pair.pay(&bolt11, None).await };
            let hearing = async {
                loop {
                    let event = listener.next().await?.context("the stream ended")?;
                    if event.payment_hash() == Some(hash) && event.settle_index() > 0 {
                        return anyhow::Ok(Instant::now());
                    }
                }
            };
            let showing = async {
                events.next("invoice.paid").await?;
                anyhow::Ok(Instant::now())
            };
            let (_, heard, shown) = tokio::try_join!(paying, hearing, showing)?;
            late.push(later_ms(shown, heard));
        }
        if round > 0 {
            measured.push(late);
        }
    }
    Ok(measured)
}

/// A bare stream of invoices.
async fn listener(client: &Client) -> anyhow::Result<Subscription> {
    let newest = client.list(Page::Newest, 1).await?;
    let add_index = newest.last().map_or(0, |newest| newest.add_index());
    let after = Cursor {
        add_index,
        settle_index: 0,
    };
    Ok(client.subscribe(after).await?)
}

async fn create(facture: &Facture) -> anyhow::Result<Value> {
    let mut connection = Connection::open(facture.address).await?;
    let answer = connection.exchange(&creation(&[])).await?;
    Ok(serde_json::from_slice(answer.expect(201)?)?)
}
