//! What the OpenAPI document says of vouchers and refunds holds.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{VOUCHERS, theirs};
use crate::{api::shapes::Document, harness::json as answer, payouts::Merchant};

#[tokio::test]
async fn answers_are_as_the_document_says_in_every_state() {
    let merchant = Merchant::open().await;
    let document = Document::of(&merchant.server).await;
    let sale = merchant.sale(100_000).await;
    let body = json!({ "amount_msat": 10_000, "invoice": sale["label"], "reason": "cold" });
    let mut vouchers = Vec::new();
    for key in ["claimed", "cancelled", "open"] {
        let (status, issued) = merchant.issue(key, &body).await;
        document.check("issueVouchers", status, &issued);
        vouchers.push(issued["vouchers"][0].clone());
    }
    let [claimed, cancelled, _] = &vouchers[..] else {
        panic!("three");
    };
    merchant.claim(claimed, &theirs(10_000).0).await;
    let path = |voucher: &Value, action: &str| {
        format!("{VOUCHERS}/{}{action}", voucher["id"].as_str().unwrap())
    };
    for voucher in [cancelled, claimed] {
        let path = path(voucher, "/cancel");
        let (status, told) = merchant.post(&merchant.order, &path, &json!({})).await;
        document.check("cancelVoucher", status, &told);
    }
    for voucher in &vouchers {
        let (status, read) = merchant.get(&merchant.order, &path(voucher, "")).await;
        document.check("readVoucher", status, &read);
    }
    let (status, list) = merchant
        .get(&merchant.order, &format!("{VOUCHERS}?limit=2"))
        .await;
    document.check("listVouchers", status, &list);
    let label = sale["label"].as_str().unwrap();
    let (status, refunds) = merchant
        .get(
            &merchant.order,
            &format!("/api/v1/invoices/{label}/refunds"),
        )
        .await;
    document.check("listRefunds", status, &refunds);
    assert_eq!(status, StatusCode::OK);
    let too_much = json!({ "amount_msat": 100_001, "invoice": sale["label"] });
    let (status, error) = merchant.issue("more", &too_much).await;
    document.check("issueVouchers", status, &error);
}

#[tokio::test]
async fn each_route_lists_the_codes_that_it_can_give_and_no_others() {
    let merchant = Merchant::open().await;
    let document = Document::of(&merchant.server).await;
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
        (json!({ "amount_msat": 0 }), "amount_too_small"),
        (json!({ "amount_msat": 1e30 }), "amount_too_large"),
        (json!({ "amount_msat": 1, "count": 101 }), "count_invalid"),
        (
            json!({ "amount": "1", "currency": "EUR" }),
            "currency_amount_invalid",
        ),
        (json!({ "currency": "EUR" }), "currency_invalid"),
        (json!({ "rate": "today" }), "rate_invalid"),
        (
            json!({ "amount_msat": 1, "max_fee_msat": 1e30 }),
            "max_fee_invalid",
        ),
        (json!({ "amount_msat": 1, "reason": "" }), "reason_invalid"),
        (
            json!({ "amount_msat": 1, "invoice": "" }),
            "invoice_invalid",
        ),
        (
            json!({ "amount_msat": 1, "expires_in": 0 }),
            "expires_in_invalid",
        ),
    ] {
        saw("issueVouchers", code, merchant.issue("a", &body).await);
    }
    let body = json!({ "amount_msat": 1 });
    let key = "idempotency_key_invalid";
    saw("issueVouchers", key, merchant.issue("a b", &body).await);
    let request = merchant.request(&merchant.order, Method::POST, VOUCHERS);
    let told = answer(request.json(&body).send().await).await;
    saw("issueVouchers", "idempotency_key_required", told);
    let path = format!("{VOUCHERS}?limit=0");
    saw(
        "listVouchers",
        "query_invalid",
        merchant.get(&merchant.order, &path).await,
    );
    let mut listed = BTreeSet::new();
    for methods in document.0["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            if operation["tags"] == json!(["Vouchers"]) {
                let name = operation["operationId"].as_str().unwrap();
                let codes = document.codes(operation).into_iter();
                listed.extend(codes.map(|code| (name.to_owned(), code)));
            }
        }
    }
    assert_eq!(listed, seen);
}
