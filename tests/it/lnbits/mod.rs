//! LNbits' routes, as tills and gadgets use them.

mod payments;
mod pushed;
mod refusing;

use std::path::PathBuf;

use facture::{app::Tokens, web::Mode};
use facture_domain::token::Scopes;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::{Server, config, json},
    world::Sandbox,
};

const PAYMENTS: &str = "/api/v1/payments";

/// A till with an invoice key.
pub(crate) struct Till {
    sandbox: Sandbox,
    server: Server,
    key: String,
    records: TempDir,
}

impl Till {
    async fn open() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let records = tempfile::tempdir().expect("a directory");
        let own = [
            ("LNBITS__ENABLED", "true"),
            ("STORE__DATA_DIR", records.path().to_str().expect("text")),
        ];
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        let server = Server::start(config(&[&own, settings].concat()), mode).await;
        let mut till = Self {
            sandbox,
            server,
            key: String::new(),
            records,
        };
        till.key = till.issue("lnbits", None).await;
        till
    }

    /// A key, as `facture token` makes it beside the running server.
    async fn issue(&self, scopes: &str, shop: Option<&str>) -> String {
        let scopes: Scopes = scopes.parse().expect("scopes");
        let shop = shop.map(|shop| shop.parse().expect("a shop"));
        let records: PathBuf = self.records.path().to_owned();
        let mut tokens = Tokens::open(&records).await.expect("the records");
        let token = tokens.issue_for("till".to_owned(), scopes, shop).await;
        token.expect("a token").expose().to_owned()
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.server
            .request(method, path)
            .header("X-Api-Key", &self.key)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        json(self.call(Method::GET, path).send().await).await
    }

    async fn post(&self, body: &Value) -> (StatusCode, Value) {
        json(self.call(Method::POST, PAYMENTS).json(body).send().await).await
    }

    /// Makes a payment's invoice that must succeed.
    async fn create(&self, body: &Value) -> Value {
        let (status, made) = self.post(body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made
    }

    fn pay(&self, made: &Value) {
        let bolt11 = made["bolt11"].as_str().expect("a BOLT 11 string");
        self.sandbox.node.pay(bolt11, None).expect("paid");
    }
}

/// `/api/v1/payments/{payment_hash}`.
fn path(made: &Value) -> String {
    let hash = made["payment_hash"].as_str().expect("a hash");
    format!("{PAYMENTS}/{hash}")
}
