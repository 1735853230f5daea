//! The sandbox's buyer receives: a refund to an invoice of the wallet, and a voucher that it claims.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::theirs;
use crate::payouts::{Merchant, issue, path};

struct Controls {
    merchant: Merchant,
    token: String,
}

impl Controls {
    async fn open() -> Self {
        let merchant = Merchant::open().await;
        let token = issue(&merchant.records, "invoices:create").await;
        Self { merchant, token }
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let path = format!("/sandbox/v1{path}");
        self.merchant.post(&self.token, &path, &body).await
    }

    async fn pay(&self, payout: &Value) -> (StatusCode, Value) {
        let id = payout["id"].as_str().unwrap();
        self.post(&format!("/payouts/{id}/pay"), json!({})).await
    }
}

#[tokio::test]
async fn a_refund_to_the_wallets_invoice_arrives_there() {
    let shop = Controls::open().await;
    let sale = shop.merchant.sale(21_000).await;
    let new = json!({ "amount_msat": 5000, "description": "refund" });
    let (status, made) = shop.post("/wallet/invoices", new).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let body = json!({ "destination": made["bolt11"], "invoice": sale["label"] });
    let payout = shop.merchant.ordered("1", &body).await;
    let (status, paid) = shop.pay(&payout).await;
    assert_eq!((status, &paid["state"]), (StatusCode::OK, &json!("paid")));
    let [outgoing] = &shop.merchant.sandbox.node.outgoing()[..] else {
        panic!("one payment");
    };
    assert_eq!(outgoing.amount_msat, 5000);
    assert_eq!(shop.merchant.refunds(&sale).await, (5000, 0, 16_000));

    // Whoever reads the invoice again is told that it is paid.
    let token = issue(&shop.merchant.records, "invoices:read").await;
    let string = json!({ "string": made["bolt11"] });
    let (_, read) = shop.merchant.post(&token, "/api/v1/decode", &string).await;
    assert_eq!(
        (&read["already_paid"], &read["invoice"]),
        (&json!(true), &Value::Null)
    );
}

#[tokio::test]
async fn the_wallet_claims_a_voucher_once() {
    let shop = Controls::open().await;
    let voucher = shop
        .merchant
        .voucher("1", &json!({ "amount_msat": 21_000 }))
        .await;
    let link = json!({ "lnurl": voucher["lnurl"] });
    let (status, claimed) = shop.post("/wallet/claims", link).await;
    assert_eq!(status, StatusCode::CREATED, "{claimed}");
    let claimed = shop.merchant.read_voucher(&voucher).await;
    let payout = json!({ "id": claimed["payout"] });
    let (_, paid) = shop.pay(&payout).await;
    assert_eq!(paid["state"], "paid", "{paid}");
    assert_eq!(shop.merchant.read_voucher(&voucher).await["state"], "paid");

    let again = json!({ "lnurl": voucher["lnurl"] });
    let (status, refused) = shop.post("/wallet/claims", again).await;
    assert_eq!(
        (
            status,
            &refused["error"]["code"],
            &refused["error"]["field"]
        ),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("sandbox_refused"),
            &json!("lnurl")
        )
    );
}

#[tokio::test]
async fn what_the_wallet_cannot_do_is_refused() {
    let shop = Controls::open().await;
    for (path, body, field, code) in [
        (
            "/wallet/invoices",
            json!({ "amount_msat": 0 }),
            "amount_msat",
            "body_invalid",
        ),
        (
            "/wallet/invoices",
            json!({ "description": "x".repeat(640) }),
            "description",
            "description_invalid",
        ),
        (
            "/wallet/claims",
            json!({ "lnurl": "https://other.example/" }),
            "lnurl",
            "string_invalid",
        ),
    ] {
        let (status, refused) = shop.post(path, body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        assert_eq!(
            (&refused["error"]["field"], &refused["error"]["code"]),
            (&json!(field), &json!(code)),
            "{refused}"
        );
    }

    // Nor does the payer that is played pay somebody else.
    let body = json!({ "destination": theirs(1000).0 });
    let payout = shop.merchant.ordered("1", &body).await;
    let (_, refused) = shop.pay(&payout).await;
    assert_eq!(refused["error"]["code"], "sandbox_refused", "{refused}");
    let (_, payout) = shop
        .merchant
        .get(&shop.merchant.order, &path(&payout))
        .await;
    assert_eq!(payout["state"], "ordered");
}
