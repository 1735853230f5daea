//! `/checkout/{id}`: the buyer's page with the shop's texts.

use reqwest::{Method, StatusCode};
use rxing::{BarcodeFormat, helpers::detect_in_luma};
use serde_json::{Value, json};

use super::Shop;

fn checkout(made: &Value, rest: &str) -> String {
    format!("/checkout/{}{rest}", made["id"].as_str().unwrap())
}

fn texts(more: Value) -> Value {
    let mut checkout = json!({
        "title": "Hats & <Co>", "desc": "One hat", "display_unit": "bit", "thank_you": "Enjoy the hat",
        "expired": "Too late", "button": "Open my wallet",
    });
    checkout
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({"msatoshi": 1_234_567, "expiry": 600, "metadata": {"checkout": checkout}})
}

#[tokio::test]
async fn the_page_says_what_the_shop_wants_to_say() {
    let shop = Shop::open().await;
    let made = shop.create(&texts(json!({}))).await;
    // Without a token.
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text_of("h1"), "Hats & <Co>");
    assert_eq!(page.text_of(".description"), "One hat");
    assert_eq!(page.text_of(".amount"), "12.34567 bits");
    assert_eq!(page.text_of(".state a.button"), "Open my wallet");
    let meta = |name: &str| page.attribute(&format!("meta[name={name}]"), "content");
    assert_eq!(meta("invoice-id").as_deref(), made["id"].as_str());
    assert_eq!(meta("invoice-poll-url"), Some(checkout(&made, "/wait")));
    assert_eq!(meta("invoice-expiry"), Some(made["expires_at"].to_string()));
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert_eq!(
        page.attribute(".state", "data-origins").as_deref(),
        Some("")
    );

    shop.pay(&made);
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(page.text_of(".thankyou"), "Enjoy the hat");
    assert!(
        page.attribute("meta[name=invoice-poll-url]", "content")
            .is_none()
    );

    let made = shop.create(&texts(json!({}))).await;
    shop.expire(&made).await;
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(page.text_of(".expired p.expired"), "Too late");
    let none = shop.server.open("/checkout/x23456789012345678901").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

/// What the main page has, this one has too.
#[tokio::test]
async fn the_page_follows_copies_and_counts_down_in_the_buyers_language() {
    let shop = Shop::open().await;
    let made = shop
        .create(&json!({"currency": "EUR", "amount": "1234.50", "expiry": 604_000}))
        .await;
    let page = shop.server.open(&checkout(&made, "?lang=de")).await;
    assert_eq!(page.text_of(".amount"), "1.234,50 EUR");
    assert_eq!(
        page.attribute(".state", "data-events"),
        Some(format!(
            "/check_invoice/{}/events",
            made["id"].as_str().unwrap()
        ))
    );
    assert!(page.text_of(".clock").starts_with("6 Tage, 23 Stunden"));
    assert_eq!(page.attributes("button[data-copy]", "data-copied").len(), 1);
    assert!(page.attribute("time", "datetime").is_some());
    assert_eq!(page.attributes("script", "src").len(), 2);
    let frame = shop.server.open(&checkout(&made, "/status?lang=de")).await;
    assert_eq!(frame.header("refresh"), "5");
    shop.pay(&made);
    let frame = shop.server.open(&checkout(&made, "/status")).await;
    assert_eq!(
        frame.attribute("p.paid a", "href"),
        Some(checkout(&made, ""))
    );
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(page.attributes(".paid svg.mark", "class"), ["mark"]);
}

#[tokio::test]
async fn a_price_is_shown_beside_the_amount() {
    let shop = Shop::open().await;
    let made = shop
        .create(&json!({"currency": "EUR", "amount": "2.50", "description": "a & b"}))
        .await;
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(page.text_of(".amount"), "2.50 EUR");
    assert_eq!(page.text_of(".description"), "a & b");
    // Metadata that is no texts is no trouble.
    let made = shop
        .create(&json!({"metadata": {"checkout": {"title": 5}}}))
        .await;
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn a_buyer_who_has_paid_goes_on_to_the_shop() {
    let shop = Shop::open().await;
    let url = "https://shop.example/thanks?order=7";
    let made = shop.create(&texts(json!({"redirect_url": url}))).await;
    assert_eq!(
        shop.server.open(&checkout(&made, "")).await.status,
        StatusCode::OK
    );
    shop.pay(&made);
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::FOUND, url)
    );

    let made = shop
        .create(&texts(json!({"redirect_url": "javascript:alert(1)"})))
        .await;
    shop.pay(&made);
    let page = shop.server.open(&checkout(&made, "")).await;
    assert_eq!(page.status, StatusCode::OK, "only to the web");
}

#[tokio::test]
async fn only_the_configured_site_may_frame_it() {
    let shop = Shop::with(&[("EMBED__ORIGINS", "https://shop.example")]).await;
    let made = shop.create(&texts(json!({}))).await;
    let page = shop.server.open(&checkout(&made, "")).await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.ends_with("frame-ancestors https://shop.example"),
        "{policy}"
    );
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self';"),
        "{policy}"
    );
    let origin = page.attribute(".state", "data-origins");
    assert_eq!(origin.as_deref(), Some("https://shop.example"));
}

#[tokio::test]
async fn the_qr_code_is_a_png_that_another_library_reads() {
    let shop = Shop::open().await;
    let made = shop.create(&json!({"msatoshi": 1000})).await;
    let request = shop
        .server
        .request(Method::GET, &checkout(&made, "/qr.png"));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    let bytes = answer.bytes().await.unwrap();
    let text = read(&bytes);
    assert_eq!(
        text,
        format!(
            "LIGHTNING:{}",
            made["payreq"].as_str().unwrap().to_uppercase()
        )
    );
}

/// The code in a PNG of one bit a pixel, read by another library than the one that drew it.
pub(crate) fn read(file: &[u8]) -> String {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let rows = pixels.chunks(info.line_size);
    let grey = rows.flat_map(|row| {
        let bits = row
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0));
        bits.take(usize::try_from(info.width).unwrap())
            .map(|light| if light { 255 } else { 0 })
    });
    let code = detect_in_luma(
        grey.collect(),
        info.width,
        info.height,
        Some(BarcodeFormat::QR_CODE),
    );
    code.unwrap().getText().to_owned()
}
