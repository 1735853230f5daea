//! BTCPay's Greenfield API, as its plug-ins for web shops use it.

mod invoices;
mod pages;
mod pairing;
mod recorded;
mod refunds;
mod refusing;
mod webhooks;

use std::time::Duration;

use facture::{
    app::{Checkout, Tokens},
    users::Users,
    web::Mode,
};
use facture_domain::token::Scopes;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::{Page, Server, TIMEOUT, config, json},
    world::Sandbox,
};

/// A web shop with a key for the store `tea`.
pub(crate) struct WebShop {
    sandbox: Sandbox,
    server: Server,
    /// Those of its desk.
    users: Users,
    key: String,
    records: TempDir,
}

const STORE: &str = "/api/v1/stores/tea";

impl WebShop {
    async fn open() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let records = tempfile::tempdir().expect("a directory");
        let own = [
            ("GREENFIELD__ENABLED", "true"),
            ("STORE__DATA_DIR", records.path().to_str().expect("text")),
        ];
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        let config = config(&[&own, settings].concat());
        let opened = Checkout::open(&config, records.path(), mode).await;
        let checkout = opened.expect("it opens");
        let users = checkout.users().clone();
        let directory = tempfile::tempdir().expect("a directory");
        let server = Server::serve(async { Ok((checkout, directory)) }).await;
        let mut shop = Self {
            sandbox,
            server,
            users,
            key: String::new(),
            records,
        };
        shop.key = shop.issue("greenfield", Some("tea")).await;
        shop
    }

    /// A key, as `facture token` makes it beside the running server.
    async fn issue(&self, scopes: &str, shop: Option<&str>) -> String {
        let scopes: Scopes = scopes.parse().expect("scopes");
        let shop = shop.map(|shop| shop.parse().expect("a shop"));
        let mut tokens = Tokens::open(self.records.path()).await.expect("records");
        let token = tokens.issue_for("shop".to_owned(), scopes, shop).await;
        token.expect("a token").expose().to_owned()
    }

    fn call_with(&self, key: &str, method: Method, path: &str) -> RequestBuilder {
        self.server
            .request(method, path)
            .header("Authorization", format!("token {key}"))
            .header("Accept", "application/json")
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.call_with(&self.key, method, path)
    }

    /// The answer to a request below the store.
    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let request = self.call(method, &format!("{STORE}{path}"));
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        json(request.send().await).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, found) = self.ask(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path} {found}");
        found
    }

    /// Makes an invoice that must succeed.
    async fn create(&self, body: &Value) -> Value {
        let (status, made) = self.ask(Method::POST, "/invoices", Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{made}");
        made
    }

    async fn invoice(&self, made: &Value) -> Value {
        self.get(&invoice_path(made)).await
    }

    /// The BOLT 11 string of an invoice.
    async fn bolt11(&self, made: &Value) -> String {
        let methods = self
            .get(&format!("{}/payment-methods", invoice_path(made)))
            .await;
        methods[0]["destination"].as_str().expect("one").to_owned()
    }

    async fn pay(&self, made: &Value, msat: Option<u64>) {
        let bolt11 = self.bolt11(made).await;
        self.sandbox.node.pay(&bolt11, msat).expect("paid");
    }

    /// Lets an invoice expire that ends within an hour.
    async fn expire(&self, made: &Value) {
        self.sandbox.node.advance(Duration::from_secs(3600));
        self.until(made, "Expired").await;
    }

    /// The invoice once it has this status.
    async fn until(&self, made: &Value, status: &str) -> Value {
        let waiting = async {
            loop {
                let found = self.invoice(made).await;
                if found["status"] == status {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let found = tokio::time::timeout(TIMEOUT, waiting).await;
        found.expect("it changes in time")
    }

    async fn page(&self, path: &str) -> Page {
        self.server.open(path).await
    }
}

fn invoice_path(made: &Value) -> String {
    format!("/invoices/{}", made["id"].as_str().expect("an id"))
}
