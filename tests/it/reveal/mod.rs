//! Pay to reveal: a word in the preimage, a text or a file under it as a key, nothing before the payment, and never more
//! than there are.

mod buying;
mod items;
mod lnd;
mod secret;
mod stock;

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    harness::{Page, json as answer},
    payouts::{Merchant, issue},
};

const ITEMS: &str = "/api/v1/items";

/// A merchant who may offer items.
struct Shop {
    merchant: Merchant,
    items: String,
}

impl Shop {
    async fn open() -> Self {
        let merchant = Merchant::open().await;
        let items = issue(&merchant.records, "items").await;
        Self { merchant, items }
    }

    async fn put(&self, id: &str, body: &Value) -> (StatusCode, Value) {
        let path = format!("{ITEMS}/{id}");
        let request = self.merchant.request(&self.items, Method::PUT, &path);
        answer(request.json(body).send().await).await
    }

    /// An item that must be taken, for 1,000 millisatoshis.
    async fn offers(&self, id: &str, content: Value) -> Value {
        let mut body = json!({ "title": format!("The {id}"), "price_msat": 1000 });
        for (name, value) in content.as_object().unwrap() {
            body[name] = value.clone();
        }
        let (status, item) = self.put(id, &body).await;
        assert!(status.is_success(), "{item}");
        item
    }

    async fn item(&self, id: &str) -> Value {
        let path = format!("{ITEMS}/{id}");
        let (status, item) = self.merchant.get(&self.items, &path).await;
        assert_eq!(status, StatusCode::OK, "{item}");
        item
    }

    /// A program buys.
    async fn buys(&self, id: &str, key: Option<&str>) -> (StatusCode, Value) {
        let server = &self.merchant.server;
        let request = server.request(Method::POST, &format!("/reveal/{id}"));
        let mut request = request.header(header::ACCEPT, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        answer(request.send().await).await
    }

    /// A program buys, which must succeed.
    async fn sale(&self, id: &str) -> Value {
        let (status, sale) = self.buys(id, None).await;
        assert_eq!(status, StatusCode::CREATED, "{sale}");
        sale
    }

    /// The buyer's wallet pays.
    fn pay(&self, sale: &Value) {
        let bolt11 = sale["bolt11"].as_str().unwrap();
        self.merchant.sandbox.node.pay(bolt11, None).unwrap();
    }

    /// What the buyer's wallet keeps.
    async fn preimage(&self, sale: &Value) -> String {
        let rpc_file = self.merchant.sandbox.node.rpc_file();
        let mut client = cln_rpc::ClnRpc::new(rpc_file).await.unwrap();
        let invoice = json!({ "label": sale["label"] });
        let listed: Value = client.call_raw("listinvoices", &invoice).await.unwrap();
        let preimage = listed["invoices"][0]["payment_preimage"].as_str();
        preimage.unwrap().to_owned()
    }

    async fn open_page(&self, path: &str) -> Page {
        self.merchant.server.open(path).await
    }

    /// The raw answer of a download.
    async fn download(&self, sale: &Value, what: &str) -> (StatusCode, Vec<u8>) {
        let path = format!("{}/{what}", page(sale));
        let answer = self
            .merchant
            .server
            .request(Method::GET, &path)
            .send()
            .await;
        let answer = answer.unwrap();
        (answer.status(), answer.bytes().await.unwrap().to_vec())
    }
}

/// The page of a sale's invoice.
fn page(sale: &Value) -> String {
    format!("/check_invoice/{}", sale["label"].as_str().unwrap())
}
