//! Making invoices by the form and by the API, beside bare calls of `invoice` on as many connections to the same node. A till
//! that does nothing but ask the node and write its answer down is measured too: how much of that is left to a server.

use std::time::Duration;

use crate::{
    Args, http, load,
    load::Done,
    node::Maker,
    process::Bare,
    table::{Goal, Pairs, Table},
    world::{World, creation},
};

const CLIENTS: [u32; 3] = [1, 8, 64];

/// At least so long on a real node.
const REAL_ROUND: Duration = Duration::from_millis(1500);

/// How it is asked for.
const WAYS: [Way; 4] = [Way::BareTill, Way::Form, Way::Api, Way::ApiWithKey];

#[derive(Clone, Copy)]
enum Way {
    /// Not ours, so that it comes right after the bare calls.
    BareTill,
    /// As a browser does, each time with a fresh form.
    Form,
    Api,
    /// With an `Idempotency-Key`, each time another.
    ApiWithKey,
}

pub(super) fn names() -> Vec<String> {
    CLIENTS
        .iter()
        .flat_map(|clients| WAYS.map(|way| name(way, *clients)))
        .collect()
}

fn name(way: Way, clients: u32) -> String {
    let way = match way {
        Way::Form => "create by form",
        Way::Api => "create by API",
        Way::ApiWithKey => "create by API with Idempotency-Key",
        Way::BareTill => "create by a bare till",
    };
    format!("{way}, {clients}")
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let world = World::start(args)?;
    let till = Bare::till(&world.rpc_file)?;
    // The first calls of all, for connections and pages of memory.
    world.make(100)?;
    let (goal, round) = if world.is_sandbox() {
        (0.5, args.round())
    } else {
        // A slow node has answered 64 clients a few times only.
        (0.95, args.round().max(REAL_ROUND))
    };
    let goal = Goal::AtLeast(goal);
    for clients in CLIENTS {
        let ways: Vec<Way> = WAYS
            .into_iter()
            .filter(|way| args.wants(&name(*way, clients)))
            .collect();
        if ways.is_empty() {
            continue;
        }
        let mut pairs: Vec<Pairs> = ways.iter().map(|_| Pairs::default()).collect();
        for _ in 0..args.rounds {
            let bare = load::run(clients, round, async || {
                Maker::open(world.rpc_file.clone()).await
            })?;
            for (way, pairs) in ways.iter().zip(&mut pairs) {
                pairs.add(bare.rate, visit(*way, &world, &till, clients, round)?.rate);
            }
        }
        for (way, pairs) in ways.iter().zip(&pairs) {
            let goal = match way {
                Way::BareTill => Goal::None,
                Way::Form | Way::Api | Way::ApiWithKey => goal,
            };
            table.add(pairs.row(&name(*way, clients), goal, String::new())?)?;
        }
    }
    Ok(())
}

fn visit(
    way: Way,
    world: &World,
    till: &Bare,
    clients: u32,
    round: Duration,
) -> anyhow::Result<Done> {
    let address = world.facture.address;
    let plain = creation(&[]);
    match way {
        Way::Form => load::visit(address, clients, round, 303, |_, bytes| {
            let once = rand::random::<u128>();
            let fields = format!("amount=1000&description=Two+bags+of+tea&once={once:032x}");
            let browser = [("accept", "text/html,application/xhtml+xml")];
            let kind = "application/x-www-form-urlencoded";
            *bytes = http::post("/create_invoice", &browser, kind, &fields);
        }),
        Way::Api => load::visit(address, clients, round, 201, |_, bytes| {
            bytes.extend_from_slice(&plain);
        }),
        Way::ApiWithKey => load::visit(address, clients, round, 201, |_, bytes| {
            let key = format!("{:032x}", rand::random::<u128>());
            *bytes = creation(&[("idempotency-key", &key)]);
        }),
        Way::BareTill => load::visit(till.address, clients, round, 201, |_, bytes| {
            let label = format!("{:032x}", rand::random::<u128>());
            *bytes = http::post("/", &[], "text/plain", &label);
        }),
    }
}
