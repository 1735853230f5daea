//! The second way to pay an invoice, for wallets that read `bitcoin:` links only: where the shop offers it.

use reqwest::{Method, StatusCode, header};
use serde_json::json;

use crate::{
    api::Shop,
    contract::{World, path_of},
    world::Sandbox,
};

#[tokio::test]
async fn it_is_there_where_the_shop_offers_it_while_the_invoice_can_be_paid() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("SITE__ANY_WALLET", "true")]).await;
    let invoice = server.create("1234", "One coffee").await;
    let path = path_of(&invoice);
    let bolt11 = invoice["bolt11"].as_str().unwrap();
    let uri = format!(
        "bitcoin:?amount=0.00001234&lightning={}",
        bolt11.to_uppercase()
    );
    for language in ["en", "ar"] {
        let page = server.open(&format!("{path}?lang={language}")).await;
        assert_eq!(page.text_of("#uri"), uri);
        assert_eq!(page.text_of("#bolt11"), bolt11);
        let links = page.attributes("a.button", "href");
        assert_eq!(links, [uri.clone(), format!("lightning:{bolt11}")]);
        assert_eq!(page.texts(".ways label").len(), 2);
    }
    for (name, kind) in [("any.svg", "image/svg+xml"), ("any.png", "image/png")] {
        let code = server.request(Method::GET, &format!("{path}/{name}"));
        let code = code.send().await.unwrap();
        assert_eq!(code.status(), StatusCode::OK);
        assert_eq!(code.headers()[header::CONTENT_TYPE], kind);
    }
    sandbox.node.pay(bolt11, None).unwrap();
    let page = server.open(&path).await;
    assert!(!page.text.contains("bitcoin:"), "{}", page.text);
    for name in ["any.svg", "any.png"] {
        let code = server.open(&format!("{path}/{name}")).await;
        assert_eq!(code.status, StatusCode::GONE);
    }
}

#[tokio::test]
async fn an_upgrade_adds_nothing_that_was_not_asked_for() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let path = path_of(&server.create("1234", "One coffee").await);
    let page = server.open(&path).await;
    assert!(page.texts(".ways").is_empty());
    assert!(!page.text.contains("bitcoin:"), "{}", page.text);
    for name in ["any.svg", "any.png"] {
        let code = server.open(&format!("{path}/{name}")).await;
        assert_eq!(code.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_amount_that_bitcoin_cannot_say_is_in_the_invoice_alone() {
    let shop = Shop::with(&[("SITE__ANY_WALLET", "true")]).await;
    for amount in [json!("any"), json!(1_001)] {
        let invoice = shop.create(&json!({ "amount_msat": amount })).await;
        let bolt11 = invoice["bolt11"].as_str().unwrap().to_uppercase();
        let page = shop.server.open(&path_of(&invoice)).await;
        assert_eq!(page.text_of("#uri"), format!("bitcoin:?lightning={bolt11}"));
    }
}
