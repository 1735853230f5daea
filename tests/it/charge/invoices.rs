//! `/info`, `/invoice`, `/invoices`: who may ask, what is made, and in which shape it comes back.

use facture::web::Mode;
use facture_sandbox::{CallFault, Calls, Hold};
use lightning_invoice::{Bolt11Invoice, Bolt11InvoiceDescriptionRef};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Shop, names, path, read, shop_config};
use crate::{
    api::TOKEN,
    harness::{Page, Server},
    world::Sandbox,
};

#[tokio::test]
async fn only_the_right_user_and_token_are_let_in() {
    let shop = Shop::open().await;
    let made = shop.create(&json!({})).await;
    let (own, unknown) = (path(&made, ""), "/invoice/x23456789012345678901".to_owned());
    for (method, at) in [
        (Method::GET, "/info".to_owned()),
        (Method::POST, "/invoice".to_owned()),
        (Method::GET, "/invoices".to_owned()),
        (Method::GET, own.clone()),
        (Method::DELETE, own.clone()),
        (Method::GET, format!("{own}/wait")),
        (Method::GET, "/payment-stream".to_owned()),
        (Method::GET, "/ws".to_owned()),
        // Whether there is such an invoice is nobody's business: Lightning Charge answered 404.
        (Method::GET, unknown),
    ] {
        let request = || shop.server.request(method.clone(), &at);
        for refused in [
            request(),
            request().basic_auth("api-token", Some("wrong")),
            request().basic_auth("admin", Some(TOKEN)),
            request().bearer_auth(TOKEN),
            request().header("authorization", "Basic !"),
        ] {
            let page = Page::read(refused.send().await).await;
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{method} {at}");
            assert_eq!(page.text, "Unauthorized");
            assert_eq!(page.header("content-type"), "text/plain; charset=utf-8");
            assert_eq!(
                page.header("www-authenticate"),
                "Basic realm=\"Lightning Charge\""
            );
        }
    }
    assert_eq!(shop.get(&own).await.status, StatusCode::OK);
    let none = shop.get("/invoice/x23456789012345678901").await;
    assert_eq!(
        (none.status, none.text.as_str()),
        (StatusCode::NOT_FOUND, "Not Found")
    );
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let sandbox = Sandbox::start().await;
    let config = shop_config(&[("CHARGE__ENABLED", "false")]);
    let server = Server::start(config, Mode::Sandbox(sandbox.node.clone().into())).await;
    let request = server.request(Method::GET, "/info");
    let page = Page::read(request.basic_auth("api-token", Some(TOKEN)).send().await).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_node_is_shown() {
    let shop = Shop::open().await;
    let info = read(&shop.get("/info").await);
    assert_eq!(info["id"], shop.sandbox.node.id());
    assert_eq!(
        (&info["version"], &info["network"]),
        (&json!("v26.06.6"), &json!("regtest"))
    );
    assert!(info["blockheight"].is_u64(), "{info}");
}

#[tokio::test]
async fn a_new_invoice_and_a_stored_one_have_their_own_shapes() {
    let shop = Shop::open().await;
    let sent = json!({
        "msatoshi": 12345, "description": 1234, "expiry": 600,
        "metadata": {"order_id": 7, "items": ["a"]},
    });
    let made = shop.post(&sent).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(made.header("location"), "");
    let fields = [
        "id",
        "msatoshi",
        "description",
        "rhash",
        "payreq",
        "expires_at",
        "created_at",
        "metadata",
        "status",
    ];
    assert_eq!(names(&made.text), fields);
    let made = read(&made);
    assert_eq!(made["msatoshi"], "12345");
    assert_eq!(made["description"], "1234");
    assert_eq!(made["metadata"], sent["metadata"]);
    assert_eq!(made["status"], "unpaid");
    let lifetime = made["expires_at"].as_i64().unwrap() - made["created_at"].as_i64().unwrap();
    assert_eq!(lifetime, 600);

    let stored = shop.get(&path(&made, "")).await;
    let fields = [
        "id",
        "msatoshi",
        "quoted_currency",
        "quoted_amount",
        "rhash",
        "payreq",
        "pay_index",
        "description",
        "metadata",
        "created_at",
        "expires_at",
        "paid_at",
        "msatoshi_received",
        "status",
    ];
    assert_eq!(names(&stored.text), fields);
    let stored = read(&stored);
    for field in [
        "quoted_currency",
        "quoted_amount",
        "pay_index",
        "paid_at",
        "msatoshi_received",
    ] {
        assert!(stored[field].is_null(), "{field}");
    }
    for field in ["id", "msatoshi", "rhash", "payreq", "metadata", "status"] {
        assert_eq!(stored[field], made[field], "{field}");
    }

    shop.sandbox
        .node
        .pay(made["payreq"].as_str().unwrap(), Some(20_000))
        .unwrap();
    let paid = shop.invoice(&made).await;
    assert_eq!(
        (&paid["status"], &paid["pay_index"]),
        (&json!("paid"), &json!(1))
    );
    assert_eq!(
        (&paid["msatoshi"], &paid["msatoshi_received"]),
        (&json!("12345"), &json!("20000"))
    );
    assert!(paid["paid_at"].is_i64());
}

#[tokio::test]
async fn nothing_sent_is_an_invoice_for_any_amount_and_a_week() {
    let shop = Shop::open().await;
    for body in [
        json!({}),
        json!({"msatoshi": 0}),
        json!({"msatoshi": null, "currency": null, "metadata": null}),
        json!([]),
    ] {
        let made = shop.create(&body).await;
        assert!(
            made["msatoshi"].is_null() && made["metadata"].is_null(),
            "{made}"
        );
        assert_eq!(
            made["expires_at"].as_i64().unwrap() - made["created_at"].as_i64().unwrap(),
            604_800
        );
        assert_eq!(made["description"], "Payment");
    }
    let request = shop
        .call(Method::POST, "/invoice")
        .header("content-type", "text/plain");
    let made = Page::read(request.body("msatoshi=5").send().await).await;
    assert_eq!(
        made.status,
        StatusCode::CREATED,
        "a body of another kind is none"
    );
    assert!(read(&made)["msatoshi"].is_null());
}

#[tokio::test]
async fn forms_may_be_nested() {
    let shop = Shop::open().await;
    let body =
        "msatoshi=777&description=a+b&expiry=2h&metadata[order]=7&metadata%5Bitems%5D%5B%5D=x";
    let made = shop.post_form(body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = read(&made);
    assert_eq!(made["msatoshi"], "777");
    assert_eq!(made["metadata"], json!({"order": "7", "items": ["x"]}));
    assert_eq!(
        made["expires_at"].as_i64().unwrap() - made["created_at"].as_i64().unwrap(),
        7200
    );
    let zero = shop.post_form("msatoshi=0").await;
    assert_eq!(zero.status, StatusCode::BAD_REQUEST);
    assert!(
        zero.text.starts_with("LightningError: amount_msat"),
        "{}",
        zero.text
    );
}

#[tokio::test]
async fn prices_are_converted_and_kept_as_they_were_sent() {
    let shop = Shop::open().await;
    for (body, msatoshi, quoted) in [
        (
            json!({"currency": "USD", "amount": 1.5}),
            "1577288",
            json!(1.5),
        ),
        (
            json!({"currency": "USD", "amount": "1.50"}),
            "1577288",
            json!("1.50"),
        ),
        (
            json!({"currency": "EUR", "amount": "0.05"}),
            "56786",
            json!("0.05"),
        ),
        (
            json!({"currency": "BTC", "amount": "0.0000000000000001"}),
            "1",
            json!("0.0000000000000001"),
        ),
        (
            json!({"currency": "BTC", "amount": 1e-16}),
            "1",
            json!(1e-16),
        ),
        (
            json!({"currency": "USD", "amount": 5, "msatoshi": "99"}),
            "99",
            json!(5),
        ),
    ] {
        let made = shop.create(&body).await;
        assert_eq!(made["msatoshi"], msatoshi, "{body}");
        assert_eq!(
            (&made["quoted_currency"], &made["quoted_amount"]),
            (&body["currency"], &quoted)
        );
        let stored = shop.invoice(&made).await;
        assert_eq!(stored["quoted_currency"], body["currency"]);
        assert!(stored["quoted_amount"].is_string(), "{stored}");
    }
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_and_the_node_is_not_asked() {
    let shop = Shop::open().await;
    for (body, says) in [
        (json!({"msatoshi": "lots"}), "amount_msat"),
        (json!({"msatoshi": -5}), "amount_msat"),
        (json!({"msatoshi": 1.5}), "amount_msat"),
        (json!({"msatoshi": "2100000000000000001"}), "amount_msat"),
        (json!({"msatoshi": {"a": 1}}), "msatoshi"),
        (json!({"msatoshi": 5, "expiry": "soon"}), "expiry"),
        (json!({"msatoshi": 5, "expiry": 31_536_001}), "expiry"),
        (json!({"msatoshi": 5, "expiry": "1000w"}), "expiry"),
        (
            json!({"msatoshi": 5, "description": "x".repeat(640)}),
            "description",
        ),
        (
            json!({"msatoshi": 5, "metadata": "x".repeat(17_000)}),
            "metadata",
        ),
        (json!({"currency": "USD"}), "amount"),
        (json!({"currency": "USD", "amount": "much"}), "price"),
        (json!({"currency": "USD", "amount": -1}), "price"),
        (json!({"currency": "XYZ", "amount": 1}), "XYZ"),
        (json!({"currency": "BTC", "amount": 21_000_001}), "too high"),
    ] {
        let refused = shop.post(&body).await;
        assert_eq!(
            refused.status,
            StatusCode::BAD_REQUEST,
            "{body}: {}",
            refused.text
        );
        assert!(refused.text.contains(says), "{body}: {}", refused.text);
    }
    let broken = shop
        .call(Method::POST, "/invoice")
        .header("content-type", "application/json");
    let broken = Page::read(broken.body("{").send().await).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.sandbox.node.calls("invoice"), 0);

    let refusal = CallFault::Fail {
        code: -1,
        message: "out of coffee".to_owned(),
    };
    shop.sandbox
        .node
        .faults()
        .once(Calls::of("invoice"), refusal);
    let refused = shop.post(&json!({})).await;
    assert_eq!(
        (refused.status, refused.text.as_str()),
        (StatusCode::BAD_REQUEST, "LightningError: out of coffee")
    );

    shop.sandbox
        .node
        .faults()
        .lack(Calls::of("listcurrencyrates"));
    let absent = shop.post(&json!({"currency": "USD", "amount": 1})).await;
    assert_eq!(absent.status, StatusCode::NOT_IMPLEMENTED);
    assert!(absent.text.contains("cln-currencyrate"), "{}", absent.text);

    shop.sandbox.node.stop().await;
    let away = shop.post(&json!({})).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_list_has_all_in_order() {
    let shop = Shop::open().await;
    assert_eq!(read(&shop.get("/invoices").await), json!([]));
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(shop.create(&json!({ "msatoshi": number * 1000 })).await["id"].clone());
    }
    // One that was made elsewhere is ours too.
    let form = shop.server.create("5", "by the form").await;
    ids.push(form["label"].clone());
    let list = read(&shop.get("/invoices").await);
    let listed: Vec<Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert_eq!(listed, ids);
    assert_eq!(list[0], shop.invoice(&list[0]).await);
}

#[tokio::test]
async fn an_invoice_is_deleted_only_in_the_state_that_is_named() {
    let shop = Shop::open().await;
    let delete = async |made: &Value, body: Value| {
        let request = shop.call(Method::DELETE, &path(made, "")).json(&body);
        Page::read(request.send().await).await
    };
    let unpaid = shop.create(&json!({"msatoshi": 1000})).await;
    let refused = delete(&unpaid, json!({"status": "paid"})).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.text,
        "LightningError: Invoice status is unpaid not paid"
    );
    assert_eq!(
        delete(&unpaid, json!({})).await.status,
        StatusCode::BAD_REQUEST
    );
    let deleted = delete(&unpaid, json!({"status": "unpaid"})).await;
    assert_eq!(
        (deleted.status, deleted.text.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    assert_eq!(shop.sandbox.node.invoice_count(), 0);
    assert_eq!(
        shop.get(&path(&unpaid, "")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        delete(&unpaid, json!({"status": "unpaid"})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(read(&shop.get("/invoices").await), json!([]));

    // The buyer was faster, and we do not know it yet.
    let raced = shop.create(&json!({"msatoshi": 1000})).await;
    let fault = CallFault::Fail {
        code: 906,
        message: "Invoice status is paid not unpaid".to_owned(),
    };
    shop.sandbox
        .node
        .faults()
        .once(Calls::of("delinvoice"), fault);
    let refused = delete(&raced, json!({"status": "unpaid"})).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.get(&path(&raced, "")).await.status, StatusCode::OK);

    shop.pay(&raced);
    let deleted = delete(&raced, json!({"status": "paid"})).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(
        shop.get(&path(&raced, "")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        shop.sandbox.node.invoice_count(),
        1,
        "a payment is not forgotten"
    );
}

#[tokio::test]
async fn a_client_that_leaves_does_not_tear_a_deletion_in_two() {
    let shop = Shop::open().await;
    let made = shop.create(&json!({"msatoshi": 1000})).await;
    let hanging = shop
        .sandbox
        .node
        .faults()
        .hang(Calls::of("delinvoice"), Hold::Answer);
    let request = shop.call(Method::DELETE, &path(&made, ""));
    let leaving = tokio::spawn(request.json(&json!({"status": "unpaid"})).send());
    hanging.reached(1).await;
    leaving.abort();
    let left = leaving.await;
    assert!(left.is_err_and(|left| left.is_cancelled()));
    hanging.release();
    let page = format!("/check_invoice/{}", made["id"].as_str().unwrap());
    let over = |invoice: &Value| invoice["status"] == "cancelled";
    shop.server.json_until(&page, over).await;
}

#[tokio::test]
async fn a_slash_at_the_end_makes_no_difference() {
    let shop = Shop::open().await;
    let request = shop
        .call(Method::POST, "/invoice/")
        .json(&json!({"msatoshi": 1000}));
    let made = Page::read(request.send().await).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = read(&made);
    for at in ["/info".to_owned(), "/invoices".to_owned(), path(&made, "")] {
        let (plain, slash) = (shop.get(&at).await, shop.get(&format!("{at}/")).await);
        assert_eq!(
            (slash.status, &slash.text),
            (plain.status, &plain.text),
            "{at}"
        );
    }
    let id = made["id"].as_str().expect("an id");
    for at in [
        format!("/checkout/{id}/"),
        format!("/checkout/{id}/qr.png/"),
    ] {
        let page = shop.server.open(&at).await;
        assert_eq!(page.status, StatusCode::OK, "{at}");
    }
    let hook = shop.call(Method::POST, &path(&made, "/webhook/"));
    let added = Page::read(
        hook.json(&json!({"url": "https://shop.example/"}))
            .send()
            .await,
    )
    .await;
    assert_eq!(added.status, StatusCode::CREATED);
}

#[tokio::test]
async fn descriptions_are_what_lightningd_takes() {
    let shop = Shop::open().await;
    for description in ["Two bags of tea\nand a pot", "a\tb", "a\r\nb", " padded "] {
        let made = shop
            .create(&json!({"msatoshi": 1000, "description": description}))
            .await;
        assert_eq!(made["description"], description);
        assert_eq!(shop.invoice(&made).await["description"], description);
        let payreq = made["payreq"].as_str().unwrap();
        let decoded: Bolt11Invoice = payreq.parse().unwrap();
        let Bolt11InvoiceDescriptionRef::Direct(direct) = decoded.description() else {
            panic!("{payreq}");
        };
        assert_eq!(direct.as_inner().0, description);
        let id = made["id"].as_str().unwrap();
        assert_eq!(
            shop.server.open(&format!("/checkout/{id}")).await.status,
            StatusCode::OK
        );
    }
    for description in ["a\u{0}b", "a\u{1}b", "a\u{b}b"] {
        let refused = shop.post(&json!({"description": description})).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{description:?}");
        assert!(refused.text.contains("description"), "{}", refused.text);
    }
}

#[tokio::test]
async fn prices_in_satoshis_need_no_rate_and_are_exact() {
    let shop = Shop::open().await;
    shop.sandbox
        .node
        .faults()
        .lack(Calls::of("listcurrencyrates"));
    for (currency, amount, msatoshi) in [
        ("SAT", json!(21), "21000"),
        ("SATS", json!("21"), "21000"),
        ("SATS", json!("0.001"), "1"),
        ("SAT", json!("123456789.123"), "123456789123"),
        ("BTC", json!("0.00000021"), "21000"),
    ] {
        let made = shop
            .create(&json!({"currency": currency, "amount": amount}))
            .await;
        assert_eq!(made["msatoshi"], msatoshi, "{amount} {currency}");
        assert_eq!(made["quoted_currency"], currency);
        let id = made["id"].as_str().unwrap();
        assert_eq!(
            shop.server.open(&format!("/checkout/{id}")).await.status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn prices_in_money_can_be_rounded_up_to_whole_satoshis() {
    let shop = Shop::with(&[("PRICING__ROUND_UP_TO", "sat")]).await;
    for (currency, amount, msatoshi) in [
        ("USD", "1.50", "1578000"),
        ("EUR", "0.05", "57000"),
        ("SATS", "0.001", "1"),
        ("BTC", "0.000000000015", "2"),
    ] {
        let made = shop
            .create(&json!({"currency": currency, "amount": amount}))
            .await;
        assert_eq!(made["msatoshi"], msatoshi, "{amount} {currency}");
    }
}

#[tokio::test]
async fn that_no_source_has_a_rate_is_not_the_shops_mistake() {
    let shop = Shop::open().await;
    for (currency, message) in [
        (
            "USD",
            "Error converting currency: no results for `USD`, is the currency supported? Check the logs!",
        ),
        ("EUR", "Error converting currency: operation timed out"),
    ] {
        let outage = CallFault::Fail {
            code: -32700,
            message: message.to_owned(),
        };
        shop.sandbox
            .node
            .faults()
            .once(Calls::of("listcurrencyrates"), outage);
        let away = shop.post(&json!({"currency": currency, "amount": 1})).await;
        assert_eq!(
            away.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{}",
            away.text
        );
        assert_eq!(away.header("retry-after"), "60");
        assert!(away.text.starts_with("currency: "), "{}", away.text);
        shop.create(&json!({"currency": currency, "amount": 1}))
            .await;
    }
    let unknown = shop.post(&json!({"currency": "XYZ", "amount": 1})).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}
