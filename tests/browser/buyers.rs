//! What buyers and merchants stumbled over: wallets that come late, what is below the fold, long words and long times,
//! the printed receipt, what only the merchant is to see.

use facture::locale::Language;
use facture_sandbox::CapacityWarning;
use serde_json::json;

use crate::{
    chromium::{Browser, Screen},
    journeys::pay_shown,
    shop::{Face, Shop},
    states::longest,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_of_the_browser_is_offered_however_late_it_comes() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let wallet = "window.webln = { enable: async () => {}, sendPayment: async (invoice) => window.sent = invoice }";
    for announcement in [
        "window.dispatchEvent(new Event('webln:ready'))",
        "document.dispatchEvent(new Event('webln:ready'))",
        "0",
    ] {
        let invoice = shop.server.create("5", "Late wallet").await;
        browser.open(&shop.page_of(&invoice)).await;
        let hidden = "document.querySelector('[data-webln]').hidden";
        assert_eq!(browser.evaluate(hidden).await, true);
        browser.evaluate(&format!("{wallet}; {announcement}")).await;
        browser.until(&format!("!{hidden}")).await;
        browser.click("[data-webln]").await;
        browser.until("window.sent").await;
        assert_eq!(browser.evaluate("window.sent").await, invoice["bolt11"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pays_is_above_the_fold_and_the_first_button_fits_the_device() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let url = shop.invoice("123456", &longest()).await;
    for language in Language::ALL {
        browser.look(Screen::of(360, 640)).await;
        browser
            .open(&format!("{url}?lang={}", language.tag()))
            .await;
        let bottoms = "Math.max(...['.pay a.button', '[data-copy]'].map((one) => document.querySelector(one).getBoundingClientRect().bottom))";
        let bottom = browser.evaluate(bottoms).await.as_f64();
        assert!(
            bottom.is_some_and(|bottom| bottom <= 640.0),
            "{language:?}: {bottom:?}"
        );
    }
    // With a mouse the wallet's link leads nowhere, as a rule.
    browser.look(Screen::DESKTOP).await;
    let filled = "['.pay a.button', '[data-copy]'].map((one) => getComputedStyle(document.querySelector(one)).backgroundColor !== 'rgba(0, 0, 0, 0)')";
    assert_eq!(browser.evaluate(filled).await, json!([false, true]));
    browser.look(Screen::PHONE).await;
    assert_eq!(browser.evaluate(filled).await, json!([true, false]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_description_is_whole_where_there_is_room_and_unfolds_where_there_is_none() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let text = "A subscription to the magazine of the friends of long sentences, with all supplements, for one year";
    for (text, folded) in [(text, false), (longest().as_str(), true)] {
        browser.open(&shop.invoice("5", text).await).await;
        let shown = "document.querySelector('.description bdi').textContent";
        let cut = "(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)(document.querySelector('.description bdi'))";
        assert_eq!(browser.evaluate(shown).await, text);
        browser.look(Screen::DESKTOP).await;
        let inline = "getComputedStyle(document.querySelector('.description bdi')).display";
        assert_eq!(browser.evaluate(inline).await, "inline", "nothing is cut");
        browser.look(Screen::PHONE).await;
        if folded {
            assert_eq!(browser.evaluate(cut).await, true);
            browser.click(".description summary").await;
            assert_eq!(browser.evaluate(inline).await, "inline", "all is shown");
        } else {
            assert_eq!(browser.evaluate(inline).await, "inline");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_that_is_left_is_the_same_from_the_server_and_from_the_script() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    for expiry in ["604000", "7000", "1800"] {
        let shop = Shop::open(Face::Live, &[("INVOICE__EXPIRY_SECONDS", expiry)]).await;
        let url = shop.invoice("5", "Next week").await;
        for language in Language::ALL {
            let url = format!("{url}?lang={}", language.tag());
            browser.open(&url).await;
            browser.until_there(".scripted").await;
            let shown = browser
                .evaluate("document.querySelector('.clock').textContent")
                .await;
            let left = browser
                .evaluate("document.querySelector('.clock').closest('.when').querySelector('progress').value")
                .await;
            let left = left.as_i64().expect("seconds");
            // The server's text has marks around what is filled in, where lines go from right to left; which spaces are
            // hard nobody sees.
            let left = language.time_left(left);
            let plain = left.replace(['\u{2068}', '\u{2069}'], "");
            let [shown, plain] =
                [shown.as_str().expect("a text"), &plain].map(|text| text.replace('\u{a0}', " "));
            assert_eq!(shown, plain, "{language:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_receipt_names_the_seller() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let seller = "Corner Shop Ltd, 1 High Street, VAT 123456";
    let shop = Shop::open(
        Face::Live,
        &[("SITE__FOOTER", seller), ("SITE__NAME", "Corner shop")],
    )
    .await;
    let url = shop.invoice("5", "Tea").await;
    pay_shown(&shop, &url).await;
    browser.open(&url).await;
    browser
        .command("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await;
    let printed = browser.evaluate("document.body.innerText").await;
    let printed = printed.as_str().expect("a text");
    for words in [seller, "Corner shop", "Paid", "5 sat"] {
        assert!(printed.contains(words), "{words}: {printed}");
    }
    for words in ["Deutsch", "Print", "Proof"] {
        assert!(!printed.contains(words), "{words}: {printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_the_merchant_copies_does_not_warn_the_buyer() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    shop.node.set_warning(Some(CapacityWarning::DeadEnds));
    browser.open(&shop.at("/?amount=5&lang=de")).await;
    browser
        .evaluate("document.querySelector('main form').requestSubmit()")
        .await;
    browser.until_there(".notice li").await;
    let url = browser.url().await;
    assert!(url.ends_with("?lang=de"), "{url}");
    browser.reload().await;
    browser.until_there(".state.unpaid").await;
    assert_eq!(
        browser.evaluate("document.querySelector('.notice')").await,
        json!(null)
    );
}
