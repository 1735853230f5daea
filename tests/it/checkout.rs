//! The page of an invoice beyond its states: the proof of payment, the way back to the shop, what it weighs.

use facture::locale::Language;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    api::{Shop, TOKEN},
    contract::{World, path_of},
    harness::{Page, Server},
    world::Sandbox,
};

async fn compare(server: &Server, path: &str, preimage: &str) -> Page {
    let request = server.request(Method::POST, &format!("{path}/proof"));
    Page::read(request.form(&[("preimage", preimage)]).send().await).await
}

#[tokio::test]
async fn a_preimage_proves_the_payment() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("21", "proven").await;
    let path = path_of(&invoice);
    let early = compare(&server, &path, &"00".repeat(32)).await;
    assert_eq!(
        (early.status, early.header("location")),
        (StatusCode::SEE_OTHER, path.as_str()),
        "there is nothing to prove yet"
    );
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    let preimage = sandbox
        .node
        .pay(bolt11, None)
        .expect("paid")
        .payment_preimage;
    let page = server.open(&path).await;
    assert_eq!(
        page.attribute("main form", "action"),
        Some(format!("{path}/proof"))
    );
    assert!(page.texts("#proof-answer").is_empty());

    for (typed, status, words) in [
        (preimage.clone(), StatusCode::OK, "proof-matches"),
        (
            format!(" {}\n", preimage.to_uppercase()),
            StatusCode::OK,
            "proof-matches",
        ),
        (
            "00".repeat(32),
            StatusCode::UNPROCESSABLE_ENTITY,
            "proof-differs",
        ),
        (
            "\"><b>".to_owned(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "proof-not-hex",
        ),
        (
            String::new(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "proof-not-hex",
        ),
    ] {
        let page = compare(&server, &path, &typed).await;
        assert_eq!(page.status, status, "{typed:?}");
        assert_eq!(page.text_of("#proof-answer"), Language::English.say(words));
        assert_eq!(page.text_of("h1"), "Paid", "it is the same page");
    }
    let answer = server
        .request(Method::POST, &format!("{path}/proof"))
        .header(header::ACCEPT, "application/json")
        .form(&[("preimage", preimage.as_str())]);
    let answer = Page::read(answer.send().await).await;
    assert_eq!(answer.text, r#"{"matches":true}"#);
}

#[tokio::test]
async fn the_buyer_goes_on_to_the_shop() {
    for (automatically, marked) in [("false", None), ("true", Some(String::new()))] {
        let shop = Shop::with(&[("SITE__REDIRECT_AUTOMATICALLY", automatically)]).await;
        let back = "https://shop.example/thanks?order=7&a=b";
        let order =
            json!({ "amount_sat": 5, "description": "x", "order_id": "A-7", "redirect_url": back });
        let invoice = shop.create(&order).await;
        let path = path_of(&invoice);
        let unpaid = shop.server.open(&path).await;
        assert!(unpaid.attribute("a.onward", "href").is_none(), "not before");
        shop.sandbox
            .pay(invoice["bolt11"].as_str().expect("a bolt11"), None)
            .await;
        let paid = shop.server.open(&path).await;
        assert_eq!(paid.attribute("a.onward", "href").as_deref(), Some(back));
        assert_eq!(
            paid.attribute("a.onward", "target").as_deref(),
            Some("_top")
        );
        assert_eq!(paid.attribute("a.onward", "data-onward"), marked);
        assert!(paid.texts("dd").contains(&"A-7".to_owned()));
    }
}

#[tokio::test]
async fn an_order_is_renewed_with_all_that_belongs_to_it() {
    let shop = Shop::with(&[("INVOICE__EXPIRY_SECONDS", "1")]).await;
    let order = json!({ "amount_msat": 5_001, "description": "x", "order_id": "A-7", "expiry": 1,
        "redirect_url": "https://shop.example/", "metadata": { "a": [1.10] } });
    let old = shop.create(&order).await;
    let path = path_of(&old);
    shop.sandbox.let_a_second_pass().await;
    shop.server
        .json_until(&path, |answer| answer["status"] == "expired")
        .await;
    let request = shop.server.request(Method::POST, &format!("{path}/renew"));
    let answer = Page::read(request.send().await).await;
    let label = answer
        .header("location")
        .rsplit('/')
        .next()
        .expect("a label")
        .to_owned();
    let new = shop
        .server
        .request(Method::GET, &format!("/api/v1/invoices/{label}"))
        .bearer_auth(TOKEN);
    let new: Value = serde_json::from_str(&Page::read(new.send().await).await.text).expect("JSON");
    for same in [
        "amount_msat",
        "description",
        "order_id",
        "redirect_url",
        "metadata",
    ] {
        assert_eq!(new[same], old[same], "{same}");
    }
    assert_eq!(new["renewal_of"], old["label"]);
}

/// The page, its style, script and icon, with the code in it: what a phone loads before it can pay.
#[tokio::test]
async fn the_page_to_pay_is_light() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let longest = "Tea and cake for two ".repeat(30);
    for description in ["Tea", longest.as_str()] {
        let invoice = server.create("1234567", description).await;
        let path = path_of(&invoice);
        let page = server.open(&path).await;
        let mut requests = vec![path];
        for (selector, attribute) in [("link", "href"), ("script", "src"), ("img", "src")] {
            requests.extend(page.attributes(selector, attribute));
        }
        assert!(requests.len() <= 4, "{requests:?}");
        let mut bytes = 0;
        for path in &requests {
            let request = server
                .request(Method::GET, path)
                .header(header::ACCEPT_ENCODING, "gzip, br");
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip", "{path}");
            bytes += answer.bytes().await.expect("a body").len();
        }
        assert!(bytes <= 30_000, "{bytes} bytes");
    }
}

#[tokio::test]
async fn a_stream_is_not_held_back_by_compression() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("1", "stream").await;
    let request = server
        .request(Method::GET, &format!("{}/events", path_of(&invoice)))
        .header(header::ACCEPT_ENCODING, "gzip");
    let answer = request.send().await.expect("an answer");
    assert!(answer.headers().get(header::CONTENT_ENCODING).is_none());
}

#[tokio::test]
async fn programs_that_ask_again_are_told_whether_there_is_news() {
    let shop = Shop::open().await;
    let invoice = shop.server.create("21", "asked for again and again").await;
    let label = invoice["label"].as_str().expect("a label");
    for path in [path_of(&invoice), format!("/api/v1/invoices/{label}")] {
        let ask = async |known: &str| {
            let request = shop.server.request(Method::GET, &path);
            let request = request
                .header(header::ACCEPT, "application/json")
                .bearer_auth(TOKEN)
                .header(header::IF_NONE_MATCH, known);
            Page::read(request.send().await).await
        };
        let first = ask("\"another\"").await;
        assert_eq!(first.status, StatusCode::OK);
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let tag = first.header("etag");
        for known in [tag.to_owned(), format!("\"another\", {tag}")] {
            let again = ask(&known).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
            assert_eq!((again.text.as_str(), again.header("etag")), ("", tag));
        }
        let other = shop.server.request(Method::GET, &path);
        let other = other
            .header(header::ACCEPT, "application/json")
            .bearer_auth(TOKEN)
            .header(header::HOST, "shop.example")
            .header(header::IF_NONE_MATCH, tag);
        let other = Page::read(other.send().await).await;
        assert_eq!(other.status, StatusCode::OK, "its links lead elsewhere");
    }
    let path = path_of(&invoice);
    let before = shop.server.request(Method::GET, &path);
    let before = before.header(header::ACCEPT, "application/json");
    let before = Page::read(before.send().await).await;
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    shop.sandbox.node.pay(bolt11, None).expect("paid");
    let news = shop.server.request(Method::GET, &path);
    let news = news
        .header(header::ACCEPT, "application/json")
        .header(header::IF_NONE_MATCH, before.header("etag"));
    let news = Page::read(news.send().await).await;
    assert_eq!(news.status, StatusCode::OK, "paid is news at once");
    let page = shop.server.open(&path).await;
    assert_eq!(page.header("cache-control"), "no-store");
    let again = shop.server.request(Method::GET, &path);
    let again = again
        .header(header::ACCEPT, "text/html")
        .header(header::IF_NONE_MATCH, page.header("etag"));
    let again = Page::read(again.send().await).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED, "it stays paid");
}
