//! Ordering, approving and cancelling.

use std::time::Duration;

use facture_domain::payment_string::PaymentString;
use lightning_invoice::Currency;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Merchant, PAYOUTS, Theirs, issue, path};
use crate::harness::json as answer;

#[tokio::test]
async fn an_order_is_written_down_and_waits_for_a_payer() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let sale = merchant.server.create("21", "coffee").await;
    let paid = merchant
        .sandbox
        .node
        .pay(sale["bolt11"].as_str().unwrap(), None);
    paid.unwrap();
    let bolt11 = theirs.bolt11();
    let body = json!({
        "destination": format!("  LIGHTNING:{}", bolt11.to_uppercase()), "max_fee_msat": 100,
        "reason": "too cold", "invoice": sale["label"],
    });
    let request = merchant.request(&merchant.order, Method::POST, PAYOUTS);
    let request = request.header("Idempotency-Key", "refund-1").json(&body);
    let response = request.send().await.unwrap();
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let (status, payout) = answer(Ok(response)).await;
    assert_eq!(status, StatusCode::CREATED, "{payout}");
    assert_eq!(location, path(&payout));
    let expected = json!({
        "id": payout["id"], "state": "ordered", "destination": bolt11, "kind": "bolt11",
        "amount_msat": 21_000, "max_fee_msat": 100, "fee_msat": null, "reason": "too cold",
        "asked_by": "refunds", "invoice": sale["label"], "payment_hash": theirs.hash(),
        "preimage": null, "waiting_for": "payer", "code_refused": null, "payer": null, "failure": null,
        "created_at": payout["created_at"], "expires_at": payout["expires_at"],
        "updated_at": payout["created_at"], "paid_at": null,
    });
    assert_eq!(payout, expected);
    let lasts = payout["expires_at"].as_i64().unwrap() - payout["created_at"].as_i64().unwrap();
    assert!(
        (1..=3601).contains(&lasts),
        "as long as the invoice: {lasts}"
    );
    for token in [&merchant.order, &merchant.approve, &merchant.execute] {
        let (status, read) = merchant.get(token, &location).await;
        assert_eq!((status, &read), (StatusCode::OK, &payout));
    }
    // Nothing but who it is was asked of the node.
    let spends = [
        "pay",
        "xpay",
        "sendpay",
        "fetchinvoice",
        "renepay",
        "keysend",
    ];
    assert!(
        spends
            .iter()
            .all(|method| merchant.sandbox.node.calls(method) == 0)
    );
}

#[tokio::test]
async fn the_same_order_is_one_payout() {
    let merchant = Merchant::open().await;
    let body = json!({ "destination": Theirs::default().bolt11() });
    let (one, two) = tokio::join!(merchant.order("a", &body), merchant.order("a", &body));
    assert_eq!(one, two);
    assert_eq!(one.0, StatusCode::CREATED);
    let (status, error) = merchant
        .order(
            "a",
            &json!({ "destination": "a@b.example", "amount_msat": 1 }),
        )
        .await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("idempotency_key_reused"))
    );
    // The same invoice under another key is another order of the same payment.
    let (status, error) = merchant.order("b", &body).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("already_ordered"))
    );
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains(one.1["id"].as_str().unwrap()), "{message}");
    merchant
        .act(&merchant.order, &one.1, "cancel", &Value::Null)
        .await;
    // What it is now is answered, not what it was.
    let (status, again) = merchant.order("a", &body).await;
    assert_eq!(
        (status, &again["state"]),
        (StatusCode::CREATED, &json!("cancelled"))
    );
    let again = merchant.ordered("b", &body).await;
    assert_ne!(again["id"], one.1["id"]);
    // Keys are separate for each token, and for invoices.
    let other = issue(&merchant.records, "payouts:order invoices:create").await;
    let request = merchant.request(&other, Method::POST, "/api/v1/invoices");
    let request = request.header("Idempotency-Key", "a");
    let (status, _) = answer(request.json(&json!({ "amount_sat": 1 })).send().await).await;
    assert_eq!(status, StatusCode::CREATED);
    let request = merchant
        .request(&other, Method::POST, PAYOUTS)
        .header("Idempotency-Key", "a");
    let body = json!({ "destination": Theirs::default().bolt11() });
    let (status, _) = answer(request.json(&body).send().await).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_was_ordered_stays_so_when_its_invoice_has_expired() {
    let merchant = Merchant::open().await;
    let soon = Theirs {
        expiry: Duration::from_secs(2),
        ..Theirs::default()
    };
    let body = json!({ "destination": soon.bolt11() });
    let payout = merchant.ordered("a", &body).await;
    let expired = async {
        while merchant.read(&payout).await["state"] != "expired" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, expired)
        .await
        .unwrap();
    let again = merchant.ordered("a", &body).await;
    assert_eq!(
        (&again["id"], &again["state"]),
        (&payout["id"], &json!("expired"))
    );
    let (status, error) = merchant.order("b", &body).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("invoice_expired"))
    );
    // Nobody does anything with it any more.
    for (token, action, body) in [
        (&merchant.order, "cancel", Value::Null),
        (&merchant.approve, "approve", Value::Null),
        (&merchant.execute, "begin", soon.begin("one")),
    ] {
        let (status, error) = merchant.act(token, &payout, action, &body).await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::CONFLICT, &json!("payout_state")),
            "{action}"
        );
    }
}

#[tokio::test]
async fn every_kind_of_destination_can_be_ordered() {
    let merchant = Merchant::open().await;
    let open = Theirs {
        amount_msat: None,
        ..Theirs::default()
    };
    let offer =
        "lno1pgx9getnwss8vetrw3hhyuckyypwa3eyt44h6txtxquqh7lz5djge4afgfjn7k4rgrkuag0jsd5xvxg";
    // https://shop.example/pay?id=1
    let lnurl = "LNURL1DP68GURN8GHJ7UMGDACZUETCV9KHQMR99ACXZ7FLD9JR6VGLT63JX";
    for (number, (destination, amount, kind)) in [
        (open.bolt11(), Some(5_000), "bolt11"),
        (offer.to_owned(), None, "offer"),
        (offer.to_owned(), Some(5_000), "offer"),
        (
            "lnurlp://shop.example/pay".to_owned(),
            Some(5_000),
            "lnurl_pay",
        ),
        (lnurl.to_owned(), Some(5_000), "lnurl_pay"),
        (
            "alice@shop.example".to_owned(),
            Some(5_000),
            "lightning_address",
        ),
        (
            "alice@shop.example".to_owned(),
            Some(5_000),
            "lightning_address",
        ),
        (
            format!("bitcoin:?lightning={}", Theirs::default().bolt11()),
            None,
            "bolt11",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = json!({ "destination": destination });
        if let Some(amount) = amount {
            body["amount_msat"] = amount.into();
        }
        let payout = merchant.ordered(&number.to_string(), &body).await;
        assert_eq!(payout["kind"], kind, "{payout}");
        let read = PaymentString::parse(payout["destination"].as_str().unwrap());
        assert!(read.is_ok(), "a payer can read it: {payout}");
    }
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_with_the_field() {
    let merchant = Merchant::open().await;
    let own = merchant.server.create("5", "ours").await;
    let before = merchant.sandbox.node.called().len();
    let theirs = || Theirs::default().bolt11();
    let open = || {
        Theirs {
            amount_msat: None,
            ..Theirs::default()
        }
        .bolt11()
    };
    let of_network = |network| {
        Theirs {
            network,
            ..Theirs::default()
        }
        .bolt11()
    };
    let old = Theirs {
        age: Duration::from_secs(7200),
        ..Theirs::default()
    };
    let node_id = format!("02{}", "ab".repeat(32));
    for (body, field, code) in [
        (
            json!({ "destination": "" }),
            "destination",
            "destination_invalid",
        ),
        (
            json!({ "destination": "hello" }),
            "destination",
            "destination_invalid",
        ),
        (
            json!({ "destination": format!("{}x", theirs()) }),
            "destination",
            "destination_invalid",
        ),
        (
            json!({ "destination": node_id }),
            "destination",
            "destination_invalid",
        ),
        (
            json!({ "destination": "x".repeat(50_000) }),
            "destination",
            "destination_invalid",
        ),
        (
            json!({ "destination": "lnurlw://shop.example/w" }),
            "destination",
            "unsupported",
        ),
        (
            json!({ "destination": "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080" }),
            "destination",
            "unsupported",
        ),
        (
            json!({ "destination": of_network(Currency::Bitcoin) }),
            "destination",
            "wrong_network",
        ),
        (
            json!({ "destination": of_network(Currency::Signet) }),
            "destination",
            "wrong_network",
        ),
        (
            json!({ "destination": old.bolt11() }),
            "destination",
            "invoice_expired",
        ),
        (
            json!({ "destination": own["bolt11"] }),
            "destination",
            "own_invoice",
        ),
        (
            json!({ "destination": open() }),
            "amount_msat",
            "amount_missing",
        ),
        (
            json!({ "destination": "a@b.example" }),
            "amount_msat",
            "amount_missing",
        ),
        (
            json!({ "destination": theirs(), "amount_msat": 20_999 }),
            "amount_msat",
            "amount_not_allowed",
        ),
        (
            json!({ "destination": open(), "amount_msat": 0 }),
            "amount_msat",
            "amount_too_small",
        ),
        (
            json!({ "destination": open(), "amount_msat": 1_000_000_000_000_000_001_u64 }),
            "amount_msat",
            "amount_too_large",
        ),
        (
            json!({ "destination": open(), "amount_msat": "5" }),
            "amount_msat",
            "body_invalid",
        ),
        (
            json!({ "destination": theirs(), "max_fee_msat": u64::MAX }),
            "max_fee_msat",
            "max_fee_invalid",
        ),
        (
            json!({ "destination": theirs(), "max_fee_msat": -1 }),
            "max_fee_msat",
            "body_invalid",
        ),
        (
            json!({ "destination": theirs(), "reason": "" }),
            "reason",
            "reason_invalid",
        ),
        (
            json!({ "destination": theirs(), "reason": "two\nlines" }),
            "reason",
            "reason_invalid",
        ),
        (
            json!({ "destination": theirs(), "invoice": "facture_0" }),
            "invoice",
            "invoice_invalid",
        ),
        (
            json!({ "destination": theirs(), "invoice": format!("facture_{}", "0".repeat(32)) }),
            "invoice",
            "invoice_invalid",
        ),
        (
            json!({ "destination": theirs(), "expires_in": 0 }),
            "expires_in",
            "expires_in_invalid",
        ),
        (
            json!({ "destination": theirs(), "expires_in": 31_536_001 }),
            "expires_in",
            "expires_in_invalid",
        ),
        (
            json!({ "destination": theirs(), "sum": 5 }),
            "sum",
            "body_invalid",
        ),
        (json!({ "amount_msat": 5 }), "destination", "body_invalid"),
        (
            json!({ "destination": null }),
            "destination",
            "body_invalid",
        ),
        (json!({ "destination": 5 }), "destination", "body_invalid"),
    ] {
        let (status, error) = merchant.order("a", &body).await;
        let error = &error["error"];
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body} {error}");
        assert_eq!(
            (&error["field"], &error["code"]),
            (&json!(field), &json!(code)),
            "{body} {error}"
        );
    }
    // The node was asked who it is, at most.
    let called = merchant.sandbox.node.called();
    assert!(called.len() <= before + 1, "{called:?}");
    for key in [None, Some(""), Some("two words"), Some("é")] {
        let mut request = merchant.request(&merchant.order, Method::POST, PAYOUTS);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key.as_bytes());
        }
        let body = json!({ "destination": theirs() });
        let (status, error) = answer(request.json(&body).send().await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(error["error"]["field"], "Idempotency-Key");
    }
    let (_, list) = merchant.get(&merchant.order, PAYOUTS).await;
    assert_eq!(list, json!({ "payouts": [], "next_cursor": null }));
    // None of the refused requests used the key up.
    merchant
        .ordered("a", &json!({ "destination": theirs() }))
        .await;
}

#[tokio::test]
async fn a_node_that_is_away_is_said_and_the_same_order_works_later() {
    let merchant = Merchant::open().await;
    let body = json!({ "destination": Theirs::default().bolt11() });
    merchant.sandbox.node.stop().await;
    let (status, error) = merchant.order("a", &body).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{error}");
    // An address says nothing that the node could check.
    let address = json!({ "destination": "a@b.example", "amount_msat": 1 });
    merchant.ordered("b", &address).await;
    merchant.sandbox.node.restart().await.unwrap();
    let first = merchant.ordered("a", &body).await;
    // Who the node is does not change.
    merchant.sandbox.node.stop().await;
    let body = json!({ "destination": Theirs::default().bolt11() });
    let second = merchant.ordered("c", &body).await;
    assert_ne!(first["id"], second["id"]);
}

#[tokio::test]
async fn an_order_is_approved_or_cancelled_as_long_as_nobody_began_it() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("a", &json!({ "destination": theirs.bolt11() }))
        .await;
    for _ in 0..2 {
        let (status, approved) = merchant
            .act(&merchant.approve, &payout, "approve", &Value::Null)
            .await;
        assert_eq!(
            (status, &approved["state"]),
            (StatusCode::OK, &json!("approved"))
        );
    }
    for token in [&merchant.approve, &merchant.order] {
        let (status, cancelled) = merchant.act(token, &payout, "cancel", &Value::Null).await;
        assert_eq!(
            (status, &cancelled["state"]),
            (StatusCode::OK, &json!("cancelled"))
        );
        assert_eq!(cancelled["waiting_for"], Value::Null);
    }
    let (status, error) = merchant
        .act(&merchant.approve, &payout, "approve", &Value::Null)
        .await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("payout_state"))
    );
    let begun = merchant
        .ordered("b", &json!({ "destination": theirs.bolt11() }))
        .await;
    merchant.pays(&begun, "begin", &theirs.begin("one")).await;
    for (token, action) in [(&merchant.order, "cancel"), (&merchant.approve, "approve")] {
        let (status, error) = merchant.act(token, &begun, action, &Value::Null).await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::CONFLICT, &json!("payout_state"))
        );
    }
    assert_eq!(merchant.read(&begun).await["state"], "paying");
    let unknown = json!({ "id": format!("po_{}", "0".repeat(32)) });
    for payout in [&unknown, &json!({ "id": "po_1" })] {
        let (status, error) = merchant
            .act(&merchant.order, payout, "cancel", &Value::Null)
            .await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::NOT_FOUND, &json!("payout_not_found"))
        );
    }
}

#[tokio::test]
async fn each_scope_goes_as_far_as_it_says() {
    let merchant = Merchant::with(&[("API_TOKEN", "configured-token-of-the-shop")]).await;
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("a", &json!({ "destination": theirs.bolt11() }))
        .await;
    let mut tokens = vec![
        ("configured", "configured-token-of-the-shop".to_owned()),
        ("order", merchant.order.clone()),
        ("approve", merchant.approve.clone()),
        ("execute", merchant.execute.clone()),
    ];
    for scopes in ["admin", "invoices:read invoices:create webhooks"] {
        tokens.push((scopes, issue(&merchant.records, scopes).await));
    }
    let read: [&str; 3] = ["order", "approve", "execute"];
    let id = path(&payout);
    for (method, path, allowed) in [
        (Method::POST, PAYOUTS.to_owned(), &["order"][..]),
        (Method::GET, PAYOUTS.to_owned(), &read),
        (Method::GET, id.clone(), &read),
        (Method::POST, format!("{id}/approve"), &["approve"]),
        (Method::GET, format!("{PAYOUTS}/work?payer=x"), &["execute"]),
        (Method::POST, format!("{id}/begin"), &["execute"]),
        (Method::POST, format!("{id}/outcome"), &["execute"]),
        (Method::POST, format!("{id}/cancel"), &["order", "approve"]),
    ] {
        for (name, token) in &tokens {
            let request = merchant.request(token, method.clone(), &path);
            // Where it is let in, it sends nothing that could be done.
            let (status, error) = answer(request.json(&json!([])).send().await).await;
            let forbidden = status == StatusCode::FORBIDDEN;
            assert_eq!(
                !forbidden,
                allowed.contains(name),
                "{method} {path} {name}: {error}"
            );
            if forbidden {
                let message = error["error"]["message"].as_str().unwrap();
                assert!(message.contains("payouts:"), "{message}");
            }
        }
    }
    // Without one nobody learns that it is there.
    let request = merchant.server.request(Method::GET, &id);
    let (status, _) = answer(request.send().await).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn lists_are_in_pages_and_by_state() {
    let merchant = Merchant::open().await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let body = json!({ "destination": "a@b.example", "amount_msat": 1 + number });
        let payout = merchant.ordered(&number.to_string(), &body).await;
        if number == 2 {
            merchant
                .act(&merchant.order, &payout, "cancel", &Value::Null)
                .await;
        }
        ids.insert(0, payout["id"].clone());
    }
    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{PAYOUTS}?limit=2{cursor}");
        let (status, page) = merchant.get(&merchant.approve, &path).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        listed.extend(
            page["payouts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|payout| payout["id"].clone()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(listed, ids);
    let (_, page) = merchant
        .get(&merchant.order, &format!("{PAYOUTS}?state=cancelled"))
        .await;
    assert_eq!(page["payouts"].as_array().unwrap().len(), 1);
    assert_eq!(page["payouts"][0]["id"], ids[2]);
    for query in [
        "state=sold",
        "limit=0",
        "limit=101",
        "cursor=x",
        "cursor=",
        "page=2",
    ] {
        let (status, error) = merchant
            .get(&merchant.order, &format!("{PAYOUTS}?{query}"))
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let field = query.split('=').next().unwrap();
        assert_eq!(error["error"]["field"], field, "{error}");
    }
}
