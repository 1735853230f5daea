//! The messages of errors are for developers: they name the field and what is allowed, and hold neither serde's words nor
//! the pages' texts.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::Shop;
use crate::harness::json as answer;

/// Values that hardly any parameter or field allows, as JSON.
const VALUES: [&str; 13] = [
    "null",
    "false",
    "-1",
    "0",
    "1.5",
    "1e400",
    "9223372036854775808",
    r#""""#,
    r#""x\u0000y""#,
    r#""invoice.eaten""#,
    "[]",
    r#"[1,"x",null]"#,
    r#"{"a":{"b":1}}"#,
];

/// Bodies that are no object with known fields.
const BODIES: [&str; 11] = [
    "",
    " ",
    "{",
    "{}",
    r#"{"amount_sat":1"#,
    r#"{"amount_sat":1,}"#,
    r#"{"amount_sat":1}x"#,
    r#"{"amount_sat":1,"amount_sat":1}"#,
    r#"{"unknown":1,"column":2}"#,
    "[1]",
    "null",
];

/// A request that an operation may refuse.
struct Attempt {
    method: Method,
    path: String,
    body: Option<(&'static str, String)>,
    header: Option<(&'static str, &'static str)>,
}

/// serde's words, Rust's types, and what only a buyer is asked to do.
const FOREIGN: [&str; 18] = [
    "expected",
    "missing field `",
    "unknown field `",
    "invalid type",
    "invalid value",
    "invalid length",
    "at line",
    "column",
    "EOF",
    "u32",
    "u64",
    "i64",
    "variant",
    "deserialize",
    "the shop",
    "below",
    "lease",
    "you’ve",
];

/// The texts of the pages that are whole sentences.
fn sentences() -> Vec<&'static str> {
    let texts = include_str!("../../../locales/en.ftl").lines();
    let texts = texts.filter_map(|line| line.split_once(" = ").map(|(_, text)| text));
    let whole = |text: &&str| text.ends_with('.') && !text.contains('{');
    let sentences: Vec<_> = texts.filter(whole).collect();
    assert!(sentences.len() > 20);
    sentences
}

fn check(attempt: &str, status: StatusCode, error: &Value, sentences: &[&str]) {
    let error = &error["error"];
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.len() > 10, "{attempt}: {status} {error}");
    assert!(error["code"].is_string(), "{attempt}: {error}");
    assert!(error["request_id"].is_string(), "{attempt}: {error}");
    // A name that the client made up is repeated, and does not count.
    let field = error["field"].as_str();
    let ours = field.map_or(message.to_owned(), |field| message.replace(field, ""));
    for words in FOREIGN.iter().chain(sentences) {
        assert!(!ours.contains(words), "{attempt}: {words:?} in {message:?}");
    }
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        let field = field.expect("a field");
        let named = field == "." || message.contains(field);
        assert!(named, "{attempt}: {field} is not named in {message:?}");
    }
}

impl Attempt {
    fn of(method: &Method, path: &str) -> Self {
        Self {
            method: method.clone(),
            path: path.to_owned(),
            body: None,
            header: None,
        }
    }

    fn json(method: &Method, path: &str, body: impl Into<String>) -> Self {
        Self {
            body: Some(("application/json", body.into())),
            ..Self::of(method, path)
        }
    }
}

/// What to try with an operation of the document.
fn attempts(document: &Value, path: &str, method: &Method, operation: &Value) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let separator = if path.contains('?') { '&' } else { '?' };
    attempts.push(Attempt::of(method, &format!("{path}{separator}unknown=1")));
    for parameter in parameters {
        let name = parameter["name"].as_str().expect("a name");
        match parameter["in"].as_str() {
            Some("query") => {
                for value in VALUES.iter().copied().chain(["x", "%00", "%ff", "1,2"]) {
                    let query = format!("{path}{separator}{name}={value}");
                    attempts.push(Attempt::of(method, &query));
                }
                let twice = format!("{path}{separator}{name}=1&{name}=1");
                attempts.push(Attempt::of(method, &twice));
            }
            Some("header") if name == "Idempotency-Key" => {
                for value in ["", "a b", "\u{e9}"] {
                    attempts.push(Attempt {
                        header: Some(("Idempotency-Key", value)),
                        ..Attempt::json(method, path, r#"{"amount_sat":1}"#)
                    });
                }
            }
            _ => {}
        }
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if let Some(schema) = schema["$ref"].as_str() {
        let schema = document.pointer(&schema[1..]).expect("a schema");
        for body in BODIES {
            attempts.push(Attempt::json(method, path, body));
        }
        let long = format!("{{\"description\":\"{}\"}}", "x".repeat(70_000));
        attempts.push(Attempt::json(method, path, long));
        attempts.push(Attempt {
            body: Some(("text/plain", "{}".to_owned())),
            ..Attempt::of(method, path)
        });
        for name in schema["properties"].as_object().expect("fields").keys() {
            let amount = if name.starts_with("amount") {
                ""
            } else {
                r#","amount_sat":1"#
            };
            let wide = format!("\"{}\"", "x".repeat(3000));
            for value in VALUES.iter().copied().chain([wide.as_str()]) {
                // Alone, and beside what an invoice must have.
                attempts.push(Attempt::json(
                    method,
                    path,
                    format!("{{\"{name}\":{value}}}"),
                ));
                let beside = format!("{{\"{name}\":{value}{amount}}}");
                attempts.push(Attempt::json(method, path, beside));
            }
        }
    }
    attempts
}

#[tokio::test]
async fn no_route_answers_bad_input_in_foreign_words() {
    let shop = Shop::with(&[
        ("API__REQUESTS_PER_MINUTE", "1000000"),
        ("SITE__LANGUAGE", "de"),
    ])
    .await;
    let sentences = sentences();
    let (_, document) = shop.server.json("/api/v1/openapi.json").await;
    // What the paths name: a cancelled invoice, which nobody waits for, and a webhook.
    let invoice = shop.create(&json!({ "amount_sat": 1 })).await;
    let label = invoice["label"].as_str().expect("a label");
    let cancel = format!("/api/v1/invoices/{label}/cancel");
    assert_eq!(shop.post(&cancel, &json!({})).await.0, StatusCode::OK);
    let hook = json!({ "url": "https://shop.example/" });
    let (_, hook) = shop.post("/api/v1/webhooks", &hook).await;
    let hook = hook["id"].as_str().expect("an id");
    let mut refused = std::collections::BTreeMap::<String, usize>::new();
    for (template, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let name = operation["operationId"].as_str().expect("a name");
            let method: Method = method.to_uppercase().parse().expect("a method");
            let filled = |label: &str, hook: &str, delivery: &str| {
                let path = template.replace("{label}", label);
                path.replace("{webhook}", hook)
                    .replace("{delivery}", delivery)
            };
            let path = filled(label, hook, "msg_x");
            let mut all = Vec::new();
            if template.contains('{') {
                for wrong in ["x", "%00", "%ff", "facture_0", "msg_0", "we_0", "column"] {
                    all.push(Attempt::of(&method, &filled(wrong, wrong, wrong)));
                }
            }
            if name != "deleteWebhook" {
                all.extend(attempts(&document, &path, &method, operation));
            }
            // A method that the path does not have.
            all.push(Attempt::of(&Method::PUT, &path));
            for attempt in all {
                let said = format!("{} {} {:?}", attempt.method, attempt.path, attempt.body);
                let said: String = said.chars().take(300).collect();
                let mut request = shop.call(attempt.method, &attempt.path);
                request = request.header(header::ACCEPT_LANGUAGE, "de");
                if let Some((name, value)) = attempt.header {
                    request = request.header(name, value);
                }
                if let Some((kind, body)) = attempt.body {
                    request = request.header(header::CONTENT_TYPE, kind).body(body);
                }
                let response = request.send().await.expect("an answer");
                let status = response.status();
                assert!(!status.is_server_error(), "{said}: {status}");
                // A stream does not end.
                if status.is_success() {
                    continue;
                }
                let (status, error) = answer(Ok(response)).await;
                check(&said, status, &error, &sentences);
                *refused.entry(name.to_owned()).or_default() += 1;
            }
        }
    }
    let all = document["paths"].as_object().expect("paths").values();
    let all = all.flat_map(|methods| methods.as_object().expect("methods").values());
    assert_eq!(refused.len(), all.count(), "each operation: {refused:?}");
    assert!(refused["createInvoice"] > 100, "{refused:?}");
}

#[tokio::test]
async fn programs_at_the_pages_get_the_words_for_developers_too() {
    let shop = Shop::with(&[("SITE__LANGUAGE", "de")]).await;
    let sentences = sentences();
    let invoice = shop.server.create("1", "Tea").await;
    let page = format!("/check_invoice/{}", invoice["label"].as_str().expect("it"));
    for (method, path, fields) in [
        (Method::GET, "/nowhere".to_owned(), None),
        (Method::GET, "/check_invoice/x".to_owned(), None),
        (Method::PUT, "/".to_owned(), None),
        (Method::POST, "/create_invoice".to_owned(), None),
        (Method::POST, "/create_invoice".to_owned(), Some("amount=x")),
        (Method::POST, "/create_invoice".to_owned(), Some("amount=0")),
        (
            Method::POST,
            "/create_invoice".to_owned(),
            Some("amount=99999999999999999999"),
        ),
        (
            Method::POST,
            "/create_invoice".to_owned(),
            Some("description=%00"),
        ),
        (
            Method::POST,
            "/create_invoice".to_owned(),
            Some("description=%ff"),
        ),
        (
            Method::POST,
            "/create_invoice".to_owned(),
            Some("amount=1&amount=1"),
        ),
        (
            Method::POST,
            "/create_invoice".to_owned(),
            Some("unknown=1"),
        ),
        (Method::POST, format!("{page}/proof"), Some("preimage=x")),
        (
            Method::POST,
            format!("{page}/proof"),
            Some("preimage=x&preimage=x"),
        ),
        (Method::GET, format!("{page}/wait?timeout=0"), None),
        (Method::GET, format!("{page}/wait?timeout=x"), None),
        (Method::GET, format!("{page}/wait?unknown=1"), None),
        (Method::POST, "/check_invoice/x/renew".to_owned(), None),
    ] {
        let said = format!("{method} {path} {fields:?}");
        let mut request = shop.server.request(method, &path);
        request = request.header(header::ACCEPT, "application/json");
        if let Some(fields) = fields {
            let kind = "application/x-www-form-urlencoded";
            request = request.header(header::CONTENT_TYPE, kind).body(fields);
        }
        let (status, error) = answer(request.send().await).await;
        assert!(status.is_client_error(), "{said}: {status}");
        check(&said, status, &error, &sentences);
    }
}
