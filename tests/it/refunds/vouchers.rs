//! Issuing, listing and cancelling vouchers.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{VOUCHERS, theirs};
use crate::payouts::Merchant;

#[tokio::test]
async fn vouchers_are_issued_once_and_each_is_counted() {
    let merchant = Merchant::open().await;
    let body =
        json!({ "count": 20, "amount_msat": 1_000_000, "reason": "Welcome", "expires_in": 3600 });
    let (status, issued) = merchant.issue("meetup", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{issued}");
    let vouchers = issued["vouchers"].as_array().unwrap();
    assert_eq!(vouchers.len(), 20);
    for (number, voucher) in (1..).zip(vouchers) {
        assert_eq!(voucher["number"], number);
        assert_eq!(voucher["batch"], vouchers[0]["batch"]);
        assert_eq!(
            (&voucher["state"], &voucher["amount_msat"]),
            (&json!("open"), &json!(1_000_000))
        );
        assert!(voucher["lnurl"].as_str().unwrap().starts_with("LNURL1"));
    }
    let links: BTreeSet<_> = vouchers
        .iter()
        .map(|voucher| voucher["lnurl"].to_string())
        .collect();
    assert_eq!(links.len(), 20);
    let (_, again) = merchant.issue("meetup", &body).await;
    assert_eq!(again, issued);
    let other = json!({ "count": 2, "amount_msat": 1_000_000 });
    let (status, error) = merchant.issue("meetup", &other).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("idempotency_key_reused"))
    );
    // The list has each once, the newest first.
    merchant
        .voucher("one-more", &json!({ "amount_msat": 5 }))
        .await;
    let mut listed = Vec::new();
    let batch = vouchers[0]["batch"].as_str().unwrap();
    let mut path = format!("{VOUCHERS}?batch={batch}&limit=7");
    loop {
        let (status, page) = merchant.get(&merchant.order, &path).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        listed.extend(page["vouchers"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => path = format!("{VOUCHERS}?batch={batch}&limit=7&cursor={next}"),
            None => break,
        }
    }
    listed.reverse();
    assert_eq!(listed, *vouchers);
}

#[tokio::test]
async fn the_records_do_not_hold_what_claims_a_voucher() {
    let merchant = Merchant::open().await;
    let voucher = merchant
        .voucher("1", &json!({ "amount_msat": 1_000 }))
        .await;
    let secret = super::secret(&voucher);
    for file in std::fs::read_dir(&merchant.records).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_cancelled_voucher_cannot_be_claimed_and_a_claimed_one_not_cancelled() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(10_000).await;
    let body = json!({ "amount_msat": 10_000, "invoice": sale["label"] });
    let voucher = merchant.voucher("1", &body).await;
    let cancel = async |voucher: &Value| {
        let path = format!("{VOUCHERS}/{}/cancel", voucher["id"].as_str().unwrap());
        merchant.post(&merchant.order, &path, &json!({})).await
    };
    let (status, cancelled) = cancel(&voucher).await;
    assert_eq!(
        (status, &cancelled["state"]),
        (StatusCode::OK, &json!("cancelled"))
    );
    assert_eq!(cancel(&voucher).await.0, StatusCode::OK);
    let (invoice, _) = theirs(10_000);
    assert_eq!(merchant.claim(&voucher, &invoice).await["status"], "ERROR");
    assert_eq!(merchant.refunds(&sale).await, (0, 0, 10_000));
    let next = merchant.voucher("2", &body).await;
    assert_eq!(merchant.claim(&next, &invoice).await["status"], "OK");
    let (status, error) = cancel(&next).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("voucher_state"))
    );
    // Its payout can be, which ends the voucher.
    let payout = merchant.read_voucher(&next).await["payout"].clone();
    let (status, _) = merchant
        .act(
            &merchant.order,
            &json!({ "id": payout }),
            "cancel",
            &json!({}),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(merchant.read_voucher(&next).await["state"], "cancelled");
    assert_eq!(
        merchant.claim(&next, &theirs(10_000).0).await["status"],
        "ERROR"
    );
    assert_eq!(merchant.refunds(&sale).await, (0, 0, 10_000));
}

#[tokio::test]
async fn a_request_that_makes_no_sense_names_the_field() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(10_000).await;
    for (body, code, field) in [
        (json!({}), "body_invalid", "amount_msat"),
        (
            json!({ "amount_msat": 0 }),
            "amount_too_small",
            "amount_msat",
        ),
        (
            json!({ "amount_msat": 1_000_000_000_000_000_001_u64 }),
            "amount_too_large",
            "amount_msat",
        ),
        (json!({ "amount_msat": "5" }), "body_invalid", "amount_msat"),
        (
            json!({ "amount_msat": 5, "count": 0 }),
            "count_invalid",
            "count",
        ),
        (
            json!({ "amount_msat": 5, "count": 101 }),
            "count_invalid",
            "count",
        ),
        (
            json!({ "amount_msat": 5, "count": 2, "invoice": sale["label"] }),
            "count_invalid",
            "count",
        ),
        (
            json!({ "amount_msat": 5, "reason": "" }),
            "reason_invalid",
            "reason",
        ),
        (
            json!({ "amount_msat": 5, "expires_in": 0 }),
            "expires_in_invalid",
            "expires_in",
        ),
        (
            json!({ "amount_msat": 5, "destination": "me@x.example" }),
            "body_invalid",
            "destination",
        ),
    ] {
        let (status, error) = merchant.issue("1", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {error}");
        assert_eq!(
            (&error["error"]["code"], &error["error"]["field"]),
            (&json!(code), &json!(field)),
            "{body}"
        );
    }
    let without_key = merchant
        .post(&merchant.order, VOUCHERS, &json!({ "amount_msat": 5 }))
        .await;
    assert_eq!(without_key.1["error"]["code"], "idempotency_key_required");
    for path in [
        "vo_0123456789abcdef0123456789abcdef",
        "vo_x",
        "po_0123456789abcdef0123456789abcdef",
    ] {
        let (status, error) = merchant
            .get(&merchant.order, &format!("{VOUCHERS}/{path}"))
            .await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::NOT_FOUND, &json!("voucher_not_found"))
        );
    }
    let (status, _) = merchant
        .get(&merchant.order, &format!("{VOUCHERS}?batch=x"))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        merchant.get(&merchant.order, VOUCHERS).await.1["vouchers"],
        json!([])
    );
}
