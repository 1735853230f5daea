//! How many invoices strangers may make.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::seconds;
use crate::{
    api::Shop,
    contract::{World, path_of},
    harness::{Page, Server, json},
    world::Sandbox,
};

const EACH: &str = "LIMITS__INVOICES_PER_CLIENT_PER_MINUTE";
const PROXY: (&str, &str) = ("SERVER__TRUSTED_PROXIES", "127.0.0.1");

async fn create_for(server: &Server, header: &str, client: &str) -> StatusCode {
    let request = server
        .request(Method::POST, "/create_invoice")
        .header(header, client)
        .form(&[("amount", "1")]);
    request.send().await.expect("an answer").status()
}

#[tokio::test]
async fn a_client_that_makes_too_many_is_told_so_and_reads_on() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[(EACH, "2")]).await;
    let invoice = server.create("1", "first").await;
    // What is refused for another reason costs nothing.
    for _ in 0..3 {
        let refused = server.submit(&[("amount", "none")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    server.create("1", "second").await;
    let page = server.submit(&[("amount", "1")]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.text_of("h1"), "Too many requests");
    assert!(page.text_of("[role=alert]").contains("wait a minute"));
    let wait = seconds(page.header("retry-after"));
    assert!((1..=60).contains(&wait.as_secs()), "{wait:?}");
    let (status, error) = server.submit_json(&[("amount", "1")]).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(error["error"]["code"], "rate_limited");
    assert_eq!(sandbox.invoices().await, 2, "nothing reached the node");
    let (status, _) = server.json(&path_of(&invoice)).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn renewing_counts_too() {
    let sandbox = Sandbox::start().await;
    let settings = [(EACH, "1"), ("INVOICE__EXPIRY_SECONDS", "1")];
    let server = sandbox.server(&settings).await;
    let path = path_of(&server.create("1", "once").await);
    sandbox.let_a_second_pass().await;
    server
        .json_until(&path, |answer| answer["status"] == "expired")
        .await;
    let renewing = server.request(Method::POST, &format!("{path}/renew"));
    let page = Page::read(renewing.send().await).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.text_of("h1"), "Too many requests");
    assert_eq!(sandbox.invoices().await, 1);
}

#[tokio::test]
async fn each_client_behind_a_trusted_proxy_has_its_own_share() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[(EACH, "1"), PROXY]).await;
    for (client, expected) in [
        ("8.8.8.8", StatusCode::SEE_OTHER),
        // What the client itself claims comes first in the list.
        ("9.9.9.9, 8.8.8.8", StatusCode::TOO_MANY_REQUESTS),
        ("8.8.4.4", StatusCode::SEE_OTHER),
        ("2001:db8::1", StatusCode::SEE_OTHER),
        ("2001:db8::ffff", StatusCode::TOO_MANY_REQUESTS),
        ("2001:db8:0:1::1", StatusCode::SEE_OTHER),
    ] {
        let status = create_for(&server, "x-forwarded-for", client).await;
        assert_eq!(status, expected, "{client}");
    }
    // The header that the proxy does not set is the client's.
    let status = create_for(&server, "forwarded", "for=1.1.1.1").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let status = create_for(&server, "forwarded", "for=1.1.1.2").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "both are 127.0.0.1");
}

#[tokio::test]
async fn nobody_else_is_believed() {
    let sandbox = Sandbox::start().await;
    for settings in [
        &[(EACH, "1")][..],
        &[(EACH, "1"), ("SERVER__TRUSTED_PROXIES", "10.0.0.0/8")],
    ] {
        let server = sandbox.server(settings).await;
        let status = create_for(&server, "x-forwarded-for", "8.8.8.8").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let status = create_for(&server, "x-forwarded-for", "8.8.4.4").await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn all_together_have_a_limit_and_callers_with_a_token_another() {
    let shop = Shop::with(&[("LIMITS__INVOICES_PER_MINUTE", "1"), PROXY]).await;
    let create = async |client| create_for(&shop.server, "x-forwarded-for", client).await;
    assert_eq!(create("8.8.8.8").await, StatusCode::SEE_OTHER);
    assert_eq!(create("8.8.4.4").await, StatusCode::TOO_MANY_REQUESTS);
    shop.create(&json!({ "amount_sat": 1 })).await;
}

#[tokio::test]
async fn with_too_many_unpaid_ones_only_callers_with_a_token_make_more() {
    let shop = Shop::with(&[("LIMITS__UNPAID_INVOICES", "2")]).await;
    let first = shop.create(&json!({ "amount_sat": 1 })).await;
    shop.create(&json!({ "amount_sat": 1 })).await;
    let page = shop.server.submit(&[("amount", "1")]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.text_of("h1"), "Too many unpaid invoices");
    assert_eq!(page.header("retry-after"), "60");
    let (status, error) = shop.server.submit_json(&[("amount", "1")]).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(error["error"]["code"], "too_many_unpaid");
    // Paid ones do not count.
    shop.sandbox
        .pay(first["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    let label = first["label"].as_str().expect("a label");
    let path = format!("/check_invoice/{label}");
    let server = &shop.server;
    server
        .json_until(&path, |answer| answer["status"] == "paid")
        .await;
    let made = async {
        while server.submit(&[("amount", "1")]).await.status != StatusCode::SEE_OTHER {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, made)
        .await
        .expect("there is room again");
}

#[tokio::test]
async fn the_api_of_lightning_charge_has_the_limit_of_its_token() {
    let shop = Shop::with(&[("API__REQUESTS_PER_MINUTE", "1")]).await;
    let call = async || {
        let request = shop.server.request(Method::GET, "/info");
        let request = request.basic_auth("api-token", Some(crate::api::TOKEN));
        json(request.send().await).await
    };
    assert_eq!(call().await.0, StatusCode::OK);
    let request = shop.server.request(Method::GET, "/info");
    let request = request.basic_auth("api-token", Some(crate::api::TOKEN));
    let refused = Page::read(request.send().await).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(seconds(refused.header("retry-after")).as_secs() >= 1);
}
