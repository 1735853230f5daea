//! The page of an offer: its code to scan or to print, for anybody who knows its id; and the sandbox's wallet, which pays it.

use reqwest::{Method, StatusCode, header};
use serde_json::json;

use super::{OFFERS, Shop};
use crate::harness::Page;

#[tokio::test]
async fn the_page_shows_what_can_be_paid_and_looking_makes_nothing() {
    let shop = Shop::open().await;
    let body = json!({ "amount_sat": 2100, "description": "Tea <b>for two</b>", "issuer": "shop.example" });
    let (status, offer) = shop.post(OFFERS, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{offer}");
    let server = &shop.merchant.server;
    let path = format!("/offer/{}", offer["offer_id"].as_str().unwrap());
    assert_eq!(offer["page_url"], format!("{}{path}", server.origin));

    let bolt12 = offer["bolt12"].as_str().unwrap();
    for language in ["en", "de"] {
        let page = server.open(&format!("{path}?lang={language}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text_of(".description"), "Tea <b>for two</b>");
        assert!(page.text_of("main").contains("shop.example"));
        assert_eq!(page.text_of("#bolt12"), bolt12);
        let link = format!("lightning:{bolt12}");
        assert_eq!(page.attribute("a.button", "href"), Some(link));
        assert_eq!(page.texts("svg[role=img]").len(), 1);
        // Without SVG and script.
        assert!(
            page.text
                .contains(&format!("<noscript><img src=\"{path}/qr.png\""))
        );
    }
    let page = server.open(&path).await;
    assert_eq!(page.text_of(".amount"), "2,100 sat");
    for (name, kind) in [("qr.svg", "image/svg+xml"), ("qr.png", "image/png")] {
        let code = server.request(Method::GET, &format!("{path}/{name}"));
        let code = code.send().await.unwrap();
        assert_eq!(code.status(), StatusCode::OK);
        assert_eq!(code.headers()[header::CONTENT_TYPE], kind);
    }
    let (status, shown) = server.json(&path).await;
    assert_eq!((status, &shown), (StatusCode::OK, &offer));
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 0);
}

#[tokio::test]
async fn the_sandbox_pays_it_and_the_payers_note_is_on_the_payments_page() {
    let shop = Shop::open().await;
    let offer = shop.offer("a gift").await;
    let server = &shop.merchant.server;
    let path = format!("/offer/{}", offer["offer_id"].as_str().unwrap());
    let page = server.open(&path).await;
    assert_eq!(page.text_of(".amount"), "You choose the amount");
    assert_eq!(page.text_of("main form button"), "Pay (sandbox)");
    let action = page.attribute("main form", "action").unwrap();
    let pay = async |fields: &[(&str, &str)]| {
        let request = server.request(Method::POST, &action).form(fields);
        let request = request.header(header::ACCEPT, "text/html");
        Page::read(request.send().await).await
    };
    for (amount, note, shown) in [
        ("42", "For table 7, \"Grüße\" <i>", "42 sat"),
        ("", "", "1,000 sat"),
    ] {
        let paid = pay(&[("amount", amount), ("note", note)]).await;
        assert_eq!(paid.status, StatusCode::SEE_OTHER, "{}", paid.text);
        let sale = server.open(paid.header("location")).await;
        assert_eq!(sale.text_of("h1"), "Paid");
        assert_eq!(sale.text_of(".amount"), shown);
        let noted = sale.texts("dd").iter().any(|text| text == note);
        assert_eq!(noted, !note.is_empty(), "{}", sale.text);
    }
    assert_eq!(shop.paid(&offer).await.len(), 2);
    for wrong in ["0", "-1", "1.5", "a lot"] {
        let refused = pay(&[("amount", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    assert_eq!(shop.paid(&offer).await.len(), 2);

    // A browser that loads it again.
    let again = server.request(Method::GET, &action);
    let again = again.header(header::ACCEPT, "text/html").send().await;
    assert_eq!(Page::read(again).await.header("location"), path);
}

#[tokio::test]
async fn a_disabled_offer_says_so_and_has_no_code() {
    let shop = Shop::open().await;
    let offer = shop.offer("a gift").await;
    let id = offer["offer_id"].as_str().unwrap();
    // By another program.
    let disabled = shop.call("disableoffer", json!({ "offer_id": id })).await;
    disabled.unwrap();
    let server = &shop.merchant.server;
    let page = server.open(&format!("/offer/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text_of("h1"), "No longer valid");
    assert!(!page.text.contains("lno1"), "{}", page.text);
    for name in ["qr.svg", "qr.png"] {
        let code = server.open(&format!("/offer/{id}/{name}")).await;
        assert_eq!(code.status, StatusCode::GONE);
    }
    let action = format!("/sandbox/offer/{id}/pay");
    let refused = server.request(Method::POST, &action).form(&[("note", "x")]);
    let refused = Page::read(refused.send().await).await;
    assert_eq!(refused.header("location"), format!("/offer/{id}"));
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 0);
}

#[tokio::test]
async fn other_offers_are_not_found_and_the_node_is_not_asked() {
    let shop = Shop::open().await;
    let theirs = json!({ "amount": "any", "description": "theirs" });
    let theirs = shop.call("offer", theirs).await.unwrap();
    let before = shop.merchant.sandbox.node.calls("listoffers");
    let server = &shop.merchant.server;
    for id in [
        theirs["offer_id"].as_str().unwrap(),
        &"0".repeat(64),
        "x",
        "%00",
    ] {
        for path in [format!("/offer/{id}"), format!("/offer/{id}/qr.png")] {
            let page = server.open(&path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(page.text_of("h1"), "Offer not found");
        }
    }
    assert_eq!(shop.merchant.sandbox.node.calls("listoffers"), before);
}

/// Nobody reads a code as active of which that is not known.
#[tokio::test]
async fn while_the_node_is_away_the_page_says_so() {
    let shop = Shop::open().await;
    let offer = shop.offer("a gift").await;
    let id = offer["offer_id"].as_str().unwrap();
    shop.merchant.sandbox.node.stop().await;
    let page = shop.merchant.server.open(&format!("/offer/{id}")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page.text.contains("lno1"), "{}", page.text);
}
