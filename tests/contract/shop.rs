//! What a shop's server does: it takes a payment by the API, hears of it, and takes an invoice back.

use facture_test_support::report::measured;
use std::time::Instant;

use facture::config::NodeKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Channels, World};
use crate::harness::{
    Server, json,
    receiver::{Received, Receiver},
};

const TOKEN: &str = "a-token-for-the-contract-of-facture";

pub(crate) async fn all(world: &impl World) {
    a_payment_reaches_the_shop(world).await;
    what_is_taken_back_cannot_be_paid(world).await;
    the_shop_sees_its_node(world).await;
}

/// By the webhook of the invoice, by an endpoint for all of them, and by the event stream.
async fn a_payment_reaches_the_shop(world: &impl World) {
    let server = server(world).await;
    let shop = Receiver::start().await;
    let endpoint = json!({ "url": shop.url("/all"), "types": ["invoice.paid"] });
    let (status, endpoint) = post(&server, "/api/v1/webhooks", &endpoint).await;
    assert_eq!(status, StatusCode::CREATED, "{endpoint}");
    let order = json!({
        "amount_msat": 123_456,
        "description": "Tea",
        "order_id": "7",
        "metadata": { "table": 3 },
        "webhook": shop.url("/one"),
    });
    let (status, invoice) = post(&server, "/api/v1/invoices", &order).await;
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    let stream = server
        .request(Method::GET, "/api/v1/events/stream?types=invoice.paid")
        .bearer_auth(TOKEN)
        .send();
    let mut stream = stream.await.expect("an answer");
    assert_eq!(stream.status(), StatusCode::OK);

    let began = Instant::now();
    let paying = async {
        world
            .pay(invoice["bolt11"].as_str().expect("a text"), None)
            .await;
        began.elapsed()
    };
    // A new database takes over what the node had before, which is news to its endpoints.
    let paid = |request: &Received| {
        let told = request.json();
        told["type"] == "invoice.paid" && told["data"]["invoice"]["label"] == invoice["label"]
    };
    let hearing = async {
        let came = shop.wait_until(|came| came.iter().filter(|one| paid(one)).count() == 2);
        (came.await, began.elapsed())
    };
    let streaming = async {
        let mut told = String::new();
        while !told.contains(label(&invoice)) {
            let chunk = stream.chunk().await.expect("it goes on").expect("more");
            told.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
        (told, began.elapsed())
    };
    let (payer, (came, heard), (told, streamed)) = tokio::join!(paying, hearing, streaming);
    measured(&format!(
        "from the payer's first step: payer done {payer:.1?}, webhooks at the shop {heard:.1?}, event stream {streamed:.1?}"
    ));
    assert!(told.contains("event: invoice.paid"), "{told}");
    let mut paths: Vec<_> = came.iter().filter(|one| paid(one)).collect();
    paths.sort_by(|one, other| one.path.cmp(&other.path));
    assert_eq!(paths[0].path, "/all");
    assert_eq!(paths[1].path, "/one");
    for told in paths {
        let body = told.json();
        assert_eq!(body["data"]["invoice"]["amount_received_msat"], 123_456);
        assert_eq!(body["data"]["invoice"]["metadata"], json!({ "table": 3 }));
        assert!(told.header("webhook-signature").starts_with("v1,"));
    }
    let path = format!("/api/v1/invoices/{}", label(&invoice));
    let (_, read) = get(&server, &path).await;
    assert_eq!(read["status"], "paid");
}

async fn what_is_taken_back_cannot_be_paid(world: &impl World) {
    let server = server(world).await;
    let before = world.invoices().await;
    let order = json!({ "amount_sat": 5, "description": "taken back" });
    let (_, open) = post(&server, "/api/v1/invoices", &order).await;
    let cancel = format!("/api/v1/invoices/{}/cancel", label(&open));
    for _twice in 0..2 {
        let (status, cancelled) = post(&server, &cancel, &json!({})).await;
        assert_eq!(status, StatusCode::OK, "{cancelled}");
        assert_eq!(cancelled["status"], "cancelled");
        assert!(cancelled["cancelled_at"].is_i64(), "{cancelled}");
    }
    let after = match world.node() {
        NodeKind::Cln => before,
        // LND keeps what is cancelled.
        NodeKind::Lnd => before + 1,
    };
    assert_eq!(world.invoices().await, after, "it is gone from the node");

    let (_, sold) = post(&server, "/api/v1/invoices", &order).await;
    world
        .pay(sold["bolt11"].as_str().expect("a text"), None)
        .await;
    let cancel = format!("/api/v1/invoices/{}/cancel", label(&sold));
    let (status, error) = post(&server, &cancel, &json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(error["error"]["code"], "invoice_paid", "{error}");
}

async fn the_shop_sees_its_node(world: &impl World) {
    let server = server(world).await;
    let (status, node) = get(&server, "/api/v1/node").await;
    assert_eq!(status, StatusCode::OK, "{node}");
    assert_eq!(node["network"], "regtest");
    assert_eq!(node["reachable"], true);
    assert!(node["block_height"].is_u64(), "{node}");
    let receivable = &node["receivable_msat"];
    match world.channels() {
        Channels::Seen => assert!(receivable.is_u64(), "{node}"),
        Channels::Hidden => assert!(receivable.is_null(), "{node}"),
    }
    let version = node["version"].as_str().expect("a text");
    match world.node() {
        NodeKind::Cln => assert!(version.starts_with('v'), "{version}"),
        NodeKind::Lnd => assert!(version.starts_with("0."), "{version}"),
    }
}

async fn server(world: &impl World) -> Server {
    world
        .server(&[("API_TOKEN", TOKEN), ("WEBHOOKS__ALLOW_PRIVATE", "true")])
        .await
}

async fn post(server: &Server, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = server.request(Method::POST, path).bearer_auth(TOKEN);
    json(request.json(body).send().await).await
}

async fn get(server: &Server, path: &str) -> (StatusCode, Value) {
    json(
        server
            .request(Method::GET, path)
            .bearer_auth(TOKEN)
            .send()
            .await,
    )
    .await
}

fn label(invoice: &Value) -> &str {
    invoice["label"].as_str().expect("a label")
}
