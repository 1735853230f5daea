//! The web tier cannot spend: whatever is asked of it, nothing that spends reaches the node.

use facture::web::Mode;
use facture_node::{cln, lnd};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Merchant, PAYOUTS, Theirs, issue, path};
use crate::{harness::json as answer, lnd::world::Lnd};

/// What a merchant may have asked of lightningd: none of it sends money or signs for it.
const HARMLESS_CLN: &[&str] = &[
    "getinfo",
    "invoice",
    "listinvoices",
    "wait",
    "waitanyinvoice",
    "delinvoice",
    "decode",
    "listcurrencyrates",
    // Ways to be paid.
    "offer",
    "listoffers",
    "disableoffer",
    "currencyconvert",
    "listpeerchannels",
    "autoclean-status",
    "facture-hold-create",
    "facture-hold-settle",
    "facture-hold-cancel",
    "facture-hold-list",
    "facture-hold-wait",
];

/// The same of LND.
const HARMLESS_LND: &[&str] = &[
    "GetInfo",
    "AddInvoice",
    "LookupInvoice",
    "ListInvoices",
    "SubscribeInvoices",
    "CancelInvoice",
    "AddHoldInvoice",
    "SettleInvoice",
    "ChannelBalance",
];

const SETTINGS: &[(&str, &str)] = &[("CHARGE__ENABLED", "true"), ("API_TOKEN", CONFIGURED)];

/// It is Lightning Charge's token too.
const CONFIGURED: &str = "configured-token-of-the-shop";

#[test]
fn no_call_that_spends_can_be_sent() {
    for method in cln::Method::ALL {
        assert!(HARMLESS_CLN.contains(&method.name()), "{}", method.name());
    }
    for method in lnd::Method::ALL {
        let (_, name) = method.uri().rsplit_once('/').unwrap();
        assert!(HARMLESS_LND.contains(&name), "{name}");
    }
}

#[tokio::test]
async fn whatever_is_called_with_every_token_lightningd_is_not_asked_to_spend() {
    let merchant = Merchant::with(SETTINGS).await;
    call_everything(&merchant).await;
    reached_only(merchant.sandbox.node.called(), HARMLESS_CLN, "invoice");
}

#[tokio::test]
async fn whatever_is_called_with_every_token_lnd_is_not_asked_to_spend() {
    let sandbox = Lnd::start().await;
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let merchant = Merchant::on(sandbox, mode, SETTINGS).await;
    call_everything(&merchant).await;
    let created = "AddInvoice";
    reached_only(merchant.sandbox.node.called(), HARMLESS_LND, created);
}

/// These methods reached the node: this one, so that the list is one, and none but harmless ones.
fn reached_only(called: Vec<String>, harmless: &[&str], one: &str) {
    assert!(called.iter().any(|method| method == one), "{called:?}");
    for method in called {
        assert!(harmless.contains(&&*method), "{method} reached the node");
    }
}

/// Calls each route of each API, most of them several times, with a token that may do everything.
async fn call_everything<N>(merchant: &Merchant<N>) {
    let scopes = "admin invoices:read invoices:create webhooks payouts:order payouts:approve payouts:execute";
    let everything = issue(&merchant.records, scopes).await;
    let (status, document) = merchant.server.json("/api/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let invoice = merchant.server.create("5", "coffee").await;
    let label = invoice["label"].as_str().unwrap();
    let payout = merchant
        .ordered(
            "known",
            &json!({ "destination": Theirs::default().bolt11() }),
        )
        .await;
    let mut called = 0;
    for (route, methods) in document["paths"].as_object().unwrap() {
        // These would wait for something to happen.
        if route.ends_with("/stream") || route.ends_with("/wait") {
            continue;
        }
        let target = route
            .replace("{label}", label)
            .replace("{item}", "poem")
            .replace("{voucher}", "vo_0123456789abcdef0123456789abcdef")
            .replace("{payout}", payout["id"].as_str().unwrap())
            .replace("{webhook}", "we_0123456789abcdef0123456789abcdef")
            .replace("{delivery}", "msg_0123456789abcdef0123456789abcdef");
        let query = match route.ends_with("/work") {
            true => "?payer=one",
            false => "",
        };
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for body in bodies() {
                let request =
                    merchant.request(&everything, method.clone(), &format!("{target}{query}"));
                let request = request.header("Idempotency-Key", format!("key-{called}"));
                let response = request.json(&body).send().await.unwrap();
                let status = response.status();
                assert_ne!(
                    status,
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "{method} {target}"
                );
                called += 1;
            }
        }
    }
    assert!(called > 100, "{called}");
    let invoice = merchant.server.create("5", "tea").await;
    pages_and_charge(merchant, invoice["label"].as_str().unwrap()).await;
    whole_life(merchant, &everything).await;
}

/// Something for every route that takes a body.
fn bodies() -> Vec<Value> {
    let theirs = Theirs::default();
    vec![
        json!({ "amount_sat": 1 }),
        json!({ "amount_msat": 21_000, "count": 2 }),
        json!({ "string": crate::decode::OFFER }),
        json!({ "destination": theirs.bolt11() }),
        json!({ "destination": "alice@shop.example", "amount_msat": 1 }),
        json!({ "string": theirs.bolt11() }),
        json!({ "url": "https://shop.example/hook" }),
        json!({ "title": "A poem", "price_msat": 1, "text": "Roses are red" }),
        theirs.begin("one"),
        theirs.paid("one"),
        json!({ "payer": "one", "state": "failed", "code": "no_route" }),
        json!({}),
    ]
}

/// The pages and Lightning Charge's API, with what could be taken for something to pay.
async fn pages_and_charge<N>(merchant: &Merchant<N>, label: &str) {
    let bolt11 = Theirs::default().bolt11();
    let page = format!("/check_invoice/{label}");
    let server = &merchant.server;
    for target in [
        "/",
        "/api/docs",
        "/healthz",
        "/readyz",
        &page,
        &format!("{page}/status"),
        &format!("{page}/qr.svg"),
        &format!("{page}/qr.png"),
        "/info",
        "/invoices",
        &format!("/invoice/{label}"),
    ] {
        let request = server.request(Method::GET, target);
        let request = request.basic_auth("api-token", Some(CONFIGURED));
        let status = request.send().await.unwrap().status();
        assert!(status.is_success(), "{target}: {status}");
    }
    for target in [
        "/create_invoice",
        &format!("{page}/renew"),
        &format!("{page}/proof"),
        &format!("/sandbox/{label}/pay"),
    ] {
        for fields in [
            [("amount", "5"), ("description", "x")],
            [("amount", &*bolt11), ("preimage", "00")],
        ] {
            let request = server.request(Method::POST, target).form(&fields);
            let status = request.send().await.unwrap().status();
            assert!(!status.is_server_error(), "{target}: {status}");
        }
    }
    for (method, target) in [
        (Method::POST, "/invoice".to_owned()),
        (Method::POST, format!("/invoice/{label}/webhook")),
        (Method::DELETE, format!("/invoice/{label}")),
    ] {
        let request = server.request(method, &target);
        let request = request.basic_auth("api-token", Some(CONFIGURED));
        let body = json!({ "msatoshi": 1000, "bolt11": bolt11, "url": "https://shop.example/" });
        let status = request.json(&body).send().await.unwrap().status();
        assert!(!status.is_server_error(), "{target}: {status}");
    }
}

/// A payout from the order to the payment: what pays is elsewhere.
async fn whole_life<N>(merchant: &Merchant<N>, token: &str) {
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("whole", &json!({ "destination": theirs.bolt11() }))
        .await;
    for (action, body) in [
        ("approve", Value::Null),
        ("begin", theirs.begin("one")),
        ("outcome", theirs.paid("one")),
    ] {
        let request = merchant.request(token, Method::POST, &format!("{}/{action}", path(&payout)));
        let (status, payout) = answer(request.json(&body).send().await).await;
        assert_eq!(status, StatusCode::OK, "{payout}");
    }
    let (_, list) = merchant.get(token, PAYOUTS).await;
    assert_eq!(list["payouts"][0]["state"], "paid");
    // A voucher that a wallet claims.
    let theirs = Theirs::default();
    let request = merchant.request(token, Method::POST, "/api/v1/vouchers");
    let request = request
        .header("Idempotency-Key", "whole")
        .json(&json!({ "amount_msat": 21_000 }));
    let (status, issued) = answer(request.send().await).await;
    assert_eq!(status, StatusCode::CREATED, "{issued}");
    let url = issued["vouchers"][0]["url"].as_str().unwrap();
    let (_, secret) = url.rsplit_once('/').unwrap();
    for path in [
        format!("/lnurl/withdraw/{secret}"),
        format!(
            "/lnurl/withdraw/callback?k1={secret}&pr={}",
            theirs.bolt11()
        ),
    ] {
        let (status, answer) = merchant.server.json(&path).await;
        assert_eq!(status, StatusCode::OK);
        assert_ne!(answer["status"], "ERROR", "{answer}");
    }
}
