//! The contract against a real lnd: a regtest pair, where the payer's node pays the merchant's invoices.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

#[allow(dead_code, reason = "a part of it is for lightningd")]
mod contract;
#[allow(dead_code, reason = "a part of it is for lightningd")]
mod harness;
mod killable;

use std::{path::Path, time::Duration};

use contract::{Channels, World};
use facture::{config::NodeKind, web::Mode};
use facture_domain::{Amount, EventKind, Expiry, Msat, Preimage, Status};
use facture_node::lnd::{
    AddInvoice, Client, Description, Endpoint, Hints, Options, Page, bakemacaroon,
};
use facture_store::Store;
use facture_test_support::{lnd::Pair, mixed::Mixed};
use harness::Server;
use killable::Killable;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A pair whose merchant lets facture in with the macaroon that the printed command makes.
struct Lnd {
    pair: Pair,
    settings: Vec<(&'static str, String)>,
}

impl Lnd {
    async fn start() -> Self {
        let pair = Pair::start().await.expect("a pair");
        pair.bake(&bakemacaroon()).await.expect("baked");
        let settings = settings(&pair.merchant);
        Self { pair, settings }
    }

    fn settings<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let own = self.settings.iter();
        let own = own.map(|(key, value)| (*key, value.as_str()));
        own.chain(more.iter().copied()).collect()
    }

    /// Another program with all rights.
    fn other_program(&self) -> Client {
        let merchant = &self.pair.merchant;
        let url = merchant.rest_url().parse().expect("an address");
        let macaroon = merchant.macaroon_file("admin");
        let endpoint = Endpoint::new(&url, &merchant.certificate_file(), &macaroon);
        Client::new(Options {
            endpoint: endpoint.expect("an endpoint"),
            deadline: Duration::from_secs(10),
            connections: 1,
            queue: 10,
            node: None,
        })
    }
}

/// The settings by which a facture reaches this node with the macaroon `checkout`.
fn settings(lnd: &facture_lab::Lnd) -> Vec<(&'static str, String)> {
    let path = |path: &Path| path.to_str().expect("a plain path").to_owned();
    vec![
        ("NODE__KIND", "lnd".to_owned()),
        ("NODE__LND_URL", lnd.rest_url()),
        ("NODE__TLS_CERT_FILE", path(&lnd.certificate_file())),
        ("NODE__MACAROON_FILE", path(&lnd.macaroon_file("checkout"))),
    ]
}

impl World for Lnd {
    fn node(&self) -> NodeKind {
        NodeKind::Lnd
    }

    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        let config = harness::config(&self.settings(settings));
        Server::start(config, Mode::Live).await
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) {
        self.pair
            .pay(bolt11, amount_msat)
            .await
            .expect("the payer pays");
    }

    async fn foreign_invoice(&self, label: &str) {
        let preimage = Preimage::from_bytes(rand::random());
        let new = AddInvoice {
            preimage: &preimage,
            amount: Amount::Exact(Msat::from_sat(1).expect("an amount")),
            description: Description::Text(label),
            expiry: Expiry::MAX,
            hints: Hints::None,
        };
        let added = self.other_program().add_invoice(&new).await;
        added.expect("another program's invoice");
    }

    async fn delete(&self, invoice: &Value, _unpaid: &str) {
        let hash = invoice["payment_hash"].as_str().expect("a payment hash");
        let hash = hash.parse().expect("a payment hash");
        let cancelled = self.other_program().cancel(hash).await;
        cancelled.expect("another program cancels it");
    }

    async fn invoices(&self) -> usize {
        let all = self.other_program().list(Page::After(0), 10_000).await;
        all.expect("a list").len()
    }

    async fn let_a_second_pass(&self) {
        // The node's clock is the real one: whoever asks until it happens waits for it.
    }

    fn channels(&self) -> Channels {
        Channels::Hidden
    }
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn the_contract_holds() {
    let lnd = Lnd::start().await;
    // It never had an invoice.
    contract::the_node_is_reported(&lnd).await;
    contract::all(&lnd).await;
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn a_node_that_stops_crashes_compacts_its_database_and_comes_back() {
    let mut lnd = Lnd::start().await;
    let server = lnd.server(&[("NODE__DEADLINE_SECONDS", "3")]).await;
    let invoice = server.create("5", "before").await;
    let path = contract::path_of(&invoice);
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11").to_owned();

    lnd.pair.merchant.stop().await.expect("a stop in order");
    contract::while_the_node_is_away(&server, &invoice).await;
    lnd.pair.merchant.set_options(&[
        "--db.bolt.auto-compact",
        "--db.bolt.auto-compact-min-age=0s",
    ]);
    lnd.pair.merchant.start().await.expect("a start");
    server.json_until(&path, |answer| *answer == invoice).await;

    lnd.pair.merchant.kill().await.expect("a crash");
    contract::while_the_node_is_away(&server, &invoice).await;
    lnd.pair.merchant.start().await.expect("a start");
    lnd.pair.reconnect().await.expect("connected");
    World::pay(&lnd, &bolt11, None).await;
    server
        .json_until(&path, |answer| answer["status"] == "paid")
        .await;
    let stopped = tokio::time::timeout(Duration::from_secs(15), server.stop()).await;
    stopped.expect("in time").expect("in order");
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn both_are_killed_and_no_payment_is_lost() {
    let mut lnd = Lnd::start().await;
    let records = tempfile::tempdir().expect("a directory");
    let (mut paid, mut open) = (Vec::new(), Vec::new());
    for round in 0..4 {
        let mut facture = Killable::start(records.path(), &lnd.settings(&[])).await;
        let during = facture.create(&format!("{round} paid as it dies")).await;
        let meanwhile = facture
            .create(&format!("{round} paid while it is dead"))
            .await;
        open.push(facture.create(&format!("{round} not paid")).await);
        let bolt11 = |invoice: &Value| invoice["bolt11"].as_str().expect("a bolt11").to_owned();
        let dying = bolt11(&during);
        let (payment, killed) = tokio::join!(lnd.pair.pay(&dying, None), facture.child.kill());
        payment.expect("the payer pays");
        killed.expect("SIGKILL");
        if round % 2 == 1 {
            lnd.pair.merchant.kill().await.expect("SIGKILL");
            lnd.pair.merchant.start().await.expect("a start");
            lnd.pair.reconnect().await.expect("connected");
        }
        World::pay(&lnd, &bolt11(&meanwhile), None).await;
        paid.extend([during, meanwhile]);
    }
    let mut facture = Killable::start(records.path(), &lnd.settings(&[])).await;
    for (invoices, status) in [(&paid, "paid"), (&open, "unpaid")] {
        for invoice in invoices {
            assert_eq!(
                facture.find(invoice).await["status"],
                status,
                "{}",
                invoice["description"]
            );
        }
    }
    // It has the records until it has ended.
    facture.child.kill().await.expect("SIGKILL");
    let store = Store::open(records.path()).await.expect("the records");
    let log = store
        .events(0, &EventKind::ALL, 1000)
        .await
        .expect("the log");
    let payments: Vec<_> = log
        .iter()
        .filter_map(|event| {
            let invoice = event.payload.invoice().expect("an invoice");
            match (&event.kind, &invoice.status) {
                (EventKind::Paid, Status::Paid(settlement)) => Some(settlement.pay_index),
                _ => None,
            }
        })
        .collect();
    assert_eq!(payments.len(), paid.len(), "each once");
    assert!(
        payments.is_sorted(),
        "in the order of the payments: {payments:?}"
    );
    let created = log.iter().filter(|event| event.kind == EventKind::Created);
    assert_eq!(created.count(), paid.len() + open.len());
}

/// A checkout on each of them: lightningd pays LND's, and LND pays lightningd's from what it has received.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd, lightning-cli, lnd and lncli on PATH"]
async fn a_mixed_pair_pays_both_ways() {
    let pair = Mixed::start().await.expect("a mixed pair");
    pair.bake(&bakemacaroon()).await.expect("baked");
    let settings = settings(&pair.lnd);
    let settings: Vec<_> = settings
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    let on_lnd = Server::start(harness::config(&settings), Mode::Live).await;
    let on_cln = contract::live_server(pair.cln.socket(), &[]).await;
    for round in 0..2 {
        // More than the hundredth of the channel that LND must keep.
        let sold = on_lnd.create("300000", &format!("{round} by LND")).await;
        let bolt11 = sold["bolt11"].as_str().expect("a bolt11");
        pair.cln_pays(bolt11).await.expect("lightningd pays");
        let (_, read) = on_lnd.json(&contract::path_of(&sold)).await;
        assert_eq!(read["status"], "paid");
        let sold = on_cln.create("20000", &format!("{round} by CLN")).await;
        let bolt11 = sold["bolt11"].as_str().expect("a bolt11");
        pair.lnd_pays(bolt11).await.expect("LND pays");
        let (_, read) = on_cln.json(&contract::path_of(&sold)).await;
        assert_eq!(read["status"], "paid");
    }
}

const TOKEN: &str = "a-token-for-the-holds-of-a-real-lnd";

/// Asks the API to create a hold invoice.
async fn create_hold(server: &Server, description: &str) -> Value {
    let order = json!({ "amount_sat": 2500, "description": description, "hold": true });
    let (status, invoice) = post(server, "/api/v1/invoices", &order).await;
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    invoice
}

async fn post(server: &Server, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = server.request(Method::POST, path).bearer_auth(TOKEN);
    harness::json(request.json(body).send().await).await
}

/// Decides about a hold invoice, and waits until it is in this state.
async fn decide(server: &Server, invoice: &Value, decision: &str, state: &str) {
    let label = invoice["label"].as_str().expect("a label");
    let path = format!("/api/v1/invoices/{label}/{decision}");
    let (status, decided) = post(server, &path, &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{decided}");
    assert_eq!(decided["status"], state, "{decided}");
}

/// What is held survives a kill of the node, is settled once, and goes back when it is cancelled; and the page of an invoice
/// follows by itself.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn a_held_payment_is_settled_or_sent_back() {
    let mut lnd = Lnd::start().await;
    let server = lnd.server(&[("API_TOKEN", TOKEN)]).await;
    let accepted = |read: &Value| read["status"] == "accepted";
    let bolt11 = |invoice: &Value| invoice["bolt11"].as_str().expect("a bolt11").to_owned();

    let sold = create_hold(&server, "settled").await;
    let paying = lnd.pair.start_paying(&bolt11(&sold)).expect("it begins");
    server.json_until(&contract::path_of(&sold), accepted).await;
    let stream = format!("{}/events", contract::path_of(&sold));
    let stream = server.request(Method::GET, &stream).send().await;
    let stream = stream.expect("an answer");
    lnd.pair.merchant.kill().await.expect("SIGKILL");
    lnd.pair.merchant.start().await.expect("a start");
    lnd.pair.reconnect().await.expect("connected");
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    decide(&server, &sold, "settle", "paid").await;
    decide(&server, &sold, "settle", "paid").await;
    paying
        .succeeded()
        .await
        .expect("the payer has its preimage");
    let told = stream.text().await.expect("it ends with the payment");
    let kinds: Vec<_> = told
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .filter(|kind| *kind != "heartbeat")
        .collect();
    assert_eq!(
        kinds,
        ["invoice.created", "invoice.accepted", "invoice.paid"],
        "{told}"
    );

    let returned = create_hold(&server, "sent back").await;
    let paying = lnd
        .pair
        .start_paying(&bolt11(&returned))
        .expect("it begins");
    server
        .json_until(&contract::path_of(&returned), accepted)
        .await;
    decide(&server, &returned, "cancel", "cancelled").await;
    assert!(paying.succeeded().await.is_err(), "the payer has it back");
}

/// Texts and files are sold on LND; a word is not there, as labels follow from preimages.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn a_text_and_a_file_are_sold_and_opened_with_the_receipt() {
    let lnd = Lnd::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("book.pdf");
    let book: Vec<u8> = (0..100_000_u32)
        .map(|place| place.to_le_bytes()[0])
        .collect();
    std::fs::write(&file, &book).expect("a file");
    let mut config = harness::config(&lnd.settings(&[]));
    let items = [
        json!({ "id": "poem", "title": "A poem", "price_sat": 21, "text": "Roses are red" }),
        json!({ "id": "book", "title": "A book", "price_sat": 21, "file": file }),
        json!({ "id": "word", "title": "A word", "price_sat": 21, "word": "swordfish" }),
    ];
    let item = |item| serde_json::from_value(item).expect("an item");
    config.reveal = items.map(item).into();
    let server = Server::start(config, Mode::Live).await;
    let word = server.request(Method::GET, "/reveal/word").send().await;
    assert_eq!(word.expect("an answer").status(), StatusCode::NOT_FOUND);
    for (item, content) in [("poem", b"Roses are red".as_slice()), ("book", &book)] {
        let request = server.request(Method::POST, &format!("/reveal/{item}"));
        let request = request.header("accept", "application/json").send().await;
        let (status, sale) = harness::json(request).await;
        assert_eq!(status, StatusCode::CREATED, "{sale}");
        let path = contract::path_of(&sale);
        let download = async |what: &str| {
            let request = server.request(Method::GET, &format!("{path}/{what}"));
            let answer = request.send().await.expect("an answer");
            (answer.status(), answer.bytes().await.expect("a body"))
        };
        assert_eq!(download("content").await.0, StatusCode::PAYMENT_REQUIRED);
        let (status, sealed) = download("sealed").await;
        assert_eq!(status, StatusCode::OK);
        let bolt11 = sale["bolt11"].as_str().expect("an invoice");
        let receipt = lnd.pair.pay(bolt11, None).await.expect("the payer pays");
        assert_eq!(
            download("content").await,
            (StatusCode::OK, content.to_vec().into())
        );
        let receipt = Preimage::parse(&receipt).expect("a preimage");
        // What was opened is not `Debug`: it is what was sold.
        let opened = facture::reveal::open(&receipt, &sealed).map(|opened| opened.bytes);
        assert_eq!(opened.as_deref(), Ok(content));
    }
}
