//! Many pages at once, streams that are refused, and connections that die without a word.

use std::time::Duration;

use reqwest::Method;

use crate::{
    chromium::Browser,
    journeys::pay_shown,
    shop::{Face, Shop},
    street::Place,
};

/// A browser has six connections to a host that speaks HTTP/1.1.
const MANY: usize = 9;

#[tokio::test(flavor = "multi_thread")]
async fn nine_open_pages_all_load_and_all_turn_to_paid() {
    nine_open_pages("127.0.0.1").await;
}

/// Without TLS there are no locks.
#[tokio::test(flavor = "multi_thread")]
async fn nine_open_pages_do_so_without_tls() {
    nine_open_pages("shop.test").await;
}

async fn nine_open_pages(host: &str) {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("API_TOKEN", TOKEN)]).await;
    let mut pages = Vec::new();
    for number in 0..MANY {
        // The Charge page is of the same kind.
        let url = match number % 2 {
            0 => shop.invoice("5", "One of many").await,
            _ => charge(&shop).await,
        };
        let url = url.replace("127.0.0.1", host);
        let window = browser.new_window().await;
        browser.open(&url).await;
        browser.until_there(".state.unpaid").await;
        pages.push((url, window));
    }
    for (url, window) in pages.iter().rev() {
        let invoice = url.replace("/checkout/", "/check_invoice/");
        let invoice = invoice.replace(host, "127.0.0.1");
        pay_shown(&shop, &invoice).await;
        browser.switch_to(window).await;
        browser.until_there(".state.paid").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nine_frames_in_one_page_all_load_and_all_turn_to_paid() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let place = Place::free().await;
    let origin = place.origin.clone();
    let shop = Shop::open(Face::Live, &[("EMBED__ORIGINS", &origin)]).await;
    let mut urls = Vec::new();
    for _ in 0..MANY {
        urls.push(shop.invoice("5", "Framed").await);
    }
    let frames = urls
        .iter()
        .map(|url| format!("<iframe src=\"{url}\" width=\"300\" height=\"300\"></iframe>"));
    // Each tells the page around it.
    let page = format!(
        "<!doctype html><title>Shop</title><script>
            const [ready, paid] = [new Set(), new Set()];
            addEventListener('message', ({{ data: {{ type, invoice }} }}) => {{
                if (type === 'facture:ready') ready.add(invoice);
                if (type === 'facture:paid') paid.add(invoice);
            }});
        </script>{}",
        frames.collect::<String>()
    );
    let site = place.site(page, String::new());
    browser.open(&site.origin).await;
    browser.until(&format!("ready.size === {MANY}")).await;
    // The last first: those before it hold what they hold.
    for url in urls.iter().rev() {
        pay_shown(&shop, url).await;
        let label = url.rsplit('/').next().expect("a label");
        browser.until(&format!("paid.has('{label}')")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_died_silently_is_noticed_by_a_page_in_sight() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let proxy = Place::free().await.proxy(&shop.server.origin);
    let url = shop.invoice("5", "In the tunnel").await;
    let through = url.replace(&shop.server.origin, &proxy.origin);
    browser.follow(&through).await;
    proxy.drop_all_silently();
    pay_shown(&shop, &url).await;
    // Neither the browser nor a person does anything.
    browser
        .until_within(
            Duration::from_secs(90),
            "document.querySelector('.state.paid')",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_wakes_asks_at_once() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let proxy = Place::free().await.proxy(&shop.server.origin);
    let url = shop.invoice("5", "Asleep").await;
    let through = url.replace(&shop.server.origin, &proxy.origin);
    browser.follow(&through).await;
    proxy.drop_all_silently();
    pay_shown(&shop, &url).await;
    // As after an hour with the lid closed: the clock has gone on, nothing else has.
    browser
        .evaluate("((now) => Date.now = () => now() + 3_600_000)(Date.now.bind(Date))")
        .await;
    browser
        .until_within(
            Duration::from_secs(60),
            "document.querySelector('.state.paid')",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_refused_is_taken_up_again() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("LIMITS__STREAMS_PER_CLIENT", "1")]).await;
    let other = shop.server.create("5", "Before").await;
    let path = format!(
        "/check_invoice/{}/events",
        other["label"].as_str().expect("a label")
    );
    let first = shop.server.request(Method::GET, &path).send().await;
    let first = first.expect("the only stream there may be");
    let url = shop.invoice("5", "Refused at first").await;
    browser.exchanges().await;
    browser.open(&url).await;
    browser.until_stream_answers(|status| status >= 400).await;
    drop(first);
    browser.until_streaming().await;
}

pub(crate) const TOKEN: &str = "a-token-for-the-tests-of-facture";

/// The page of an invoice that a shop made for Lightning Charge made.
async fn charge(shop: &Shop) -> String {
    let request = shop.server.request(Method::POST, "/invoice");
    let request = request.basic_auth("api-token", Some(TOKEN));
    let made = request
        .json(&serde_json::json!({ "msatoshi": "7000000" }))
        .send();
    let made: serde_json::Value = made.await.expect("an answer").json().await.expect("JSON");
    shop.at(&format!(
        "/checkout/{}",
        made["id"].as_str().expect("an id")
    ))
}
