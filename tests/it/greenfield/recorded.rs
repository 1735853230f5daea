//! The exchanges of the plug-ins, replayed.

use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::WebShop;
use crate::harness::Page;

const EXCHANGES: &str = include_str!("../../fixtures/greenfield/exchanges.json");

#[derive(Deserialize)]
struct Recorded {
    plug_ins: Vec<PlugIn>,
}

#[derive(Deserialize)]
struct PlugIn {
    name: String,
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Exchange {
    method: String,
    path: String,
    body: Option<Value>,
    status: u16,
    reads: Vec<Read>,
}

#[derive(Deserialize)]
struct Read {
    at: String,
    is: Option<Value>,
}

#[tokio::test]
async fn the_plug_ins_find_what_they_read() {
    let recorded: Recorded = serde_json::from_str(EXCHANGES).expect("JSON");
    for PlugIn { name, exchanges } in recorded.plug_ins {
        let shop = WebShop::open().await;
        let (mut invoice, mut webhook) = (String::new(), String::new());
        for exchange in exchanges {
            let path = exchange.path.replace("{invoice}", &invoice);
            let path = format!("/api/v1{}", path.replace("{webhook}", &webhook));
            let method: Method = exchange.method.parse().expect("a method");
            let request = shop.call(method.clone(), &path);
            let request = match &exchange.body {
                Some(body) => request.json(body),
                None => request,
            };
            let answer = Page::read(request.send().await).await;
            let told = format!("{name}: {method} {path}: {}", answer.text);
            let expected = StatusCode::from_u16(exchange.status).expect("a status");
            assert_eq!(answer.status, expected, "{told}");
            let answer: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            for Read { at, is } in exchange.reads {
                let found = answer.pointer(&at);
                assert!(found.is_some_and(|found| !found.is_null()), "{at} {told}");
                if is.is_some() {
                    assert_eq!(found, is.as_ref(), "{at} {told}");
                }
            }
            if method == Method::POST && exchange.status == 200 {
                let id = answer["id"].as_str().unwrap_or_default().to_owned();
                match path.rsplit('/').next() {
                    Some("invoices") => invoice = id,
                    Some("webhooks") => webhook = id,
                    _ => {}
                }
            }
        }
    }
}
