//! Refunds of a sale: never more than was received.

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use super::theirs;
use crate::payouts::{Merchant, issue};

#[tokio::test]
async fn a_refund_is_shown_on_the_sale_once_it_is_paid() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(100_000).await;
    assert_eq!(merchant.read_sale(&sale).await["refunded_msat"], 0);
    assert_eq!(merchant.read_sale(&sale).await["refund"], "none");
    assert_eq!(merchant.refunds(&sale).await, (0, 0, 100_000));
    let (invoice, preimage) = theirs(40_000);
    let body = json!({ "destination": invoice, "invoice": sale["label"], "reason": "too cold" });
    let payout = merchant.ordered("1", &body).await;
    assert_eq!(payout["invoice"], sale["label"]);
    assert_eq!(merchant.refunds(&sale).await, (0, 40_000, 60_000));
    assert_eq!(merchant.read_sale(&sale).await["refunded_msat"], 0);
    let id = payout["id"].as_str().unwrap();
    merchant.is_paid(id, preimage, 40_000).await;
    assert_eq!(merchant.refunds(&sale).await, (40_000, 0, 60_000));
    assert_eq!(merchant.read_sale(&sale).await["refunded_msat"], 40_000);
    // The buyer sees it too.
    let path = format!("/check_invoice/{}", sale["label"].as_str().unwrap());
    let (_, seen) = merchant.server.json(&path).await;
    assert_eq!(
        (&seen["refunded_msat"], &seen["refund"]),
        (&json!(40_000), &json!("part"))
    );
    let receipt = async || {
        let page = merchant.server.open(&path).await;
        page.texts(".paid dt")
            .into_iter()
            .zip(page.texts(".paid dd"))
            .collect::<Vec<_>>()
    };
    let row = |name: &str, amount: &str| (name.to_owned(), amount.to_owned());
    let part = receipt().await;
    assert!(
        part.contains(&row("Refunded in part", "40 sat")),
        "{part:?}"
    );
    // A backup of the records keeps it, and a restart.
    let rest = json!({ "destination": "buyer@wallet.example", "amount_msat": 60_000, "invoice": sale["label"] });
    let rest = merchant.ordered("2", &rest).await;
    assert_eq!(merchant.refunds(&sale).await, (40_000, 60_000, 0));
    let (status, error) = merchant.refund("3", &sale, 1).await;
    assert_eq!(status, StatusCode::CONFLICT, "{error}");
    assert_eq!(error["error"]["code"], "refund_too_large");
    merchant
        .is_paid(rest["id"].as_str().unwrap(), theirs(1).1, 60_000)
        .await;
    assert_eq!(merchant.read_sale(&sale).await["refund"], "whole");
    let whole = receipt().await;
    assert!(
        whole.contains(&row("Refunded in full", "100 sat")),
        "{whole:?}"
    );
}

#[tokio::test]
async fn what_will_never_be_paid_does_not_count() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(100_000).await;
    let (_, failed) = merchant.refund("1", &sale, 100_000).await;
    let (status, error) = merchant.refund("2", &sale, 1).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("Only 0 millisatoshis"), "{message}");
    merchant.fails(failed["id"].as_str().unwrap()).await;
    let (status, cancelled) = merchant.refund("3", &sale, 100_000).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, _) = merchant
        .act(&merchant.order, &cancelled, "cancel", &json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(merchant.refunds(&sale).await, (0, 0, 100_000));
    // One whose end is not known counts until it is.
    let (invoice, preimage) = theirs(70_000);
    let body = json!({ "destination": invoice, "invoice": sale["label"] });
    let unknown = merchant.ordered("4", &body).await;
    let hash = unknown["payment_hash"].clone();
    merchant
        .pays(
            &unknown,
            "begin",
            &json!({ "payer": "one", "payment_hash": hash }),
        )
        .await;
    let report = json!({ "payer": "one", "state": "unknown", "code": "timeout" });
    merchant.pays(&unknown, "outcome", &report).await;
    assert_eq!(merchant.refunds(&sale).await, (0, 70_000, 30_000));
    let paid = json!({
        "payer": "one", "state": "paid", "preimage": super::hex(preimage), "amount_msat": 70_000, "fee_msat": 0,
    });
    merchant.pays(&unknown, "outcome", &paid).await;
    assert_eq!(merchant.refunds(&sale).await, (70_000, 0, 30_000));
}

#[tokio::test]
async fn many_refunds_at_the_same_time_are_together_no_more_than_was_received() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(100_000).await;
    let keys: Vec<_> = (0..24).map(|number| number.to_string()).collect();
    let orders = join_all(keys.iter().enumerate().map(async |(number, key)| {
        // Half of them by a link.
        if number % 2 == 0 {
            let (status, _) = merchant.refund(key, &sale, 9_000).await;
            return status;
        }
        let body = json!({ "amount_msat": 9_000, "invoice": sale["label"] });
        merchant.issue(key, &body).await.0
    }))
    .await;
    let made = orders
        .iter()
        .filter(|status| **status == StatusCode::CREATED)
        .count();
    let refused = orders
        .iter()
        .filter(|status| **status == StatusCode::CONFLICT)
        .count();
    assert_eq!((made, refused), (11, 13));
    assert_eq!(merchant.refunds(&sale).await, (0, 99_000, 1_000));
}

#[tokio::test]
async fn the_same_request_is_one_refund() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(100_000).await;
    let (invoice, _) = theirs(60_000);
    let body = json!({ "destination": invoice, "invoice": sale["label"] });
    let first = merchant.ordered("1", &body).await;
    assert_eq!(merchant.ordered("1", &body).await["id"], first["id"]);
    assert_eq!(merchant.refunds(&sale).await, (0, 60_000, 40_000));
    let link = json!({ "amount_msat": 40_000, "invoice": sale["label"] });
    let voucher = merchant.voucher("1", &link).await;
    assert_eq!(merchant.voucher("1", &link).await, voucher);
    assert_eq!(merchant.refunds(&sale).await, (0, 100_000, 0));
}

#[tokio::test]
async fn what_was_not_received_is_not_refunded() {
    let merchant = Merchant::open().await;
    let sale = merchant.unpaid_sale(100_000).await;
    let (status, error) = merchant.refund("1", &sale, 1_000).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("invoice_not_paid"))
    );
    let link = json!({ "amount_msat": 1_000, "invoice": sale["label"] });
    let (status, error) = merchant.issue("1", &link).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("invoice_not_paid"))
    );
    let path = format!(
        "/api/v1/invoices/{}/refunds",
        sale["label"].as_str().unwrap()
    );
    let (status, error) = merchant.get(&merchant.order, &path).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("invoice_not_paid"))
    );
    // Nor is what nobody has heard of, and another program's invoice is not ours to refund.
    for label in ["facture_0123456789abcdef0123456789abcdef", "theirs", ""] {
        let body = json!({ "amount_msat": 1_000, "invoice": label });
        let (status, error) = merchant.issue("2", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
        assert_eq!(
            (&error["error"]["code"], &error["error"]["field"]),
            (&json!("invoice_invalid"), &json!("invoice"))
        );
    }
    let unknown = "/api/v1/invoices/facture_0123456789abcdef0123456789abcdef/refunds";
    let (status, _) = merchant.get(&merchant.order, unknown).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    // An offer leaves the amount open, and what is open cannot be counted.
    let sale = merchant.sale(5_000).await;
    let body = json!({ "destination": crate::decode::OFFER, "invoice": sale["label"] });
    let (status, error) = merchant.order("3", &body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
    assert_eq!(error["error"]["field"], "amount_msat");
    assert_eq!(merchant.refunds(&sale).await, (0, 0, 5_000));
}

#[tokio::test]
async fn only_who_may_order_payouts_sees_and_makes_refunds() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(5_000).await;
    let admin = issue(&merchant.records, "admin").await;
    let path = format!(
        "/api/v1/invoices/{}/refunds",
        sale["label"].as_str().unwrap()
    );
    for token in [&admin, &merchant.execute, &merchant.approve] {
        assert_eq!(merchant.get(token, &path).await.0, StatusCode::FORBIDDEN);
        assert_eq!(
            merchant.get(token, "/api/v1/vouchers").await.0,
            StatusCode::FORBIDDEN
        );
        let body = json!({ "amount_msat": 1_000 });
        assert_eq!(
            merchant.post(token, "/api/v1/vouchers", &body).await.0,
            StatusCode::FORBIDDEN
        );
    }
}
