//! `facture listen`, `facture replay` and `facture trigger` as programs, and the sandbox's controls.

mod clients;
mod rust_client;

use std::{collections::BTreeSet, process::Command, time::Duration};

use facture_domain::EventKind;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::{
    api::{Shop, TOKEN},
    harness::{
        TIMEOUT, json as answer,
        receiver::{Received, Receiver, Reply},
    },
    program::{Running, program, run_beside},
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A command with the shop's address and token.
fn command(shop: &Shop, args: &[&str]) -> Command {
    let mut command = program(args);
    command.args(["--url", &shop.server.origin, "--token", TOKEN]);
    command
}

/// A listener that prints, and the directory with its cursor.
fn listener(shop: &Shop, directory: &TempDir, more: &[&str]) -> Running {
    let mut command = command(shop, &["listen"]);
    command.arg("--cursor").arg(directory.path().join("cursor"));
    command.args(more);
    Running::logged(command, &directory.path().join("log"))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// The body of a request whose signature is right.
fn verified(received: &Received) -> Value {
    let secret = Webhook::new(SECRET).unwrap();
    secret
        .verify(&received.body, &received.headers)
        .expect("a signature");
    serde_json::from_slice(&received.body).unwrap()
}

/// Waits until the listener is done with this event.
async fn until_cursor(directory: &TempDir, sequence: &str) {
    let waiting = async {
        let mut tick = interval(Duration::from_millis(10));
        loop {
            tick.tick().await;
            let cursor = std::fs::read_to_string(directory.path().join("cursor"));
            if cursor.is_ok_and(|cursor| cursor.trim() == sequence) {
                return;
            }
        }
    };
    timeout(TIMEOUT, waiting).await.expect("in time");
}

async fn with_controls() -> Shop {
    let shop = Shop::open().await;
    shop.sandbox.node.start_plugin();
    shop
}

async fn trigger(shop: &Shop, kind: &str) -> Value {
    let body = json!({ "type": kind });
    let request = shop.call(Method::POST, "/sandbox/v1/events").json(&body);
    let (status, event) = answer(request.send().await).await;
    assert_eq!(status, StatusCode::CREATED, "{kind}: {event}");
    event
}

#[tokio::test]
async fn each_kind_of_event_can_be_made_to_happen() {
    let shop = with_controls().await;
    for kind in EventKind::ALL.map(EventKind::as_str) {
        let event = trigger(&shop, kind).await;
        assert_eq!(event["type"], kind);
        let after = event["sequence"].as_u64().unwrap() - 1;
        let (_, listed) = shop
            .get(&format!("/api/v1/events?limit=1&after={after}"))
            .await;
        assert_eq!(listed["events"][0], event, "it is in the log");
    }
    let (_, kinds) = answer(shop.call(Method::GET, "/sandbox/v1/events").send().await).await;
    let listed: BTreeSet<_> = kinds["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind["type"].as_str().unwrap().to_owned())
        .collect();
    let known = EventKind::ALL.map(|kind| kind.as_str().to_owned());
    assert_eq!(listed, BTreeSet::from(known));
    let unknown = shop
        .call(Method::POST, "/sandbox/v1/events")
        .json(&json!({ "type": "invoice.eaten" }));
    let (status, refused) = answer(unknown.send().await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused["error"]["code"], "type_invalid");
}

#[tokio::test]
async fn the_controls_pay_hold_and_let_expire() {
    let shop = with_controls().await;
    let control = async |path: String, body: Value| {
        let request = shop.call(Method::POST, &format!("/sandbox/v1{path}"));
        answer(request.json(&body).send().await).await
    };
    let label = async |body: Value| {
        shop.create(&body).await["label"]
            .as_str()
            .unwrap()
            .to_owned()
    };

    let any = label(json!({ "amount_msat": "any" })).await;
    let (_, paid) = control(
        format!("/invoices/{any}/pay"),
        json!({ "amount_msat": 4321 }),
    )
    .await;
    assert_eq!(
        (&paid["status"], &paid["amount_received_msat"]),
        (&json!("paid"), &json!(4321))
    );
    let (status, twice) = control(format!("/invoices/{any}/pay"), json!({})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(twice["error"]["code"], "sandbox_refused");

    let plain = label(json!({ "amount_sat": 5, "expiry": 100 })).await;
    let (status, refused) = control(format!("/invoices/{plain}/hold"), json!({})).await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (StatusCode::CONFLICT, &json!("invoice_not_held"))
    );
    let (_, expired) = control(format!("/invoices/{plain}/expire"), json!({})).await;
    assert_eq!(expired["status"], "expired");

    let slow = label(json!({ "amount_sat": 5 })).await;
    let pay_slow = format!("/invoices/{slow}/pay");
    let (status, at_once) = control(pay_slow.clone(), json!({ "late_by_seconds": 0 })).await;
    assert_eq!(
        (status, &at_once["error"]["code"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("late_by_seconds_invalid")
        )
    );
    let (_, late) = control(pay_slow, json!({ "late_by_seconds": 60 })).await;
    assert_eq!(late["status"], "paid");
    let second = |field: &str| late[field].as_i64().unwrap();
    assert_eq!(second("paid_at") - second("expires_at"), 60, "{late}");

    let held = label(json!({ "amount_sat": 5, "hold": true })).await;
    let (_, accepted) = control(format!("/invoices/{held}/hold"), json!({})).await;
    assert_eq!(accepted["status"], "accepted");

    let (_, clock) = control("/clock/advance".to_owned(), json!({ "seconds": 3600 })).await;
    assert!(clock["now"].is_u64(), "{clock}");
    for (path, body, code) in [
        ("/clock/advance", json!({ "seconds": 0 }), "seconds_invalid"),
        ("/blocks", json!({ "count": 2017 }), "count_invalid"),
        ("/blocks", json!({ "count": -1 }), "body_invalid"),
    ] {
        let (status, refused) = control(path.to_owned(), body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        assert_eq!(refused["error"]["code"], code);
    }
    let (_, mined) = control("/blocks".to_owned(), json!({ "count": 1 })).await;
    assert_eq!(mined["mined"], 1);
}

#[tokio::test]
async fn the_controls_are_described_need_a_token_and_are_the_sandboxs_only() {
    let shop = with_controls().await;
    let (status, document) = shop.server.json("/sandbox/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let paths = document["paths"].as_object().unwrap();
    for (path, control) in [
        ("/sandbox/v1/invoices/{label}/pay", Method::POST),
        ("/sandbox/v1/payouts/{payout}/fail", Method::POST),
        ("/sandbox/v1/events", Method::GET),
    ] {
        assert!(paths.contains_key(path), "{path}");
        let path = path.replace("{label}", "facture_0123456789abcdef0123456789abcdef");
        let request = shop.server.request(control.clone(), &path).send();
        assert_eq!(request.await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    let live =
        crate::contract::live_server(shop.sandbox.node.rpc_file(), &[("API_TOKEN", TOKEN)]).await;
    for path in ["/sandbox/v1/events", "/sandbox/v1/openapi.json"] {
        let request = live.request(Method::GET, path).bearer_auth(TOKEN).send();
        assert_eq!(request.await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn events_are_forwarded_as_webhooks_are_and_it_resumes_where_it_was() {
    let shop = with_controls().await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/hook");
    let directory = tempfile::tempdir().unwrap();
    let before = trigger(&shop, "invoice.created").await;
    let mut running = listener(
        &shop,
        &directory,
        &["--forward-to", &url, "--secret", SECRET],
    );
    let place = running.line().await;
    assert_eq!(place, format!("listening after {}", before["sequence"]));

    // The real one goes to the same address: both have the same id.
    let hook = json!({ "url": url });
    let (_, hook) = shop.post("/api/v1/webhooks", &hook).await;
    receiver.answer([Reply::Status(500)]);
    let paid = trigger(&shop, "invoice.paid").await;
    let is_paid = |received: &&Received| {
        let body: Value = serde_json::from_slice(&received.body).unwrap();
        body["type"] == "invoice.paid"
    };
    let received = receiver
        .wait_until(|all| all.iter().filter(is_paid).count() >= 2)
        .await;
    let (signed, real): (Vec<_>, Vec<_>) = received.iter().filter(is_paid).partition(|received| {
        let secret = Webhook::new(SECRET).unwrap();
        secret.verify(&received.body, &received.headers).is_ok()
    });
    assert_eq!(signed[0].body, real[0].body, "byte for byte");
    let id = header(&signed[0].headers, "webhook-id");
    assert_eq!(id, header(&real[0].headers, "webhook-id"));
    assert_eq!(header(&signed[0].headers, "facture-replayed"), "");
    assert_eq!(verified(signed[0])["sequence"], paid["sequence"]);
    let path = format!("/api/v1/webhooks/{}", hook["id"].as_str().unwrap());
    shop.call(Method::DELETE, &path).send().await.unwrap();
    // What the receiver answered is said.
    let mut said = Vec::new();
    while !said
        .iter()
        .any(|line: &String| line.contains("invoice.paid"))
    {
        said.push(running.line().await);
    }
    assert!(running.line().await.starts_with("  status_"));
    let sequence = paid["sequence"].to_string();
    until_cursor(&directory, &sequence).await;
    assert!(running.terminate().await.success());

    let missed = trigger(&shop, "invoice.created").await;
    let mut running = listener(&shop, &directory, &["--json"]);
    assert_eq!(
        running.line().await,
        format!("listening after {}", paid["sequence"])
    );
    let event: Value = serde_json::from_str(&running.line().await).unwrap();
    assert_eq!(event, missed);
    assert!(running.terminate().await.success());
}

#[tokio::test]
async fn a_replay_goes_to_an_address_or_to_the_webhooks_and_is_marked() {
    let shop = with_controls().await;
    let receiver = Receiver::start().await;
    let first = trigger(&shop, "invoice.paid").await["sequence"].to_string();
    let last = trigger(&shop, "invoice.paid").await["sequence"].to_string();

    let url = receiver.url("/given");
    let mut given = command(&shop, &["replay", "--from", &first, "--to", &first]);
    given.args(["--forward-to", &url, "--secret", SECRET]);
    let (output, said, complaint) = run_beside(given).await;
    assert!(output.status.success(), "{said}{complaint}");
    assert!(said.ends_with("1 accepted, 0 not\n"), "{said}");
    let received = &receiver.received()[0];
    assert_eq!(verified(received)["sequence"].to_string(), first);
    assert_eq!(header(&received.headers, "facture-replayed"), "true");

    let hook = json!({ "url": receiver.url("/hook"), "types": ["invoice.paid"] });
    shop.post("/api/v1/webhooks", &hook).await;
    for expected in [2, 4] {
        let again = command(&shop, &["replay", "--from", &first]);
        let (output, said, complaint) = run_beside(again).await;
        assert!(output.status.success(), "{said}{complaint}");
        assert!(said.contains(": 2 queued"), "{said}");
        receiver.wait_for(1 + expected).await;
    }
    let received = receiver.received();
    let ids: BTreeSet<_> = received[1..]
        .iter()
        .map(|received| {
            assert_eq!(header(&received.headers, "facture-replayed"), "true");
            header(&received.headers, "webhook-id")
        })
        .collect();
    assert_eq!(ids.len(), 2, "the same ids");
    let one = command(&shop, &["replay", "--from", &last, "--to", &last]);
    assert!(run_beside(one).await.1.contains(": 1 queued"));
}

#[tokio::test]
async fn the_command_triggers_and_says_what_is_wrong() {
    let shop = with_controls().await;
    let (_, listed, _) = run_beside(command(&shop, &["trigger"])).await;
    assert!(listed.contains("invoice.hold_expiring "), "{listed}");
    let (output, event, _) = run_beside(command(&shop, &["trigger", "payout.failed"])).await;
    assert!(
        output.status.success() && event.contains(" payout.failed "),
        "{event}"
    );
    let (_, _, complaint) = run_beside(command(&shop, &["trigger", "nothing"])).await;
    assert!(complaint.contains("The type must be one of"), "{complaint}");
    let mut elsewhere = program(&["trigger", "--token", TOKEN]);
    elsewhere.args(["--url", "http://shop.example"]);
    let (_, _, complaint) = run_beside(elsewhere).await;
    assert!(complaint.contains("must be https"), "{complaint}");
}
