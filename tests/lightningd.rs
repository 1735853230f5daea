//! The contract against a real lightningd: a regtest pair, where the payer's node pays the merchant's invoices.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod contract;
mod harness;
mod killable;

use std::time::Duration;

use bitcoin::hex::DisplayHex;
use contract::{Channels, World};
use facture::{
    app::Tokens,
    config::{Config, NodeTransport},
    web::Mode,
};
use facture_domain::{EventKind, Status};
use facture_node::{
    NodeTime,
    cln::{self, Client, Transport},
};
use facture_store::Store;
use facture_test_support::cln::{Regtest, Rest};
use facture_test_support::report::skipped;
use harness::{Server, json};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use killable::Killable;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

impl World for Regtest {
    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        contract::live_server(self.merchant_rpc(), settings).await
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) {
        let paid = match amount_msat {
            None => Regtest::pay(self, bolt11).await,
            Some(amount_msat) => self.pay_amount(bolt11, amount_msat).await,
        };
        paid.expect("the payer pays");
    }

    async fn foreign_invoice(&self, label: &str) {
        let label = format!("label={label}");
        self.merchant_cli(&[
            "-k",
            "invoice",
            "amount_msat=1000",
            &label,
            "description=not ours",
        ])
        .await
        .expect("another program's invoice");
    }

    async fn delete(&self, invoice: &Value, status: &str) {
        let label = invoice["label"].as_str().expect("a label");
        let deleted = self.merchant_cli(&["delinvoice", label, status]).await;
        deleted.expect("another program deletes it");
    }

    async fn invoices(&self) -> usize {
        let listed = self.merchant_cli(&["listinvoices"]).await.expect("a list");
        listed["invoices"].as_array().map_or(0, Vec::len)
    }

    async fn let_a_second_pass(&self) {
        // The node's clock is the real one: a test that polls until it happens waits for it.
    }
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn the_contract_holds() {
    let pair = Regtest::start().await.expect("a regtest pair");
    contract::all(&pair).await;
}

/// The pair, its merchant by clnrest with the rune that `facture rune` is for.
struct ByRest<'a> {
    pair: &'a Regtest,
    rest: Rest,
    rune: String,
}

impl ByRest<'_> {
    fn config(&self, settings: &[(&str, &str)]) -> Config {
        let ca_file = self.rest.ca_file.to_str().expect("plain");
        let mut all = vec![
            ("NODE__REST_URL", self.rest.url.as_str()),
            ("NODE__RUNE", &self.rune),
            ("NODE__CA_FILE", ca_file),
        ];
        all.extend(settings);
        harness::config(&all)
    }
}

impl World for ByRest<'_> {
    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        Server::start(self.config(settings), Mode::Live).await
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) {
        World::pay(self.pair, bolt11, amount_msat).await;
    }

    async fn foreign_invoice(&self, label: &str) {
        self.pair.foreign_invoice(label).await;
    }

    async fn delete(&self, invoice: &Value, status: &str) {
        World::delete(self.pair, invoice, status).await;
    }

    async fn invoices(&self) -> usize {
        self.pair.invoices().await
    }

    async fn let_a_second_pass(&self) {}

    fn channels(&self) -> Channels {
        Channels::Hidden
    }
}

/// The rune that the printed command makes, on this node.
async fn rune(pair: &Regtest) -> String {
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_facture"))
        .arg("rune")
        .output()
        .expect("it runs");
    let line = String::from_utf8(printed.stdout).expect("text");
    let made = pair.merchant_shell(&line).await.expect("a rune");
    let made: Value = serde_json::from_str(&made).expect("JSON");
    made["rune"].as_str().expect("a rune").to_owned()
}

/// The same contract, and what clnrest says where the sandbox's stand-in could be wrong: runes that do not fit, the node
/// away.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn the_contract_holds_by_clnrest() {
    let mut pair = Regtest::start().await.expect("a regtest pair");
    let Some(rest) = pair.merchant_rest().await.expect("a start") else {
        return skipped("this lightningd is without clnrest");
    };
    let rune = rune(&pair).await;
    let world = ByRest {
        pair: &pair,
        rest,
        rune,
    };
    contract::all(&world).await;

    let server = world.server(&[("NODE__DEADLINE_SECONDS", "3")]).await;
    let invoice = server.create("5", "before").await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;

    for (spoilt, words) in [
        ("foo".to_owned(), "not one of this node's"),
        (
            world.rune.replacen(|_: char| true, "A", 8),
            "not one of this node's",
        ),
    ] {
        let refused = refused(&world, &spoilt).await;
        assert!(
            refused.contains(words) && !refused.contains(&spoilt),
            "{refused}"
        );
    }
    let narrow = pair
        .merchant_cli(&["createrune", "restrictions=[[\"method=getinfo\"]]"])
        .await
        .expect("a rune");
    let narrow = narrow["rune"].as_str().expect("a rune").to_owned();
    let refused = refused(&world, &narrow).await;
    assert!(refused.contains("does not allow it"), "{refused}");
    rights_show(&world, &narrow).await;

    let ByRest { rest, rune, .. } = world;
    pair.stop_merchant().await.expect("a stop in order");
    contract::while_the_node_is_away(&server, &invoice).await;
    pair.start_merchant().await.expect("a start");
    let path = contract::path_of(&invoice);
    server.json_until(&path, |answer| *answer == invoice).await;
    pair.kill_merchant().await.expect("a crash");
    contract::while_the_node_is_away(&server, &invoice).await;
    pair.start_merchant().await.expect("a start");
    let world = ByRest {
        pair: &pair,
        rest,
        rune,
    };
    World::pay(&world, invoice["bolt11"].as_str().expect("a bolt11"), None).await;
    server
        .json_until(&path, |answer| answer["status"] == "paid")
        .await;
}

/// What a call by this rune ends in.
async fn refused(world: &ByRest<'_>, rune: &str) -> String {
    let error = client(world, rune).updated_index().await;
    let error = error.expect_err("refused");
    assert!(matches!(error, cln::Error::Forbidden { .. }), "{error:?}");
    error.to_string()
}

/// What `facture doctor` finds out: the printed rune allows just what is needed, and others too little or too much.
async fn rights_show(world: &ByRest<'_>, narrow: &str) {
    let own = client(world, &world.rune);
    assert_eq!(own.refused_calls().await.expect("answers"), []);
    assert!(own.excess_rights().is_empty());
    let narrow = client(world, narrow);
    let refused = narrow.refused_calls().await.expect("answers");
    assert_eq!(refused.len(), cln::Method::in_rune().count() - 1);
    let made = world.pair.merchant_cli(&["createrune"]).await;
    let made = made.expect("a rune");
    let everything = client(world, made["rune"].as_str().expect("a rune"));
    assert_eq!(everything.refused_calls().await.expect("answers"), []);
    assert_eq!(everything.excess_rights(), ["every method"]);
    let NodeTime::Told(nodes) = own.time().await.expect("an answer") else {
        panic!("clnrest says its time");
    };
    let apart = nodes.duration_since(Timestamp::now()).abs();
    assert!(apart < SignedDuration::from_secs(5), "{apart:?}");
}

/// A client with this rune.
fn client(world: &ByRest<'_>, rune: &str) -> Client {
    let config = world.config(&[("NODE__RUNE", rune)]);
    let NodeTransport::Rest { url, rune, ca } = config.node.transport().expect("a transport")
    else {
        panic!("it is by clnrest");
    };
    Client::new(cln::Options {
        transport: Transport::Rest(cln::Rest::new(&url, rune, ca.as_deref()).expect("usable")),
        deadline: Duration::from_secs(10),
        connections: 1,
        queue: 1,
        node: None,
    })
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_node_that_stops_crashes_and_comes_back() {
    let mut pair = Regtest::start().await.expect("a regtest pair");
    let server = pair.server(&[("NODE__DEADLINE_SECONDS", "3")]).await;
    let invoice = server.create("5", "before").await;
    let path = contract::path_of(&invoice);
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11").to_owned();

    pair.stop_merchant().await.expect("a stop in order");
    contract::while_the_node_is_away(&server, &invoice).await;
    pair.start_merchant().await.expect("a start");
    server.json_until(&path, |answer| *answer == invoice).await;

    pair.kill_merchant().await.expect("a crash");
    contract::while_the_node_is_away(&server, &invoice).await;
    pair.start_merchant().await.expect("a start");
    pair.pay(&bolt11).await.expect("the payer pays");
    server
        .json_until(&path, |answer| answer["status"] == "paid")
        .await;
    let stopped = tokio::time::timeout(Duration::from_secs(15), server.stop()).await;
    stopped.expect("in time").expect("in order");
}

/// Whoever may do everything with payouts: in a test, the payer too.
struct Refunder {
    server: Server,
    token: String,
}

impl Refunder {
    async fn call(&self, path: &str, body: Value) -> Value {
        let request = self.server.request(Method::POST, path);
        let request = request.bearer_auth(&self.token);
        let request = request.header("Idempotency-Key", "real");
        let (status, told) = json(request.json(&body).send().await).await;
        assert!(status.is_success(), "{path}: {told}");
        told
    }
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn an_invoice_has_no_address_on_the_chain() {
    let options = vec!["--invoices-onchain-fallback".to_owned()];
    let pair = Regtest::start_with(options).await.expect("a regtest pair");
    let theirs = ["invoice", "1000", "theirs", "x"];
    let made = pair.merchant_cli(&theirs).await.expect("an invoice");
    let theirs = made["bolt11"].as_str().expect("a string");
    contract::onchain::no_address(&pair, theirs).await;
}

/// An offer of the API is paid by another node, twice, and each payment is a sale; what nobody paid is none, and nothing is lost
/// with the records.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn an_offer_is_paid_by_another_node_and_each_payment_is_a_sale() {
    let pair = Regtest::start().await.expect("a regtest pair");
    let records = tempfile::tempdir().expect("a directory");
    let records = records.path().join("records");
    let data_dir = records.to_str().expect("a plain path");
    let (mut server, mut token) = offering(&pair, data_dir).await;
    let new = json!({ "amount_msat": "any", "description": "a gift", "issuer": "shop.example" });
    let request = server.request(Method::POST, "/api/v1/offers");
    let (status, offer) = json(request.bearer_auth(&token).json(&new).send().await).await;
    assert_eq!(status, StatusCode::CREATED, "{offer}");
    assert_eq!(
        (&offer["amount_msat"], &offer["issuer"], &offer["status"]),
        (&json!("any"), &json!("shop.example"), &json!("active"))
    );
    let bolt12 = offer["bolt12"].as_str().expect("a string").to_owned();
    let id = offer["offer_id"].as_str().expect("an id").to_owned();
    let page = server.open(&format!("/offer/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text_of("#bolt12"), bolt12);
    assert_eq!(page.texts("svg[role=img]").len(), 1);
    let string = format!("offer={bolt12}");
    let fetch = ["-k", "fetchinvoice", &string, "amount_msat=3000"];
    pair.payer_cli(&fetch).await.expect("an invoice");
    for (amount, note) in [
        ("amount_msat=5000", "for table 7"),
        ("amount_msat=7000", "again"),
    ] {
        let (string, note) = (format!("invstring={bolt12}"), format!("payer_note={note}"));
        let pay = ["-k", "xpay", &string, amount, &note];
        pair.payer_cli(&pay).await.expect("the payer pays");
    }
    let path = format!("/api/v1/invoices?offer_id={id}");
    let mut before = None;
    for round in 0..3 {
        let request = server.request(Method::GET, &path);
        let (_, listed) = json(request.bearer_auth(&token).send().await).await;
        let mut seen: Vec<_> = listed["invoices"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|paid| {
                assert_eq!(paid["status"], "paid");
                let received = paid["amount_received_msat"].as_u64();
                let note = paid["offer"]["payer_note"].clone();
                (received, note, paid["label"].clone())
            })
            .collect();
        seen.sort_by_key(|(received, ..)| *received);
        let told: Vec<_> = seen
            .iter()
            .map(|(received, note, _)| (*received, note))
            .collect();
        assert_eq!(
            told,
            [
                (Some(5_000), &json!("for table 7")),
                (Some(7_000), &json!("again"))
            ],
            "{listed}"
        );
        // The same sales, also when all but the label key is lost.
        assert!(before.is_none_or(|before| before == seen));
        before = Some(seen);
        if round == 2 {
            break;
        }
        server.stop().await.expect("in order");
        if round == 1 {
            for entry in std::fs::read_dir(&records).expect("the records") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().map(std::ffi::OsStr::to_string_lossy);
                if name.is_some_and(|name| name.starts_with("facture.db")) {
                    std::fs::remove_file(path).expect("removed");
                }
            }
        }
        (server, token) = offering(&pair, data_dir).await;
    }
    let request = server.request(Method::POST, &format!("/api/v1/offers/{id}/disable"));
    let (status, disabled) = json(request.bearer_auth(&token).send().await).await;
    assert_eq!(
        (status, &disabled["status"]),
        (StatusCode::OK, &json!("disabled"))
    );
    let fetched = pair.payer_cli(&fetch).await;
    assert!(fetched.is_err(), "{fetched:?}");
    let page = server.open(&format!("/offer/{id}")).await;
    assert_eq!(page.text_of("h1"), "No longer valid");
    server.stop().await.expect("in order");
}

/// A server on the merchant's node with these records, and a token for offers.
async fn offering(pair: &Regtest, data_dir: &str) -> (Server, String) {
    let server = pair.server(&[("STORE__DATA_DIR", data_dir)]).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let mut tokens = Tokens::open(data_dir.as_ref()).await.expect("the records");
    let scopes = "invoices:create invoices:read".parse().expect("scopes");
    let token = tokens.issue("offers".to_owned(), scopes).await;
    (server, token.expect("a token").expose().to_owned())
}

/// An order of a web shop, the whole way: asked for as BTCPay's plug-ins do, paid by the buyer's node, and told to the shop
/// by messages that pass the check of BTCPay's own PHP client.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn an_order_of_a_plug_in_is_paid_and_told() {
    let pair = Regtest::start().await.expect("a regtest pair");
    let records = tempfile::tempdir().expect("a directory");
    let data_dir = records.path().to_str().expect("a plain path");
    let settings = [
        ("STORE__DATA_DIR", data_dir),
        ("GREENFIELD__ENABLED", "true"),
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
    ];
    let server = pair.server(&settings).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let mut tokens = Tokens::open(records.path()).await.expect("the records");
    let scopes = "greenfield".parse().expect("a scope");
    let shop = Some("tea".parse().expect("a shop"));
    let key = tokens.issue_for("shop".to_owned(), scopes, shop).await;
    let key = format!("token {}", key.expect("a key").expose());
    let ask = async |method: Method, path: &str, body: &Value| {
        let request = server.request(method, &format!("/api/v1/stores/tea{path}"));
        let request = request.header("Authorization", &key).json(body);
        let (status, answer) = json(request.send().await).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    };
    let receiver = harness::receiver::Receiver::start().await;
    let events = [
        "InvoiceReceivedPayment",
        "InvoicePaymentSettled",
        "InvoiceSettled",
    ];
    let hook = json!({
        "url": receiver.url("/"), "authorizedEvents": {"everything": false, "specificEvents": events},
    });
    let hook = ask(Method::POST, "/webhooks", &hook).await;
    let secret = hook["secret"].as_str().expect("a secret");
    let order = json!({
        "amount": "0.00012345", "currency": "BTC", "metadata": {"orderId": "118"},
        "checkout": {"paymentMethods": ["BTC_LN"], "expirationMinutes": 15},
    });
    let made = ask(Method::POST, "/invoices", &order).await;
    let path = format!("/invoices/{}", made["id"].as_str().expect("an id"));
    let methods = format!("{path}/payment-methods");
    let methods = ask(Method::GET, &methods, &Value::Null).await;
    let bolt11 = methods[0]["destination"].as_str().expect("a string");
    Regtest::pay(&pair, bolt11).await.expect("the payer pays");
    let told = receiver.wait_for(3).await;
    for (told, event) in told.iter().zip(events) {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(&told.body);
        let expected = format!(
            "sha256={}",
            mac.finalize().into_bytes().to_lower_hex_string()
        );
        assert_eq!(told.header("btcpay-sig"), expected);
        let message = told.json();
        assert_eq!(
            (&message["type"], &message["metadata"]["orderId"]),
            (&json!(event), &json!("118"))
        );
    }
    let paid = ask(Method::GET, &path, &Value::Null).await;
    assert_eq!(paid["status"], "Settled");
    server.stop().await.expect("in order");
}

/// A voucher for a sale is claimed with an invoice of the buyer's node, and the merchant's node pays that. And what real nodes
/// make can be decoded.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_refund_is_claimed_by_the_buyers_node_and_its_offer_is_read() {
    let pair = Regtest::start().await.expect("a regtest pair");
    let records = tempfile::tempdir().expect("a directory");
    let records = records.path().join("records");
    let data_dir = records.to_str().expect("a plain path");
    let server = pair.server(&[("STORE__DATA_DIR", data_dir)]).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let scopes = "invoices:read payouts:order payouts:execute";
    let mut tokens = Tokens::open(&records).await.expect("the records");
    let token = tokens.issue("refunds".to_owned(), scopes.parse().expect("scopes"));
    let token = token.await.expect("a token").expose().to_owned();
    let refunder = Refunder { server, token };
    // Enough that the merchant has more than its reserve of the channel.
    let sale = refunder.server.create("300000", "tea").await;
    let bolt11 = sale["bolt11"].as_str().expect("a string");
    Regtest::pay(&pair, bolt11).await.expect("the payer pays");
    let new = json!({ "amount_msat": 200_000, "invoice": sale["label"] });
    let issued = refunder.call("/api/v1/vouchers", new).await;
    let voucher = &issued["vouchers"][0];
    let theirs = ["invoice", "200000msat", "refund", "a refund"];
    let theirs = pair.payer_cli(&theirs).await.expect("an invoice");
    let theirs = theirs["bolt11"].as_str().expect("a string");
    let url = voucher["url"].as_str().expect("a link");
    let (_, secret) = url.rsplit_once('/').expect("a path");
    let claim = format!("/lnurl/withdraw/callback?k1={secret}&pr={theirs}");
    let (_, claimed) = refunder.server.json(&claim).await;
    assert_eq!(claimed["status"], "OK", "{claimed}");
    let read = refunder
        .call("/api/v1/decode", json!({ "string": theirs }))
        .await;
    assert_eq!(
        (&read["type"], &read["network"]),
        (&json!("bolt11"), &json!("regtest"))
    );
    let request = refunder.server.request(Method::GET, "/api/v1/payouts");
    let (_, list) = json(request.bearer_auth(&refunder.token).send().await).await;
    let id = list["payouts"][0]["id"].as_str().expect("a payout");
    let begin = json!({ "payer": "one", "payment_hash": read["payment_hash"] });
    refunder
        .call(&format!("/api/v1/payouts/{id}/begin"), begin)
        .await;
    let paid = pair.merchant_cli(&["xpay", theirs]).await.expect("it pays");
    let outcome = json!({
        "payer": "one", "state": "paid", "preimage": paid["payment_preimage"], "amount_msat": 200_000, "fee_msat": 0,
    });
    refunder
        .call(&format!("/api/v1/payouts/{id}/outcome"), outcome)
        .await;
    let path = contract::path_of(&sale);
    let (_, shown) = refunder.server.json(&path).await;
    assert_eq!(shown["refunded_msat"], 200_000);
    // What the buyer's node offers, the merchant's node reads; and what it refuses is said.
    for (amount, msat) in [("any", Value::Null), ("7000msat", json!(7_000))] {
        let offer = pair.payer_cli(&["offer", amount, "coffee"]).await;
        let offer = offer.expect("an offer")["bolt12"].clone();
        let read = refunder
            .call("/api/v1/decode", json!({ "string": offer }))
            .await;
        assert_eq!(
            (&read["type"], &read["details"], &read["network"]),
            (&json!("offer"), &json!("complete"), &json!("regtest")),
            "{read}"
        );
        assert_eq!(
            (&read["amount_msat"], &read["description"]),
            (&msat, &json!("coffee")),
            "{read}"
        );
        let text = offer.as_str().expect("a string");
        let cut = json!({ "string": &text[..text.len() - 16] });
        let request = refunder.server.request(Method::POST, "/api/v1/decode");
        let request = request.bearer_auth(&refunder.token).json(&cut);
        let (status, error) = json(request.send().await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
        assert_eq!(error["error"]["code"], "string_invalid", "{error}");
    }
    let stopped = tokio::time::timeout(Duration::from_secs(15), refunder.server.stop()).await;
    stopped.expect("in time").expect("in order");
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn both_are_killed_and_no_payment_is_lost() {
    let mut pair = Regtest::start().await.expect("a regtest pair");
    let records = tempfile::tempdir().expect("a directory");
    let rpc_file = pair
        .merchant_rpc()
        .to_str()
        .expect("a plain path")
        .to_owned();
    let settings = [("NODE__RPC_FILE", rpc_file.as_str())];
    let (mut paid, mut open) = (Vec::new(), Vec::new());
    for round in 0..6 {
        let mut facture = Killable::start(records.path(), &settings).await;
        let during = facture.create(&format!("{round} paid as it dies")).await;
        let meanwhile = facture
            .create(&format!("{round} paid while it is dead"))
            .await;
        open.push(facture.create(&format!("{round} not paid")).await);
        let bolt11 = |invoice: &Value| invoice["bolt11"].as_str().expect("a bolt11").to_owned();
        let dying = bolt11(&during);
        let (payment, killed) = tokio::join!(Regtest::pay(&pair, &dying), facture.child.kill());
        payment.expect("the payer pays");
        killed.expect("SIGKILL");
        if round % 2 == 1 {
            pair.kill_merchant().await.expect("SIGKILL");
            pair.start_merchant().await.expect("a start");
        }
        Regtest::pay(&pair, &bolt11(&meanwhile))
            .await
            .expect("the payer pays");
        paid.extend([during, meanwhile]);
    }
    let mut facture = Killable::start(records.path(), &settings).await;
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
            match (
                &event.kind,
                &event.payload.invoice().expect("an invoice").status,
            ) {
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
    assert_eq!(
        log.iter()
            .filter(|event| event.kind == EventKind::Created)
            .count(),
        paid.len() + open.len()
    );
}
