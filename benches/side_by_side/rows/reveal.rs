//! From a payment to what was bought on its page (pay to reveal), beside a bare `waitanyinvoice` that hears of the same payment:
//! the page's event stream says that it is paid, then the page is fetched again, as a browser does.

use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::{
    Args, http,
    http::Connection,
    node::text,
    payment::{Payments, later_ms},
    process::TOKEN,
    sse::Events,
    table::{Goal, Row, Spread, Table, percentile},
    world::{Made, World},
};

const NAME: &str = "payment to reveal on the page, p50";

/// So many in a round.
const PAYMENTS: usize = 40;

/// What is sold.
const ITEM: &str = "/reveal/poem";
const CONTENT: &str = "Roses are red, violets are blue";

pub(super) fn names() -> Vec<String> {
    vec![NAME.to_owned()]
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let world = World::start(args)?;
    let Some(rounds) = world.block_on(measure(&world, args.rounds))? else {
        return table.skipped(NAME, "nobody pays: --payer-rpc-file names a node that does");
    };
    let medians = rounds.iter().map(|round| percentile(round, 0.5));
    let result = Spread::of(&medians.collect::<Vec<_>>())?;
    let payments: usize = rounds.iter().map(Vec::len).sum();
    let note = format!("later than waitanyinvoice; {payments} payments");
    table.add(Row::alone(NAME, (result, "ms"), Goal::AtMost(5.0), note))
}

/// How much later, in milliseconds: each payment of each round.
async fn measure(world: &World, rounds: u32) -> anyhow::Result<Option<Vec<Vec<f64>>>> {
    let Some(mut payments) = Payments::on(world).await? else {
        return Ok(None);
    };
    let mut browser = Connection::open(world.facture.address).await?;
    offer(&mut browser).await?;
    let mut measured = Vec::new();
    // The first one is for warming up.
    for round in 0..=rounds {
        let mut late = Vec::new();
        for _ in 0..PAYMENTS {
            let sale = buy(&mut browser).await?;
            let path = format!("/check_invoice/{}", sale.label);
            let accept = [("accept", "text/event-stream")];
            let stream = format!("{path}/events");
            let mut events = Events::open(world.facture.address, &stream, &accept).await?;
            events.next("invoice.created").await?;
            let (heard, revealed) = tokio::try_join!(payments.pay(&sale), async {
                events.next("invoice.paid").await?;
                reveal(&mut browser, &path).await
            })?;
            late.push(later_ms(revealed, heard));
        }
        if round > 0 {
            measured.push(late);
        }
    }
    Ok(Some(measured))
}

async fn offer(browser: &mut Connection) -> anyhow::Result<()> {
    let body = format!(r#"{{"title":"A poem","price_msat":1000,"text":"{CONTENT}"}}"#);
    let authorization = format!("Bearer {TOKEN}");
    let headers = [("authorization", authorization.as_str())];
    let request = http::put("/api/v1/items/poem", &headers, "application/json", &body);
    browser.exchange(&request).await?.expect(201).map(drop)
}

async fn buy(browser: &mut Connection) -> anyhow::Result<Made> {
    let headers = [("accept", "application/json")];
    let request = http::post(ITEM, &headers, "application/x-www-form-urlencoded", "");
    let answer = browser.exchange(&request).await?;
    let made: Value = serde_json::from_slice(answer.expect(201)?)?;
    Ok(Made {
        label: text(&made, "label")?,
        bolt11: text(&made, "bolt11")?,
    })
}

/// When the page with what was bought was there.
async fn reveal(browser: &mut Connection, path: &str) -> anyhow::Result<Instant> {
    let request = http::get(path, &[("accept", "text/html")]);
    let answer = browser.exchange(&request).await?;
    let page = std::str::from_utf8(answer.expect(200)?).context("a page that is no text")?;
    let at = Instant::now();
    match page.contains(CONTENT) {
        true => Ok(at),
        false => bail!("the page of a paid sale does not have what was bought"),
    }
}
