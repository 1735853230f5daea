//! Callers with a token that does not go far, or who want too many webhooks.

use facture::{app::Tokens, web::Mode};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    api::Shop,
    harness::{Page, Server, config},
    world::Sandbox,
};

#[tokio::test]
async fn there_is_an_end_of_webhooks() {
    let shop = Shop::open().await;
    let body = json!({ "url": "https://shop.example/hook" });
    for _ in 0..100 {
        let (status, _) = shop.post("/api/v1/webhooks", &body).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let (status, error) = shop.post("/api/v1/webhooks", &body).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(error["error"]["code"], "too_many_webhooks");
    let (_, list) = shop.get("/api/v1/webhooks").await;
    let first = list["webhooks"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let delete = shop.call(Method::DELETE, &format!("/api/v1/webhooks/{first}"));
    assert!(
        delete
            .send()
            .await
            .expect("an answer")
            .status()
            .is_success()
    );
    let (status, _) = shop.post("/api/v1/webhooks", &body).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn who_may_only_make_invoices_adds_no_webhook_to_those_of_others() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().to_str().expect("a plain path");
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config(&[("STORE__DATA_DIR", data_dir)]), mode).await;
    let invoice = server.create("1", "of somebody else").await;
    let mut tokens = Tokens::open(directory.path()).await.expect("tokens");
    let label = invoice["label"].as_str().expect("a label");
    let path = format!("/invoice/{label}/webhook");
    for (scopes, count, expected) in [
        ("invoices:create", 1, StatusCode::FORBIDDEN),
        ("invoices:read", 1, StatusCode::FORBIDDEN),
        ("webhooks", 20, StatusCode::CREATED),
        ("webhooks", 1, StatusCode::CONFLICT),
    ] {
        let scopes = scopes.parse().expect("scopes");
        let token = tokens.issue("test".to_owned(), scopes).await.expect("one");
        for number in 0..count {
            let url = format!("https://shop.example/{}/{number}", token.expose());
            let request = server
                .request(Method::POST, &path)
                .basic_auth("api-token", Some(token.expose()))
                .json(&json!({ "url": url }));
            let answer = Page::read(request.send().await).await;
            assert_eq!(answer.status, expected, "{}", answer.text);
        }
    }
}
