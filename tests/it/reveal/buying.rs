//! From the item's page to what was bought.

use std::{path::Path, process::Command};

use base64::{Engine, engine::general_purpose::STANDARD};
use facture::reveal;
use facture_domain::Preimage;
use reqwest::{Method, StatusCode, header};
use serde_json::json;

use super::{Shop, page};
use crate::harness::Page;

#[tokio::test]
async fn looking_makes_nothing_and_the_button_makes_one_invoice() {
    let shop = Shop::open().await;
    shop.offers("word", json!({ "word": "swordfish" })).await;
    let server = &shop.merchant.server;
    let shown = server.open("/reveal/word").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.text_of("h1"), "The word");
    assert!(
        shown.text.contains("every node that forwards"),
        "{}",
        shown.text
    );
    assert!(!shown.text.contains("swordfish"));
    let (status, item) = server.json("/reveal/word").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        item,
        json!({
            "id": "word", "title": "The word", "price_msat": 1000, "kind": "word", "file_name": null, "bytes": 9,
            "available": null,
        })
    );
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 0);
    // Pressed twice.
    let once = shown.attribute("input[name=once]", "value").unwrap();
    let press = async || {
        let request = server.request(Method::POST, "/reveal/word");
        Page::read(request.form(&[("once", &once)]).send().await).await
    };
    let (one, two) = tokio::join!(press(), press());
    assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.text);
    assert_eq!(one.header("location"), two.header("location"));
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 1);
    let invoice = server.open(one.header("location")).await;
    assert_eq!(invoice.status, StatusCode::OK);
    assert!(!invoice.text.contains("swordfish"));
}

#[tokio::test]
async fn a_word_is_in_the_preimage_and_shown_once_it_is_paid() {
    let shop = Shop::open().await;
    shop.offers("word", json!({ "word": "swordfish ☕" })).await;
    let sale = shop.sale("word").await;
    assert_eq!(sale["amount_msat"], 1000);
    assert_eq!(sale["description"], "The word");
    assert_eq!(sale["item"]["kind"], "word");
    let before = shop.open_page(&page(&sale)).await;
    assert!(!before.text.contains("swordfish"));
    let (status, _) = shop.download(&sale, "content").await;
    assert_eq!(status, StatusCode::PAYMENT_REQUIRED);
    shop.pay(&sale);
    let after = shop.open_page(&page(&sale)).await;
    assert_eq!(after.text_of(".sold pre"), "swordfish ☕");
    let (status, text) = shop.download(&sale, "content").await;
    assert_eq!(
        (status, &*text),
        (StatusCode::OK, "swordfish ☕".as_bytes())
    );
    let preimage = Preimage::parse(&shop.preimage(&sale).await).unwrap();
    assert_eq!(preimage.word().unwrap().expose(), "swordfish ☕");
    let (status, _) = shop.download(&sale, "sealed").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_opened_with_the_wallets_receipt_without_the_shop() {
    let shop = Shop::open().await;
    let book: Vec<u8> = (0..40_000_u32).map(|n| n.to_be_bytes()[3]).collect();
    let file = json!({ "name": "Buch é*.pdf", "base64": STANDARD.encode(&book) });
    shop.offers("book", json!({ "file": file })).await;
    let sale = shop.sale("book").await;
    // Before it is paid, the file is there, and closed.
    let (status, sealed) = shop.download(&sale, "sealed").await;
    assert_eq!(status, StatusCode::OK);
    shop.pay(&sale);
    let (_, again) = shop.download(&sale, "sealed").await;
    assert_eq!(sealed, again);
    let request = shop
        .merchant
        .server
        .request(Method::GET, &format!("{}/content", page(&sale)));
    let plain = request.send().await.unwrap();
    let disposition = plain.headers()[header::CONTENT_DISPOSITION]
        .to_str()
        .unwrap();
    assert_eq!(
        disposition,
        "attachment; filename*=UTF-8''Buch%20%C3%A9%2A.pdf"
    );
    assert_eq!(
        plain.headers()[header::CONTENT_TYPE],
        "application/octet-stream"
    );
    assert_eq!(plain.bytes().await.unwrap(), book);

    let shown = shop.open_page(&page(&sale)).await;
    assert_eq!(shown.attributes(".sold a", "href").len(), 2);
    let receipt = shop.preimage(&sale).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bought");
    std::fs::write(&path, &sealed).unwrap();
    let opens = |preimage: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_facture"));
        command.args(["reveal", "open"]).arg(&path).arg(preimage);
        command
            .arg("--output")
            .arg(directory.path())
            .output()
            .unwrap()
    };
    let refused = opens(&"0".repeat(64));
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("does not open it"));
    assert!(opens(&receipt).status.success());
    let opened = std::fs::read(directory.path().join("Buch é*.pdf")).unwrap();
    assert_eq!(opened, book);
    // What is there is never written over.
    assert!(!opens(&receipt).status.success());
    let wrong = opens("receipt");
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("64 hexadecimal digits"));
}

#[tokio::test]
async fn each_buyer_has_a_preimage_of_their_own_and_a_changed_item_is_another_one() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red" }))
        .await;
    let (one, two) = (shop.sale("poem").await, shop.sale("poem").await);
    assert_ne!(one["payment_hash"], two["payment_hash"]);
    shop.offers("poem", json!({ "text": "Violets are blue" }))
        .await;
    let three = shop.sale("poem").await;
    for (sale, text) in [
        (&one, "Roses are red"),
        (&two, "Roses are red"),
        (&three, "Violets are blue"),
    ] {
        shop.pay(sale);
        let shown = shop.open_page(&page(sale)).await;
        assert_eq!(shown.text_of(".sold pre"), text);
        let (_, sealed) = shop.download(sale, "sealed").await;
        let preimage = Preimage::parse(&shop.preimage(sale).await).unwrap();
        let opened = reveal::open(&preimage, &sealed).ok().unwrap();
        assert_eq!(
            (opened.name.as_str(), &*opened.bytes),
            ("text.txt", text.as_bytes())
        );
        let others = Preimage::from_bytes([7; 32]);
        assert!(reveal::open(&others, &sealed).is_err());
    }
}

#[tokio::test]
async fn a_long_text_is_downloaded() {
    let shop = Shop::open().await;
    let text = "Once upon a time. ".repeat(500);
    shop.offers("tale", json!({ "text": text })).await;
    let sale = shop.sale("tale").await;
    shop.pay(&sale);
    let shown = shop.open_page(&page(&sale)).await;
    assert!(!shown.text.contains("Once upon"));
    assert_eq!(shown.attributes(".sold a", "href").len(), 2);
    let (status, plain) = shop.download(&sale, "content").await;
    assert_eq!((status, &*plain), (StatusCode::OK, text.as_bytes()));
}

#[tokio::test]
async fn a_key_is_one_sale_of_one_item_and_not_one_that_can_be_guessed() {
    let shop = Shop::open().await;
    shop.offers("word", json!({ "word": "swordfish" })).await;
    shop.offers("poem", json!({ "text": "Roses are red" }))
        .await;
    let key = "0123456789abcdef0123456789abcdef";
    let (status, one) = shop.buys("word", Some(key)).await;
    assert_eq!(status, StatusCode::CREATED, "{one}");
    let (_, two) = shop.buys("word", Some(key)).await;
    assert_eq!(one["label"], two["label"]);
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 1);
    let (status, error) = shop.buys("poem", Some(key)).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("idempotency_key_reused"))
    );
    let (status, error) = shop.buys("word", Some("1")).await;
    assert_eq!(
        (status, &error["error"]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("Idempotency-Key"))
    );
    for id in ["missing", "Word", "a%2Fb"] {
        let (status, error) = shop.buys(id, None).await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::NOT_FOUND, &json!("item_not_found")),
            "{id}"
        );
    }
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn an_expired_sale_leads_back_to_the_item_and_is_not_renewed() {
    let shop = Shop::open().await;
    shop.offers("word", json!({ "word": "swordfish" })).await;
    let sale = shop.sale("word").await;
    let node = &shop.merchant.sandbox.node;
    node.advance(std::time::Duration::from_secs(3601));
    let server = &shop.merchant.server;
    let path = page(&sale);
    server
        .json_until(&path, |invoice| invoice["status"] == "expired")
        .await;
    let expired = server.open(&path).await;
    assert_eq!(
        expired.attribute(".expired a.button", "href").as_deref(),
        Some("/reveal/word")
    );
    let renewed = server.request(Method::POST, &format!("{path}/renew"));
    let renewed = renewed.header(header::ORIGIN, &server.origin).send().await;
    assert_eq!(renewed.unwrap().status(), StatusCode::GONE);
    let (status, _) = shop.download(&sale, "sealed").await;
    assert_eq!(status, StatusCode::PAYMENT_REQUIRED);
}

/// The records are lost, the keys are not.
fn remove_records(directory: &Path) {
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with("facture.db") {
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[tokio::test]
async fn lost_records_are_rebuilt_from_the_node_and_the_receipt_still_opens_what_was_downloaded() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red" }))
        .await;
    let sale = shop.sale("poem").await;
    let (_, sealed) = shop.download(&sale, "sealed").await;
    shop.pay(&sale);
    let receipt = Preimage::parse(&shop.preimage(&sale).await).unwrap();
    let merchant = shop.merchant.restart(remove_records);
    let shop = Shop {
        merchant: merchant.await,
        ..shop
    };
    let (status, invoice) = shop.merchant.server.json(&page(&sale)).await;
    assert_eq!(
        (status, &invoice["status"]),
        (StatusCode::OK, &json!("paid"))
    );
    // What was sold was in the records.
    let shown = shop.open_page(&page(&sale)).await;
    assert_eq!(
        (shown.status, shown.texts(".sold").len()),
        (StatusCode::OK, 0)
    );
    let (status, _) = shop.download(&sale, "content").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let opened = reveal::open(&receipt, &sealed).ok().unwrap();
    assert_eq!(opened.bytes, b"Roses are red");
}

/// The node does not say that it was for an item: it could be paid without anything to get for it.
#[tokio::test]
async fn an_expired_sale_of_lost_records_is_not_renewed_as_a_plain_invoice() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red" }))
        .await;
    let sale = shop.sale("poem").await;
    let merchant = shop.merchant.restart(remove_records).await;
    let node = &merchant.sandbox.node;
    node.advance(std::time::Duration::from_secs(3601));
    let (server, path) = (&merchant.server, page(&sale));
    server
        .json_until(&path, |invoice| invoice["status"] == "expired")
        .await;
    let expired = server.open(&path).await;
    assert_eq!(expired.texts("form[action$=renew]").len(), 0);
    let renewed = server.request(Method::POST, &format!("{path}/renew"));
    let renewed = renewed.header(header::ORIGIN, &server.origin).send().await;
    assert_eq!(renewed.unwrap().status(), StatusCode::GONE);
    assert_eq!(node.invoice_count(), 1);
}
