//! What the fast path answers is what is answered without it, but for date, request id and clock.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::{
    contract::{World, path_of},
    harness::Server,
    world::Sandbox,
};

const TOKEN: &str = "a-token-for-both-ways-of-answering";

/// What a client asks for: a path, what it accepts, and in which encoding.
type RequestCase = (String, &'static str, &'static str);

/// An answer, without what differs from one second to the next.
#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Two of everything: the same request comes again, which is what the fast path is for.
const TIMES: usize = 2;

async fn ask(
    server: &Server,
    (path, accept, encoding): &RequestCase,
    known: Option<&str>,
) -> Answer {
    let mut request = server
        .request(Method::GET, path)
        .header(header::ACCEPT, *accept)
        .header(header::ACCEPT_ENCODING, *encoding)
        .header(header::HOST, "shop.example")
        .bearer_auth(TOKEN);
    if let Some(known) = known {
        request = request.header(header::IF_NONE_MATCH, known);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let headers = answer.headers().clone();
    let bytes = answer.bytes().await.expect("a body");
    let mut body = String::new();
    match headers.get(header::CONTENT_ENCODING) {
        Some(_) => GzDecoder::new(&bytes[..]).read_to_string(&mut body),
        None => (&bytes[..]).read_to_string(&mut body),
    }
    .unwrap_or_default();
    let id = headers
        .get("x-request-id")
        .map(|id| id.to_str().expect("plain text").to_owned());
    let body = without_clock(&body).replace(id.as_deref().unwrap_or("-"), "");
    let mut headers: Vec<(String, String)> = headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| {
            (
                name.to_string(),
                value.to_str().expect("plain text").to_owned(),
            )
        })
        .collect();
    headers.sort();
    Answer {
        status,
        headers,
        body,
    }
}

/// A page without the elements that show the time that is left, and without the form's fresh key.
fn without_clock(page: &str) -> String {
    let mut rest = page;
    let mut kept = String::new();
    let changing = [
        "<progress",
        "<strong class=\"clock\"",
        "<input type=\"hidden\" name=\"once\"",
    ];
    while let Some(at) = changing.iter().filter_map(|mark| rest.find(mark)).min() {
        kept.push_str(&rest[..at]);
        let (_, after) = rest[at..].split_once('>').expect("the end of a tag");
        rest = &after[after.find('<').unwrap_or_default()..];
    }
    kept + rest
}

/// Every answer, and again with the tag that came with it.
async fn all(server: &Server, asked: &[RequestCase]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for asked in asked {
        for _ in 0..TIMES {
            let answer = ask(server, asked, None).await;
            let tag = answer.headers.iter().find(|(name, _)| name == "etag");
            let tag = tag.map(|(_, value)| value.clone());
            answers.push(answer);
            if let Some(tag) = tag {
                answers.push(ask(server, asked, Some(&tag)).await);
            }
        }
    }
    answers
}

#[tokio::test]
async fn every_answer_is_the_same_without_it() {
    let sandbox = Sandbox::start().await;
    let records = tempfile::tempdir().expect("a directory");
    let data_dir = records.path().to_str().expect("plain text");
    let settings = |fast_path| {
        [
            ("API_TOKEN", TOKEN),
            ("STORE__DATA_DIR", data_dir),
            ("SERVER__PUBLIC_URL", "https://shop.example"),
            ("SERVER__FAST_PATH", fast_path),
        ]
    };
    let server = sandbox.server(&settings("true")).await;
    let mut labels = Vec::new();
    for status in ["unpaid", "paid", "cancelled", "expired"] {
        let new = json!({ "amount_msat": 21_000, "description": "Tea & <b>cake</b>",
            "expiry": if status == "expired" { 60 } else { 86_400 }, "order_id": status });
        let request = server.request(Method::POST, "/api/v1/invoices");
        let answer = request
            .bearer_auth(TOKEN)
            .json(&new)
            .send()
            .await
            .expect("an answer");
        let invoice: Value = answer.json().await.expect("JSON");
        let path = path_of(&invoice);
        match status {
            "paid" => {
                sandbox
                    .pay(invoice["bolt11"].as_str().expect("a text"), None)
                    .await
            }
            "cancelled" => {
                let label = invoice["label"].as_str().expect("a text");
                let cancel =
                    server.request(Method::POST, &format!("/api/v1/invoices/{label}/cancel"));
                let answer = cancel.bearer_auth(TOKEN).send().await.expect("an answer");
                assert!(answer.status().is_success());
            }
            _ => {}
        }
        labels.push(path);
    }
    sandbox.node.advance(std::time::Duration::from_secs(61));
    server
        .json_until(&labels[3], |read| read["status"] == "expired")
        .await;

    let mut asked: Vec<RequestCase> = Vec::new();
    for encoding in ["identity", "gzip"] {
        for path in &labels {
            let label = path.rsplit('/').next().expect("a label");
            for (path, accept) in [
                (path.clone(), "text/html"),
                (path.clone(), "application/json"),
                (format!("{path}?lang=de"), "text/html"),
                (format!("{path}/qr.svg"), "image/svg+xml"),
                (format!("/api/v1/invoices/{label}"), "application/json"),
                (format!("/checkout/{label}"), "text/html"),
            ] {
                asked.push((path, accept, encoding));
            }
            if *path != labels[0] {
                // It has an end.
                asked.push((format!("{path}/events"), "text/event-stream", encoding));
            }
        }
        for (path, accept) in [
            ("/", "text/html"),
            ("/static/checkout.js", "*/*"),
            ("/static/facture.css", "*/*"),
            ("/nowhere", "text/html"),
            ("/nowhere", "application/json"),
            ("/api/v1/invoices", "application/json"),
            ("/api/v1/events", "application/json"),
            ("/api/v1/openapi.json", "application/json"),
            ("/api/docs", "text/html"),
        ] {
            asked.push((path.to_owned(), accept, encoding));
        }
    }
    let with = all(&server, &asked).await;
    server.stop().await.expect("a clean end");
    let server = sandbox.server(&settings("false")).await;
    server
        .json_until("/readyz", |read| {
            read["status"] == "ready" || read["code"].is_null()
        })
        .await;
    let without = all(&server, &asked).await;
    assert_eq!(with.len(), without.len());
    for (with, without) in with.iter().zip(&without) {
        assert_eq!(with, without);
    }
}
