//! The API of Lightning Charge, as shops use it.

pub(crate) mod checkout;
mod client;
pub(crate) mod hooks;
mod import;
mod invoices;
mod prices;
mod pushed;
mod waiting;

use std::time::Duration;

use facture::{config::Config, web::Mode};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::Value;

use crate::{
    api::TOKEN,
    harness::{Page, Server, config},
    world::Sandbox,
};

/// A shop that was made for Lightning Charge.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) server: Server,
}

/// Its configuration, with the token.
pub(crate) fn shop_config(settings: &[(&str, &str)]) -> Config {
    config(&[&[("API_TOKEN", TOKEN)], settings].concat())
}

impl Shop {
    async fn open() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        let server = Server::start(shop_config(settings), mode).await;
        Self { sandbox, server }
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.server
            .request(method, path)
            .basic_auth("api-token", Some(TOKEN))
    }

    async fn get(&self, path: &str) -> Page {
        Page::read(self.call(Method::GET, path).send().await).await
    }

    async fn post(&self, body: &Value) -> Page {
        Page::read(self.call(Method::POST, "/invoice").json(body).send().await).await
    }

    async fn post_form(&self, body: &str) -> Page {
        let request = self
            .call(Method::POST, "/invoice")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Page::read(request.body(body.to_owned()).send().await).await
    }

    /// Makes an invoice that must succeed.
    async fn create(&self, body: &Value) -> Value {
        let made = self.post(body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        read(&made)
    }

    async fn invoice(&self, made: &Value) -> Value {
        let found = self.get(&path(made, "")).await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.text);
        read(&found)
    }

    fn pay(&self, made: &Value) {
        let payreq = made["payreq"].as_str().expect("a BOLT 11 string");
        self.sandbox.node.pay(payreq, None).expect("paid");
    }

    /// What expires within that time is expired, for the node and for us.
    async fn expire(&self, made: &Value) {
        self.sandbox.node.advance(Duration::from_secs(3600));
        let label = made["id"].as_str().expect("an id");
        let path = format!("/check_invoice/{label}");
        let expired = |answer: &Value| answer["status"] == "expired";
        self.server.json_until(&path, expired).await;
    }
}

/// `/invoice/{id}` and what follows.
fn path(made: &Value, rest: &str) -> String {
    format!("/invoice/{}{rest}", made["id"].as_str().expect("an id"))
}

fn read(page: &Page) -> Value {
    assert_eq!(
        page.header("content-type"),
        "application/json",
        "{}",
        page.text
    );
    serde_json::from_str(&page.text).expect("JSON")
}

/// The names of an object's members as they were written.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}', '"']) {
        match &rest[at..=at] {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {
                let end = at + 1 + rest[at + 1..].find('"').expect("the end of a string");
                if depth == 1 && rest[end + 1..].starts_with(':') {
                    names.push(rest[at + 1..end].to_owned());
                }
                rest = &rest[end + 1..];
                continue;
            }
        }
        rest = &rest[at + 1..];
    }
    names
}
