//! The stand-in against what a real lnd answered: refusals word by word, answers by their members.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{invoice, macaroons, refusal::Refusal, server::Service, tls::Acceptor};
use crate::{
    bolt11::{self, NodeKey},
    books::Books,
    ledger::invoice::Invoice,
    mutex::lock,
    node::Node,
};

const RECORDED: [(&str, &str); 8] = [
    (
        "protocol",
        include_str!("../../../../tests/fixtures/lnd/protocol.json"),
    ),
    (
        "macaroons",
        include_str!("../../../../tests/fixtures/lnd/macaroons.json"),
    ),
    (
        "addinvoice",
        include_str!("../../../../tests/fixtures/lnd/addinvoice.json"),
    ),
    (
        "limits",
        include_str!("../../../../tests/fixtures/lnd/limits.json"),
    ),
    (
        "lookup",
        include_str!("../../../../tests/fixtures/lnd/lookup.json"),
    ),
    (
        "list",
        include_str!("../../../../tests/fixtures/lnd/list.json"),
    ),
    (
        "cancel",
        include_str!("../../../../tests/fixtures/lnd/cancel.json"),
    ),
    (
        "hold",
        include_str!("../../../../tests/fixtures/lnd/hold.json"),
    ),
];

const STARTING: &str = include_str!("../../../../tests/fixtures/lnd/starting.json");
const SUBSCRIBE: &str = include_str!("../../../../tests/fixtures/lnd/subscribe.json");
const DEADLINE: &str = include_str!("../../../../tests/fixtures/lnd/deadline.json");

/// What is not replayed: file, name, reason.
const NOT_REPLAYED: &[(&str, &str, &str)] = &[
    (
        "lookup",
        "unknown, on a node without invoices",
        "this one has some: the test below has none",
    ),
    (
        "protocol",
        "bake with a URI that does not exist",
        "no such call",
    ),
    (
        "protocol",
        "the macaroon of a checkout: a payment",
        "no such call",
    ),
    (
        "protocol",
        "the macaroon of a checkout: an address",
        "no such call",
    ),
    (
        "protocol",
        "the macaroon of a checkout: baking another",
        "no such call",
    ),
    ("macaroons", "a macaroon whose time is over", "no caveats"),
    ("macaroons", "a macaroon for another address", "no caveats"),
    ("macaroons", "a revoked macaroon", "one root key"),
    (
        "addinvoice",
        "memo with a lone surrogate",
        "another JSON reader, other words",
    ),
    (
        "addinvoice",
        "the preimage of a cancelled one",
        "it was not made here",
    ),
    ("limits", "delete an open one", "no such call"),
    (
        "limits",
        "hold, the hash of a plain invoice",
        "it was not made here",
    ),
    ("limits", "cancel AMP that is paid", "nothing is paid here"),
    ("lookup", "by base64 query", "the query is not looked at"),
    ("lookup", "hash in capitals", "it is an answer"),
    ("cancel", "settled", "nothing is paid here"),
    ("hold", "cancel settled", "nothing is paid here"),
    ("hold", "settle cancelled", "nothing is paid here"),
    (
        "hold",
        "settle a plain open invoice",
        "it was not made here",
    ),
];

fn read(file: &str) -> Vec<Value> {
    let recorded: Value = serde_json::from_str(file).unwrap();
    recorded["exchanges"].as_array().unwrap().clone()
}

fn exchanges() -> Vec<(&'static str, Value)> {
    let files = RECORDED.iter().flat_map(|(file, text)| {
        let exchanges = read(text).into_iter();
        exchanges.map(move |exchange| (*file, exchange))
    });
    files.collect()
}

fn service(directory: &std::path::Path) -> (Service, impl Fn(&Value) -> Option<Vec<u8>> + use<>) {
    let acceptor = Acceptor::open(directory).unwrap();
    let node = Node::new(directory, NodeKey::random(), Books::in_memory());
    let service = Service::new(node, acceptor);
    service.macaroons.bake_first(directory).unwrap();
    let checkout = [
        "/lnrpc.Lightning/AddInvoice",
        "/lnrpc.Lightning/LookupInvoice",
        "/lnrpc.Lightning/ListInvoices",
        "/lnrpc.Lightning/GetInfo",
        "/invoicesrpc.Invoices/CancelInvoice",
        "/invoicesrpc.Invoices/AddHoldInvoice",
        "/invoicesrpc.Invoices/SettleInvoice",
    ];
    let facture = directory.join("facture");
    service.macaroons.bake_for(&facture, &checkout).unwrap();
    let (admin, invoice) = (
        directory.join(macaroons::ADMIN),
        directory.join(macaroons::INVOICE),
    );
    let another = tempfile::tempdir().unwrap();
    let other = another.path().join("other");
    let others = macaroons::Macaroons::of(&NodeKey::random());
    others.bake_for(&other, &checkout).unwrap();
    let shown = move |name: &Value| {
        let _kept = &another;
        let file = match name.as_str()? {
            "admin" => &admin,
            "facture" => &facture,
            "invoice" => &invoice,
            "other" => &other,
            text => return Some(text.as_bytes().to_vec()),
        };
        let bytes = std::fs::read(file).unwrap();
        let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
        Some(digits.collect::<String>().into_bytes())
    };
    (service, shown)
}

/// What the stand-in answers.
fn replay(service: &Service, exchange: &Value, macaroon: Option<&[u8]>) -> Result<Value, Refusal> {
    let path = exchange["path"].as_str().unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let body = exchange["request_raw"].as_str().unwrap_or_default();
    let verb = exchange["method"].as_str().unwrap().parse().unwrap();
    service.unary_answer(&verb, path, query, macaroon, body.as_bytes())
}

#[tokio::test]
async fn a_node_that_never_had_an_invoice_has_other_words() {
    let directory = tempfile::tempdir().unwrap();
    let node = Node::new(directory.path(), NodeKey::random(), Books::in_memory());
    let refusal = super::calls::lookup_invoice(&node, &"00".repeat(32)).unwrap_err();
    let name = "unknown, on a node without invoices";
    let (_, recorded) = exchanges()
        .into_iter()
        .find(|(_, exchange)| exchange["name"] == name)
        .unwrap();
    let recorded = recorded["response_raw"].as_str().unwrap();
    let recorded: Value = serde_json::from_str(recorded).unwrap();
    assert_eq!(refusal.to_json(), recorded);
}

#[tokio::test]
async fn refusals_are_lnds_word_by_word() {
    let directory = tempfile::tempdir().unwrap();
    let (service, shown) = service(directory.path());
    let mut compared = 0;
    for (file, exchange) in exchanges() {
        let name = exchange["name"].as_str().unwrap();
        let left_out = NOT_REPLAYED
            .iter()
            .any(|(in_file, of, _)| *in_file == file && *of == name);
        if left_out || exchange.get("response_chunks").is_some() {
            continue;
        }
        let macaroon = shown(&exchange["macaroon"]);
        let answer = replay(&service, &exchange, macaroon.as_deref());
        let status = exchange["status"].as_u64().unwrap();
        if status == 200 {
            continue;
        }
        let raw = exchange["response_raw"].as_str().unwrap();
        let expected: Value = serde_json::from_str(raw).unwrap();
        let refusal = answer.expect_err(name);
        assert_eq!(refusal.to_json(), expected, "{file}: {name}");
        assert_eq!(
            u64::from(refusal.status().as_u16()),
            status,
            "{file}: {name}"
        );
        compared += 1;
    }
    assert!(compared > 55, "{compared}");
}

#[tokio::test]
async fn answers_have_lnds_members() {
    let directory = tempfile::tempdir().unwrap();
    let (service, shown) = service(directory.path());
    let mut compared = 0;
    for (file, exchange) in exchanges() {
        let macaroon = shown(&exchange["macaroon"]);
        if exchange.get("response_chunks").is_some() || exchange["status"] != 200 {
            continue;
        }
        // Some are about what was not made here.
        let Ok(answer) = replay(&service, &exchange, macaroon.as_deref()) else {
            continue;
        };
        let raw = exchange["response_raw"].as_str().unwrap();
        let expected: Value = serde_json::from_str(raw).unwrap();
        let name = exchange["name"].as_str().unwrap();
        assert_eq!(members(&answer), members(&expected), "{file}: {name}");
        for (member, value) in expected.as_object().unwrap() {
            let same = std::mem::discriminant(&answer[member]) == std::mem::discriminant(value);
            assert!(same, "{file}: {name}: {member} is {}", answer[member]);
        }
        compared += 1;
    }
    assert!(compared > 35, "{compared}");
}

fn members(object: &Value) -> BTreeSet<&str> {
    let members = object.as_object().unwrap().keys();
    members.map(String::as_str).collect()
}

#[tokio::test]
async fn while_it_starts_it_answers_as_lnd() {
    let directory = tempfile::tempdir().unwrap();
    let (service, shown) = service(directory.path());
    let mut compared = 0;
    for exchange in read(STARTING) {
        let name = exchange["name"].as_str().unwrap();
        let (_, stage) = name.rsplit_once(", ").unwrap();
        lock(&service.info).stage = match stage {
            "no wallet" => super::Stage::NonExisting,
            "locked" => super::Stage::Locked,
            "UNLOCKED" => super::Stage::Starting,
            _ => super::Stage::Active,
        };
        if exchange.get("response_chunks").is_some() {
            continue;
        }
        let answer = replay(&service, &exchange, shown(&exchange["macaroon"]).as_deref());
        let answer = answer.unwrap_or_else(|refusal| refusal.to_json());
        let raw = exchange["response_raw"].as_str().unwrap();
        let expected: Value = serde_json::from_str(raw).unwrap();
        assert_eq!(answer, expected, "{name}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

/// What differs from one node, and from one payment, to the next.
const OWN: [&str; 5] = [
    "custom_records",
    "custom_channel_data",
    "amp",
    "cltv_expiry",
    "mpp_total_amt_msat",
];

/// Everything but values: names, types, and the words of states.
fn form(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members
                .iter()
                .filter(|(name, _)| !OWN.contains(&name.as_str()));
            let hashes = |name: &str| name.len() == 64;
            let members = members.map(|(name, value)| {
                let name = if hashes(name) { "hash" } else { name.as_str() };
                let value = match name {
                    "state" | "settled" | "is_amp" | "is_keysend" | "private" => value.clone(),
                    _ => form(value),
                };
                (name.to_owned(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(values) => values.iter().map(form).collect(),
        Value::String(text) if text.is_empty() => "".into(),
        Value::String(_) => "text".into(),
        Value::Number(_) => 0.into(),
        other => other.clone(),
    }
}

fn recorded(file: &str, name: &str) -> Value {
    let mut exchanges = read(file).into_iter();
    let exchange = exchanges.find(|exchange| exchange["name"] == name).unwrap();
    serde_json::from_str(exchange["response_raw"].as_str().unwrap()).unwrap()
}

fn recorded_event(file: &str, name: &str, number: usize) -> Value {
    let mut exchanges = read(file).into_iter();
    let exchange = exchanges.find(|exchange| exchange["name"] == name).unwrap();
    let line = exchange["response_chunks"][number].as_str().unwrap();
    serde_json::from_str::<Value>(line).unwrap()["result"].take()
}

fn found(service: &Service, payment_hash: [u8; 32]) -> Invoice {
    let books = service.node.books().unwrap();
    books.ledger().by_hash(&payment_hash).unwrap().clone()
}

fn add(service: &Service, path: &str, body: &str) -> [u8; 32] {
    let (verb, macaroon) = (hyper::Method::POST, service.macaroons_of_all());
    let made = service.unary_answer(&verb, path, "", Some(&macaroon), body.as_bytes());
    let bolt11 = made.unwrap()["payment_request"]
        .as_str()
        .unwrap()
        .to_owned();
    let read = bolt11::read(&bolt11).unwrap();
    *read.raw_invoice().payment_hash().unwrap().0.as_ref()
}

fn pay(service: &Service, payment_hash: [u8; 32], msat: u64) {
    let mut books = service.node.books().unwrap();
    books
        .pay(&payment_hash, msat, 1_795_863_220)
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn an_amp_invoice_is_paid_repeatedly_and_told_as_lnd_tells_it() {
    let directory = tempfile::tempdir().unwrap();
    let (service, _) = service(directory.path());
    let body = r#"{"is_amp":true,"value_msat":"5000","memo":"amp paid"}"#;
    let hash = add(&service, "/v1/invoices", body);
    let live = "from now on";
    let made = form(&recorded_event(SUBSCRIBE, live, 8));
    assert_eq!(form(&invoice::as_made(&found(&service, hash))), made);
    for number in [9, 10] {
        pay(&service, hash, 5000);
        let invoice = found(&service, hash);
        let paid = invoice::as_paid(&invoice, number - 8);
        let place = usize::try_from(number).unwrap();
        let expected = recorded_event(SUBSCRIBE, live, place);
        assert_eq!(form(&paid), form(&expected));
        assert_eq!(paid["amt_paid_msat"], expected["amt_paid_msat"]);
    }
    let whole = invoice::to_json(&found(&service, hash));
    let expected = recorded(RECORDED[4].1, "AMP paid twice");
    assert_eq!(form(&whole), form(&expected));
    for member in [
        "amt_paid",
        "amt_paid_sat",
        "settle_index",
        "settle_date",
        "expiry",
    ] {
        assert_eq!(whole[member], expected[member], "{member}");
    }
    // It can be paid once more, so it is listed as pending.
    let (verb, macaroon) = (hyper::Method::GET, service.macaroons_of_all());
    let ask = |path: &str, query: &str, body: &str| {
        let verb = if body.is_empty() {
            verb.clone()
        } else {
            hyper::Method::POST
        };
        service.unary_answer(&verb, path, query, Some(&macaroon), body.as_bytes())
    };
    let pending = ask("/v1/invoices", "pending_only=true", "").unwrap();
    assert_eq!(pending["invoices"].as_array().map(Vec::len), Some(1));
    let cancel = format!(r#"{{"payment_hash":{}}}"#, whole["r_hash"]);
    let refused = ask("/v2/invoices/cancel", "", &cancel).unwrap_err();
    let expected = recorded(RECORDED[3].1, "cancel AMP that is paid");
    assert_eq!(refused.to_json(), expected);
}

#[tokio::test]
async fn a_held_payment_is_sent_back_as_many_blocks_before_its_end_as_by_lnd() {
    let directory = tempfile::tempdir().unwrap();
    let node = super::SandboxLnd::start(directory.path()).await.unwrap();
    let service = &node.owner.service;
    let hash = "wz/StdFw/2Wl4Elzese8sae6NY5yPJxSiVICYmuFZIE=";
    let body = format!(r#"{{"hash":"{hash}","value_msat":"20000","cltv_expiry":"24"}}"#);
    let hash = add(service, "/v2/invoices/hodl", &body);
    pay(service, hash, 20_000);
    let accepted = recorded(DEADLINE, "accepted");
    let held = invoice::to_json(&found(service, hash));
    assert_eq!(form(&held)["htlcs"], form(&accepted)["htlcs"]);
    let heights = |invoice: &Value| {
        let htlc = &invoice["htlcs"][0];
        let height = |name: &str| htlc[name].as_u64().unwrap();
        height("expiry_height") - height("accept_height")
    };
    assert_eq!(heights(&held), heights(&accepted));
    // As recorded: accepted at 258 for 285, sent back at 267.
    node.mine(8).unwrap();
    assert_eq!(invoice::to_json(&found(service, hash))["state"], "ACCEPTED");
    node.mine(1).unwrap();
    let sent_back = invoice::to_json(&found(service, hash));
    assert_eq!(
        form(&sent_back)["htlcs"],
        form(&recorded(DEADLINE, "sent back"))["htlcs"]
    );
    assert_eq!(sent_back["state"], "CANCELED");
}

#[tokio::test]
async fn a_private_channel_is_named_as_by_lnd() {
    let directory = tempfile::tempdir().unwrap();
    let (service, _) = service(directory.path());
    let body = r#"{"private":true,"value_msat":"1000","memo":"hints of one channel"}"#;
    let hash = add(&service, "/v1/invoices", body);
    let named = invoice::to_json(&found(&service, hash));
    let expected = recorded(RECORDED[4].1, "with private hints, of a private channel");
    assert_eq!(form(&named), form(&expected));
}
