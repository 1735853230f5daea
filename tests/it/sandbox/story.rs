//! Replays what was recorded about invoices, in the order in which it happened, with what happened in between.

use std::collections::HashMap;
use std::time::Duration;

use facture_sandbox::{Calls, CapacityWarning};
use serde_json::{Value, json};

use super::compare::Bindings;
use super::fixtures::{Exchange, in_order, named};
use super::support::{Bench, Raw};

/// What else happened around an exchange. `Before` it, or `During` it: while its answer was awaited.
enum Event {
    Before(Action),
    During(Action),
}

/// Something the recording shows only by its effects.
enum Action {
    /// amount, label, description, expiry.
    Make(u64, &'static str, &'static str, u64),
    /// label, amount if the payer chose it.
    Pay(&'static str, Option<u64>),
    /// label, status.
    Delete(&'static str, &'static str),
    /// So many seconds passed.
    Pass(u64),
    /// A method is gone.
    RemoveMethod(&'static str),
}

const WEEK: u64 = 604_800;

fn events(exchange: &Exchange) -> Vec<Event> {
    use Action::{Delete, Make, Pass, Pay, RemoveMethod};
    use Event::{Before, During};
    match (exchange.file, exchange.name.as_str()) {
        // Made with a private channel's id, which the sandbox does not have.
        ("invoice", "exposeprivatechannels unknown scid") => {
            vec![
                Before(Make(1000, "eps-2fa51", "d", WEEK)),
                Before(Make(1000, "epa-2fa51", "d", WEEK)),
            ]
        }
        ("listinvoices", "by label hit, unpaid") => vec![
            Before(Pass(2)),
            Before(Make(12_345, "paid-2fa51", "to be paid", WEEK)),
            Before(Pay("paid-2fa51", None)),
            Before(Pay("any-2fa51", Some(4321))),
        ],
        ("waitinvoice", "expires during the wait") => {
            vec![
                Before(Make(
                    1000,
                    "exp-during-2fa51",
                    "expires while waited for",
                    2,
                )),
                During(Pass(2)),
            ]
        }
        ("waitinvoice", "paid during the wait") => vec![
            Before(Make(
                2222,
                "paid-during-2fa51",
                "paid while waited for",
                WEEK,
            )),
            During(Pay("paid-during-2fa51", None)),
        ],
        ("waitinvoice", "deleted during the wait") => vec![
            Before(Make(
                1000,
                "deleted-during-2fa51",
                "deleted while waited for",
                WEEK,
            )),
            During(Delete("deleted-during-2fa51", "unpaid")),
        ],
        ("waitanyinvoice", "paid during the wait") => vec![
            Before(Make(
                3333,
                "any-during-2fa51",
                "paid while any is waited for",
                WEEK,
            )),
            During(Pay("any-during-2fa51", None)),
        ],
        ("waitanyinvoice", "lastpay_index far ahead, one paid during the wait") => vec![
            Before(Make(
                3334,
                "ahead-during-2fa51",
                "paid while lastpay_index is far ahead",
                WEEK,
            )),
            During(Pay("ahead-during-2fa51", None)),
        ],
        ("wait", "invoices created, made during the wait") => {
            vec![During(Make(4444, "w-2fa51", "paid while waited for", WEEK))]
        }
        ("wait", "invoices updated, paid during the wait") => vec![During(Pay("w-2fa51", None))],
        ("wait", "invoices updated, expires during the wait") => {
            vec![
                Before(Make(1000, "wexp-2fa51", "expires while waited for", 5)),
                During(Pass(5)),
            ]
        }
        ("wait", "invoices deleted, deleted during the wait") => {
            vec![During(Delete("w-2fa51", "paid"))]
        }
        ("currencyrate", "currencyconvert without the plugin") => {
            vec![Before(RemoveMethod("currencyconvert"))]
        }
        _ => Vec::new(),
    }
}

async fn perform(bench: &Bench, action: &Action) {
    match action {
        Action::Make(amount, label, description, expiry) => {
            let params = json!({"amount_msat": amount, "label": label, "description": description, "expiry": expiry});
            assert!(
                bench.call("invoice", params).await["error"].is_null(),
                "{label}"
            );
        }
        Action::Pay(label, amount) => {
            let listed = bench.call("listinvoices", json!({"label": label})).await;
            let bolt11 = listed["result"]["invoices"][0]["bolt11"].as_str().unwrap();
            bench.node.pay(bolt11, *amount).unwrap();
        }
        Action::Delete(label, status) => {
            let answer = bench
                .call("delinvoice", json!({"label": label, "status": status}))
                .await;
            assert!(answer["error"].is_null(), "{answer}");
        }
        Action::RemoveMethod(method) => bench.node.faults().lack(Calls::of(method)),
        Action::Pass(seconds) => bench.node.advance(Duration::from_secs(*seconds)),
    }
}

/// Sends the request; when its answer is to be awaited, makes sure that the sandbox waits, too.
async fn replay(bench: &Bench, exchange: &Exchange, learned: &Bindings) -> String {
    let events = events(exchange);
    for event in &events {
        if let Event::Before(action) = event {
            perform(bench, action).await;
        }
    }
    let mut raw: Raw = bench.connect().await;
    let request = learned.translate(exchange.request_raw.as_deref().unwrap());
    // A byte that is no UTF-8 was recorded as U+FFFD.
    let parts: Vec<&[u8]> = request.split('\u{fffd}').map(str::as_bytes).collect();
    raw.send(parts.join(&b'\xff')).await;
    let during: Vec<&Action> = events
        .iter()
        .filter_map(|event| {
            if let Event::During(action) = event {
                Some(action)
            } else {
                None
            }
        })
        .collect();
    if !during.is_empty() {
        raw.ask("marker", "getinfo", json!({})).await;
        assert!(raw.answer().await.contains("marker"));
        for action in during {
            perform(bench, action).await;
        }
    }
    raw.answer().await
}

#[tokio::test]
async fn invoices_are_answered_as_recorded() {
    let files = [
        "getinfo",
        "invoice",
        "listinvoices",
        "waitinvoice",
        "waitanyinvoice",
        "wait",
        "delinvoice",
        "decode",
    ];
    assert!(answered_as_recorded(&files).await > 200);
}

#[tokio::test]
async fn currencies_are_answered_as_recorded() {
    assert!(answered_as_recorded(&["currencyrate"]).await > 15);
}

/// Replays files of one recording; says how many exchanges there are.
async fn answered_as_recorded(files: &[&'static str]) -> usize {
    let mut nodes: HashMap<String, (Bench, Bindings)> = HashMap::new();
    let mut differences = Vec::new();
    let exchanges = in_order(files);
    let count = exchanges.len();
    for exchange in exchanges {
        if !nodes.contains_key(&exchange.node) {
            nodes.insert(
                exchange.node.clone(),
                (Bench::start().await, Bindings::default()),
            );
        }
        let (bench, learned) = nodes.get_mut(&exchange.node).unwrap();
        let own = replay(bench, &exchange, learned).await;
        if let Err(difference) = learned.compare(exchange.response_raw.as_deref().unwrap(), &own) {
            differences.push(format!(
                "{}: {}: {difference}",
                exchange.file, exchange.name
            ));
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
    count
}

#[tokio::test]
async fn an_expiry_beyond_the_sandboxs_bound_is_an_error() {
    const TEN_YEARS: u64 = 315_360_000;
    let bench = Bench::start().await;
    let make = async |expiry: u64| -> Value {
        let params = json!({"amount_msat": 1, "label": "x", "description": "d", "expiry": expiry});
        bench.call("invoice", params).await
    };
    let answer = make(TEN_YEARS + 1).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    assert_eq!(bench.node.invoice_count(), 0);
    let answer = make(TEN_YEARS).await;
    assert!(answer["error"].is_null(), "{answer}");
}

#[tokio::test]
async fn it_says_of_its_channel_what_the_test_says() {
    let bench = Bench::start().await;
    bench.node.set_receivable_msat(0);
    let channels = bench.call("listpeerchannels", json!({})).await;
    assert_eq!(channels["result"]["channels"][0]["receivable_msat"], 0);
    let others = json!({ "short_channel_id": "1x1x1" });
    let none = bench.call("listpeerchannels", others).await;
    assert_eq!(none["result"], json!({ "channels": [] }));

    for (warning, exchange) in [
        (CapacityWarning::DeadEnds, named("invoice", "ok")),
        (
            CapacityWarning::Capacity,
            named("invoice", "amount above the channel's whole capacity"),
        ),
    ] {
        bench.node.set_warning(Some(warning));
        let mut raw = bench.connect().await;
        raw.send(exchange.request_raw.unwrap()).await;
        let (own, recorded) = (raw.answer().await, exchange.response_raw.unwrap());
        let warning = |text: &str| text.trim().split_once(",\"warning_").unwrap().1.to_owned();
        assert_eq!(warning(&own), warning(&recorded));
    }
}

#[tokio::test]
async fn an_invoice_says_when_it_expires() {
    let bench = Bench::start().await;
    let bolt11 = bench.invoice("x", 1000).await;
    let decoded = bench.call("decode", json!([bolt11])).await;
    let listed = bench.call("listinvoices", json!({"label": "x"})).await;
    let created_at = decoded["result"]["created_at"].as_u64().unwrap();
    let expires_at = listed["result"]["invoices"][0]["expires_at"]
        .as_u64()
        .unwrap();
    assert_eq!(expires_at, created_at + WEEK);
}
