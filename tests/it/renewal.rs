//! A fresh invoice in the place of an expired one: only one, however many clients ask and however often.

use std::time::Duration;

use facture_sandbox::{CallFault, Calls, Hold};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::{interval, timeout};

use crate::{
    api::Shop,
    contract::{World, path_of},
    harness::{Page, Server, TIMEOUT, receiver::Receiver},
    program::{Running, serve},
    world::Sandbox,
};

/// Longer than a test takes on a slow machine: they expire when the node's clock is moved.
const SOON: [(&str, &str); 1] = [("INVOICE__EXPIRY_SECONDS", "60")];

/// The button for a fresh one.
const RENEW: &str = "form[action$=renew]";

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
    let refusal = CallFault::Fail {
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
        // It is told however it was found.
        let (_, shown) = visitor.json(&path).await.expect("an answer");
        assert_eq!(shown["renewed_by"], new["label"]);
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

fn label(invoice: &Value) -> &str {
    invoice["label"].as_str().expect("a label")
}

/// The path of an invoice in the API, and what follows.
fn api_path(invoice: &Value, rest: &str) -> String {
    format!("/api/v1/invoices/{}{rest}", label(invoice))
}

/// An invoice of the API that has expired, and the one that the buyer had made in its place.
async fn renewed(shop: &Shop, body: &Value) -> (Value, Value) {
    let old = shop.create(body).await;
    expire(&shop.sandbox, &shop.server, &path_of(&old)).await;
    let new = renew(&shop.server, &path_of(&old)).await;
    let (status, new) = shop.server.json(new.header("location")).await;
    assert_eq!(status, StatusCode::OK, "{new}");
    let (_, new) = shop.get(&api_path(&new, "")).await;
    (old, new)
}

fn pay(shop: &Shop, invoice: &Value) {
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    shop.sandbox.node.pay(bolt11, None).expect("the buyer pays");
}

#[tokio::test]
async fn the_shop_is_told_of_it_wherever_it_looks() {
    let shop = Shop::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    let receiver = Receiver::start().await;
    let webhook =
        json!({ "url": receiver.url("/all"), "types": ["invoice.renewed", "invoice.paid"] });
    let (status, webhook) = shop.post("/api/v1/webhooks", &webhook).await;
    assert_eq!(status, StatusCode::CREATED, "{webhook}");
    let order = json!({
        "amount_sat": 5, "expiry": 60, "order_id": "7", "metadata": { "cart": [1] }, "webhook": receiver.url("/one"),
    });
    let (old, new) = renewed(&shop, &order).await;
    assert_eq!(old["renewed_by"], Value::Null);
    assert_eq!(new["renewal_of"], old["label"]);
    assert_eq!(
        (&new["order_id"], &new["metadata"]),
        (&old["order_id"], &old["metadata"])
    );

    let (_, read) = shop.get(&api_path(&old, "")).await;
    let (_, waited) = shop.get(&api_path(&old, "/wait")).await;
    let (_, list) = shop.get("/api/v1/invoices?status=expired").await;
    let public = path_of(&old);
    let (_, shown) = shop.server.json(&public).await;
    let (_, public_waited) = shop.server.json(&format!("{public}/wait")).await;
    let listed = list["invoices"][0].clone();
    for answer in [&read, &waited, &listed, &shown, &public_waited] {
        assert_eq!(answer["status"], "expired", "{answer}");
        assert_eq!(answer["renewed_by"], new["label"], "{answer}");
    }
    let (_, log) = shop.get("/api/v1/events?types=invoice.renewed").await;
    let [event] = log["events"].as_array().expect("a list").as_slice() else {
        panic!("{log}");
    };
    assert_eq!(event["data"]["invoice"], read, "the old one, as it is now");
    let stream = shop.call(Method::GET, "/api/v1/events/stream?types=invoice.renewed");
    let mut stream = stream.send().await.expect("an answer");
    let chunk = timeout(TIMEOUT, stream.chunk()).await.expect("in time");
    let told = String::from_utf8(chunk.expect("more").expect("more").to_vec()).expect("text");
    assert!(told.contains("event: invoice.renewed\n"), "{told}");
    let buyer = shop
        .server
        .request(Method::GET, &format!("{public}/events"));
    let buyer = Page::read(buyer.send().await).await;
    let kinds = buyer
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("event: "));
    let kinds: Vec<_> = kinds.collect();
    assert_eq!(
        kinds,
        ["invoice.created", "invoice.expired", "invoice.renewed"]
    );

    pay(&shop, &new);
    let is = |path: &'static str, kind: &'static str, about: &Value| {
        let about = label(about).to_owned();
        move |received: &crate::harness::receiver::Received| {
            let body = received.json();
            received.path == path
                && body["type"] == kind
                && body["data"]["invoice"]["label"] == about
        }
    };
    let expected = [
        is("/all", "invoice.renewed", &old),
        is("/one", "invoice.renewed", &old),
        is("/one", "invoice.created", &new),
        is("/all", "invoice.paid", &new),
        is("/one", "invoice.paid", &new),
    ];
    let all = receiver
        .wait_until(|received| expected.iter().all(|one| received.iter().any(one)))
        .await;
    let renewals = all
        .iter()
        .filter(|one| one.json()["type"] == "invoice.renewed");
    for told in renewals {
        assert_eq!(told.json()["data"]["invoice"]["renewed_by"], new["label"]);
    }
}

#[tokio::test]
async fn it_is_one_event_however_often_it_is_asked_for() {
    let shop = Shop::open().await;
    let (old, new) = renewed(&shop, &json!({ "amount_sat": 5, "expiry": 60 })).await;
    let path = path_of(&old);
    let taps = join_all((0..8).map(|_| renew(&shop.server, &path))).await;
    for tap in taps {
        assert_eq!(tap.header("location"), path_of(&new));
    }
    let (_, log) = shop.get("/api/v1/events?types=invoice.renewed").await;
    assert_eq!(log["events"].as_array().map(Vec::len), Some(1), "{log}");
    // Many at the same time, of different orders.
    let mut olds = Vec::new();
    for _ in 0..10 {
        olds.push(shop.create(&json!({ "amount_sat": 5, "expiry": 60 })).await);
    }
    for old in &olds {
        expire(&shop.sandbox, &shop.server, &path_of(old)).await;
    }
    let paths: Vec<_> = olds.iter().map(path_of).collect();
    join_all(
        paths
            .iter()
            .flat_map(|path| [renew(&shop.server, path), renew(&shop.server, path)]),
    )
    .await;
    for old in &olds {
        let (_, old) = shop.get(&api_path(old, "")).await;
        let (_, new) = shop
            .get(&format!(
                "/api/v1/invoices/{}",
                old["renewed_by"].as_str().expect("a label")
            ))
            .await;
        assert_eq!(new["renewal_of"], old["label"]);
    }
    let (_, log) = shop.get("/api/v1/events?types=invoice.renewed").await;
    assert_eq!(log["events"].as_array().map(Vec::len), Some(11));
}

#[tokio::test]
async fn who_waits_may_follow_the_order_to_its_payment() {
    let shop = Shop::open().await;
    let old = shop.create(&json!({ "amount_sat": 5, "expiry": 60 })).await;
    let (api, public) = (
        api_path(&old, "/wait?timeout=60&follow=true"),
        path_of(&old),
    );
    let public_wait = format!("{public}/wait?timeout=60&follow=true");
    let (waiting, buyer) = (shop.get(&api), shop.server.json(&public_wait));
    let happens = async {
        expire(&shop.sandbox, &shop.server, &public).await;
        let nothing = shop.call(Method::GET, &api_path(&old, "/wait?timeout=1&follow=true"));
        let nothing = nothing.send().await.expect("an answer");
        assert_eq!(
            nothing.status(),
            StatusCode::NO_CONTENT,
            "it may be renewed yet"
        );
        let second = renew(&shop.server, &public)
            .await
            .header("location")
            .to_owned();
        expire(&shop.sandbox, &shop.server, &second).await;
        let third = renew(&shop.server, &public)
            .await
            .header("location")
            .to_owned();
        let (_, third) = shop.server.json(&third).await;
        pay(&shop, &third);
        third
    };
    let ((status, told), (_, buyer), third) = tokio::join!(waiting, buyer, happens);
    assert_eq!(status, StatusCode::OK, "{told}");
    for told in [told, buyer] {
        assert_eq!(
            (&told["label"], &told["status"]),
            (&third["label"], &json!("paid"))
        );
    }
    // At once, when it is over for good.
    let other = shop.create(&json!({ "amount_sat": 5 })).await;
    let (status, _) = shop.post(&api_path(&other, "/cancel"), &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    let (_, over) = shop
        .get(&api_path(&other, "/wait?timeout=60&follow=true"))
        .await;
    assert_eq!(
        (&over["label"], &over["status"]),
        (&other["label"], &json!("expired"))
    );
    for follow in ["", "1", "yes", "TRUE"] {
        let (status, error) = shop
            .get(&api_path(&old, &format!("/wait?follow={follow}")))
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{follow}");
        assert_eq!(error["error"]["field"], "follow");
    }
}

/// The page has no button, and who asks all the same is told why nothing is made.
async fn is_not_renewable(server: &Server, path: &str) {
    let page = server.open(path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.texts(RENEW).is_empty());
    let refused = renew(server, path).await;
    assert_eq!(refused.status, StatusCode::GONE, "{}", refused.text);
    assert_eq!(refused.text_of("h1"), "This invoice can’t be renewed");
    let request = server
        .request(Method::POST, &format!("{path}/renew"))
        .header(header::ACCEPT, "application/json");
    let (status, error) = crate::harness::json(request.send().await).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::GONE, &json!("invoice_not_renewable"))
    );
}

#[tokio::test]
async fn what_the_shop_took_back_is_not_renewed() {
    let shop = Shop::open().await;
    let body = json!({ "amount_sat": 5, "expiry": 60 });
    let cancelled = shop.create(&body).await;
    let (status, _) = shop
        .post(&api_path(&cancelled, "/cancel"), &json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    is_not_renewable(&shop.server, &path_of(&cancelled)).await;
    let page = shop.server.open(&path_of(&cancelled)).await;
    assert!(page.text.contains("The shop cancelled this invoice."));

    // By the API of Lightning Charge, before and after it expired.
    let delete = async |invoice: &Value, status: &str| {
        let path = format!("/invoice/{}", label(invoice));
        let request = shop.server.request(Method::DELETE, &path);
        let request = request.basic_auth("api-token", Some(crate::api::TOKEN));
        let answer = request.json(&json!({ "status": status })).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::NO_CONTENT);
    };
    let unpaid = shop.create(&body).await;
    delete(&unpaid, "unpaid").await;
    let expired = shop.create(&body).await;
    expire(&shop.sandbox, &shop.server, &path_of(&expired)).await;
    let page = shop.server.open(&path_of(&expired)).await;
    assert_eq!(page.texts(RENEW).len(), 1, "so far it is renewable");
    delete(&expired, "expired").await;
    for invoice in [&unpaid, &expired] {
        is_not_renewable(&shop.server, &path_of(invoice)).await;
    }
    // Those who wait need not wait for what cannot come.
    let (_, over) = shop
        .get(&api_path(&expired, "/wait?timeout=60&follow=true"))
        .await;
    assert_eq!(over["status"], "expired");
    assert_eq!(shop.sandbox.node.invoice_count(), 1, "nothing was made");
}

#[tokio::test]
async fn renewal_can_be_switched_off() {
    let shop = Shop::with(&[("INVOICE__RENEWABLE_FOR_SECONDS", "0")]).await;
    let old = shop.create(&json!({ "amount_sat": 5, "expiry": 60 })).await;
    expire(&shop.sandbox, &shop.server, &path_of(&old)).await;
    is_not_renewable(&shop.server, &path_of(&old)).await;
    let page = shop.server.open(&path_of(&old)).await;
    assert!(page.text.contains("please ask the shop"), "{}", page.text);
    let (_, over) = shop
        .get(&api_path(&old, "/wait?timeout=60&follow=true"))
        .await;
    assert_eq!(over["renewed_by"], Value::Null);
}

#[tokio::test]
async fn it_is_renewable_for_a_time_only_and_so_is_its_renewal() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let records = ("STORE__DATA_DIR", directory.path().to_str().expect("text"));
    let server = sandbox
        .server(&[records, ("INVOICE__EXPIRY_SECONDS", "1")])
        .await;
    let first = path_of(&expired(&sandbox, &server).await);
    let second = renew(&server, &first).await.header("location").to_owned();
    expire(&sandbox, &server, &second).await;
    assert_eq!(server.open(&second).await.texts(RENEW).len(), 1);
    server.stop().await.expect("in order");

    let window = ("INVOICE__RENEWABLE_FOR_SECONDS", "1");
    let server = sandbox.server(&[records, window]).await;
    // By the node's clock, which is ahead, the second expires later: but the order has had its time.
    let over = async {
        let mut tick = interval(Duration::from_millis(20));
        while !server.open(&second).await.texts(RENEW).is_empty() {
            tick.tick().await;
        }
    };
    timeout(TIMEOUT, over).await.expect("its time ends");
    for path in [&first, &second] {
        is_not_renewable(&server, path).await;
    }
    assert_eq!(sandbox.node.invoice_count(), 2);
}
