//! The stand-in against what a real lnd answered: refusals word by word, answers by their members.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{macaroons::Macaroons, refusal::Refusal, server::Service, tls};
use crate::{bolt11::NodeKey, books::Books, node::Node};

const RECORDED: [(&str, &str); 5] = [
    (
        "protocol",
        include_str!("../../../../tests/fixtures/lnd/protocol.json"),
    ),
    (
        "addinvoice",
        include_str!("../../../../tests/fixtures/lnd/addinvoice.json"),
    ),
    (
        "lookup",
        include_str!("../../../../tests/fixtures/lnd/lookup.json"),
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

/// What is not replayed: file, name, reason.
const NOT_REPLAYED: &[(&str, &str, &str)] = &[
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
    ("addinvoice", "AMP", "none in the sandbox"),
    ("addinvoice", "AMP with a preimage", "none in the sandbox"),
    ("addinvoice", "blinded", "none in the sandbox"),
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
    (
        "addinvoice",
        "9223372036854775807 msat",
        "a fraction of a bitcoin, rounded as floats are",
    ),
    (
        "addinvoice",
        "with private hints, of a private channel",
        "no channels",
    ),
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

fn exchanges() -> Vec<(&'static str, Value)> {
    let files = RECORDED.iter().flat_map(|(file, text)| {
        let recorded: Value = serde_json::from_str(text).unwrap();
        let exchanges = recorded["exchanges"].as_array().unwrap().clone();
        exchanges.into_iter().map(move |exchange| (*file, exchange))
    });
    files.collect()
}

fn service(directory: &std::path::Path) -> (Service, impl Fn(&Value) -> Option<Vec<u8>>) {
    let acceptor = tls::acceptor(directory).unwrap();
    let macaroons = Macaroons::default();
    let file = |name: &str| directory.join(name);
    macaroons.bake(&file("admin"), None).unwrap();
    let uris = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    let checkout = [
        "/lnrpc.Lightning/AddInvoice",
        "/lnrpc.Lightning/LookupInvoice",
        "/lnrpc.Lightning/GetInfo",
        "/invoicesrpc.Invoices/CancelInvoice",
        "/invoicesrpc.Invoices/AddHoldInvoice",
        "/invoicesrpc.Invoices/SettleInvoice",
    ];
    macaroons.bake(&file("facture"), uris(&checkout)).unwrap();
    macaroons
        .bake(&file("invoice"), uris(&checkout[..1]))
        .unwrap();
    let node = Node::new(directory, NodeKey::random(), Books::in_memory());
    let directory = directory.to_owned();
    let shown = move |name: &Value| {
        let name = name.as_str()?;
        let digits = |bytes: &[u8]| {
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            digits.collect::<String>().into_bytes()
        };
        Some(match name {
            "other" => digits(&[&[2, 1][..], &[7; 32]].concat()),
            known @ ("admin" | "facture" | "invoice") => {
                digits(&std::fs::read(directory.join(known)).unwrap())
            }
            text => text.as_bytes().to_vec(),
        })
    };
    (Service::new(node, macaroons, acceptor), shown)
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
    assert!(compared > 35, "{compared}");
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
    assert!(compared > 20, "{compared}");
}

fn members(object: &Value) -> BTreeSet<&str> {
    let members = object.as_object().unwrap().keys();
    members.map(String::as_str).collect()
}
