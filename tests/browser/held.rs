//! A hold invoice: the page shows by itself that the payment is held, and then what became of it.

use facture_sandbox::PayError;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    chromium::{Browser, Scripts},
    shop::{Face, Shop},
    states::{TOKEN, by_program},
};

impl Shop {
    /// A hold invoice.
    pub(crate) async fn hold(&self) -> Value {
        let new =
            json!({ "amount_sat": 25_000, "description": "Two nights, deposit", "hold": true });
        by_program(self, "/api/v1/invoices", &new).await
    }

    /// The buyer pays it, and the payment is held.
    pub(crate) async fn authorise(&self, invoice: &Value) {
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        assert_eq!(self.node.pay(bolt11, None), Err(PayError::Held));
        let label = invoice["label"].as_str().expect("a label");
        let path = format!("/check_invoice/{label}");
        let held = |answer: &Value| answer["status"] == "accepted";
        self.server.json_until(&path, held).await;
    }

    /// The shop settles or cancels it.
    pub(crate) async fn decide(&self, invoice: &Value, decision: &str) {
        let label = invoice["label"].as_str().expect("a label");
        let path = format!("/api/v1/invoices/{label}/{decision}");
        let call = self.server.request(reqwest::Method::POST, &path);
        let decided = call.bearer_auth(TOKEN).json(&json!({})).send().await;
        assert_eq!(decided.expect("an answer").status(), StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_follows_a_held_payment_without_being_loaded_again() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("API_TOKEN", TOKEN)]).await;
    for (decision, state) in [("settle", ".state.paid"), ("cancel", ".state.cancelled")] {
        let invoice = shop.hold().await;
        browser.open(&shop.page_of(&invoice)).await;
        browser.until_there(".state.unpaid").await;
        browser.evaluate("window.before = true").await;
        shop.authorise(&invoice).await;
        browser.until_there(".state.accepted").await;
        browser
            .until("!document.querySelector('.qr, progress, #bolt11')")
            .await;
        shop.decide(&invoice, decision).await;
        browser.until_there(state).await;
        browser.until("window.before === true").await;
    }
    // It is opened while the payment is held.
    let invoice = shop.hold().await;
    shop.authorise(&invoice).await;
    browser.open(&shop.page_of(&invoice)).await;
    browser.until_there(".state.accepted").await;
    browser.evaluate("window.before = true").await;
    shop.decide(&invoice, "settle").await;
    browser.until_there(".state.paid").await;
    browser.until("window.before === true").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_it_says_so_too() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("API_TOKEN", TOKEN)]).await;
    browser.scripts(Scripts::Off).await;
    let invoice = shop.hold().await;
    shop.authorise(&invoice).await;
    browser.open(&shop.page_of(&invoice)).await;
    browser.until_there(".state.accepted iframe.status").await;
    shop.decide(&invoice, "settle").await;
    browser.reload().await;
    browser.until_there(".state.paid").await;
}
