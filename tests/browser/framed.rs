//! In a shop's page, under the strictest policy that lets us in: frames, wallet links, embed.js.

use serde_json::Value;

use crate::{
    chromium::{Browser, Screen},
    harness::TIMEOUT,
    journeys::pay_shown,
    shop::{Face, Shop},
    street::{Place, Site},
};

/// A shop's page that allows our frames and scripts, and nothing else.
async fn framed(place: Place, shop: &Shop, page: &str) -> Site {
    let ours = &shop.server.origin;
    let policy = format!("default-src 'none'; frame-src {ours}; script-src {ours}");
    let head =
        "<!doctype html><meta name=viewport content=\"width=device-width\"><title>Shop</title>";
    place.site(format!("{head}{page}"), policy)
}

/// The frames in the page: where they are, and what could not be shown in them.
async fn frames(browser: &Browser) -> Vec<Value> {
    let tree = browser
        .command("Page.getFrameTree", serde_json::json!({}))
        .await;
    let children = tree["frameTree"]["childFrames"].as_array();
    children
        .into_iter()
        .flatten()
        .map(|child| child["frame"].clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn wallet_links_leave_the_checkout_where_it_is() {
    // A frame may be in a sandbox, which lets it open nothing else.
    for sandbox in [
        "",
        "sandbox=\"allow-scripts allow-same-origin allow-forms\"",
    ] {
        let Some(browser) = Browser::start().await else {
            return;
        };
        let place = Place::free().await;
        let origin = place.origin.clone();
        let shop = Shop::open(Face::Live, &[("EMBED__ORIGINS", &origin)]).await;
        let url = shop.invoice("5", "Framed").await;
        let page =
            format!("<iframe src=\"{url}\" {sandbox} width=\"400\" height=\"800\"></iframe>");
        let site = framed(place, &shop, &page).await;
        browser.look(Screen::of(480, 900)).await;
        browser.open(&site.origin).await;
        browser.enter_frame(0).await;
        browser.run("window.same = true").await;
        browser.click(".wallets summary").await;
        browser.click(".wallets a[href^='https:']").await;
        // The website of a wallet has a window of its own, where the shop lets the frame open one.
        if sandbox.is_empty() {
            let opened = async { while browser.windows().await < 2 {} };
            let opened = tokio::time::timeout(TIMEOUT, opened).await;
            opened.expect("a window for the wallet's website");
        }
        browser.click(".wallets a[href^='phoenix:']").await;
        browser.click("a.button").await;
        // The page goes on: whatever the links did has been done once it is paid.
        pay_shown(&shop, &url).await;
        let paid = async {
            while browser
                .run("document.querySelector('.state.paid') !== null")
                .await
                != true
            {
                tokio::task::yield_now().await;
            }
        };
        let paid = tokio::time::timeout(TIMEOUT, paid).await;
        paid.expect("the checkout is still there");
        assert_eq!(browser.run("window.same").await, true, "{sandbox}");
        let frames = frames(&browser).await;
        assert_eq!(frames.len(), 1);
        assert_eq!(frames[0]["url"], url.as_str(), "{frames:?}");
        assert!(frames[0]["unreachableUrl"].is_null(), "{frames:?}");
        assert!(browser.url().await.starts_with(&site.origin));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded_it_is_closed_beside_the_page_and_closes_after_the_payment() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let place = Place::free().await;
    let origin = place.origin.clone();
    let shop = Shop::open(Face::Live, &[("EMBED__ORIGINS", &origin)]).await;
    let url = shop.invoice("5", "Embedded").await;
    let script = shop.at("/static/embed.js");
    let page =
        format!("<script src=\"{script}\"></script><a data-facture-invoice href=\"{url}\">Pay</a>");
    let site = framed(place, &shop, &page).await;
    for screen in [Screen::of(360, 640), Screen::DESKTOP] {
        browser.look(screen).await;
        browser.open(&site.origin).await;
        browser
            .evaluate("window.told = []; for (const type of ['facture:paid', 'facture:closed']) document.addEventListener(type, ({ type, detail }) => told.push([type, detail.invoice]))")
            .await;
        browser.click("a").await;
        browser
            .until("document.querySelector('dialog button')?.ariaLabel")
            .await;
        let apart = "(({ bottom }, { top }) => bottom <= top)(...['dialog button', 'dialog iframe'].map((one) => document.querySelector(one).getBoundingClientRect()))";
        assert_eq!(browser.evaluate(apart).await, true, "{screen}");
        let inside = "(({ left, top, right, bottom }) => left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight)(document.querySelector('dialog iframe').getBoundingClientRect())";
        assert_eq!(browser.evaluate(inside).await, true, "{screen}");
        browser.click("dialog button").await;
        browser.until("!document.querySelector('dialog')").await;
        let told = browser
            .evaluate("told.splice(0).map(([type]) => type)")
            .await;
        assert_eq!(told, serde_json::json!(["facture:closed"]));
    }
    browser.click("a").await;
    browser
        .until("document.querySelector('dialog button')?.ariaLabel")
        .await;
    pay_shown(&shop, &url).await;
    browser.until("told.length === 2").await;
    let told = browser.evaluate("told.map(([type]) => type)").await;
    assert_eq!(told, serde_json::json!(["facture:paid", "facture:closed"]));
    let label = url.rsplit('/').next().expect("a label");
    assert_eq!(browser.evaluate("told[0][1]").await, label);
    browser.until("!document.querySelector('dialog')").await;
    // A page that shows something of its own keeps it open.
    browser
        .evaluate("told.length = 0; document.addEventListener('facture:paid', (event) => event.preventDefault())")
        .await;
    browser.click("a").await;
    browser.until("told.length === 1").await;
    let open = "document.querySelector('dialog').open";
    assert_eq!(browser.evaluate(open).await, true);
}
