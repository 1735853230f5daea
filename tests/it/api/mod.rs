//! `/api/v1` as programs use it.

mod cancelling;
mod creating;
mod document;
mod errors;
mod events;
mod guide;
mod lists;
mod restored;
pub(crate) mod shapes;
mod tokens;
mod webhooks;

use facture::{config::Config, web::Mode};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::{
    harness::{Server, config, json},
    world::Sandbox,
};

/// What the tests configure.
pub(crate) const TOKEN: &str = "a-token-for-the-tests-of-facture";

/// A configuration with the token.
pub(crate) fn config_with_token(settings: &[(&str, &str)]) -> Config {
    config(&[&[("API_TOKEN", TOKEN)], settings].concat())
}

/// A server on a sandbox, and programs that talk to it.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) server: Server,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        let server = Server::start(config_with_token(settings), mode).await;
        Self { sandbox, server }
    }

    /// A request with the token.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.server.request(method, path).bearer_auth(TOKEN)
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        known(json(self.call(Method::GET, path).send().await).await)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        known(json(self.call(Method::POST, path).json(body).send().await).await)
    }

    /// Makes an invoice that must succeed.
    pub(crate) async fn create(&self, body: &Value) -> Value {
        let (status, invoice) = self.post("/api/v1/invoices", body).await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        invoice
    }
}

/// Whatever goes wrong in a test is in the guide's table.
fn known((status, answer): (StatusCode, Value)) -> (StatusCode, Value) {
    const GUIDE: &str = include_str!("../../../docs/shop-developers.md");
    if let Some(code) = answer["error"]["code"].as_str() {
        let row = format!("| {} | ", status.as_u16());
        let mut rows = GUIDE.lines().filter(|line| line.starts_with(&row));
        assert!(
            rows.any(|line| line.contains(&format!("`{code}`"))),
            "{status} {code}"
        );
    }
    (status, answer)
}
