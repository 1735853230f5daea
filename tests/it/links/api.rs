//! Links made, changed, read and stopped by programs.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::LINKS;
use crate::{
    api::{Shop, shapes::Document},
    harness::json as answer,
    payouts::{Merchant, issue},
};

#[tokio::test]
async fn answers_are_as_the_document_says() {
    let shop = Shop::open().await;
    let document = Document::of(&shop.server).await;
    let body = json!({
        "title": "Coffee", "text": "Hot\nand black", "currency": "EUR", "amount": "2.5", "max_pieces": 4,
        "ask_note": "optional", "limit": 100, "ends_at": 4_000_000_000_u64, "thanks": "Enjoy!",
    });
    for expected in [StatusCode::CREATED, StatusCode::OK] {
        let (status, link) = shop.put_link("coffee", &body).await;
        assert_eq!(status, expected, "{link}");
        document.check("putLink", status, &link);
    }
    let link = shop.read_link("coffee").await;
    document.check("readLink", StatusCode::OK, &link);
    assert_eq!(
        link,
        json!({
            "link": "coffee", "url": format!("{}/l/coffee", shop.server.origin), "lnurl": link["lnurl"],
            "status": "open", "title": "Coffee", "text": "Hot\nand black", "currency": "EUR", "amount": "2.50",
            "min_amount": null, "max_amount": null, "max_pieces": 4, "ask_name": "no", "ask_mail": "no",
            "ask_note": "optional", "available": 100, "ends_at": 4_000_000_000_u64, "limit": 100, "sold": 0,
            "reserved": 0, "thanks": "Enjoy!", "stopped_at": null,
        })
    );
    let tip = json!({ "title": "Tip", "min_amount": "100", "max_amount": "2000" });
    shop.link("tip", tip).await;
    let (status, list) = shop.get(LINKS).await;
    document.check("listLinks", status, &list);
    assert_eq!(list["links"], json!([link, shop.read_link("tip").await]));
    let stopped = shop.stop_link("tip").await;
    document.check("stopLink", StatusCode::OK, &stopped);
    assert_eq!(stopped["status"], "stopped");
    assert_eq!(shop.stop_link("tip").await, stopped, "again");
    let (status, opened) = shop.post(&format!("{LINKS}/tip/open"), &json!({})).await;
    document.check("openLink", status, &opened);
    assert_eq!(
        (&opened["status"], &opened["stopped_at"]),
        (&json!("open"), &Value::Null)
    );
    for (method, path) in [
        (Method::GET, "nothing"),
        (Method::GET, "No"),
        (Method::POST, "nothing/stop"),
        (Method::POST, "nothing/open"),
    ] {
        let request = shop.call(method, &format!("{LINKS}/{path}"));
        let (status, error) = answer(request.send().await).await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::NOT_FOUND, &json!("link_not_found")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn only_who_may_manage_links_does() {
    let merchant = Merchant::open().await;
    let links = issue(&merchant.records, "links").await;
    assert_eq!(merchant.get(&links, LINKS).await.0, StatusCode::OK);
    for scope in ["invoices:read", "invoices:create", "items", "webhooks"] {
        let token = issue(&merchant.records, scope).await;
        let (status, error) = merchant.get(&token, LINKS).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{error}");
    }
    let (status, _) = merchant.get(&links, "/api/v1/invoices").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn bad_input_names_its_field_and_makes_nothing() {
    let shop = Shop::open().await;
    let document = Document::of(&shop.server).await;
    let with = |field: &str, value: Value| {
        let mut body = json!({ "title": "Coffee", "amount": "2000" });
        body[field] = value;
        body
    };
    for (body, field, code) in [
        (with("title", json!("")), "title", "title_invalid"),
        (with("title", json!("a\nb")), "title", "title_invalid"),
        (with("title", json!(1)), "title", "body_invalid"),
        (with("text", json!("a\u{7}b")), "text", "text_invalid"),
        (
            with("thanks", json!("x".repeat(2001))),
            "thanks",
            "text_invalid",
        ),
        (
            with("currency", json!("XYZ")),
            "currency",
            "currency_unknown",
        ),
        (with("amount", json!("0")), "amount", "amount_invalid"),
        (with("amount", json!("1.5")), "amount", "amount_invalid"),
        (with("amount", json!("1,000")), "amount", "amount_invalid"),
        (
            with("amount", json!("9007199254740993")),
            "amount",
            "amount_invalid",
        ),
        (with("amount", json!(2000)), "amount", "body_invalid"),
        (with("min_amount", json!("1")), "amount", "amount_invalid"),
        (
            json!({ "title": "a", "min_amount": "1" }),
            "amount",
            "amount_invalid",
        ),
        (
            json!({ "title": "a", "min_amount": "2", "max_amount": "1" }),
            "max_amount",
            "amount_invalid",
        ),
        (with("max_pieces", json!(0)), "max_pieces", "pieces_invalid"),
        (
            with("max_pieces", json!(1001)),
            "max_pieces",
            "pieces_invalid",
        ),
        (
            json!({ "title": "a", "max_pieces": 2 }),
            "max_pieces",
            "pieces_invalid",
        ),
        (with("limit", json!(0)), "limit", "limit_invalid"),
        (with("limit", json!(1e10)), "limit", "limit_invalid"),
        (with("ends_at", json!(0)), "ends_at", "ends_at_invalid"),
        (with("ends_at", json!(1e18)), "ends_at", "ends_at_invalid"),
        (with("ask_name", json!("yes")), "ask_name", "body_invalid"),
        (with("slug", json!("a")), "slug", "body_invalid"),
    ] {
        let (status, error) = shop.put_link("coffee", &body).await;
        document.check("putLink", status, &error);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(
            (&error["error"]["field"], &error["error"]["code"]),
            (&json!(field), &json!(code)),
            "{body}: {error}"
        );
    }
    assert_eq!(shop.get(LINKS).await.1, json!({ "links": [] }));
}

#[tokio::test]
async fn a_link_is_read_and_ordered_by_programs_at_its_address() {
    let shop = Shop::open().await;
    let body =
        json!({ "title": "Ticket", "amount": "1500", "max_pieces": 3, "limit": 3, "thanks": "Hi" });
    shop.link("ticket", body).await;
    let get = async || {
        let request = shop.server.request(Method::GET, "/l/ticket");
        let request = request.header(header::ACCEPT, "application/json");
        answer(request.send().await).await
    };
    let (status, link) = get().await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&link["title"], &link["amount"], &link["available"]),
        (&json!("Ticket"), &json!("1500"), &json!(3))
    );
    for secret in ["sold", "reserved", "limit", "thanks", "stopped_at"] {
        assert_eq!(link.get(secret), None, "{secret}");
    }
    assert_eq!(shop.sandbox.node.invoice_count(), 0);
    let order = async |pieces: &str| {
        let request = shop.server.request(Method::POST, "/l/ticket");
        let request = request.header(header::ACCEPT, "application/json");
        answer(request.form(&[("pieces", pieces)]).send().await).await
    };
    let (status, invoice) = order("2").await;
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    assert_eq!(invoice["amount_msat"], 3_000_000);
    let read = shop.read_link("ticket").await;
    assert_eq!(
        (&read["reserved"], &read["available"]),
        (&json!(2), &json!(1))
    );
    for _ in 0..2 {
        let (status, error) = order("2").await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::CONFLICT, &json!("link_closed"))
        );
        shop.stop_link("ticket").await;
    }
    assert_eq!(get().await.1["status"], "stopped");
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}
