//! From a payment to who waits for it: a page's event stream and a webhook's receiver, each beside a bare
//! `waitanyinvoice` that hears of the same payment.

use std::{net::SocketAddr, time::Instant};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use crate::{
    Args, http,
    http::Connection,
    payment::{Payments, later_ms},
    process::TOKEN,
    sse::{self, Events},
    table::{Goal, Row, Spread, Table, percentile},
    world::{Made, World},
};

/// So many in a round.
const PAYMENTS: usize = 60;

#[derive(Clone, Copy, PartialEq)]
enum Channel {
    Stream,
    Webhook,
}

/// A channel, which percentile of its lateness, and how much that may be, in milliseconds.
const ROWS: [(Channel, &str, f64, Goal); 4] = [
    (
        Channel::Stream,
        "payment to SSE, p50",
        0.5,
        Goal::AtMost(1.0),
    ),
    (
        Channel::Stream,
        "payment to SSE, p99",
        0.99,
        Goal::AtMost(5.0),
    ),
    (
        Channel::Webhook,
        "payment to webhook, p50",
        0.5,
        Goal::AtMost(3.0),
    ),
    (
        Channel::Webhook,
        "payment to webhook, p99",
        0.99,
        Goal::None,
    ),
];

pub(super) fn names() -> Vec<String> {
    ROWS.map(|(_, name, ..)| name.to_owned()).into()
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    for channel in [Channel::Stream, Channel::Webhook] {
        let rows = ROWS.into_iter().filter(|row| row.0 == channel);
        let rows: Vec<_> = rows.filter(|row| args.wants(row.1)).collect();
        if rows.is_empty() {
            continue;
        }
        let world = World::start(args)?;
        let Some(rounds) = world.block_on(measure(&world, channel, args.rounds))? else {
            for (_, name, ..) in rows {
                table.skipped(name, "nobody pays: --payer-rpc-file names a node that does")?;
            }
            continue;
        };
        let all = rounds.concat();
        for (_, name, part, goal) in rows {
            let result = if part == 0.5 {
                let medians = rounds.iter().map(|round| percentile(round, part));
                Spread::of(&medians.collect::<Vec<_>>())?
            } else {
                // Of all: a round is too short for it.
                Spread::at(&all, part)?
            };
            let note = format!("later than waitanyinvoice; {} payments", all.len());
            table.add(Row::alone(name, (result, "ms"), goal, note))?;
        }
    }
    Ok(())
}

/// How much later, in milliseconds: each payment of each round.
async fn measure(
    world: &World,
    channel: Channel,
    rounds: u32,
) -> anyhow::Result<Option<Vec<Vec<f64>>>> {
    let Some(mut payments) = Payments::on(world).await? else {
        return Ok(None);
    };
    let mut receiver = match channel {
        Channel::Webhook => Some(Receiver::start(world.facture.address).await?),
        Channel::Stream => None,
    };
    let mut measured = Vec::new();
    // The first one is for warming up.
    for round in 0..=rounds {
        let mut late = Vec::new();
        for invoice in world.make_some(PAYMENTS).await? {
            let (heard, told) = match &mut receiver {
                None => {
                    let mut events = follow(world, &invoice).await?;
                    tokio::try_join!(payments.pay(&invoice), async {
                        events.next("invoice.paid").await?;
                        Ok(Instant::now())
                    })?
                }
                Some(receiver) => {
                    tokio::try_join!(payments.pay(&invoice), receiver.told_of(&invoice.label))?
                }
            };
            late.push(later_ms(told, heard));
        }
        if round > 0 {
            measured.push(late);
        }
    }
    Ok(Some(measured))
}

/// What the page of an invoice opens, after the first event has come.
async fn follow(world: &World, invoice: &Made) -> anyhow::Result<Events> {
    let path = format!("/check_invoice/{}/events", invoice.label);
    let accept = [("accept", "text/event-stream")];
    let mut events = Events::open(world.facture.address, &path, &accept).await?;
    events.next("invoice.created").await?;
    Ok(events)
}

/// What a shop runs: it answers 204 and notes when each came.
pub(super) struct Receiver {
    arrivals: mpsc::UnboundedReceiver<(String, Instant)>,
}

impl Receiver {
    /// It is told of every payment.
    pub(super) async fn start(facture: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/paid", listener.local_addr()?);
        let (sender, arrivals) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // One that breaks off is missed by the one that waits for the payment.
                tokio::spawn(receive(stream, sender.clone()));
            }
        });
        let body = json!({ "url": url, "types": ["invoice.paid"] }).to_string();
        let request = http::post(
            "/api/v1/webhooks",
            &[("authorization", &format!("Bearer {TOKEN}"))],
            "application/json",
            &body,
        );
        let mut connection = Connection::open(facture).await?;
        connection.exchange(&request).await?.expect(201)?;
        Ok(Self { arrivals })
    }

    /// When it was told that this invoice is paid.
    pub(super) async fn told_of(&mut self, label: &str) -> anyhow::Result<Instant> {
        while let Some((told, at)) = self.arrivals.recv().await {
            if told == label {
                return Ok(at);
            }
        }
        anyhow::bail!("the receiver ended")
    }
}

async fn receive(
    mut stream: TcpStream,
    arrivals: mpsc::UnboundedSender<(String, Instant)>,
) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::new();
    while stream.read_buf(&mut bytes).await? > 0 {
        let Some(whole) = request_length(&bytes)? else {
            continue;
        };
        let at = Instant::now();
        let request = String::from_utf8_lossy(bytes.get(..whole).unwrap_or_default()).into_owned();
        bytes.drain(..whole);
        arrivals.send((sse::label(&request)?.to_owned(), at))?;
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
    }
    Ok(())
}

/// `None` while it is not whole.
fn request_length(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes)? else {
        return Ok(None);
    };
    let length = request
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body: usize = match length {
        Some(length) => std::str::from_utf8(length.value)?.parse()?,
        None => 0,
    };
    Ok((bytes.len() >= head + body).then_some(head + body))
}
