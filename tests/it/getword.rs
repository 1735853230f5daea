//! `lightning-cli facture-getword`: buying from another shop, which this test plays, by a payer, which it plays, too.

use std::{
    fs,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::post,
};
use lightning_invoice::Currency;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    payouts::Theirs,
    plugin::{Home, Plugin},
    program::Visitor,
};

/// Another shop, and what it answers.
struct OtherShop {
    address: SocketAddr,
    state: Arc<Played>,
}

struct Played {
    answer: Mutex<(StatusCode, Value)>,
    asked: AtomicUsize,
    keys: Mutex<Vec<String>>,
}

impl OtherShop {
    async fn open() -> Self {
        let state = Arc::new(Played {
            answer: Mutex::new((StatusCode::NOT_FOUND, Value::Null)),
            asked: AtomicUsize::new(0),
            keys: Mutex::default(),
        });
        let buy = async |State(state): State<Arc<Played>>, headers: HeaderMap| {
            state.asked.fetch_add(1, Ordering::Relaxed);
            let text = |name: &str| headers[name].to_str().unwrap().to_owned();
            assert_eq!(text("accept"), "application/json");
            state.keys.lock().unwrap().push(text("idempotency-key"));
            let (status, body) = state.answer.lock().unwrap().clone();
            (status, Json(body)).into_response()
        };
        let routes = Router::new().route("/reveal/word", post(buy));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = routes.with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { address, state }
    }

    fn url(&self) -> String {
        format!("http://{}/reveal/word", self.address)
    }

    fn answers(&self, status: StatusCode, body: Value) {
        *self.state.answer.lock().unwrap() = (status, body);
    }

    /// It sells this for 21 sat.
    fn sells(&self, kind: &str, theirs: &Theirs) {
        let page = format!("http://{}/check_invoice/facture_1", self.address);
        let body = json!({
            "label": "facture_1", "bolt11": theirs.bolt11(), "status_url": page, "item": { "kind": kind },
        });
        self.answers(StatusCode::CREATED, body);
    }

    fn asked(&self) -> usize {
        self.state.asked.load(Ordering::Relaxed)
    }
}

/// An invoice whose preimage has this word.
fn with_word(word: &str) -> Theirs {
    let mut preimage: [u8; 32] = rand::random();
    preimage[8..].fill(0);
    preimage[8..8 + word.len()].copy_from_slice(word.as_bytes());
    Theirs {
        preimage,
        ..Theirs::default()
    }
}

/// The plugin, which may buy on this machine, and its web server.
async fn buyer(home: &Home) -> (Plugin, Visitor) {
    let config = home.path("facture.toml");
    fs::write(&config, "[plugin]\ngetword_allow_private = true\n").unwrap();
    let (mut plugin, _) = home.plugin().await;
    let options = json!({ "facture-listen": "127.0.0.1:0", "facture-config": config });
    let answer = home.init(&mut plugin, options).await;
    assert_eq!(answer["result"], json!({}), "{answer}");
    let visitor = plugin.visitor().await;
    (plugin, visitor)
}

/// What was ordered.
async fn payouts(plugin: &mut Plugin, visitor: &Visitor) -> Value {
    let scopes = json!(["reader", "payouts:order"]);
    let token = plugin.result("facture-token", scopes).await;
    let request = reqwest::Client::new()
        .get(format!("{}/api/v1/payouts", visitor.origin()))
        .bearer_auth(token["token"].as_str().unwrap());
    request.send().await.unwrap().json().await.unwrap()
}

/// Plays a payer that does this with each payout, until the test ends.
async fn payer(plugin: &mut Plugin, visitor: &Visitor, outcome: Value, theirs: &Theirs) {
    let scopes = json!(["payer", "payouts:execute"]);
    let token = plugin.result("facture-token", scopes).await;
    let token = token["token"].as_str().unwrap().to_owned();
    let (origin, hash) = (visitor.origin().to_owned(), theirs.hash());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    tokio::spawn(async move {
        let payouts = format!("{origin}/api/v1/payouts");
        loop {
            let work = format!("{payouts}/work?payer=one&wait=5");
            let answer = client.get(work).bearer_auth(&token).send().await;
            let Ok(answer) = answer else { return };
            let work: Value = answer.json().await.unwrap();
            for payout in work["payouts"].as_array().unwrap() {
                let id = payout["id"].as_str().unwrap();
                let tell = async |action: &str, body: &Value| {
                    let told = client.post(format!("{payouts}/{id}/{action}"));
                    let told = told.bearer_auth(&token).json(body).send().await.unwrap();
                    assert!(told.status().is_success(), "{:?}", told.text().await);
                };
                if outcome["state"] == "paid" {
                    tell("begin", &json!({ "payer": "one", "payment_hash": hash })).await;
                }
                tell("outcome", &outcome).await;
            }
        }
    });
}

fn paid(theirs: &Theirs) -> Value {
    json!({
        "payer": "one", "state": "paid", "preimage": theirs.preimage(), "amount_msat": 21_000, "fee_msat": 2,
    })
}

#[tokio::test]
async fn the_word_is_read_out_of_the_preimage() {
    let (home, shop) = (Home::new().await, OtherShop::open().await);
    let (mut plugin, visitor) = buyer(&home).await;
    let theirs = with_word("swordfish ☕");
    shop.sells("word", &theirs);
    payer(&mut plugin, &visitor, paid(&theirs), &theirs).await;
    let bought = plugin
        .result("facture-getword", json!([shop.url(), "21sat"]))
        .await;
    assert_eq!(bought["word"], "swordfish ☕");
    assert_eq!(
        (&bought["amount_msat"], &bought["fee_msat"]),
        (&json!(21_000), &json!(2))
    );
    assert_eq!(bought["preimage"], theirs.preimage());
    let key = shop.state.keys.lock().unwrap()[0].clone();
    assert!(key.len() >= 32, "{key}");
}

#[tokio::test]
async fn of_a_file_it_says_where_it_is_and_only_where_it_was_bought() {
    let (home, shop) = (Home::new().await, OtherShop::open().await);
    let (mut plugin, visitor) = buyer(&home).await;
    let theirs = Theirs::default();
    shop.sells("file", &theirs);
    payer(&mut plugin, &visitor, paid(&theirs), &theirs).await;
    let bought = plugin.result("facture-getword", json!([shop.url()])).await;
    let page = format!("http://{}/check_invoice/facture_1", shop.address);
    assert_eq!(bought["download"], format!("{page}/content"));
    assert_eq!(bought["sealed"], format!("{page}/sealed"));
    assert!(
        bought["open"]
            .as_str()
            .unwrap()
            .ends_with(&theirs.preimage())
    );
    assert!(bought["word"].is_null());
}

#[tokio::test]
async fn bad_input_is_named_and_nobody_is_asked() {
    let (home, shop) = (Home::new().await, OtherShop::open().await);
    let (mut plugin, _visitor) = buyer(&home).await;
    let url = shop.url();
    let with_password = format!("http://me:secret@{}/reveal/word", shop.address);
    for (params, field) in [
        (json!([]), "url: missing"),
        (json!(["reveal/word"]), "url: should be the address"),
        (
            json!(["ftp://shop.example/reveal/word"]),
            "url: should be the address",
        ),
        (
            json!(["https://abcdef.onion/reveal/word"]),
            "url: onion services",
        ),
        (json!([with_password]), "url: should have no password"),
        (json!([url, 0]), "max_msat: should be"),
        (json!([url, "much"]), "max_msat: should be"),
        (json!([url, 1000, 1]), "too many parameters"),
        (json!({ "url": url, "max": 1 }), "unknown parameter max"),
    ] {
        let (code, message) = plugin.error("facture-getword", params).await;
        assert_eq!(code, -32602, "{message}");
        assert!(message.starts_with(field), "{message}");
    }
    assert_eq!(shop.asked(), 0);
}

#[tokio::test]
async fn what_is_not_to_be_paid_is_not_ordered() {
    let (home, shop) = (Home::new().await, OtherShop::open().await);
    let (mut plugin, visitor) = buyer(&home).await;
    let sells = |theirs: &Theirs| shop.sells("word", theirs);
    let mut refused = async |expected: &str| {
        let params = json!([shop.url(), "20sat"]);
        let (_, message) = plugin.error("facture-getword", params).await;
        assert!(message.contains(expected), "{message}");
    };
    sells(&Theirs::default());
    refused("max_msat: the shop asks for 21000 msat, which is more than 20000 msat").await;
    let cheap = || Theirs {
        amount_msat: Some(1000),
        ..Theirs::default()
    };
    sells(&Theirs {
        amount_msat: None,
        ..cheap()
    });
    refused("has no price").await;
    sells(&Theirs {
        network: Currency::Bitcoin,
        ..cheap()
    });
    refused("is on bitcoin, this node on regtest").await;
    sells(&Theirs {
        age: Duration::from_secs(7200),
        ..cheap()
    });
    refused("has expired").await;
    shop.answers(StatusCode::CREATED, json!({ "bolt11": "lnbcrt1" }));
    refused("has no invoice").await;
    shop.answers(StatusCode::CREATED, json!("a page"));
    refused("url: is not the page of an item").await;
    let sold_out = json!({ "error": { "code": "sold_out", "message": "\u{1b}[2J" } });
    shop.answers(StatusCode::CONFLICT, sold_out);
    refused("the shop: sold out").await;
    shop.answers(StatusCode::SEE_OTHER, Value::Null);
    refused("the shop refuses: 303").await;
    // Nothing was written down either.
    let listed = payouts(&mut plugin, &visitor).await;
    assert_eq!(listed["payouts"], json!([]));
}

#[tokio::test]
async fn without_a_payer_it_says_so_and_takes_the_order_back() {
    let (home, shop) = (Home::new().await, OtherShop::open().await);
    let (mut plugin, visitor) = buyer(&home).await;
    shop.sells("word", &with_word("swordfish"));
    let (_, message) = plugin.error("facture-getword", json!([shop.url()])).await;
    assert_eq!(
        message,
        "nothing was paid: no payer is running: start `facture payer`"
    );
    let listed = payouts(&mut plugin, &visitor).await;
    assert_eq!(listed["payouts"][0]["state"], "cancelled");
}

#[tokio::test]
async fn what_the_payer_refuses_is_said() {
    let (home, shop) = (Home::new().await, OtherShop::open().await);
    let (mut plugin, visitor) = buyer(&home).await;
    let theirs = with_word("swordfish");
    shop.sells("word", &theirs);
    let failed = json!({ "payer": "one", "state": "failed", "code": "limit_exceeded" });
    payer(&mut plugin, &visitor, failed, &theirs).await;
    let (_, message) = plugin.error("facture-getword", json!([shop.url()])).await;
    assert!(message.starts_with("not paid: failed: "), "{message}");
}

#[tokio::test]
async fn shops_on_private_networks_are_asked_only_if_that_is_configured() {
    let (home, shop) = (Home::new().await, OtherShop::open().await);
    let (mut plugin, _visitor) = home.running().await;
    let port = shop.address.port();
    for (url, expected) in [
        (
            format!("http://127.0.0.1:{port}/reveal/word"),
            "url: should begin with https://",
        ),
        (
            format!("https://127.0.0.1:{port}/reveal/word"),
            "url: is on a private network",
        ),
        (
            format!("https://[::1]:{port}/reveal/word"),
            "url: is on a private network",
        ),
        (
            format!("https://localhost:{port}/reveal/word"),
            "url: is on a private network",
        ),
    ] {
        let (code, message) = plugin.error("facture-getword", json!([url])).await;
        assert_eq!(code, -32602, "{message}");
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(shop.asked(), 0);
}
