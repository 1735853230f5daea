//! The node slow, flapping, busy with others.

use std::time::Duration;

use facture_sandbox::Calls;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::Value;

use super::{Shop, create};
use crate::{
    contract::{World, path_of},
    harness::Server,
    world::Sandbox,
};

async fn ready(sandbox: &Sandbox) -> Server {
    let server = sandbox.server(&[]).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    server
}

async fn pay(sandbox: &Sandbox, invoice: &Value) {
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    sandbox.pay(bolt11, None).await;
}

#[tokio::test]
async fn a_slow_node_is_waited_for() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox).await;
    sandbox
        .node
        .faults()
        .slow(Calls::All, Duration::from_secs(1));
    let made = join_all((0..20).map(|_| server.create("5", "patience"))).await;
    pay(&sandbox, &made[0]).await;
    let reads = made
        .iter()
        .map(async |invoice| server.open(&path_of(invoice)).await);
    for page in join_all(reads).await {
        // With news on the way it may take longer than a page waits. Then it says since when it does not know.
        assert_eq!(page.status, StatusCode::OK);
    }
    // A buyer who has paid sees it in the end, and until then is not told anything else as the truth.
    server
        .json_until(&path_of(&made[0]), |read| {
            assert!(read["status"] == "paid" || read["stale_since"].is_i64());
            read["status"] == "paid" && read["stale_since"].is_null()
        })
        .await;
    assert_eq!(sandbox.invoices().await, made.len());
}

#[tokio::test]
async fn a_flapping_node_loses_nothing() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start(shop.command()).await;
    let known = create(&visitor, "before").await;
    let mut shown = vec![known.clone()];
    for _ in 0..10 {
        shop.node().refuse_connections().await;
        shop.node().close_connections().await;
        let (status, read) = visitor.json(&path_of(&known)).await.expect("an answer");
        assert_eq!(status, StatusCode::OK, "{read}");
        let (status, refused) = visitor.submit("5", "now?").await.expect("an answer");
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused["error"]["code"], "node_unreachable");
        shop.node().accept_connections().await.expect("it listens");
        let made = create(&visitor, "now").await;
        shop.pay(&made);
        shown.push(made);
    }
    for invoice in &shown[1..] {
        visitor
            .json_until(&path_of(invoice), |read| read["status"] == "paid")
            .await;
    }
    visitor.ready().await;
    super::assert_said(&shop.log(), "WARN");
    let compared = shop.agree(running, &shown).await;
    assert_eq!((compared.invoices, compared.paid), (11, 10));
}

#[tokio::test]
async fn a_thousand_strangers_at_once_hide_nothing() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start(shop.command()).await;
    let first = create(&visitor, "before them").await;
    let shop = &shop;
    let strangers = async {
        join_all((0..1000).map(|number| async move {
            let label = format!("another-program-{number}");
            shop.sandbox.foreign_invoice(&label).await;
        }))
        .await
    };
    let buyer = async {
        let among = create(&visitor, "among them").await;
        shop.pay(&first);
        shop.pay(&among);
        for invoice in [&first, &among] {
            // On a slow machine the node may be asked in vain at first; then the answer says so.
            let current = |read: &Value| read["stale_since"].is_null();
            let read = visitor.json_until(&path_of(invoice), current).await;
            assert_eq!(read["status"], "paid");
            let (status, read) = visitor.json(&path_of(invoice)).await.expect("an answer");
            assert_eq!((status, &read["status"]), (StatusCode::OK, &"paid".into()));
            assert_eq!(read["stale_since"], Value::Null);
        }
        among
    };
    let (_, among) = tokio::join!(strangers, buyer);
    let compared = shop.agree(running, &[first, among]).await;
    assert_eq!((compared.paid, compared.strangers), (2, 1000));
}
