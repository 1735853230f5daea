//! Payment links by the API, and by wallets.

mod api;
mod wallet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{api::Shop, harness::json as answer};

const LINKS: &str = "/api/v1/links";

impl Shop {
    async fn put_link(&self, name: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.call(Method::PUT, &format!("{LINKS}/{name}"));
        answer(request.json(body).send().await).await
    }

    /// A link that must be made.
    async fn link(&self, name: &str, body: Value) -> Value {
        let (status, link) = self.put_link(name, &body).await;
        assert_eq!(status, StatusCode::CREATED, "{link}");
        link
    }

    async fn read_link(&self, name: &str) -> Value {
        let (status, link) = self.get(&format!("{LINKS}/{name}")).await;
        assert_eq!(status, StatusCode::OK, "{link}");
        link
    }

    async fn stop_link(&self, name: &str) -> Value {
        let (status, link) = self.post(&format!("{LINKS}/{name}/stop"), &json!({})).await;
        assert_eq!(status, StatusCode::OK, "{link}");
        link
    }
}
