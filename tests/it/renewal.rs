//! A fresh invoice in the place of an expired one: one, whoever asks and however often.

use std::time::Duration;

use facture::sandbox::{Calls, Hold, OneFault};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode, header};
use serde_json::Value;

use crate::{
    contract::{World, path_of},
    harness::{Page, Server},
    program::{Running, serve},
    world::Sandbox,
};

/// Longer than a test takes on a slow machine: they expire when the node's clock is moved.
const SOON: [(&str, &str); 1] = [("INVOICE__EXPIRY_SECONDS", "60")];

async fn expired(sandbox: &Sandbox, server: &Server) -> Value {
    let invoice = server.create("21", "too late").await;
    expire(sandbox, server, &path_of(&invoice)).await;
    invoice
}

async fn expire(sandbox: &Sandbox, server: &Server, path: &str) {
    sandbox.node.advance(Duration::from_secs(100));
    server
        .json_until(path, |answer| answer["status"] == "expired")
        .await;
}

async fn renew(server: &Server, path: &str) -> Page {
    let request = server.request(Method::POST, &format!("{path}/renew"));
    Page::read(request.send().await).await
}

#[tokio::test]
async fn two_taps_and_two_tabs_make_one() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&SOON).await;
    let old = expired(&sandbox, &server).await;
    let path = path_of(&old);
    let page = server.open(&path).await;
    let action = page.attribute("main form", "action").expect("a form");
    assert_eq!(action, format!("{path}/renew"));

    let taps = join_all((0..8).map(|_| renew(&server, &path))).await;
    let new = taps[0].header("location").to_owned();
    for tap in &taps {
        assert_eq!(tap.status, StatusCode::SEE_OTHER, "{}", tap.text);
        assert_eq!(tap.header("location"), new);
    }
    assert_ne!(new, path);
    assert_eq!(sandbox.node.invoice_count(), 2);

    let (_, invoice) = server.json(&new).await;
    assert_eq!(
        (&invoice["amount_msat"], &invoice["description"]),
        (&old["amount_msat"], &old["description"])
    );
    let page = server.open(&path).await;
    let form = page.texts("form[action$=renew]");
    assert!(form.is_empty(), "it leads there instead");
    assert_eq!(page.attribute("main a.button", "href"), Some(new));
}

#[tokio::test]
async fn what_is_paid_or_can_be_is_not_renewed() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("21", "in time").await;
    let path = path_of(&invoice);
    assert_eq!(renew(&server, &path).await.header("location"), path);
    sandbox
        .pay(invoice["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    let answer = renew(&server, &path).await;
    assert_eq!(answer.header("location"), path);
    assert_eq!(server.open(&path).await.text_of("h1"), "Paid");
    assert_eq!(sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn the_oldest_leads_to_the_newest() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&SOON).await;
    let first = path_of(&expired(&sandbox, &server).await);
    let second = renew(&server, &first).await.header("location").to_owned();
    expire(&sandbox, &server, &second).await;
    let third = renew(&server, &first).await.header("location").to_owned();
    assert!(third != first && third != second);
    assert_eq!(renew(&server, &second).await.header("location"), third);
    assert_eq!(sandbox.node.invoice_count(), 3);
}

#[tokio::test]
async fn after_a_failure_the_next_tap_makes_the_same_one() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&SOON).await;
    let path = path_of(&expired(&sandbox, &server).await);
    let refusal = OneFault::Fail {
        code: -1,
        message: "no".to_owned(),
    };
    sandbox.node.faults().once(Calls::of("invoice"), refusal);
    let failed = renew(&server, &path).await;
    assert_eq!(failed.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = server.open(&path).await;
    let forms = page.texts("form[action$=renew]").len();
    assert_eq!(forms, 1, "it can be tried again");
    let new = renew(&server, &path).await.header("location").to_owned();
    assert_eq!(renew(&server, &path).await.header("location"), new);
    assert_eq!(sandbox.node.invoice_count(), 2);
}

#[tokio::test]
async fn after_a_crash_the_next_tap_finds_the_one_that_was_made() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let program = || {
        let mut command = serve(sandbox.node.rpc_file(), directory.path());
        command.env("FACTURE_INVOICE__EXPIRY_SECONDS", "60");
        Running::logged(command, &directory.path().join("log"))
    };
    let mut running = program();
    let visitor = running.visitor().await;
    visitor.ready().await;
    let (_, old) = visitor.submit("21", "crash").await.expect("an answer");
    let path = path_of(&old);
    sandbox.node.advance(Duration::from_secs(100));
    visitor
        .json_until(&path, |answer| answer["status"] == "expired")
        .await;
    // The node has made it; the program never hears of it.
    let hanging = sandbox
        .node
        .faults()
        .hang(Calls::of("invoice"), Hold::Answer);
    let tap = tokio::spawn({
        let (visitor, path) = (visitor.clone(), path.clone());
        async move { visitor.post(&format!("{path}/renew")).await.is_err() }
    });
    hanging.reached(1).await;
    running.kill().await;
    assert!(tap.await.expect("no panic"), "the buyer got no answer");
    hanging.release();

    let mut running = program();
    let visitor = running.visitor().await;
    visitor.ready().await;
    let mut seen = Vec::new();
    for _twice in 0..2 {
        let renew = format!("{path}/renew");
        let (status, new) = visitor.post(&renew).await.expect("an answer");
        assert_eq!(status, StatusCode::OK, "{new}");
        seen.push(new["label"].clone());
    }
    assert_ne!(seen[0], old["label"]);
    assert_eq!(seen[0], seen[1]);
    assert_eq!(sandbox.node.invoice_count(), 2);
}

#[tokio::test]
async fn programs_get_the_invoice_and_strangers_nothing() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&SOON).await;
    let path = path_of(&expired(&sandbox, &server).await);
    let request = server
        .request(Method::POST, &format!("{path}/renew"))
        .header(header::ACCEPT, "application/json");
    let answer = Page::read(request.send().await).await;
    let new: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(
        (answer.status, &new["amount_msat"]),
        (StatusCode::OK, &21_000.into())
    );
    let unknown = "/check_invoice/facture_0123456789abcdef0123456789abcdef";
    assert_eq!(renew(&server, unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sandbox.node.invoice_count(), 2);
}
