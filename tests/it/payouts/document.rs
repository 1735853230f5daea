//! What the OpenAPI document says of payouts holds.

use std::{collections::BTreeSet, time::Duration};

use lightning_invoice::Currency;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Merchant, PAYOUTS, Theirs, path};
use crate::{api::shapes::Document, harness::json as answer};

#[tokio::test]
async fn answers_are_as_the_document_says_in_every_state() {
    let merchant = Merchant::open().await;
    let document = Document::of(&merchant.server).await;
    let new = async |key: &str| {
        let theirs = Theirs::default();
        let (status, payout) = merchant
            .order(key, &json!({ "destination": theirs.bolt11() }))
            .await;
        document.check("orderPayout", status, &payout);
        (theirs, payout)
    };
    let act = async |token: &str, payout: &Value, action: &str, body: Value| {
        let (status, told) = merchant.act(token, payout, action, &body).await;
        let name = match action {
            "begin" => "beginPayout",
            "outcome" => "reportPayout",
            "approve" => "approvePayout",
            _ => "cancelPayout",
        };
        document.check(name, status, &told);
        told["state"].as_str().map(str::to_owned)
    };
    let (order, approve, execute) = (&merchant.order, &merchant.approve, &merchant.execute);
    let (theirs, paid) = new("paid").await;
    act(approve, &paid, "approve", Value::Null).await;
    act(execute, &paid, "begin", theirs.begin("one")).await;
    act(order, &paid, "cancel", Value::Null).await;
    act(execute, &paid, "begin", theirs.begin("two")).await;
    let state = act(execute, &paid, "outcome", theirs.paid("one")).await;
    assert_eq!(state.as_deref(), Some("paid"));
    let (_, failed) = new("failed").await;
    let refused = json!({ "payer": "one", "state": "failed", "code": "limit_exceeded" });
    act(execute, &failed, "outcome", refused).await;
    let (theirs, unknown) = new("unknown").await;
    act(execute, &unknown, "begin", theirs.begin("one")).await;
    let unknowing = json!({ "payer": "one", "state": "unknown" });
    act(execute, &unknown, "outcome", unknowing).await;
    let (_, waiting) = new("waiting").await;
    let wanted = json!({ "payer": "one", "state": "approval_required" });
    act(execute, &waiting, "outcome", wanted).await;
    let (_, cancelled) = new("cancelled").await;
    act(order, &cancelled, "cancel", Value::Null).await;
    for payout in [&paid, &failed, &unknown, &waiting, &cancelled] {
        let (status, read) = merchant.get(order, &path(payout)).await;
        document.check("readPayout", status, &read);
    }
    let (status, list) = merchant.get(order, PAYOUTS).await;
    document.check("listPayouts", status, &list);
    assert_eq!(list["payouts"].as_array().unwrap().len(), 5);
    let (status, work) = merchant
        .get(execute, &format!("{PAYOUTS}/work?payer=one"))
        .await;
    document.check("readPayoutWork", status, &work);
    assert_eq!(work["payouts"].as_array().unwrap().len(), 2);
    let (status, missing) = merchant.get(order, &format!("{PAYOUTS}/po_1")).await;
    document.check("readPayout", status, &missing);
}

#[tokio::test]
async fn each_route_lists_the_codes_that_it_can_give_and_no_others() {
    let merchant = Merchant::open().await;
    let document = Document::of(&merchant.server).await;
    let own = merchant.server.create("5", "ours").await;
    let theirs = Theirs::default();
    let bolt11 = theirs.bolt11();
    let open = Theirs {
        amount_msat: None,
        ..Theirs::default()
    };
    let foreign = Theirs {
        network: Currency::Bitcoin,
        ..Theirs::default()
    };
    let old = Theirs {
        age: Duration::from_secs(7200),
        ..Theirs::default()
    };
    let mut seen = BTreeSet::new();
    let mut saw = |name: &str, code: &str, (status, error): (StatusCode, Value)| {
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name} {code}: {error}"
        );
        assert_eq!(error["error"]["code"], code, "{name}: {error}");
        document.check(name, status, &error);
        seen.insert((name.to_owned(), code.to_owned()));
    };
    for (body, code) in [
        (json!({}), "body_invalid"),
        (json!({ "destination": "x" }), "destination_invalid"),
        (
            json!({ "destination": "lnurlw://shop.example/" }),
            "unsupported",
        ),
        (json!({ "destination": foreign.bolt11() }), "wrong_network"),
        (json!({ "destination": old.bolt11() }), "invoice_expired"),
        (json!({ "destination": own["bolt11"] }), "own_invoice"),
        (json!({ "destination": open.bolt11() }), "amount_missing"),
        (
            json!({ "destination": bolt11, "amount_msat": 1 }),
            "amount_not_allowed",
        ),
        (
            json!({ "destination": bolt11, "amount_msat": 0 }),
            "amount_too_small",
        ),
        (
            json!({ "destination": bolt11, "amount_msat": 1e30 }),
            "amount_too_large",
        ),
        (
            json!({ "destination": bolt11, "amount": "1" }),
            "currency_amount_invalid",
        ),
        (
            json!({ "destination": bolt11, "currency": "EUR" }),
            "currency_invalid",
        ),
        (
            json!({ "destination": bolt11, "rate": "today" }),
            "rate_invalid",
        ),
        (
            json!({ "destination": bolt11, "max_fee_msat": 1e30 }),
            "max_fee_invalid",
        ),
        (
            json!({ "destination": bolt11, "reason": "" }),
            "reason_invalid",
        ),
        (
            json!({ "destination": bolt11, "invoice": "" }),
            "invoice_invalid",
        ),
        (
            json!({ "destination": bolt11, "expires_in": 0 }),
            "expires_in_invalid",
        ),
    ] {
        saw("orderPayout", code, merchant.order("a", &body).await);
    }
    let body = json!({ "destination": bolt11 });
    let key = "idempotency_key_invalid";
    saw("orderPayout", key, merchant.order("a b", &body).await);
    let request = merchant.request(&merchant.order, Method::POST, PAYOUTS);
    let told = answer(request.json(&body).send().await).await;
    saw("orderPayout", "idempotency_key_required", told);
    let payout = merchant.ordered("a", &body).await;
    let hash = theirs.hash();
    for (body, code) in [
        (json!({}), "body_invalid"),
        (
            json!({ "payer": "", "payment_hash": hash }),
            "payer_invalid",
        ),
        (
            json!({ "payer": "one", "payment_hash": "" }),
            "payment_hash_invalid",
        ),
        (
            json!({ "payer": "one", "payment_hash": hash, "bolt11": "" }),
            "bolt11_invalid",
        ),
    ] {
        let told = merchant
            .act(&merchant.execute, &payout, "begin", &body)
            .await;
        saw("beginPayout", code, told);
    }
    for (body, code) in [
        (json!({}), "body_invalid"),
        (json!({ "payer": "", "state": "unknown" }), "payer_invalid"),
        (
            json!({ "payer": "one", "state": "paid" }),
            "preimage_required",
        ),
        (
            json!({ "payer": "one", "state": "paid", "preimage": "" }),
            "preimage_invalid",
        ),
        (
            json!({ "payer": "one", "state": "approval_refused", "approval_code": "1" }),
            "approval_code_invalid",
        ),
    ] {
        let told = merchant
            .act(&merchant.execute, &payout, "outcome", &body)
            .await;
        saw("reportPayout", code, told);
    }
    for (name, path) in [("listPayouts", "?limit=0"), ("readPayoutWork", "/work")] {
        let told = merchant
            .get(&merchant.execute, &format!("{PAYOUTS}{path}"))
            .await;
        // The list is let in by any of the scopes.
        saw(name, "query_invalid", told);
    }
    for (body, code) in [
        (json!({ "code": "123456" }), "body_invalid"),
        (json!({ "approval_code": "12345" }), "approval_code_invalid"),
    ] {
        let told = merchant
            .act(&merchant.approve, &payout, "approve", &body)
            .await;
        saw("approvePayout", code, told);
    }
    let mut listed = BTreeSet::new();
    for methods in document.0["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            if operation["tags"] == json!(["Payouts"]) {
                let name = operation["operationId"].as_str().unwrap();
                let codes = document.codes(operation).into_iter();
                listed.extend(codes.map(|code| (name.to_owned(), code)));
            }
        }
    }
    assert_eq!(listed, seen);
}
