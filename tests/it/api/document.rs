//! The OpenAPI document, and what holds for all routes in it.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::Shop;
use crate::harness::json as answer;

/// Each route of the document: method, path with something in its gaps, what the document says of it.
async fn operations(shop: &Shop) -> Vec<(Method, String, Value)> {
    let (status, document) = shop.server.json("/api/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(document["openapi"], "3.1.0");
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path
                .replace("{label}", "facture_0123456789abcdef0123456789abcdef")
                .replace("{webhook}", "we_0123456789abcdef0123456789abcdef")
                .replace("{delivery}", "msg_0123456789abcdef0123456789abcdef");
            all.push((method, path, operation.clone()));
        }
    }
    assert!(all.len() >= 7);
    all
}

#[tokio::test]
async fn every_route_is_described_and_there() {
    let shop = Shop::open().await;
    let mut names = Vec::new();
    for (method, path, operation) in operations(&shop).await {
        names.push(
            operation["operationId"]
                .as_str()
                .expect("a name")
                .to_owned(),
        );
        for what in ["summary", "tags", "security"] {
            assert!(operation.get(what).is_some(), "{path}: {what}");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{path}: {parameter}");
        }
        // Without a token nobody learns that it is there; with one it is, and takes no other method.
        let request = shop.server.request(method.clone(), &path);
        let (status, _) = answer(request.send().await).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        let response = shop.call(Method::TRACE, &path).send().await.unwrap();
        let allowed = response.headers()[header::ALLOW]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(
            allowed.contains(method.as_str()),
            "{method} {path}: {allowed}"
        );
    }
    names.sort();
    names.dedup();
    assert_eq!(
        names.len(),
        operations(&shop).await.len(),
        "names are used once"
    );
}

#[tokio::test]
async fn what_a_route_says_of_a_limit_is_there() {
    let shop = Shop::open().await;
    for (name, code) in [
        ("createInvoice", "`too_many_holds`"),
        ("orderPayout", "`too_many_payouts`"),
    ] {
        let all = operations(&shop).await;
        let (.., operation) = all
            .iter()
            .find(|(.., operation)| operation["operationId"] == name)
            .unwrap();
        let limited = operation["responses"]["429"]["description"].as_str();
        assert!(limited.is_some_and(|text| text.contains(code)), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_to_who_has_a_token() {
    let shop = Shop::open().await;
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/invoices/x/y/z",
    ] {
        let request = shop.server.request(Method::GET, path);
        let (status, error) = answer(request.send().await).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(error["error"]["code"], "unauthorized");
        let (status, error) = shop.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(error["error"]["code"], "not_found");
    }
}

#[tokio::test]
async fn the_node_is_told_of() {
    let shop = Shop::with(&[("NODE__DEADLINE_SECONDS", "1")]).await;
    let (_, node) = shop.get("/api/v1/node").await;
    assert_eq!(node["reachable"], true);
    assert_eq!(node["network"], "regtest");
    assert_eq!(node["id"].as_str().unwrap().len(), 66);
    for name in ["alias", "version"] {
        assert!(!node[name].as_str().unwrap().is_empty(), "{name}");
    }
    assert!(node["block_height"].is_u64() && node["receivable_msat"].is_u64());
    let hanging = shop.sandbox.node.faults().hang(
        facture_sandbox::Calls::of("getinfo"),
        facture_sandbox::Hold::Call,
    );
    let (status, away) = shop.get("/api/v1/node").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(away["reachable"], false);
    assert_eq!(away["alias"], Value::Null);
    hanging.release();
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_again() {
    let shop = Shop::with(&[("API__REQUESTS_PER_MINUTE", "3")]).await;
    for _ in 0..3 {
        assert_eq!(shop.get("/api/v1/node").await.0, StatusCode::OK);
    }
    let response = shop.call(Method::GET, "/api/v1/node").send().await.unwrap();
    let wait = response.headers()[header::RETRY_AFTER].to_str().unwrap();
    assert!((1..=60).contains(&wait.parse::<u32>().unwrap()), "{wait}");
    let (status, error) = answer(Ok(response)).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(error["error"]["code"], "rate_limited");
    let (status, _) = shop.server.json("/healthz").await;
    assert_eq!(status, StatusCode::OK, "only the API is limited");
}

#[tokio::test]
async fn pages_of_configured_origins_may_use_it_in_a_browser() {
    let shop = Shop::with(&[("API__ALLOW_ORIGINS", "https://shop.example")]).await;
    let from = |method, path, origin: &str| {
        shop.server
            .request(method, path)
            .header(header::ORIGIN, origin)
    };
    let asked = from(Method::OPTIONS, "/api/v1/invoices", "https://shop.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            "authorization,idempotency-key",
        );
    let asked = asked.send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
    assert_eq!(
        asked.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN],
        "https://shop.example"
    );
    let allowed = asked.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS]
        .to_str()
        .unwrap();
    for name in [
        "authorization",
        "content-type",
        "idempotency-key",
        "last-event-id",
    ] {
        assert!(allowed.contains(name), "{allowed}");
    }
    // Errors too can be read.
    let refused = from(Method::GET, "/api/v1/invoices", "https://shop.example");
    let refused = refused.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        refused.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN],
        "https://shop.example"
    );
    assert!(
        refused.headers()[header::ACCESS_CONTROL_EXPOSE_HEADERS]
            .to_str()
            .unwrap()
            .contains("retry-after")
    );
    for (path, origin) in [
        ("/api/v1/invoices", "https://other.example"),
        ("/", "https://shop.example"),
    ] {
        let response = from(Method::GET, path, origin).send().await.unwrap();
        assert!(
            !response
                .headers()
                .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            "{path} {origin}"
        );
    }
    let closed = Shop::open().await;
    let response = closed.server.request(Method::GET, "/api/v1/invoices");
    let response = response
        .header(header::ORIGIN, "https://shop.example")
        .send()
        .await
        .unwrap();
    assert!(
        !response
            .headers()
            .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
    );
}

#[tokio::test]
async fn every_code_of_the_document_is_in_the_guide() {
    const GUIDE: &str = include_str!("../../../docs/shop-developers.md");
    let shop = Shop::open().await;
    let (_, document) = shop.server.json("/api/v1/openapi.json").await;
    let error = &document["components"]["schemas"]["Error"]["properties"]["error"];
    let codes = error["properties"]["code"]["enum"].as_array().unwrap();
    assert!(codes.len() > 20);
    let table: Vec<_> = GUIDE
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    for code in codes {
        let code = format!("`{}`", code.as_str().unwrap());
        assert!(
            table.iter().any(|row| row.contains(&code)),
            "{code} is not in the guide"
        );
    }
    for row in table.iter().filter(|row| row.contains('`')) {
        for code in row.split('|').nth(2).unwrap().split(", ") {
            let code = code.trim().trim_matches('`');
            assert!(
                codes.contains(&json!(code)),
                "{code} is not in the document"
            );
        }
    }
}

#[tokio::test]
async fn the_page_shows_the_whole_document() {
    let shop = Shop::open().await;
    let page = shop.server.open("/api/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    let calls = page.texts(".api .call");
    let all = operations(&shop).await;
    assert_eq!(calls.len(), all.len());
    for (method, path, operation) in all {
        let anchor = operation["operationId"].as_str().unwrap();
        let section = page.text_of(&format!("section[id=\"{anchor}\"]"));
        let path = path.split("/facture_").next().unwrap();
        let path = path.split("/we_").next().unwrap();
        let path = path.split("/msg_").next().unwrap();
        assert!(
            section.contains(method.as_str()) && section.contains(path),
            "{anchor}"
        );
        assert!(section.contains("curl"), "{anchor}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(
                section.contains(parameter["name"].as_str().unwrap()),
                "{anchor}"
            );
        }
        for status in operation["responses"].as_object().unwrap().keys() {
            assert!(section.contains(status), "{anchor}: {status}");
        }
    }
    assert!(page.texts("script").is_empty());
    let example = page.text_of("section[id=createInvoice] pre");
    assert!(
        example.contains(&shop.server.origin) && example.contains("amount_sat"),
        "{example}"
    );
}
