//! Refunds and vouchers: counted, claimed once, and never more than was received. The payer is played by HTTP.

mod client;
mod currency;
mod document;
mod refunding;
mod sandbox_wallet;
mod vouchers;
mod withdraw;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::json as answer,
    payouts::{Merchant, Theirs, issue},
};

const VOUCHERS: &str = "/api/v1/vouchers";

impl Merchant {
    /// A sale of this many millisatoshis that the buyer has paid.
    async fn sale(&self, amount_msat: u64) -> Value {
        let invoice = self.unpaid_sale(amount_msat).await;
        let bolt11 = invoice["bolt11"].as_str().unwrap();
        self.sandbox.node.pay(bolt11, None).unwrap();
        invoice
    }

    async fn unpaid_sale(&self, amount_msat: u64) -> Value {
        let token = issue(&self.records, "invoices:create").await;
        let body = json!({ "amount_msat": amount_msat, "description": "tea" });
        let (status, invoice) = self.post(&token, "/api/v1/invoices", &body).await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        invoice
    }

    /// The sale as its shop reads it.
    async fn read_sale(&self, sale: &Value) -> Value {
        let token = issue(&self.records, "invoices:read").await;
        let path = format!("/api/v1/invoices/{}", sale["label"].as_str().unwrap());
        let (status, sale) = self.get(&token, &path).await;
        assert_eq!(status, StatusCode::OK, "{sale}");
        sale
    }

    /// Its refunds: refunded, pending, refundable.
    async fn refunds(&self, sale: &Value) -> (u64, u64, u64) {
        let label = sale["label"].as_str().unwrap();
        let path = format!("/api/v1/invoices/{label}/refunds");
        let (status, refunds) = self.get(&self.order, &path).await;
        assert_eq!(status, StatusCode::OK, "{refunds}");
        let number = |name: &str| refunds[name].as_u64().unwrap();
        let [refunded, pending, left] =
            ["refunded_msat", "pending_msat", "refundable_msat"].map(number);
        assert_eq!(refunded + pending + left, number("received_msat"));
        (refunded, pending, left)
    }

    /// Orders a refund to an invoice of somebody else.
    async fn refund(&self, key: &str, sale: &Value, amount_msat: u64) -> (StatusCode, Value) {
        let theirs = Theirs {
            amount_msat: Some(amount_msat),
            ..Theirs::default()
        };
        let body = json!({ "destination": theirs.bolt11(), "invoice": sale["label"] });
        self.order(key, &body).await
    }

    async fn issue(&self, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(&self.order, Method::POST, VOUCHERS);
        let request = request.header("Idempotency-Key", key);
        answer(request.json(body).send().await).await
    }

    /// The one voucher of a request that must be accepted.
    async fn voucher(&self, key: &str, body: &Value) -> Value {
        let (status, issued) = self.issue(key, body).await;
        assert_eq!(status, StatusCode::CREATED, "{issued}");
        let [voucher] = &issued["vouchers"].as_array().unwrap()[..] else {
            panic!("{issued}");
        };
        voucher.clone()
    }

    async fn read_voucher(&self, voucher: &Value) -> Value {
        let path = format!("{VOUCHERS}/{}", voucher["id"].as_str().unwrap());
        let (status, voucher) = self.get(&self.order, &path).await;
        assert_eq!(status, StatusCode::OK, "{voucher}");
        voucher
    }

    /// What a wallet gets from this address: always 200, JSON, open to web pages, never stored.
    async fn wallet(&self, path_and_query: &str) -> Value {
        let request = self.server.request(Method::GET, path_and_query);
        let response = request
            .header("origin", "https://wallet.example")
            .send()
            .await;
        let response = response.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("access-control-allow-origin"), "*");
        assert_eq!(header("cache-control"), "no-store");
        response.json().await.unwrap()
    }

    /// A wallet claims a voucher with this invoice.
    async fn claim(&self, voucher: &Value, invoice: &str) -> Value {
        let k1 = secret(voucher);
        self.wallet(&format!("/lnurl/withdraw/callback?k1={k1}&pr={invoice}"))
            .await
    }

    /// The payer begins and pays this payout.
    async fn is_paid(&self, payout: &str, preimage: [u8; 32], amount_msat: u64) {
        let theirs = Theirs {
            preimage,
            ..Theirs::default()
        };
        let payout = json!({ "id": payout });
        self.pays(
            &payout,
            "begin",
            &json!({ "payer": "one", "payment_hash": theirs.hash() }),
        )
        .await;
        let paid = json!({
            "payer": "one", "state": "paid", "preimage": theirs.preimage(), "amount_msat": amount_msat, "fee_msat": 3,
        });
        self.pays(&payout, "outcome", &paid).await;
    }

    /// The payer refuses this payout.
    async fn fails(&self, payout: &str) {
        let failed = json!({ "payer": "one", "state": "failed", "code": "no_route" });
        self.pays(&json!({ "id": payout }), "outcome", &failed)
            .await;
    }
}

/// What claims a voucher.
fn secret(voucher: &Value) -> String {
    let url = voucher["url"].as_str().unwrap();
    url.rsplit('/').next().unwrap().to_owned()
}

/// An invoice of somebody else for this amount, and its preimage.
fn theirs(amount_msat: u64) -> (String, [u8; 32]) {
    let theirs = Theirs {
        amount_msat: Some(amount_msat),
        ..Theirs::default()
    };
    (theirs.bolt11(), theirs.preimage)
}

fn hex(preimage: [u8; 32]) -> String {
    let theirs = Theirs {
        preimage,
        ..Theirs::default()
    };
    theirs.preimage()
}
