//! What a payer does.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Merchant, PAYOUTS, Theirs, issue, path};
use crate::harness::json as answer;

#[tokio::test]
async fn a_payout_is_begun_and_paid() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("a", &json!({ "destination": theirs.bolt11() }))
        .await;
    assert_eq!(payout["waiting_for"], "payer");
    let work = merchant.work("payer=one").await;
    assert_eq!(work["payouts"].as_array().unwrap().len(), 1);
    assert_eq!(work["payouts"][0]["id"], payout["id"]);
    // Somebody is there now.
    assert_eq!(merchant.read(&payout).await["waiting_for"], Value::Null);
    for _ in 0..2 {
        let begun = merchant.pays(&payout, "begin", &theirs.begin("one")).await;
        assert_eq!(begun["state"], "paying");
    }
    for _ in 0..2 {
        let paid = merchant.pays(&payout, "outcome", &theirs.paid("one")).await;
        assert_eq!(paid["state"], "paid");
        assert_eq!(
            (&paid["amount_msat"], &paid["fee_msat"]),
            (&json!(21_000), &json!(3))
        );
        assert_eq!(paid["preimage"], theirs.preimage());
        assert!(paid["paid_at"].is_i64());
    }
    let failed = json!({ "payer": "one", "state": "failed", "code": "no_route" });
    for (action, body) in [("begin", theirs.begin("one")), ("outcome", failed)] {
        let (status, error) = merchant
            .act(&merchant.execute, &payout, action, &body)
            .await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::CONFLICT, &json!("payout_state")),
            "{error}"
        );
    }
    assert_eq!(merchant.read(&payout).await["state"], "paid");
    assert_eq!(merchant.work("payer=one").await["payouts"], json!([]));
}

#[tokio::test]
async fn of_two_payers_one_begins_and_reports() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("a", &json!({ "destination": theirs.bolt11() }))
        .await;
    merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    let other_hash = json!({ "payer": "one", "payment_hash": "00".repeat(32) });
    for (action, body) in [
        ("begin", theirs.begin("two")),
        ("begin", other_hash),
        ("outcome", theirs.paid("two")),
        (
            "outcome",
            json!({ "payer": "two", "state": "failed", "code": "no_route" }),
        ),
        ("outcome", json!({ "payer": "two", "state": "unknown" })),
    ] {
        let (status, error) = merchant
            .act(&merchant.execute, &payout, action, &body)
            .await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::CONFLICT, &json!("begun_by_another")),
            "{body}"
        );
    }
    assert_eq!(merchant.work("payer=two").await["payouts"], json!([]));
    let work = merchant.work("payer=one").await;
    assert_eq!(work["payouts"][0]["state"], "paying");
}

#[tokio::test]
async fn unknown_is_never_the_end() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let body = json!({ "destination": theirs.bolt11() });
    let payout = merchant.ordered("a", &body).await;
    merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    let unknown = json!({ "payer": "one", "state": "unknown", "code": "timeout" });
    for _ in 0..2 {
        let unknown = merchant.pays(&payout, "outcome", &unknown).await;
        assert_eq!(unknown["state"], "unknown");
        assert_eq!(
            (
                &unknown["failure"]["code"],
                &unknown["failure"]["may_still_go_through"]
            ),
            (&json!("timeout"), &json!(true))
        );
    }
    assert_eq!(
        merchant.work("payer=one").await["payouts"][0]["state"],
        "unknown"
    );
    // It may be paid at any moment: nobody can take it back or order it again.
    let (status, _) = merchant
        .act(&merchant.order, &payout, "cancel", &Value::Null)
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (status, error) = merchant.order("b", &body).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("already_ordered"))
    );
    let paid = merchant.pays(&payout, "outcome", &theirs.paid("one")).await;
    assert_eq!(
        (&paid["state"], &paid["failure"]),
        (&json!("paid"), &Value::Null)
    );
}

#[tokio::test]
async fn a_payout_fails_with_a_code_and_words() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let body = json!({ "destination": theirs.bolt11() });
    let payout = merchant.ordered("a", &body).await;
    merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    let failed =
        json!({ "payer": "one", "state": "failed", "code": "no_route", "message": "no way" });
    let told = merchant.pays(&payout, "outcome", &failed).await;
    let failure = json!({ "code": "no_route", "message": "no way", "may_still_go_through": false });
    assert_eq!(
        (&told["state"], &told["failure"]),
        (&json!("failed"), &failure)
    );
    // It can be ordered again. A payer may refuse what nobody began.
    let payout = merchant.ordered("b", &body).await;
    let failed = json!({ "payer": "one", "state": "failed", "code": "limit_exceeded" });
    for _ in 0..2 {
        let told = merchant.pays(&payout, "outcome", &failed).await;
        assert_eq!(told["failure"]["code"], "limit_exceeded");
        assert!(!told["failure"]["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_payer_can_ask_for_an_approval() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("a", &json!({ "destination": theirs.bolt11() }))
        .await;
    merchant.work("payer=one").await;
    let wanted = json!({ "payer": "one", "state": "approval_required" });
    for _ in 0..2 {
        let waiting = merchant.pays(&payout, "outcome", &wanted).await;
        assert_eq!(
            (&waiting["state"], &waiting["waiting_for"]),
            (&json!("ordered"), &json!("approval"))
        );
    }
    let (_, approved) = merchant
        .act(&merchant.approve, &payout, "approve", &Value::Null)
        .await;
    assert_eq!(
        (&approved["state"], &approved["waiting_for"]),
        (&json!("approved"), &Value::Null)
    );
    // The payer may want one that is proved to itself.
    let waiting = merchant.pays(&payout, "outcome", &wanted).await;
    assert_eq!(
        (&waiting["state"], &waiting["waiting_for"]),
        (&json!("approved"), &json!("approval"))
    );
    let begun = merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    assert_eq!(
        (&begun["state"], &begun["waiting_for"]),
        (&json!("paying"), &Value::Null)
    );
    let (status, error) = merchant
        .act(&merchant.execute, &payout, "outcome", &wanted)
        .await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("payout_state"))
    );
}

#[tokio::test]
async fn a_code_is_passed_on_to_the_payer_and_to_nobody_else() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("a", &json!({ "destination": theirs.bolt11() }))
        .await;
    let code = async || merchant.work("payer=one").await["payouts"][0]["approval_code"].clone();
    assert_eq!(code().await, Value::Null);
    let body = json!({ "approval_code": "012345" });
    let approve = async || {
        let approved = merchant.act(&merchant.approve, &payout, "approve", &body);
        let (status, approved) = approved.await;
        assert_eq!(status, StatusCode::OK, "{approved}");
        assert!(!approved.to_string().contains("012345"));
        approved
    };
    assert_eq!(approve().await["state"], "approved");
    assert_eq!(code().await, "012345");
    assert!(!merchant.read(&payout).await.to_string().contains("012345"));

    let refused = json!({ "payer": "one", "state": "approval_refused", "message": "It is wrong." });
    for _ in 0..2 {
        let waiting = merchant.pays(&payout, "outcome", &refused).await;
        assert_eq!(
            (&waiting["waiting_for"], &waiting["code_refused"]),
            (&json!("approval"), &json!("It is wrong."))
        );
    }
    assert_eq!(code().await, Value::Null);
    // Another one takes its place.
    assert_eq!(approve().await["code_refused"], Value::Null);
    assert_eq!(code().await, "012345");
    let begun = merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    assert_eq!(begun["payer"], "one");
    assert_eq!(code().await, Value::Null);
    // It is nowhere but in memory.
    let admin = issue(&merchant.records, "admin").await;
    let (_, events) = merchant.get(&admin, "/api/v1/events").await;
    assert!(!events.to_string().contains("012345"), "{events}");
    let (status, error) = merchant
        .act(&merchant.execute, &payout, "outcome", &refused)
        .await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("payout_state"))
    );
}

#[tokio::test]
async fn an_approval_needs_no_body() {
    let merchant = Merchant::open().await;
    let payout = merchant
        .ordered("a", &json!({ "destination": Theirs::default().bolt11() }))
        .await;
    let path = format!("{}/approve", path(&payout));
    let request = || merchant.request(&merchant.approve, reqwest::Method::POST, &path);
    let (status, approved) = answer(request().send().await).await;
    assert_eq!(
        (status, &approved["state"]),
        (StatusCode::OK, &json!("approved"))
    );
    // A code that is not sent as JSON is not lost in silence.
    let (status, _) = answer(request().body("approval_code=012345").send().await).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn an_address_is_paid_by_the_invoice_that_the_payer_got() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let body = json!({ "destination": "alice@shop.example", "amount_msat": 21_000 });
    let payout = merchant.ordered("a", &body).await;
    assert_eq!(payout["payment_hash"], Value::Null);
    let mut begin = theirs.begin("one");
    begin["bolt11"] = Theirs::default().bolt11().into();
    let (status, error) = merchant
        .act(&merchant.execute, &payout, "begin", &begin)
        .await;
    assert_eq!(
        (status, &error["error"]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("bolt11"))
    );
    begin["bolt11"] = theirs.bolt11().into();
    let begun = merchant.pays(&payout, "begin", &begin).await;
    assert_eq!(begun["payment_hash"], theirs.hash());
    // A server that gives the same invoice again does not get a second payout paid by it.
    let body = json!({ "destination": "alice@shop.example", "amount_msat": 21_000 });
    let second = merchant.ordered("b", &body).await;
    let (status, error) = merchant
        .act(&merchant.execute, &second, "begin", &begin)
        .await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("already_ordered"))
    );
    let paid = merchant.pays(&payout, "outcome", &theirs.paid("one")).await;
    assert_eq!(paid["destination"], "alice@shop.example");
}

#[tokio::test]
async fn what_is_under_way_survives_a_restart() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let body = json!({ "destination": theirs.bolt11() });
    let payout = merchant.ordered("a", &body).await;
    merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    let merchant = merchant.restart(|_| {}).await;
    let read = merchant.read(&payout).await;
    assert_eq!(
        (&read["state"], &read["id"]),
        (&json!("paying"), &payout["id"])
    );
    let (status, error) = merchant.order("b", &body).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("already_ordered"))
    );
    assert_eq!(merchant.ordered("a", &body).await["id"], payout["id"]);
    let paid = merchant.pays(&payout, "outcome", &theirs.paid("one")).await;
    assert_eq!(paid["state"], "paid");
}

/// A backup of the records that is older than the payout: whoever asks again gets the same id, so that the payer knows that
/// it has paid it.
#[tokio::test]
async fn an_order_has_the_same_id_after_an_older_backup_was_restored() {
    let merchant = Merchant::open().await;
    let backup = tempfile::tempdir().unwrap();
    let copy = backup.path().join("facture.db");
    let merchant = merchant
        .restart(|records| {
            std::fs::copy(records.join("facture.db"), &copy).unwrap();
        })
        .await;
    let theirs = Theirs::default();
    let body = json!({ "destination": theirs.bolt11() });
    let payout = merchant.ordered("a", &body).await;
    merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    merchant.pays(&payout, "outcome", &theirs.paid("one")).await;
    let merchant = merchant
        .restart(|records| {
            std::fs::copy(&copy, records.join("facture.db")).unwrap();
        })
        .await;
    let (status, _) = merchant.get(&merchant.order, &super::path(&payout)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let again = merchant.ordered("a", &body).await;
    assert_eq!(
        (&again["id"], &again["state"]),
        (&payout["id"], &json!("ordered"))
    );
    // What the payer has in its journal it tells again, and pays nothing.
    merchant.pays(&again, "begin", &theirs.begin("one")).await;
    let paid = merchant.pays(&again, "outcome", &theirs.paid("one")).await;
    assert_eq!(paid["state"], "paid");
}

#[tokio::test]
async fn what_a_payer_sends_is_checked() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let payout = merchant
        .ordered("a", &json!({ "destination": theirs.bolt11() }))
        .await;
    let hash = theirs.hash();
    let paid = |field: &str, value: Value| {
        let mut body = theirs.paid("one");
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(field)),
            value => body[field] = value,
        }
        body
    };
    let begin = [
        (json!({ "payer": "", "payment_hash": hash }), "payer"),
        (json!({ "payer": "a b", "payment_hash": hash }), "payer"),
        (json!({ "payment_hash": hash }), "payer"),
        (
            json!({ "payer": "one", "payment_hash": "00" }),
            "payment_hash",
        ),
        (json!({ "payer": "one" }), "payment_hash"),
        (
            json!({ "payer": "one", "payment_hash": "00".repeat(32) }),
            "payment_hash",
        ),
        (
            json!({ "payer": "one", "payment_hash": hash, "bolt11": "lnbc" }),
            "bolt11",
        ),
    ];
    for (body, field) in begin {
        let (status, error) = merchant
            .act(&merchant.execute, &payout, "begin", &body)
            .await;
        assert_eq!(
            (status, &error["error"]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{body}"
        );
    }
    // Nobody began it.
    for state in [
        theirs.paid("one"),
        json!({ "payer": "one", "state": "unknown" }),
    ] {
        let (status, error) = merchant
            .act(&merchant.execute, &payout, "outcome", &state)
            .await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::CONFLICT, &json!("payout_state"))
        );
    }
    merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    for (body, field) in [
        (json!({ "payer": "one", "state": "eaten" }), "state"),
        (json!({ "payer": "one" }), "state"),
        (json!({ "payer": "one", "state": "failed" }), "code"),
        (
            json!({ "payer": "one", "state": "failed", "code": "bad_luck" }),
            "code",
        ),
        (
            json!({ "payer": "one", "state": "unknown", "code": 209 }),
            "code",
        ),
        // Also what the state does not need.
        (
            json!({ "payer": "one", "state": "unknown", "preimage": "00" }),
            "preimage",
        ),
        (
            json!({ "payer": "one", "state": "unknown", "fee_msat": u64::MAX }),
            "fee_msat",
        ),
        (paid("preimage", Value::Null), "preimage"),
        (paid("preimage", "00".into()), "preimage"),
        (paid("preimage", "00".repeat(32).into()), "preimage"),
        (paid("amount_msat", Value::Null), "amount_msat"),
        (paid("amount_msat", (-1).into()), "amount_msat"),
        (paid("fee_msat", Value::Null), "fee_msat"),
        (paid("fee_msat", u64::MAX.into()), "fee_msat"),
        (paid("tip", 1.into()), "tip"),
    ] {
        let (status, error) = merchant
            .act(&merchant.execute, &payout, "outcome", &body)
            .await;
        assert_eq!(
            (status, &error["error"]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{body}"
        );
    }
    assert_eq!(merchant.read(&payout).await["state"], "paying");
    for (query, field) in [
        ("", "payer"),
        ("payer=", "payer"),
        ("payer=a/b", "payer"),
        ("payer=one&wait=31", "wait"),
        ("payer=one&wait=x", "wait"),
        ("payer=one&after=-1", "after"),
    ] {
        let path = format!("{PAYOUTS}/work?{query}");
        let (status, error) = merchant.get(&merchant.execute, &path).await;
        assert_eq!(
            (status, &error["error"]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_payer_that_waits_is_told_at_once() {
    let merchant = Merchant::open().await;
    let theirs = Theirs::default();
    let (work, payout) = tokio::join!(merchant.work("payer=one&wait=30"), async {
        merchant
            .ordered("a", &json!({ "destination": theirs.bolt11() }))
            .await
    });
    assert_eq!(work["payouts"][0]["id"], payout["id"]);
    // The place of an answer may be one before the order that is in it.
    let work = merchant.work("payer=one").await;
    let after = work["sequence"].as_u64().unwrap();
    // An invoice is no news for it.
    let query = format!("payer=one&wait=30&after={after}");
    let (work, _) = tokio::join!(merchant.work(&query), async {
        merchant.server.create("5", "coffee").await;
        merchant
            .act(&merchant.order, &payout, "cancel", &Value::Null)
            .await
    });
    assert_eq!(work["payouts"], json!([]));
    assert!(work["sequence"].as_u64().unwrap() > after);
    // Without a wait it is answered now, with an old place too.
    let work = merchant.work(&format!("payer=one&after={after}")).await;
    assert_eq!(work["payouts"], json!([]));
    let work = merchant
        .work(&format!("payer=one&wait=30&after={after}"))
        .await;
    assert_eq!(work["payouts"], json!([]));
    let Merchant {
        server, execute, ..
    } = merchant;
    let waits = server.request(
        reqwest::Method::GET,
        &format!("{PAYOUTS}/work?payer=one&wait=30"),
    );
    let waits = tokio::spawn(waits.bearer_auth(execute).send());
    tokio::task::yield_now().await;
    server.stop().await.unwrap();
    // It ends with the server, whether it had come that far or not.
    drop(waits.await.unwrap());
}
