//! Refunds in the currency of the sale's price, at the sale's rate or at today's.

use facture_sandbox::{CallFault, Calls};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::VOUCHERS;
use crate::{
    api::TOKEN,
    harness::json as answer,
    payouts::{Merchant, PAYOUTS},
};

/// What 9.90 EUR are at the sandbox's rate, rounded up.
const TODAY: u64 = 11_243_580;

async fn open() -> Merchant {
    Merchant::with(&[("API_TOKEN", TOKEN)]).await
}

/// A sale for 9.90 EUR, paid, at the rate at which these are so many millisatoshis.
async fn sale(merchant: &Merchant, msatoshi: u64) -> Value {
    let body = json!({ "currency": "EUR", "amount": "9.90", "msatoshi": msatoshi });
    let request = merchant.server.request(Method::POST, "/invoice");
    let request = request.basic_auth("api-token", Some(TOKEN)).json(&body);
    let (status, made) = answer(request.send().await).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let bolt11 = made["payreq"].as_str().unwrap();
    merchant.sandbox.node.pay(bolt11, None).unwrap();
    json!({ "label": made["id"] })
}

fn refund(sale: &Value, amount: &str, rate: &str) -> Value {
    json!({
        "destination": "buyer@wallet.example", "invoice": sale["label"], "amount": amount, "currency": "EUR", "rate": rate,
    })
}

fn left(error: &(StatusCode, Value)) -> &str {
    assert_eq!(error.0, StatusCode::CONFLICT, "{}", error.1);
    assert_eq!(error.1["error"]["code"], "refund_too_large");
    let message = error.1["error"]["message"].as_str().unwrap();
    message.split(' ').nth(1).unwrap()
}

#[tokio::test]
async fn at_the_sales_rate_the_whole_price_is_exactly_what_was_asked() {
    let merchant = open().await;
    let sale = sale(&merchant, 10_000_001).await;
    let payout = merchant.ordered("1", &refund(&sale, "3.30", "sale")).await;
    assert_eq!(payout["amount_msat"], 3_333_334);
    // The rate of the sale is what is meant where none is named, and codes may be in lower case.
    let mut rest = refund(&sale, "6.59", "sale");
    rest["currency"] = json!("eur");
    rest.as_object_mut().unwrap().remove("rate");
    let rest = merchant.ordered("2", &rest).await;
    assert_eq!(rest["amount_msat"], 6_656_567);
    let more = merchant.order("3", &refund(&sale, "0.02", "sale")).await;
    assert_eq!(left(&more), "10100");
    assert_eq!(merchant.sandbox.node.calls("listcurrencyrates"), 0);
    for payout in [payout, rest] {
        let (status, _) = merchant
            .act(&merchant.order, &payout, "cancel", &json!({}))
            .await;
        assert_eq!(status, StatusCode::OK);
    }
    let whole = merchant.ordered("4", &refund(&sale, "9.9", "sale")).await;
    assert_eq!(whole["amount_msat"], 10_000_001);
}

/// Bitcoin costs more than at the sale: the price is less of it now. What the buyer gets back is together not worth more than
/// what he paid was.
#[tokio::test]
async fn at_todays_rate_the_value_that_was_paid_is_the_most() {
    let merchant = open().await;
    let sale = sale(&merchant, 2 * TODAY).await;
    let half = merchant.ordered("1", &refund(&sale, "4.95", "today")).await;
    assert_eq!(half["amount_msat"], TODAY / 2);
    let more = merchant.order("2", &refund(&sale, "4.96", "today")).await;
    assert_eq!(left(&more), (TODAY / 2).to_string());
    let rest = merchant.ordered("3", &refund(&sale, "4.95", "today")).await;
    assert_eq!(rest["amount_msat"], TODAY / 2);
    let more = merchant.order("4", &refund(&sale, "0.01", "today")).await;
    assert_eq!(left(&more), "0");
    assert_eq!(merchant.refunds(&sale).await, (0, TODAY, TODAY));
}

/// The same when they come at once: each is counted again when it is written down.
#[tokio::test]
async fn at_once_no_more_is_refunded_either() {
    let merchant = open().await;
    let sale = sale(&merchant, 2 * TODAY).await;
    let third = refund(&sale, "3.30", "today");
    let orders = ["1", "2", "3", "4", "5", "6"].map(|key| merchant.order(key, &third));
    let answers = join_all(orders).await;
    let made = answers
        .iter()
        .filter(|(status, _)| *status == StatusCode::CREATED);
    assert_eq!(made.count(), 3);
    for refused in answers
        .iter()
        .filter(|(status, _)| *status != StatusCode::CREATED)
    {
        assert_eq!(left(refused), "0");
    }
    assert_eq!(merchant.refunds(&sale).await, (0, TODAY, TODAY));
}

/// Bitcoin costs less: the price is more of it now than was received.
#[tokio::test]
async fn at_no_rate_more_is_refunded_than_was_received() {
    let merchant = open().await;
    let sale = sale(&merchant, TODAY / 2).await;
    let more = merchant.order("1", &refund(&sale, "9.90", "today")).await;
    assert_eq!(left(&more), (TODAY / 2).to_string());
    let more = merchant.order("1", &refund(&sale, "9.91", "sale")).await;
    assert_eq!(left(&more), (TODAY / 2).to_string());
    let body =
        json!({ "invoice": sale["label"], "amount": "4.95", "currency": "EUR", "rate": "today" });
    let voucher = merchant.voucher("1", &body).await;
    assert_eq!(voucher["amount_msat"], TODAY / 2);
    assert_eq!(merchant.refunds(&sale).await, (0, TODAY / 2, 0));
}

#[tokio::test]
async fn without_a_rate_nothing_is_made_and_what_was_made_needs_none() {
    let merchant = open().await;
    let sale = sale(&merchant, 2 * TODAY).await;
    let order = refund(&sale, "1", "today");
    let link =
        json!({ "invoice": sale["label"], "amount": "1", "currency": "EUR", "rate": "today" });
    let outage = || {
        CallFault::Fail {
        code: -32700,
        message: "Error converting currency: no results for `EUR`, is the currency supported? Check the logs!"
            .to_owned(),
    }
    };
    let faults = merchant.sandbox.node.faults();
    for (path, body) in [(PAYOUTS, &order), (VOUCHERS, &link)] {
        faults.once(Calls::of("listcurrencyrates"), outage());
        let request = merchant.request(&merchant.order, Method::POST, path);
        let request = request.header("Idempotency-Key", "1").json(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["retry-after"], "60");
        let (status, error) = answer(Ok(response)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{error}");
        assert_eq!(error["error"]["code"], "no_rate");
    }
    assert_eq!(merchant.refunds(&sale).await, (0, 0, 2 * TODAY));
    let payout = merchant.ordered("1", &order).await;
    let voucher = merchant.voucher("1", &link).await;
    // The same requests again are the same answers, without a rate.
    let asked = merchant.sandbox.node.calls("listcurrencyrates");
    assert_eq!(merchant.ordered("1", &order).await["id"], payout["id"]);
    assert_eq!(merchant.voucher("1", &link).await["id"], voucher["id"]);
    assert_eq!(merchant.sandbox.node.calls("listcurrencyrates"), asked);
}

#[tokio::test]
async fn what_is_wrong_with_it_is_named_and_no_rate_is_asked_for() {
    let merchant = open().await;
    let priced = sale(&merchant, TODAY).await;
    let plain = merchant.sale(50_000).await;
    let with = |key: &str, value: Value| {
        let mut body = refund(&priced, "1", "today");
        body[key] = value;
        body
    };
    let without = |key: &str| {
        let mut body = refund(&priced, "1", "today");
        body.as_object_mut().unwrap().remove(key);
        body
    };
    for (body, field, code) in [
        (with("amount", json!(1)), "amount", "body_invalid"),
        (
            with("amount", json!("0")),
            "amount",
            "currency_amount_invalid",
        ),
        (
            with("amount", json!("1,5")),
            "amount",
            "currency_amount_invalid",
        ),
        (
            with("amount_msat", json!(1)),
            "amount",
            "currency_amount_invalid",
        ),
        (without("invoice"), "amount", "currency_amount_invalid"),
        (without("currency"), "amount", "currency_amount_invalid"),
        (without("amount"), "currency", "currency_invalid"),
        (with("currency", json!("€")), "currency", "currency_invalid"),
        (
            with("currency", json!("USD")),
            "currency",
            "currency_invalid",
        ),
        (with("rate", json!("best")), "rate", "body_invalid"),
        (
            with("destination", json!("x")),
            "destination",
            "destination_invalid",
        ),
        (refund(&plain, "1", "sale"), "currency", "currency_invalid"),
        (
            json!({ "destination": "buyer@wallet.example", "amount_msat": 1, "rate": "sale" }),
            "rate",
            "rate_invalid",
        ),
    ] {
        let (status, error) = merchant.order("1", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {error}");
        assert_eq!(error["error"]["field"], field, "{body}: {error}");
        assert_eq!(error["error"]["code"], code, "{body}: {error}");
    }
    assert_eq!(merchant.sandbox.node.calls("listcurrencyrates"), 0);
}
