//! A checkout on a node with the plugin: what the shop and the buyer see.

use facture::{reveal, web::Mode};
use facture_domain::Preimage;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{self, Server, receiver::Receiver},
    shop::{Shop, refused},
};

const TOKEN: &str = "a-token-for-the-holds-of-a-real-lightningd";

/// A checkout on the merchant's node, with one endpoint for its webhooks.
struct Checkout {
    server: Server,
    receiver: Receiver,
}

impl Checkout {
    async fn open(shop: &Shop, records: &std::path::Path) -> Self {
        let receiver = Receiver::start().await;
        let server = Self::serve(shop, records).await;
        let types = ["accepted", "paid", "cancelled", "hold_expiring"];
        let types: Vec<_> = types.map(|kind| format!("invoice.{kind}")).into();
        let endpoint = json!({ "url": receiver.url("/hook"), "types": types });
        let checkout = Self { server, receiver };
        let (status, made) = checkout.post("/api/v1/webhooks", &endpoint).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        checkout
    }

    async fn serve(shop: &Shop, records: &std::path::Path) -> Server {
        let settings = [
            ("API_TOKEN", TOKEN),
            ("WEBHOOKS__ALLOW_PRIVATE", "true"),
            ("STORE__DATA_DIR", records.to_str().unwrap()),
            ("HOLD__CLTV_BLOCKS", "60"),
        ];
        let config = harness::config_on(shop.pair.merchant_rpc().to_owned(), &settings);
        Server::start(config, Mode::Live).await
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.server.request(Method::POST, path).bearer_auth(TOKEN);
        harness::json(request.json(body).send().await).await
    }

    async fn get(&self, invoice: &Value) -> Value {
        let path = format!("/api/v1/invoices/{}", invoice["label"].as_str().unwrap());
        let request = self.server.request(Method::GET, &path).bearer_auth(TOKEN);
        harness::json(request.send().await).await.1
    }

    async fn hold(&self, description: &str) -> Value {
        let order = json!({ "amount_sat": 2500, "description": description, "hold": true });
        let (status, invoice) = self.post("/api/v1/invoices", &order).await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        invoice
    }

    async fn decide(&self, invoice: &Value, decision: &str) -> (StatusCode, Value) {
        let label = invoice["label"].as_str().unwrap();
        self.post(&format!("/api/v1/invoices/{label}/{decision}"), &json!({}))
            .await
    }

    async fn until(&self, invoice: &Value, status: &str) -> Value {
        let path = format!("/check_invoice/{}", invoice["label"].as_str().unwrap());
        self.server
            .json_until(&path, |now| now["status"] == status)
            .await
    }

    /// Returns once the shop was told this of the invoice.
    async fn told(&self, invoice: &Value, kind: &str) {
        let told = |body: &Value| {
            body["type"] == kind && body["data"]["invoice"]["label"] == invoice["label"]
        };
        self.receiver
            .wait_until(|all| all.iter().any(|received| told(&received.json())))
            .await;
    }
}

fn bolt11(invoice: &Value) -> &str {
    invoice["bolt11"].as_str().unwrap()
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_shop_authorises_and_captures() {
    let mut shop = Shop::start(&[]).await;
    let records = tempfile::tempdir().unwrap();
    let checkout = Checkout::open(&shop, records.path()).await;

    // Settled, after a crash of the node and a restart of the checkout.
    let sold = checkout.hold("sold").await;
    let paying = shop.pair.start_paying(bolt11(&sold)).unwrap();
    checkout.until(&sold, "accepted").await;
    checkout.told(&sold, "invoice.accepted").await;
    shop.restart_killed().await;
    let Checkout { server, receiver } = checkout;
    server.stop().await.unwrap();
    let server = Checkout::serve(&shop, records.path()).await;
    let checkout = Checkout { server, receiver };
    checkout.until(&sold, "accepted").await;
    checkout
        .server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let (status, paid) = checkout.decide(&sold, "settle").await;
    assert_eq!(
        (status, &paid["status"]),
        (StatusCode::OK, &json!("paid")),
        "{paid}"
    );
    checkout.told(&sold, "invoice.paid").await;
    let preimage = paying.ended().await.unwrap();
    assert!(preimage["payment_preimage"].is_string(), "{preimage}");
    let (status, again) = checkout.decide(&sold, "settle").await;
    assert_eq!((status, &again["status"]), (StatusCode::OK, &json!("paid")));

    // Cancelled.
    let returned = checkout.hold("returned").await;
    let paying = shop.pair.start_paying(bolt11(&returned)).unwrap();
    checkout.until(&returned, "accepted").await;
    let (status, cancelled) = checkout.decide(&returned, "cancel").await;
    assert_eq!(
        (status, &cancelled["status"]),
        (StatusCode::OK, &json!("cancelled"))
    );
    refused(paying).await;
    checkout.told(&returned, "invoice.cancelled").await;

    // Nobody decides: the checkout does, before the plugin would.
    let forgotten = checkout.hold("forgotten").await;
    let paying = shop.pair.start_paying(bolt11(&forgotten)).unwrap();
    checkout.until(&forgotten, "accepted").await;
    let held = checkout.get(&forgotten).await;
    let info = shop.pair.merchant_cli(&["getinfo"]).await.unwrap();
    let height = info["blockheight"].as_u64().unwrap();
    let decide_by = held["hold"]["decide_by_height"].as_u64().expect("a height");
    let left = u32::try_from(decide_by - height).unwrap();
    shop.pair.mine(left - 3).await.unwrap();
    checkout.told(&forgotten, "invoice.hold_expiring").await;
    shop.pair.mine(3).await.unwrap();
    checkout.until(&forgotten, "cancelled").await;
    refused(paying).await;
    checkout.told(&forgotten, "invoice.cancelled").await;
    checkout.server.stop().await.unwrap();
}

/// Both are killed while payments are held, and the plugin alone: each payment ends as it was decided, or is returned.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn the_plugin_dies_while_a_payment_is_held() {
    let mut shop = Shop::start(&[]).await;
    let records = tempfile::tempdir().unwrap();
    let checkout = Checkout::open(&shop, records.path()).await;
    let invoice = checkout.hold("lost").await;
    let paying = shop.pair.start_paying(bolt11(&invoice)).unwrap();
    checkout.until(&invoice, "accepted").await;
    shop.kill_plugin();
    refused(paying).await;
    let order = json!({ "amount_sat": 2500, "hold": true });
    let (status, answer) = checkout.post("/api/v1/invoices", &order).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{answer}");
    assert_eq!(answer["error"]["code"], "hold_unavailable");
    shop.restart_killed().await;
    // The plugin waits a while for the parts of the payment.
    shop.until(invoice["label"].as_str().unwrap(), "cancelled")
        .await;
    checkout.until(&invoice, "cancelled").await;
    checkout.told(&invoice, "invoice.cancelled").await;
    let next = checkout.hold("next").await;
    let paying = shop.pair.start_paying(bolt11(&next)).unwrap();
    checkout.until(&next, "accepted").await;
    let (status, _) = checkout.decide(&next, "settle").await;
    assert_eq!(status, StatusCode::OK);
    assert!(paying.ended().await.unwrap()["payment_preimage"].is_string());
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn what_there_is_one_of_is_sold_once_and_the_other_payment_goes_back() {
    let shop = Shop::start(&[]).await;
    let records = tempfile::tempdir().unwrap();
    let checkout = Checkout::open(&shop, records.path()).await;
    let poem = json!({ "title": "A poem", "price_msat": 21_000, "text": "Roses are red", "stock": 1, "hold": true });
    let put = checkout.server.request(Method::PUT, "/api/v1/items/poem");
    let put = put.bearer_auth(TOKEN).json(&poem).send().await;
    assert_eq!(put.unwrap().status(), StatusCode::CREATED);
    let mut sales = Vec::new();
    for _ in 0..2 {
        let buy = checkout.server.request(Method::POST, "/reveal/poem");
        let buy = buy.header("accept", "application/json").send().await;
        let (status, sale) = harness::json(buy).await;
        assert_eq!(status, StatusCode::CREATED, "{sale}");
        sales.push(sale);
    }
    let page = |sale: &Value| format!("/check_invoice/{}", sale["label"].as_str().unwrap());
    let sealed = checkout
        .server
        .request(Method::GET, &format!("{}/sealed", page(&sales[1])));
    let sealed = sealed.send().await.unwrap().bytes().await.unwrap();
    let paying = shop.pair.start_paying(bolt11(&sales[1])).unwrap();
    let paid = paying.ended().await.unwrap();
    checkout.until(&sales[1], "paid").await;
    let shown = checkout.server.open(&page(&sales[1])).await;
    assert_eq!(shown.text_of(".sold pre"), "Roses are red");
    let receipt = Preimage::parse(paid["payment_preimage"].as_str().unwrap()).unwrap();
    let opened = reveal::open(&receipt, &sealed).ok().unwrap();
    assert_eq!(opened.bytes, b"Roses are red");

    let paying = shop.pair.start_paying(bolt11(&sales[0])).unwrap();
    checkout.until(&sales[0], "cancelled").await;
    refused(paying).await;
}
