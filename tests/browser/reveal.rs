//! Pay to reveal: from the item's page to what was bought, with scripts and without.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    audit::{Axe, layout},
    chromium::{Browser, Scripts},
    shop::{Face, Shop},
    states::TOKEN,
};

impl Shop {
    /// Offers an item.
    async fn offers(&self, id: &str, content: &Value) {
        let mut item = json!({ "title": format!("The {id}"), "price_msat": 21_000 });
        for (name, value) in content.as_object().expect("an object") {
            item[name] = value.clone();
        }
        let put = self
            .server
            .request(Method::PUT, &format!("/api/v1/items/{id}"));
        let offered = put.bearer_auth(TOKEN).json(&item).send().await;
        assert_eq!(offered.expect("an answer").status(), StatusCode::CREATED);
    }

    /// The buyer pays the invoice whose page is open.
    async fn pays_what_is_open(&self, browser: &Browser) {
        browser
            .until("location.pathname.startsWith('/check_invoice/')")
            .await;
        let url = browser.url().await;
        let path = url.strip_prefix(&self.server.origin).expect("its own");
        let (_, invoice) = self.server.json(path).await;
        self.pay(&invoice, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_bought_appears_without_the_page_being_loaded_again() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("API_TOKEN", TOKEN)]).await;
    shop.offers("word", &json!({ "word": "swordfish" })).await;
    shop.offers("poem", &json!({ "text": "Roses are red. ".repeat(500) }))
        .await;
    browser.open(&shop.at("/reveal/word")).await;
    let axe = Axe::find();
    let look = async || {
        axe.enter(&browser).await;
        assert_eq!(axe.complaints(&browser).await, [""; 0]);
        assert_eq!(layout(&browser).await, [""; 0]);
    };
    look().await;
    browser.click("main form button").await;
    browser.until_there(".state.unpaid").await;
    browser.evaluate("window.before = true").await;
    shop.pays_what_is_open(&browser).await;
    browser.until_there(".state.paid .sold pre").await;
    browser
        .until("window.before === true && document.querySelector('.sold pre').textContent === 'swordfish'")
        .await;
    look().await;
    browser.open(&shop.at("/reveal/poem")).await;
    browser.click("main form button").await;
    browser.until_there(".state.unpaid").await;
    shop.pays_what_is_open(&browser).await;
    browser.until_there(".state.paid .sold a.button").await;
    look().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_works_without_scripts() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("API_TOKEN", TOKEN)]).await;
    shop.offers("word", &json!({ "word": "swordfish" })).await;
    browser.scripts(Scripts::Off).await;
    browser.open(&shop.at("/reveal/word")).await;
    browser.click("main form button").await;
    shop.pays_what_is_open(&browser).await;
    browser.reload().await;
    browser.until_there(".sold pre").await;
    browser.click(".sold pre").await;
}
