//! The public form switched off, or with one amount.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    api::Shop,
    contract::{World, path_of},
    world::Sandbox,
};

#[tokio::test]
async fn without_the_form_only_callers_with_a_token_make_invoices() {
    let shop = Shop::with(&[("FORM__ENABLED", "false")]).await;
    let page = shop.server.open("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text_of("h1"), "There is no form here");
    assert!(page.texts("form").is_empty());
    let page = shop.server.submit(&[("amount", "1")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text_of("h1"), "There is no form here");
    let (status, error) = shop.server.submit_json(&[("amount", "1")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(error["error"]["code"], "form_off");
    assert_eq!(shop.sandbox.invoices().await, 0);
    shop.create(&json!({ "amount_sat": 1 })).await;
}

#[tokio::test]
async fn a_fixed_amount_cannot_be_changed() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("FORM__FIXED_SAT", "2100")]).await;
    let page = server.open("/?amount=5").await;
    let attribute = |name| page.attribute("#amount", name);
    assert_eq!(attribute("value").as_deref(), Some("2100"));
    assert!(attribute("readonly").is_some());
    assert_eq!(page.text_of("#amount-hint"), "This shop charges 2,100 sat.");
    for amount in ["5", "2099", "21000", "2100.5", "none"] {
        let page = server.submit(&[("amount", amount)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        let message = "The amount is 2,100 sat and can’t be changed.";
        assert_eq!(page.text_of("#amount-error"), message);
        let (_, error) = server.submit_json(&[("amount", amount)]).await;
        assert_eq!(error["error"]["field"], "amount");
        assert_eq!(error["error"]["code"], "amount_fixed");
    }
    assert_eq!(sandbox.invoices().await, 0);
    for amount in ["2100", ""] {
        let invoice = server.create(amount, "fixed").await;
        assert_eq!(invoice["amount_msat"], 2_100_000);
    }
}

#[tokio::test]
async fn only_callers_with_a_token_send_buyers_elsewhere() {
    let shop = Shop::open().await;
    let evil = "https://evil.example/";
    let page = shop
        .server
        .submit(&[("amount", "1"), ("redirect_url", evil)])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let invoice = shop.server.create("1", "paid").await;
    for path in ["/".to_owned(), path_of(&invoice)] {
        for field in ["redirect_url", "redirect", "next", "url", "return"] {
            let page = shop.server.open(&format!("{path}?{field}={evil}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.text.contains("evil.example"), "{path} {field}");
        }
    }
    for address in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "file:///etc/passwd",
    ] {
        let body = json!({ "amount_sat": 1, "redirect_url": address });
        let (status, error) = shop.post("/api/v1/invoices", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert_eq!(error["error"]["field"], "redirect_url");
    }
}

#[tokio::test]
async fn no_link_chooses_the_key_of_a_form() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let chosen = "0123456789abcdef0123456789abcdef";
    let key = async |path: &str| {
        let page = server.open(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        page.attribute("[name=once]", "value").expect("a key")
    };
    let link = format!("/?amount=5&once={chosen}");
    let (first, second) = (key(&link).await, key(&link).await);
    assert!(first != chosen && second != chosen && first != second);
}

#[tokio::test]
async fn what_is_given_twice_is_not_guessed() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let page = server.open("/?amount=5&amount=6").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text_of("#amount-error").contains("more than once"));
    let page = server.open("/?amount=5&utm_source=a&utm_source=b").await;
    assert_eq!(page.status, StatusCode::OK);
    let keys = [
        "0123456789abcdef0123456789abcdef",
        "fedcba9876543210fedcba9876543210",
    ];
    let fields = [("amount", "5"), ("once", keys[0]), ("once", keys[1])];
    let (status, error) = server.submit_json(&fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error["error"]["code"], "field_repeated");
    assert_eq!(error["error"]["field"], "once");
    assert_eq!(sandbox.invoices().await, 0);
    let path = format!("{}/proof", path_of(&server.create("5", "proved").await));
    let hex = "00".repeat(32);
    let request = server
        .request(Method::POST, &path)
        .header("accept", "application/json")
        .form(&[("preimage", &hex), ("preimage", &hex)]);
    let (status, error) = crate::harness::json(request.send().await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error["error"]["field"], "preimage");
}
