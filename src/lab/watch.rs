//! `facture lab watch`: what happens to Bob's invoices, as his node tells it.

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::{Context, bail};
use facture_lab::{Cln, Lab, Lnd, Node};
use facture_node::lnd::{Client, Cursor, Endpoint, InvoiceState, Method, Options};
use serde_json::Value;

use super::output::sat;

/// For a call to Bob's node.
const DEADLINE: Duration = Duration::from_secs(10);

/// Prints a line for each event until it is stopped.
pub(super) async fn watch(lab: &Lab) -> anyhow::Result<()> {
    match &lab.bob {
        Node::Cln(bob) => {
            let created = newest(bob, "created").await?;
            let updated = newest(bob, "updated").await?;
            begin()?;
            tokio::try_join!(
                follow(bob, "created", created),
                follow(bob, "updated", updated)
            )?;
        }
        Node::Lnd(bob) => {
            let cursor = cursor(bob).await?;
            begin()?;
            subscribe(bob, cursor).await?;
        }
    }
    Ok(())
}

fn begin() -> io::Result<()> {
    let text = "Watching Bob's invoices. Ctrl-C stops.\n";
    io::stdout().write_all(text.as_bytes())?;
    io::stdout().flush()
}

/// In one piece, since a program may be reading it.
fn print(event: &str, msat: Option<u64>, description: &str, hash: &str) -> io::Result<()> {
    let amount = msat.map_or("any amount".to_owned(), sat);
    let line = format!("{event:<8} {amount:>12}  {description}  {hash}\n");
    io::stdout().write_all(line.as_bytes())?;
    io::stdout().flush()
}

/// lightningd's index of the last invoice that was created or updated (`wait`).
async fn newest(bob: &Cln, index: &str) -> anyhow::Result<u64> {
    let now = bob.ask(&["wait", "invoices", index, "0"]).await?;
    now[index].as_u64().context("an index")
}

/// Waits for the next index, and lists what has come.
async fn follow(bob: &Cln, index: &str, mut last: u64) -> anyhow::Result<()> {
    loop {
        let next = (last + 1).to_string();
        bob.wait(&["wait", "invoices", index, &next]).await?;
        let (by, start) = (format!("index={index}"), format!("start={next}"));
        let listed = bob.ask(&["-k", "listinvoices", &by, &start]).await?;
        let key = format!("{index}_index");
        for invoice in listed["invoices"].as_array().into_iter().flatten() {
            last = last.max(invoice[&key].as_u64().unwrap_or_default());
            let said = |key: &str| invoice[key].as_str().unwrap_or_default();
            let (event, amount) = match index {
                "created" => ("created", &invoice["amount_msat"]),
                _ => (said("status"), received(invoice)),
            };
            print(
                event,
                amount.as_u64(),
                said("description"),
                said("payment_hash"),
            )?;
        }
    }
}

fn received(invoice: &Value) -> &Value {
    match &invoice["amount_received_msat"] {
        Value::Null => &invoice["amount_msat"],
        received => received,
    }
}

/// lnd's indexes of the last invoice that was created, and of the last that was paid.
async fn cursor(bob: &Lnd) -> anyhow::Result<Cursor> {
    let listed = bob.json(&["listinvoices", "--max_invoices=100000"]).await?;
    let newest = |key: &str| {
        let all = listed["invoices"].as_array().into_iter().flatten();
        let indexes = all.filter_map(|invoice| invoice[key].as_str()?.parse().ok());
        indexes.max().unwrap_or_default()
    };
    Ok(Cursor {
        add_index: newest("add_index"),
        settle_index: newest("settle_index"),
    })
}

async fn subscribe(bob: &Lnd, cursor: Cursor) -> anyhow::Result<()> {
    let url = bob.rest_url().parse()?;
    let endpoint = Endpoint::new(
        &url,
        &bob.certificate_file(),
        &bob.macaroon_file("readonly"),
    )?;
    let client = Client::new(Options {
        endpoint,
        deadline: DEADLINE,
        connections: 1,
        queue: 1,
        node: None,
    });
    let mut events = client.subscribe(cursor).await?;
    while let Some(listed) = events.next().await? {
        let invoice = listed.read(Method::SubscribeInvoices)?;
        let paid = invoice.settlement.map(|settlement| settlement.amount);
        let event = match invoice.state {
            InvoiceState::Open => "created",
            InvoiceState::Accepted => "accepted",
            InvoiceState::Settled => "paid",
            InvoiceState::Canceled => "cancelled",
        };
        let amount = paid.or(invoice.amount).map(|amount| amount.msat());
        print(
            event,
            amount,
            &invoice.memo,
            &invoice.payment_hash.to_string(),
        )?;
    }
    bail!("Bob's node has ended the stream")
}
