//! What a wallet reads first of a Lightning Address and of a payment link (LNURL-pay), beside a paid invoice's status in JSON, which
//! the same server answers from memory.

use std::net::SocketAddr;

use anyhow::Context;

use crate::{
    Args,
    http::{self, Connection},
    load,
    process::TOKEN,
    table::{Goal, Pairs, Table},
    world::World,
};

/// What is read, and what it is called.
const READ: [(&str, &str); 2] = [
    ("/.well-known/lnurlp/shop", "an address"),
    ("/lnurl/l/tea", "a payment link"),
];

const CLIENTS: [u32; 2] = [1, 16];

/// It may take twice as long.
const GOAL: Goal = Goal::AtLeast(0.5);

pub(super) fn names() -> Vec<String> {
    let names = READ.map(|(_, of)| CLIENTS.map(|clients| name(of, clients)));
    names.into_iter().flatten().collect()
}

fn name(of: &str, clients: u32) -> String {
    format!("first LNURL answer of {of}, {clients}")
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let world = World::start(args)?;
    let Some(paid) = world.make_paid(1)? else {
        return table.skipped(
            &names().join("; "),
            "nobody pays: --payer-rpc-file names a node that does",
        );
    };
    let address = world.facture.address;
    world.block_on(make_link(address))?;
    let accept = [("accept", "application/json")];
    let invoice = paid.first().context("an invoice was paid")?;
    let status = http::get(&format!("/check_invoice/{}", invoice.label), &accept);
    let read = |request: &[u8], clients, lasts| {
        load::visit(address, clients, lasts, 200, |_, bytes| {
            bytes.extend_from_slice(request);
        })
    };
    for (path, of) in READ {
        let request = http::get(path, &accept);
        let bytes = world.block_on(length(address, &request))?;
        for clients in CLIENTS {
            let name = name(of, clients);
            if !args.wants(&name) {
                continue;
            }
            // Caches and branch predictors.
            read(&status, clients, args.round() / 4)?;
            read(&request, clients, args.round() / 4)?;
            let mut pairs = Pairs::default();
            for _ in 0..args.rounds {
                let known = read(&status, clients, args.round())?.rate;
                pairs.add(known, read(&request, clients, args.round())?.rate);
            }
            let note = format!("{bytes} B; beside the status of a paid invoice");
            table.add(pairs.row(&name, GOAL, note)?)?;
        }
    }
    Ok(())
}

async fn length(address: SocketAddr, request: &[u8]) -> anyhow::Result<usize> {
    let mut connection = Connection::open(address).await?;
    Ok(connection.exchange(request).await?.expect(200)?.len())
}

async fn make_link(address: SocketAddr) -> anyhow::Result<()> {
    let authorization = format!("Bearer {TOKEN}");
    let headers = [("authorization", authorization.as_str())];
    let body = r#"{"title":"Tea","amount":"5","limit":100}"#;
    let request = http::put("/api/v1/links/tea", &headers, "application/json", body);
    let mut connection = Connection::open(address).await?;
    connection.exchange(&request).await?.expect(201).map(drop)
}
