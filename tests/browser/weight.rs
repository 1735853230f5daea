//! What it costs to open the page.

use facture_test_support::report::measured;
use std::collections::BTreeMap;

use crate::{
    chromium::Browser,
    network::Exchange,
    shop::{Face, Shop},
};

/// Bytes over the wire, heads and bodies.
const MOST_BYTES: u64 = 30_000;
const MOST_REQUESTS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_light_and_painted_one_round_trip_after_the_document() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let url = shop.invoice("1234", "One coffee, medium roast").await;
    browser.exchanges().await;
    browser.open(&url).await;
    // A browser fetches the icon when it likes; here it is there to be counted, and counted once.
    let icon = "document.querySelector('link[rel=icon]').href";
    let icon = browser.evaluate(icon).await;
    let fetch = format!("fetch({icon}).then((answer) => answer.blob()).then(({{ size }}) => size)");
    browser.promised(&fetch).await;
    let mut parts = BTreeMap::<String, Exchange>::new();
    for part in browser.exchanges().await {
        let known = parts.get(&part.url).map_or(0, |known| known.bytes);
        // The stream is not a part of the page: it has nothing to say yet.
        if part.kind != "EventSource" && part.bytes >= known {
            parts.insert(part.url.clone(), part);
        }
    }
    let parts: Vec<_> = parts.into_values().collect();
    for part in &parts {
        let encoding = part.header("content-encoding");
        measured(&format!("{} bytes {encoding} {}", part.bytes, part.url));
    }
    let bytes: u64 = parts.iter().map(|part| part.bytes).sum();
    let count = parts.len();
    measured(&format!(
        "the unpaid page: {bytes} bytes in {count} requests"
    ));
    assert!(parts.iter().all(|part| part.bytes > 0), "{parts:?}");
    assert!(bytes <= MOST_BYTES, "{bytes} bytes");
    assert!(count <= MOST_REQUESTS, "{parts:?}");
    for part in &parts {
        // What a style sheet or a script asks for comes a round trip later.
        if part.kind != "Document" && icon != part.url.as_str() {
            assert_eq!(part.initiator.as_deref(), Some(url.as_str()), "{part:?}");
        }
        if ["Document", "Stylesheet", "Script"].contains(&part.kind.as_str()) {
            let encoding = part.header("content-encoding");
            assert_ne!(encoding, "", "{} is compressed", part.url);
        }
    }
}
