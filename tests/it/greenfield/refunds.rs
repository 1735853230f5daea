//! Refunds by pull payments: vouchers for a sale of the store, where a payer is there. The payer is played by HTTP.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{WebShop, invoice_path};
use crate::{harness::json as read, payouts::Theirs};

const REFUNDS: &str = "btcpay.store.cancreatenonapprovedpullpayments";

/// A shop whose key may order refunds, with a payer that has asked for work.
pub(super) async fn open() -> (WebShop, String) {
    let mut shop = WebShop::open().await;
    let scopes = format!("greenfield {REFUNDS}");
    shop.key = shop.issue(&scopes, Some("tea")).await;
    let payer = shop.issue("payouts:execute", None).await;
    let path = "/api/v1/payouts/work?payer=one";
    let request = shop.server.request(Method::GET, path).bearer_auth(&payer);
    let (status, work) = read(request.send().await).await;
    assert_eq!(status, StatusCode::OK, "{work}");
    (shop, payer)
}

impl WebShop {
    /// An order that is paid.
    async fn sold(&self, order: &str, amount: &str, currency: &str) -> Value {
        let metadata = json!({"orderId": order});
        let body = json!({"amount": amount, "currency": currency, "metadata": metadata});
        let made = self.create(&body).await;
        self.pay(&made, None).await;
        self.invoice(&made).await
    }

    /// As BTCPay's plug-in for WooCommerce asks.
    async fn pull(&self, name: &str, amount: &str, currency: &str) -> (StatusCode, Value) {
        let body = json!({
            "name": name, "description": null, "amount": amount, "currency": currency, "period": null,
            "BOLT11Expiration": null, "autoApproveClaims": false, "startsAt": null, "expiresAt": null,
            "paymentMethods": ["BTC_LN"], "payoutMethods": ["BTC_LN"],
        });
        self.ask(Method::POST, "/pull-payments", Some(&body)).await
    }

    async fn refund(&self, sale: &Value, body: &Value) -> (StatusCode, Value) {
        let path = format!("{}/refund", invoice_path(sale));
        self.ask(Method::POST, &path, Some(body)).await
    }

    /// What the code on the page of a pull payment leads a wallet to.
    async fn withdraw(&self, pull: &Value) -> Value {
        let path = self.path_of(pull).replace("/voucher/", "/lnurl/withdraw/");
        read(self.server.request(Method::GET, &path).send().await)
            .await
            .1
    }

    fn path_of(&self, pull: &Value) -> String {
        let link = pull["viewLink"].as_str().expect("a link");
        link.strip_prefix(&self.server.origin)
            .expect("ours")
            .to_owned()
    }
}

#[tokio::test]
async fn a_refund_of_an_order_is_claimed_by_a_wallet_and_paid_by_the_payer() {
    let (shop, payer) = open().await;
    shop.sold("117", "1000", "SATS").await;
    let sale = shop.sold("118", "0.00001", "BTC").await;
    let (status, pull) = shop
        .pull("Erstattung der Bestellung 118; cold", "0.000004", "BTC")
        .await;
    assert_eq!(status, StatusCode::OK, "{pull}");
    for (field, expected) in [
        ("name", json!("Erstattung der Bestellung 118; cold")),
        ("amount", json!("0.000004")),
        ("currency", json!("BTC")),
        ("archived", json!(false)),
        ("autoApproveClaims", json!(false)),
        ("period", Value::Null),
    ] {
        assert_eq!(pull[field], expected, "{field}");
    }
    let page = shop.page(&shop.path_of(&pull)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text_of("h1"), "Your refund");
    assert!(
        page.text.contains("href=\"lightning:LNURL1"),
        "{}",
        page.text
    );
    let wallet = shop.withdraw(&pull).await;
    assert_eq!(
        (&wallet["tag"], &wallet["maxWithdrawable"]),
        (&json!("withdrawRequest"), &json!(400_000))
    );
    let theirs = Theirs {
        amount_msat: Some(400_000),
        ..Theirs::default()
    };
    let path = format!(
        "/lnurl/withdraw/callback?k1={}&pr={}",
        wallet["k1"].as_str().expect("one"),
        theirs.bolt11()
    );
    let (_, claimed) = read(shop.server.request(Method::GET, &path).send().await).await;
    assert_eq!(claimed, json!({"status": "OK"}));
    let page = shop.page(&shop.path_of(&pull)).await;
    assert!(
        page.text.contains("A wallet has claimed this"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("LNURL1"));
    let work = shop
        .server
        .request(Method::GET, "/api/v1/payouts/work?payer=one");
    let (_, work) = read(work.bearer_auth(&payer).send().await).await;
    let payout = &work["payouts"][0];
    assert_eq!(
        (&payout["amount_msat"], &payout["invoice"]),
        (&json!(400_000), &sale["id"])
    );
    // More than was received is refused, in all; what is there is named.
    let (status, error) = shop.pull("Refund of order 118", "0.00000601", "BTC").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
    assert_eq!(error[0]["path"], "amount");
    assert!(error.to_string().contains("600000 msat"), "{error}");
    assert_eq!(
        shop.pull("Refund of order 118; x", "600", "SATS").await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_refund_in_the_shops_currency_is_that_part_of_what_was_paid() {
    let (shop, _) = open().await;
    let sale = shop.sold("7", "10.00", "EUR").await;
    let methods = shop
        .get(&format!("{}/payment-methods", invoice_path(&sale)))
        .await;
    let paid = methods[0]["totalPaid"].as_str().expect("an amount");
    let whole = shop.sold("8", "10.00", "EUR").await;
    let (status, pull) = shop.pull("Refund of order 7; ", "10.00", "EUR").await;
    assert_eq!(status, StatusCode::OK, "{pull}");
    assert_eq!(
        (&pull["amount"], &pull["currency"]),
        (&json!("10.00"), &json!("EUR"))
    );
    let msat = shop.withdraw(&pull).await["maxWithdrawable"]
        .as_u64()
        .expect("one");
    let exact = paid.replace("0.", "").parse::<u64>().expect("digits");
    let digits = u32::try_from(paid.len() - 2).expect("few");
    assert_eq!(
        msat,
        exact * 10_u64.pow(11 - digits),
        "the whole is what was received"
    );
    // A part is rounded up to a satoshi, which is what many wallets can claim.
    let (_, part) = shop.pull("Refund of order 8", "3.33", "EUR").await;
    let msat = shop.withdraw(&part).await["maxWithdrawable"]
        .as_u64()
        .expect("one");
    assert_eq!(msat % 1000, 0);
    let body = json!({"refundVariant": "Custom", "customAmount": "1.11", "customCurrency": "USD"});
    let (status, error) = shop.refund(&whole, &body).await;
    assert_eq!(
        (status, &error[0]["path"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("currency"))
    );
}

#[tokio::test]
async fn an_invoice_is_refunded_in_btcpays_variants() {
    let (shop, _) = open().await;
    let over = shop
        .create(&json!({"amount": 1000, "currency": "SATS"}))
        .await;
    shop.pay(&over, Some(1_200_000)).await;
    shop.invoice(&over).await;
    let amount = async |sale: &Value, body: Value| {
        let (status, pull) = shop.refund(sale, &body).await;
        assert_eq!(status, StatusCode::OK, "{pull}");
        shop.withdraw(&pull).await["maxWithdrawable"].clone()
    };
    let variant = |name: &str| json!({"refundVariant": name, "payoutMethodId": "BTC-LN", "subtractPercentage": 0.0});
    assert_eq!(amount(&over, variant("OverpaidAmount")).await, 200_000);
    let custom = json!({"refundVariant": "Custom", "paymentMethod": "BTC-LightningNetwork", "customAmount": "100", "customCurrency": "SATS"});
    assert_eq!(amount(&over, custom).await, 100_000);
    let sale = shop.sold("1", "500", "SATS").await;
    assert_eq!(amount(&sale, variant("RateThen")).await, 500_000);
    let sale = shop.sold("2", "500", "SATS").await;
    assert_eq!(amount(&sale, variant("CurrentRate")).await, 500_000);
    let unpaid = shop.create(&json!({"amount": 5, "currency": "SATS"})).await;
    for (sale, body, path) in [
        (&sale, variant("Other"), "refundVariant"),
        (&sale, json!({}), "refundVariant"),
        (&sale, variant("OverpaidAmount"), "refundVariant"),
        (&sale, variant("RateThen"), "amount"),
        (
            &sale,
            json!({"refundVariant": "RateThen", "paymentMethod": "BTC"}),
            "paymentMethod",
        ),
        (
            &sale,
            json!({"refundVariant": "RateThen", "subtractPercentage": 2.5}),
            "subtractPercentage",
        ),
        (&sale, json!({"refundVariant": "Custom"}), "customAmount"),
        (
            &sale,
            json!({"refundVariant": "Custom", "customAmount": "x", "customCurrency": "BTC"}),
            "customAmount",
        ),
        (&unpaid, variant("RateThen"), "invoice"),
    ] {
        let (status, error) = shop.refund(sale, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body} {error}");
        assert_eq!(error[0]["path"], path, "{body} {error}");
    }
}

#[tokio::test]
async fn money_leaves_only_for_paid_orders_of_the_store() {
    let (shop, _) = open().await;
    shop.sold("1", "500", "SATS").await;
    let unpaid = json!({"amount": 5, "currency": "SATS", "metadata": {"orderId": "2"}});
    shop.create(&unpaid).await;
    for name in [
        "",
        "Refund",
        "Refund of order 2; x",
        "Refund of order 3",
        "; 1",
        "1;",
    ] {
        let (status, answer) = shop.pull(name, "1", "SATS").await;
        match name {
            "1;" => assert_eq!(status, StatusCode::OK, "{answer}"),
            _ => {
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
                assert_eq!(answer[0]["path"], "name", "{answer}");
            }
        }
    }
    for (amount, currency, path) in [
        ("0", "SATS", "amount"),
        ("-1", "SATS", "amount"),
        ("x", "SATS", "amount"),
        ("1", "€", "currency"),
        ("1", "EUR", "currency"),
        ("501", "SATS", "amount"),
    ] {
        let (status, error) = shop.pull("Refund of order 1", amount, currency).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{amount} {error}");
        assert_eq!(error[0]["path"], path, "{amount} {currency} {error}");
    }
    // Nor by the key of another shop.
    let scopes = format!("greenfield {REFUNDS}");
    let coffee = shop.issue(&scopes, Some("coffee")).await;
    let path = "/api/v1/stores/coffee/pull-payments";
    let body = json!({"name": "Refund of order 1", "amount": "1", "currency": "SATS"});
    let request = shop.call_with(&coffee, Method::POST, path).json(&body);
    let (status, error) = read(request.send().await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
    assert_eq!(shop.page("/voucher/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_payer_or_the_permission_there_is_no_refund() {
    let mut shop = WebShop::open().await;
    let sale = shop.sold("1", "500", "SATS").await;
    let body = json!({"refundVariant": "RateThen"});
    for scopes in ["greenfield".to_owned(), format!("greenfield {REFUNDS}")] {
        shop.key = shop.issue(&scopes, Some("tea")).await;
        for (status, error) in [
            shop.pull("Refund of order 1", "1", "SATS").await,
            shop.refund(&sale, &body).await,
        ] {
            assert_eq!(status, StatusCode::FORBIDDEN, "{error}");
            assert_eq!(error["missingPermission"], REFUNDS);
        }
    }
}
