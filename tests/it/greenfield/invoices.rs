//! Invoices: made, read, updated, marked, listed.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{STORE, WebShop, invoice_path};

#[tokio::test]
async fn an_order_is_paid() {
    let shop = WebShop::open().await;
    let metadata = json!({
        "orderId": "1234", "itemDesc": "Tea, green", "buyerEmail": "a@b.example", "taxIncluded": 0.19,
        "posData": "{\"x\":1}", "orderNumber": "SW-7", "transactionId": 5.50, "nested": {"a": [1, null]},
    });
    let made = shop
        .create(&json!({
            "amount": "0.00012345", "currency": "BTC", "metadata": metadata,
            "checkout": {
                "redirectURL": "https://shop.example/thanks?order=1234", "expirationMinutes": 20, "speedPolicy": "HighSpeed",
                "paymentMethods": ["BTC_LN", "BTC_LNURLPAY"], "defaultLanguage": "de", "unknown": 1,
            },
            "unknown": true,
        }))
        .await;
    assert_eq!(made["metadata"], metadata);
    for (field, expected) in [
        ("storeId", json!("tea")),
        ("amount", json!("0.00012345")),
        ("currency", json!("BTC")),
        ("type", json!("Standard")),
        ("status", json!("New")),
        ("additionalStatus", json!("None")),
        ("archived", json!(false)),
        ("availableStatusesForManualMarking", json!(["Invalid"])),
    ] {
        assert_eq!(made[field], expected, "{field}");
    }
    let checkout = &made["checkout"];
    assert_eq!(checkout["paymentMethods"], json!(["BTC-LN"]));
    assert_eq!(
        checkout["redirectURL"],
        "https://shop.example/thanks?order=1234"
    );
    assert_eq!(checkout["expirationMinutes"], 20);
    let lasts = made["expirationTime"].as_i64().unwrap() - made["createdTime"].as_i64().unwrap();
    assert_eq!(lasts, 1200);
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        made["checkoutLink"],
        format!("{}/i/{id}", shop.server.origin)
    );
    assert_eq!(shop.invoice(&made).await, made);

    let methods = shop
        .get(&format!("{}/payment-methods", invoice_path(&made)))
        .await;
    let method = &methods[0];
    for (field, expected) in [
        ("paymentMethodId", "BTC-LN"),
        ("paymentMethod", "BTC-LN"),
        ("currency", "BTC"),
        ("rate", "1"),
        ("amount", "0.00012345"),
        ("due", "0.00012345"),
        ("totalPaid", "0"),
        ("networkFee", "0"),
    ] {
        assert_eq!(method[field], expected, "{field}");
    }
    assert_eq!(method["payments"], json!([]));

    shop.pay(&made, None).await;
    let paid = shop.invoice(&made).await;
    assert_eq!(
        (&paid["status"], &paid["additionalStatus"]),
        (&json!("Settled"), &json!("None"))
    );
    assert_eq!(paid["availableStatusesForManualMarking"], json!([]));
    assert_eq!(paid["metadata"], metadata);
    let methods = shop
        .get(&format!("{}/payment-methods", invoice_path(&made)))
        .await;
    let method = &methods[0];
    assert_eq!(
        (&method["due"], &method["totalPaid"]),
        (&json!("0"), &json!("0.00012345"))
    );
    let payment = &method["payments"][0];
    assert_eq!(
        (&payment["value"], &payment["status"], &payment["fee"]),
        (&json!("0.00012345"), &json!("Settled"), &json!("0"))
    );
    assert!(payment["receivedDate"].is_i64());
}

#[tokio::test]
async fn amounts_are_exact_in_every_unit() {
    let shop = WebShop::open().await;
    for (amount, currency, expected) in [
        (json!("0.00012345"), "BTC", "0.00012345"),
        (json!(0.00012345), "btc", "0.00012345"),
        (json!("0.00000000001"), "BTC", "0.00000000001"),
        (json!(12345), "SATS", "0.00012345"),
        (json!("12345.5"), "SAT", "0.000123455"),
    ] {
        let made = shop
            .create(&json!({"amount": amount, "currency": currency}))
            .await;
        let methods = shop
            .get(&format!("{}/payment-methods", invoice_path(&made)))
            .await;
        assert_eq!(methods[0]["amount"], expected, "{amount} {currency}");
        assert_eq!(made["metadata"], json!({}));
    }
    // A price in another currency holds for some minutes.
    let made = shop
        .create(
            &json!({"amount": "9.90", "currency": "EUR", "checkout": {"expirationMinutes": null}}),
        )
        .await;
    assert_eq!(
        (&made["amount"], &made["currency"]),
        (&json!("9.90"), &json!("EUR"))
    );
    let lasts = made["expirationTime"].as_i64().unwrap() - made["createdTime"].as_i64().unwrap();
    assert_eq!(lasts, 15 * 60);
    let methods = shop
        .get(&format!("{}/payment-methods", invoice_path(&made)))
        .await;
    // The median of the two sources, by which the amount was made.
    assert_eq!(methods[0]["rate"], "88050.25");
    assert_eq!(methods[0]["amount"], "0.0001124358");
}

#[tokio::test]
async fn more_is_told_and_an_open_amount_is_what_was_paid() {
    let shop = WebShop::open().await;
    let made = shop
        .create(&json!({"amount": 1000, "currency": "SATS"}))
        .await;
    shop.pay(&made, Some(1_500_000)).await;
    let paid = shop.invoice(&made).await;
    assert_eq!(
        (&paid["status"], &paid["additionalStatus"]),
        (&json!("Settled"), &json!("PaidOver"))
    );
    let open = shop
        .create(&json!({"amount": null, "currency": "BTC"}))
        .await;
    assert_eq!(
        (&open["type"], &open["amount"]),
        (&json!("TopUp"), &json!("0"))
    );
    shop.pay(&open, Some(21_000)).await;
    let paid = shop.invoice(&open).await;
    assert_eq!(
        (&paid["status"], &paid["amount"]),
        (&json!("Settled"), &json!("0.00000021"))
    );
}

#[tokio::test]
async fn an_invoice_expires_or_is_made_invalid() {
    let shop = WebShop::open().await;
    let mark = async |made: &Value, status: &str| {
        let path = format!("{}/status", invoice_path(made));
        shop.ask(Method::POST, &path, Some(&json!({"status": status})))
            .await
    };
    let body = json!({"amount": 10, "currency": "SATS", "checkout": {"expirationMinutes": 15}});
    let made = shop.create(&body).await;
    // What nobody paid is not settled, whatever the shop says.
    let (status, error) = mark(&made, "Settled").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error[0]["path"], "status");
    let (status, marked) = mark(&made, "invalid").await;
    assert_eq!(status, StatusCode::OK, "{marked}");
    assert_eq!(
        (&marked["status"], &marked["additionalStatus"]),
        (&json!("Invalid"), &json!("Marked"))
    );
    let bolt11 = shop.bolt11(&made).await;
    assert!(shop.sandbox.node.pay(&bolt11, None).is_err());
    assert_eq!(mark(&made, "Invalid").await.0, StatusCode::OK);

    let other = shop.create(&body).await;
    shop.expire(&other).await;
    let (status, _) = mark(&other, "Invalid").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let paid = shop.create(&body).await;
    shop.pay(&paid, None).await;
    assert_eq!(
        mark(&paid, "Invalid").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(mark(&paid, "Settled").await.0, StatusCode::OK);
}

#[tokio::test]
async fn metadata_is_replaced() {
    let shop = WebShop::open().await;
    let made = shop
        .create(&json!({"amount": 10, "currency": "SATS", "metadata": {"orderId": "1", "a": 1}}))
        .await;
    let body = json!({"metadata": {"orderId": "2", "b": [1.10]}});
    let path = invoice_path(&made);
    let (status, updated) = shop.ask(Method::PUT, &path, Some(&body)).await;
    assert_eq!(status, StatusCode::OK, "{updated}");
    assert_eq!(updated["metadata"], body["metadata"]);
    assert_eq!(shop.invoice(&made).await, updated);
    shop.pay(&made, None).await;
    assert_eq!(shop.invoice(&made).await["metadata"], body["metadata"]);
    let listed = shop.get("/invoices?orderId=2").await;
    assert_eq!(listed[0]["id"], made["id"]);
    assert_eq!(shop.get("/invoices?orderId=1").await, json!([]));
}

#[tokio::test]
async fn invoices_are_listed() {
    let shop = WebShop::open().await;
    let mut made = Vec::new();
    for order in ["1", "2", "3"] {
        let body = json!({"amount": 10, "currency": "SATS", "metadata": {"orderId": order, "itemDesc": format!("Tea {order}")}});
        made.push(shop.create(&body).await);
    }
    shop.pay(&made[0], None).await;
    shop.invoice(&made[0]).await;
    let ids = async |query: &str| -> Vec<Value> {
        let listed = shop.get(&format!("/invoices?{query}")).await;
        let listed = listed.as_array().expect("a list").iter();
        listed
            .map(|invoice| invoice["metadata"]["orderId"].clone())
            .collect()
    };
    assert_eq!(ids("").await, ["3", "2", "1"]);
    assert_eq!(ids("take=1&skip=1").await, ["2"]);
    assert_eq!(ids("status=Settled").await, ["1"]);
    assert_eq!(ids("status=New&status=Settled").await, ["3", "2", "1"]);
    assert_eq!(ids("orderId=1&orderId=3").await, ["3", "1"]);
    assert_eq!(ids("textSearch=Tea+2").await, ["2"]);
    assert!(ids("startDate=4102444800").await.is_empty());
    assert_eq!(ids("endDate=4102444800").await.len(), 3);
    // Nothing that was not asked for here.
    shop.server.create("5", "by the form").await;
    assert_eq!(ids("").await.len(), 3);
}

#[tokio::test]
async fn a_plug_in_finds_its_server_and_its_store() {
    let shop = WebShop::open().await;
    let get = async |path: &str| {
        let answer = shop.call(Method::GET, path).send().await;
        let (status, found) = crate::harness::json(answer).await;
        assert_eq!(status, StatusCode::OK, "{path} {found}");
        found
    };
    let stores = get("/api/v1/stores").await;
    assert_eq!(stores[0]["id"], "tea");
    assert_eq!(get(STORE).await, stores[0]);
    for path in ["/api/v1/stores/", "/api/v1/stores/tea/"] {
        get(path).await;
    }
    assert_eq!(shop.get("/invoices/").await, json!([]));
    let info = get("/api/v1/server/info").await;
    assert_eq!(
        (&info["version"], &info["implementation"]),
        (&json!("2.4.0"), &json!("facture"))
    );
    let key = get("/api/v1/api-keys/current").await;
    let permissions = key["permissions"].as_array().expect("permissions");
    assert!(permissions.contains(&json!("btcpay.store.cancreateinvoice:tea")));
    assert!(!key.to_string().contains(&shop.key));
    let methods = shop.get("/payment-methods").await;
    assert_eq!(
        (&methods[0]["paymentMethodId"], &methods[0]["enabled"]),
        (&json!("BTC-LN"), &json!(true))
    );
    let old = shop.get("/payment-methods/LightningNetwork").await;
    assert_eq!(old[0]["cryptoCode"], "BTC");
    assert_eq!(shop.get("/payment-methods/OnChain").await, json!([]));
}
