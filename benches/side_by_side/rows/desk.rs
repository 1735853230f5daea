//! The merchant's desk over a million sales of a year: today's page, and the search, in all the ways in which it can be asked.

use std::time::Instant;

use anyhow::bail;
use facture_domain::{NodeId, desk::SecretText};
use rusqlite::Connection as Database;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    Args, filling,
    http::Connection,
    load,
    machine::DISK,
    node::{Caller, Maker, text},
    process::{Facture, Node},
    table::{Goal, Row, Spread, Table, percentile},
};

const SALES: u32 = 1_000_000;

/// How often each page is asked for in a round.
const OFTEN: usize = 20;

/// In milliseconds.
const GOAL: Goal = Goal::AtMost(100.0);

/// What a page has in it that shows a sale.
const FOUND: &str = "/desk/payments/facture_";

const TODAY: &str = "desk of 1,000,000 sales: today, p99";
const SEARCH: &str = "desk of 1,000,000 sales: search, p99";

pub(super) fn names() -> Vec<String> {
    [TODAY, SEARCH].map(str::to_owned).to_vec()
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let node = Node::start()?;
    let records = TempDir::new_in(DISK)?;
    let data = records.path().join("data");
    let runtime = Runtime::new()?;
    // The node has made invoices of its own, as one has after a year.
    load::run(8, args.round(), async || {
        Maker::open(node.rpc_file.clone()).await
    })?;
    runtime.block_on(async {
        let mut caller = Caller::open(&node.rpc_file).await?;
        let id = NodeId::new(text(&caller.call("getinfo", json!({})).await?, "id")?);
        let invoice = filling::invoice().await?;
        filling::fill_of(&id, &data, &invoice, SALES).await
    })?;
    let cookie = SecretText::random();
    let database = Database::open(data.join("facture.db"))?;
    spread_over_a_year(&database)?;
    sign_in(&database, &cookie)?;
    let searches = searches(&database)?;
    drop(database);
    let facture = Facture::start_in(records, Facture::program(), "facture_", |command| {
        command
            .arg("--rpc-file")
            .arg(&node.rpc_file)
            .env("FACTURE_DESK__ENABLED", "true");
    })?;
    let today = vec![("/desk".to_owned(), true)];
    for (name, paths) in [(TODAY, today), (SEARCH, searches)] {
        if !args.wants(name) {
            continue;
        }
        let all = runtime.block_on(ask(args, &facture, &cookie, &paths))?;
        let spread = Spread::at(&all, 0.99)?;
        let middle = percentile(&all, 0.5);
        let note = format!("{} different, p50 {middle:.1} ms", paths.len());
        table.add(Row::alone(name, (spread, "ms"), GOAL, note))?;
    }
    Ok(())
}

/// From a day or so to a year; what was not paid has expired; every sale has an order number, and every thousandth is for something
/// else.
fn spread_over_a_year(database: &Database) -> anyhow::Result<()> {
    database.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;
         UPDATE invoices SET created_at = unixepoch() - (unixepoch() - created_at) * 315,
             expires_at = unixepoch() - (unixepoch() - created_at) * 315 + 3600,
             paid_at = unixepoch() - (unixepoch() - paid_at) * 315,
             status = CASE status WHEN 'unpaid' THEN 'expired' ELSE status END,
             order_id = 'A-' || created_index,
             amount_received_msat = CASE WHEN status = 'paid' THEN 1000 * (created_index % 90000 + 1) ELSE amount_received_msat END,
             description = CASE created_index % 1000 WHEN 7 THEN 'A tin of matcha' ELSE description END;
         ANALYZE",
    )?;
    Ok(())
}

/// An accountant who has signed in.
fn sign_in(database: &Database, cookie: &SecretText) -> anyhow::Result<()> {
    database.execute(
        "INSERT INTO users (id, name, role, created_at) VALUES ('bench', 'bench', 'accountant', unixepoch())",
        [],
    )?;
    database.execute(
        "INSERT INTO sessions (id, hash, user_id, created_at, seen_at, expires_at, address, agent) \
         VALUES ('bench', ?1, 'bench', unixepoch(), unixepoch(), unixepoch() + 36000, '127.0.0.1', 'bench')",
        [cookie.hash().as_bytes()],
    )?;
    Ok(())
}

/// By order, payment hash, amount, a common text, a rare one and one that is nowhere; of one state, of one channel; with filters;
/// and whether each finds something.
fn searches(database: &Database) -> anyhow::Result<Vec<(String, bool)>> {
    let hash: String = database.query_row(
        "SELECT payment_hash FROM invoices WHERE created_index = 500000",
        [],
        |row| row.get(0),
    )?;
    let queries = [
        (String::new(), true),
        ("q=A-123456".to_owned(), true),
        ("q=A-1234567890".to_owned(), false),
        (format!("q={hash}"), true),
        ("q=21000+sat".to_owned(), true),
        ("q=bags".to_owned(), true),
        ("q=matcha".to_owned(), true),
        ("q=nowhere+at+all".to_owned(), false),
        ("state=paid".to_owned(), true),
        ("state=expired".to_owned(), true),
        ("state=unpaid".to_owned(), false),
        ("state=paid&q=matcha".to_owned(), true),
        ("channel=form".to_owned(), false),
        ("channel=api&state=paid".to_owned(), false),
    ];
    let path = |(query, finds): &(String, bool)| (format!("/desk/payments?{query}"), *finds);
    Ok(queries.iter().map(path).collect())
}

/// Milliseconds of each answer, in all rounds.
async fn ask(
    args: &Args,
    facture: &Facture,
    cookie: &SecretText,
    paths: &[(String, bool)],
) -> anyhow::Result<Vec<f64>> {
    let mut connection = Connection::open(facture.address).await?;
    let mut measured = Vec::new();
    // The first one is for warming up.
    for round in 0..=args.rounds {
        for (path, finds) in paths.iter().cycle().take(paths.len() * OFTEN) {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: facture_desk={}\r\naccept: text/html\r\n\r\n",
                facture.address,
                cookie.expose()
            );
            let begun = Instant::now();
            let answer = connection.exchange(request.as_bytes()).await?;
            if answer.status != 200 {
                bail!("{path} was answered with {}", answer.status);
            }
            if round > 0 {
                measured.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            let found = FOUND.as_bytes();
            if answer.body.windows(found.len()).any(|part| part == found) != *finds {
                bail!("{path} does not find what it should");
            }
        }
    }
    Ok(measured)
}
