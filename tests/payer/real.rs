//! The payer with real nodes on regtest.

use std::{env, fs, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Duration};

use facture_domain::payout::PayoutState;
use facture_test_support::{cln::Regtest, lnd::Pair, report::skipped};
use rand::RngExt;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    addresses::PRIVATE,
    orders::Row,
    program::{Running, serve},
    world::Home,
};

/// What may be spent, after the sections that name the node.
const LIMITS: &str = "
retry_for_seconds = 10
[limits]
per_payout_sat = 1000000
per_hour_sat = 100000000
per_day_sat = 100000000
";

fn rounds() -> u64 {
    let rounds = env::var("FACTURE_PAYER_ROUNDS");
    rounds.map_or(5, |text| text.parse().expect("a number"))
}

pub(crate) fn word(value: &Value, key: &str) -> String {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key}: {value}"))
        .to_owned()
}

fn label() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// What `facture` prints.
pub(crate) fn printed(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_facture"))
        .args(args)
        .output();
    let text = String::from_utf8(output.expect("it runs").stdout);
    text.expect("text").trim().to_owned()
}

fn private(file: &Path, text: &str) {
    fs::write(file, text).expect("a file");
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("a mode");
}

async fn merchants(pair: &Regtest, amount: &str) -> String {
    let made = pair.merchant_cli(&["invoice", amount, &label(), "x"]).await;
    word(&made.expect("an invoice"), "bolt11")
}

async fn payers(pair: &Regtest, amount: &str) -> String {
    let made = pair.payer_cli(&["invoice", amount, &label(), "x"]).await;
    word(&made.expect("an invoice"), "bolt11")
}

async fn ended(home: &Home, id: &str) -> Row {
    home.orders.until(id, |row| row.state.is_final()).await
}

/// Kills the payer at some moment and starts it again: the payout is paid. Returns the payer that runs.
async fn paid_by_a_killed_payer(home: &Home, id: &str) -> Running {
    let payer = home.pay();
    let moment = rand::rng().random_range(0..800);
    sleep(Duration::from_millis(moment)).await;
    payer.kill().await;
    let mut payer = home.pay();
    payer.line().await;
    let row = ended(home, id).await;
    assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", home.log());
    payer
}

/// Killed again and again; `invoice` makes one that the node can pay, `is_paid` asks who is paid.
async fn killed(
    home: &Home,
    invoice: impl AsyncFn() -> String,
    is_paid: impl AsyncFn(&str) -> bool,
) {
    for _ in 0..rounds() {
        let invoice = invoice().await;
        let id = home.orders.order(&invoice);
        let payer = paid_by_a_killed_payer(home, &id).await;
        assert!(is_paid(&invoice).await);
        assert!(payer.terminate().await.success());
    }
    assert!(home.run(&["journal", "verify"]).0);
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn lightningd_by_its_socket() {
    let pair = Regtest::start().await.expect("a regtest pair");
    let home = Home::new();
    let node = format!("[node]\nrpc_file = {:?}{LIMITS}", pair.payer_rpc());
    home.configure_as("payer", &node, "");
    let payer = home.pay();

    let fixed = merchants(&pair, "25000").await;
    let row = ended(&home, &home.orders.order(&fixed)).await;
    assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", home.log());
    let open = merchants(&pair, "any").await;
    let row = ended(&home, &home.orders.order_as("shop", &open, Some(3_000))).await;
    assert_eq!(row.state, PayoutState::Paid, "{row:?}");
    let outcome = row.outcome.expect("an outcome");
    assert_eq!(
        (&outcome["amount_msat"], &outcome["fee_msat"]),
        (&json!(3_000), &json!(0))
    );

    // What does not go, and how that is told.
    let paid = merchants(&pair, "1000").await;
    pair.pay(&paid).await.expect("somebody else pays");
    let short = pair
        .merchant_cli(&[
            "-k",
            "invoice",
            "amount_msat=1000",
            "label=short",
            "description=x",
            "expiry=1",
        ])
        .await;
    let short = word(&short.expect("an invoice"), "bolt11");
    let deleted = pair
        .merchant_cli(&[
            "-k",
            "invoice",
            "amount_msat=1000",
            "label=gone",
            "description=x",
        ])
        .await;
    let deleted = word(&deleted.expect("an invoice"), "bolt11");
    pair.merchant_cli(&["delinvoice", "gone", "unpaid"])
        .await
        .expect("it goes");
    // It ends when the invoice has expired.
    let expired = pair.merchant_cli(&["waitinvoice", "short"]).await;
    assert!(expired.is_err());
    let large = merchants(&pair, "999999999").await;
    for (invoice, code) in [
        (paid, "already_paid"),
        (deleted, "destination_refused"),
        (payers(&pair, "1000").await, "own_invoice"),
        (large, "paid"),
        (merchants(&pair, "999999999").await, "paid"),
        (short, "invoice_expired"),
    ] {
        let row = ended(&home, &home.orders.order(&invoice)).await;
        match code {
            "paid" => assert_eq!(row.state, PayoutState::Paid, "{row:?}"),
            code => assert_eq!(row.code(), code, "{row:?}"),
        }
    }
    assert!(payer.terminate().await.success());
    let is_paid = async |invoice: &str| {
        let listed = format!("invstring={invoice}");
        let listed = pair.merchant_cli(&["-k", "listinvoices", &listed]).await;
        listed.expect("a list")["invoices"][0]["status"] == "paid"
    };
    killed(&home, async || merchants(&pair, "1000").await, is_paid).await;
}

/// An offer of the merchant.
async fn offer(pair: &Regtest, amount: &str, description: &str) -> String {
    let made = pair.merchant_cli(&["offer", amount, description]).await;
    word(&made.expect("an offer"), "bolt12")
}

/// lightningd drops requests of a peer that come faster than four a second, and says nothing.
const BETWEEN_REQUESTS: Duration = Duration::from_millis(500);

async fn order_of(home: &Home, offer: &str, amount_msat: Option<u64>) -> String {
    sleep(BETWEEN_REQUESTS).await;
    home.orders.order_kind("offer", offer, amount_msat)
}

/// What the merchant received for an offer, in millisatoshis: each payment.
async fn received(pair: &Regtest, offer: &str) -> Vec<u64> {
    let decoded = pair.merchant_cli(&["decode", offer]).await;
    let id = format!(
        "offer_id={}",
        word(&decoded.expect("it is one"), "offer_id")
    );
    let listed = pair.merchant_cli(&["-k", "listinvoices", &id]).await;
    let listed = listed.expect("a list");
    let invoices = listed["invoices"].as_array().expect("a list").iter();
    let paid = invoices.filter(|invoice| invoice["status"] == "paid");
    paid.map(|invoice| invoice["amount_received_msat"].as_u64().expect("an amount"))
        .collect()
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn offers_are_paid_once_by_lightningd() {
    let pair = Regtest::start().await.expect("a regtest pair");
    let home = Home::new();
    let node = format!("[node]\nrpc_file = {:?}{LIMITS}", pair.payer_rpc());
    home.configure_as("payer", &node, "");
    let payer = home.pay();
    let tea = offer(&pair, "5000msat", "tea").await;
    let gift = offer(&pair, "any", "a gift").await;
    for (offer, amount, paid) in [
        (&tea, None, 5_000),
        (&tea, Some(6_000), 6_000),
        (&gift, Some(7_000), 7_000),
    ] {
        let row = ended(&home, &order_of(&home, offer, amount).await).await;
        assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", home.log());
        let outcome = row.outcome.expect("an outcome");
        assert_eq!(outcome["amount_msat"], paid);
    }
    assert_eq!(received(&pair, &tea).await, [5_000, 6_000]);
    assert_eq!(received(&pair, &gift).await, [7_000]);

    let made = pair.merchant_cli(&[
        "-k",
        "offer",
        "amount=1000",
        "description=old",
        "absolute_expiry=1",
    ]);
    let old = word(&made.await.expect("an offer"), "bolt12");
    let made = pair
        .merchant_cli(&["-k", "offer", "amount=1000", "description=gone"])
        .await;
    let made = made.expect("an offer");
    let gone = word(&made, "bolt12");
    let id = word(&made, "offer_id");
    let disabled = pair.merchant_cli(&["disableoffer", &id]).await;
    disabled.expect("it is disabled");
    let own = pair.payer_cli(&["offer", "1000msat", "own"]).await;
    let own = word(&own.expect("an offer"), "bolt12");
    let several = [
        "-k",
        "offer",
        "amount=2000",
        "description=cups",
        "quantity_max=0",
    ];
    let several = pair.merchant_cli(&several).await.expect("an offer");
    let several = word(&several, "bolt12");
    for (offer, amount, code) in [
        (&old, None, "invoice_expired"),
        (&gone, None, "destination_refused"),
        (&own, None, "own_invoice"),
        (&gift, None, "amount_missing"),
        (&tea, Some(4_999), "amount_not_allowed"),
        (&tea, Some(60_000), "destination_refused"),
        (&several, None, ""),
    ] {
        let row = ended(&home, &order_of(&home, offer, amount).await).await;
        assert_eq!(row.code(), code, "{row:?}");
    }
    assert_eq!(received(&pair, &several).await, [2_000]);
    assert!(payer.terminate().await.success());

    // Killed again and again: each order is one payment.
    let often = offer(&pair, "1000msat", "often").await;
    for round in 1..=rounds() {
        let id = order_of(&home, &often, None).await;
        let payer = paid_by_a_killed_payer(&home, &id).await;
        let paid = received(&pair, &often).await;
        assert_eq!(u64::try_from(paid.len()).expect("few"), round);
        assert!(payer.terminate().await.success());
    }
    assert!(home.run(&["journal", "verify"]).0);
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn lightningd_pays_a_lightning_address_of_another_facture() {
    let pair = Regtest::start().await.expect("a regtest pair");
    let home = Home::new();
    let server = serve(pair.merchant_rpc(), &home.path("records"));
    let mut server = Running::logged(server, &home.path("server.log"));
    let line = server.line().await;
    let (_, host) = line.trim_end_matches('/').split_once("://").expect("a URL");
    let node = format!("[node]\nrpc_file = {:?}{LIMITS}", pair.payer_rpc());
    home.configure_as("payer", &node, PRIVATE);
    let _payer = home.pay();
    let address = format!("shop@{host}");
    let id = home
        .orders
        .order_kind("lightning_address", &address, Some(21_000));
    let row = ended(&home, &id).await;
    assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", home.log());
    let hash = format!("payment_hash={}", row.payment_hash.expect("a hash"));
    let listed = pair.merchant_cli(&["-k", "listinvoices", &hash]).await;
    let invoice = &listed.expect("a list")["invoices"][0];
    assert_eq!(invoice["amount_received_msat"], 21_000, "{invoice}");
}

/// Here the merchant pays.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn lightningd_keeps_the_limits_of_the_rune_that_facture_prints() {
    let pair = Regtest::start().await.expect("a regtest pair");
    let line = printed(&["rune", "--payer", "--max-sat", "100", "--max-fee-sat", "5"]);
    let made = pair.merchant_shell(&line).await.expect("a rune");
    let made: Value = serde_json::from_str(&made).expect("JSON");
    let rune = format!("rune={}", word(&made, "rune"));
    let made = pair.payer_cli(&["offer", "any", "a gift"]).await;
    let offer = word(&made.expect("an offer"), "bolt12");
    let invoice = async |msat: &str| {
        let fetched = pair.merchant_cli(&["fetchinvoice", &offer, msat]).await;
        word(&fetched.expect("an invoice"), "invoice")
    };
    let (within, beyond) = (invoice("100000").await, invoice("100001").await);
    let (small, large) = (payers(&pair, "100000").await, payers(&pair, "100001").await);
    let open = payers(&pair, "any").await;
    let xpay = |invoice: &str| json!({ "invstring": invoice, "maxfee": 5_000, "retry_for": 10 });
    let with = |invoice: &str, key: &str, value: u64| {
        let mut params = xpay(invoice);
        params[key] = value.into();
        params
    };
    for (method, params, allowed) in [
        ("getinfo", json!({}), true),
        ("listpays", json!({}), true),
        ("decode", json!({ "string": offer }), true),
        (
            "fetchinvoice",
            json!({ "offer": offer, "amount_msat": 1 }),
            true,
        ),
        ("xpay", xpay(&within), true),
        ("xpay", xpay(&beyond), false),
        ("xpay", xpay(&small), true),
        ("xpay", xpay(&large), false),
        ("xpay", with(&open, "amount_msat", 100_000), true),
        ("xpay", with(&open, "amount_msat", 100_001), false),
        ("xpay", with(&small, "maxfee", 5_001), false),
        // Not by an offer: nothing would say what is paid.
        ("xpay", xpay(&offer), false),
        ("pay", json!({ "bolt11": small }), false),
        ("sendinvoice", json!({}), false),
        ("withdraw", json!({}), false),
        ("invoice", json!({}), false),
    ] {
        let (method_is, params_are) = (format!("method={method}"), format!("params={params}"));
        let checked = pair
            .merchant_cli(&["-k", "checkrune", &rune, &method_is, &params_are])
            .await;
        assert_eq!(checked.is_ok(), allowed, "{method} {params}");
    }
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn lightningd_by_clnrest_with_the_rune_that_facture_prints() {
    let mut pair = Regtest::start().await.expect("a regtest pair");
    let Some(rest) = pair.merchant_rest().await.expect("a start") else {
        return skipped("this lightningd is without clnrest");
    };
    // Here the merchant pays, with what it received.
    pair.pay(&merchants(&pair, "2000000000").await)
        .await
        .expect("it is paid");
    let home = Home::new();
    let line = printed(&["rune", "--payer", "--max-sat", "100", "--max-fee-sat", "5"]);
    let made = pair.merchant_shell(&line).await.expect("a rune");
    let made: Value = serde_json::from_str(&made).expect("JSON");
    private(&home.path("rune"), &word(&made, "rune"));
    let node = format!(
        "[node]\nrest_url = {:?}\nca_file = {:?}\nrune_file = {:?}{LIMITS}fee_free_sat = 5\n",
        rest.url,
        rest.ca_file,
        home.path("rune"),
    );
    home.configure_as("payer", &node, "");
    let payer = home.pay();
    for (amount, ordered) in [("100000", None), ("any", Some(100_000))] {
        let invoice = payers(&pair, amount).await;
        let row = ended(&home, &home.orders.order_as("shop", &invoice, ordered)).await;
        assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", home.log());
    }
    // The node keeps the limit itself.
    for (amount, ordered) in [("100001", None), ("any", Some(100_001))] {
        let invoice = payers(&pair, amount).await;
        let row = ended(&home, &home.orders.order_as("shop", &invoice, ordered)).await;
        assert_eq!(row.code(), "limit_exceeded", "{row:?}");
    }
    // Offers, which need two more calls; the limit is the same.
    for (amount, state) in [(100_000, PayoutState::Paid), (100_001, PayoutState::Failed)] {
        let made = pair.payer_cli(&["offer", "any", "a gift"]).await;
        let offer = word(&made.expect("an offer"), "bolt12");
        let row = ended(&home, &order_of(&home, &offer, Some(amount)).await).await;
        assert_eq!(row.state, state, "{row:?}\n{}", home.log());
    }
    // The node is killed, and comes back.
    pair.kill_merchant().await.expect("a crash");
    let id = home.orders.order(&payers(&pair, "1000").await);
    pair.start_merchant().await.expect("a start");
    let row = ended(&home, &id).await;
    assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", home.log());
    assert!(payer.terminate().await.success());
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn lnd_with_the_macaroon_that_facture_prints() {
    let pair = Pair::start().await.expect("a regtest pair");
    let home = Home::new();
    let file = pair.payer.macaroon_file("payouts");
    let baked = pair
        .payer
        .bake(&printed(&["lnd-macaroon", "--payer"]), &file)
        .await;
    baked.expect("a macaroon");
    let node = format!(
        "[node]\nkind = \"lnd\"\nlnd_url = {:?}\ntls_cert_file = {:?}\nmacaroon_file = {file:?}{LIMITS}",
        pair.payer.rest_url(),
        pair.payer.certificate_file(),
    );
    home.configure_as("payer", &node, "");
    let payer = home.pay();
    let invoice = async |args: &[&str]| {
        let args: Vec<_> = ["addinvoice"].iter().chain(args).copied().collect();
        word(
            &pair.merchant.json(&args).await.expect("an invoice"),
            "payment_request",
        )
    };
    let row = ended(&home, &home.orders.order(&invoice(&["--amt=25"]).await)).await;
    assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", home.log());
    let open = invoice(&[]).await;
    let row = ended(&home, &home.orders.order_as("shop", &open, Some(3_000))).await;
    assert_eq!(row.state, PayoutState::Paid, "{row:?}");
    let own = pair
        .payer
        .json(&["addinvoice", "--amt=1"])
        .await
        .expect("an invoice");
    let paid = invoice(&["--amt=2"]).await;
    pair.pay(&paid, None).await.expect("somebody else pays");
    for (invoice, code) in [
        (word(&own, "payment_request"), "own_invoice"),
        (paid, "already_paid"),
    ] {
        let row = ended(&home, &home.orders.order(&invoice)).await;
        assert_eq!(row.code(), code, "{row:?}");
    }
    assert!(payer.terminate().await.success());
    let is_paid = async |invoice: &str| {
        let decoded = pair.merchant.json(&["decodepayreq", invoice]).await;
        let hash = word(&decoded.expect("an invoice"), "payment_hash");
        let found = pair.merchant.json(&["lookupinvoice", &hash]).await;
        found.expect("an invoice")["state"] == "SETTLED"
    };
    killed(&home, async || invoice(&["--amt=1"]).await, is_paid).await;
}
