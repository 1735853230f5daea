//! How long it takes from the payment to "paid" on the screen, by the browser's own clock.

use crate::{
    chromium::Browser,
    harness::{Server, config_on},
    shop::{Face, Shop},
};
use facture::web::Mode;
use facture_test_support::cln::{self, Regtest};
use facture_test_support::report::{measured, skipped};
use serde_json::Value;

/// Notes the time at which "paid" was painted.
const WATCH: &str = "(() => {
    window.begun = performance.now();
    const watch = new MutationObserver(() => {
        if (!document.querySelector('.state.paid')) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => window.painted = performance.now()));
    });
    watch.observe(document.documentElement, { childList: true, subtree: true });
})()";

#[tokio::test(flavor = "multi_thread")]
async fn paid_is_on_the_screen_at_once() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Sandbox, &[]).await;
    let mut times = Vec::new();
    for _ in 0..11 {
        let url = shop.invoice("21", "A stopwatch").await;
        browser.follow(&url).await;
        browser.evaluate(WATCH).await;
        let button = "void fetch(document.querySelector('form[action$=\"/pay\"]').action, { method: 'POST', redirect: 'manual' })";
        browser.evaluate(button).await;
        browser.until("window.painted").await;
        let time = browser.evaluate("Math.round(painted - begun)").await;
        times.push(time.as_u64().expect("milliseconds"));
    }
    times.sort_unstable();
    let [first, .., last] = times[..] else {
        unreachable!("there are eleven")
    };
    let middle = times[times.len() / 2];
    measured(&format!(
        "from the sandbox's payment to paid on the screen: {middle} ms ({first} to {last})"
    ));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn paid_is_on_the_screen_at_once_with_a_real_node() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    if let Err(missing) = cln::programs() {
        skipped(&missing);
        return;
    }
    let pair = Regtest::start().await.expect("a regtest pair");
    let config = config_on(pair.merchant_rpc().to_owned(), &[]);
    let server = Server::start(config, Mode::Live).await;
    for _ in 0..5 {
        let invoice = server.create("21", "A stopwatch").await;
        let label = invoice["label"].as_str().expect("a label");
        let url = format!("{}/check_invoice/{label}", server.origin);
        browser.follow(&url).await;
        browser.evaluate(WATCH).await;
        pair.pay(invoice["bolt11"].as_str().expect("a bolt11"))
            .await
            .expect("the payer pays");
        browser.evaluate("window.receipt = performance.now()").await;
        browser.until("window.painted").await;
        let times = "[painted - begun, painted - receipt].map(Math.round)";
        let Value::Array(times) = browser.evaluate(times).await else {
            panic!("two times")
        };
        measured(&format!(
            "from xpay's start to paid on the screen: {} ms; from its receipt: {} ms",
            times[0], times[1]
        ));
    }
}
