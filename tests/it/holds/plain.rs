//! A node that cannot hold payments: plain lightningd.

use facture::web::Mode;
use reqwest::StatusCode;
use serde_json::json;

use super::{code, shop};
use crate::{
    api::{Shop, config_with_token},
    harness::Server,
};

#[tokio::test]
async fn without_the_plugin_it_is_a_missing_capability() {
    let shop = Shop::open().await;
    let hold = json!({ "amount_sat": 5, "hold": true });
    let (status, refused) = shop.post("/api/v1/invoices", &hold).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::NOT_IMPLEMENTED, "hold_unavailable")
    );
    assert_eq!(
        shop.get("/api/v1/invoices").await.1["invoices"],
        json!([]),
        "nothing was made"
    );
    // Everything else works.
    shop.create(&json!({ "amount_sat": 5 })).await;
}

#[tokio::test]
async fn the_plugin_may_come_and_go() {
    let shop = shop(&[]).await;
    let held = shop.held().await;
    shop.sandbox.node.stop_plugin();
    for (status, answer) in [shop.settle(&held).await, shop.cancel(&held).await] {
        // The first decision stands; the second is refused for it before the node is asked.
        assert!(
            [StatusCode::NOT_IMPLEMENTED, StatusCode::CONFLICT].contains(&status),
            "{answer}"
        );
    }
    assert_eq!(shop.read(&held).await["status"], "accepted");
    shop.sandbox.node.start_plugin();
    // What was decided is carried out.
    let paid = shop.until(&held, "paid").await;
    assert_eq!(paid["hold"]["decision"], "settle");
}

#[tokio::test]
async fn lost_records_are_rebuilt_from_the_node_and_the_key() {
    let shop = shop(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let start = async || {
        let settings = [("STORE__DATA_DIR", directory.path().to_str().unwrap())];
        let mode = Mode::Sandbox(shop.sandbox.node.clone().into());
        Server::start(config_with_token(&settings), mode).await
    };
    let first = Shop {
        server: start().await,
        sandbox: crate::world::Sandbox::start().await,
    };
    let invoice = first.hold().await;
    assert!(
        shop.sandbox
            .node
            .pay(invoice["bolt11"].as_str().unwrap(), None)
            .is_err()
    );
    let held = first.until(&invoice, "accepted").await;
    first.server.stop().await.unwrap();
    std::fs::remove_file(directory.path().join("facture.db")).unwrap();
    let again = Shop {
        server: start().await,
        sandbox: first.sandbox,
    };
    let found = again.until(&invoice, "accepted").await;
    assert_eq!(found["hold"], held["hold"]);
    assert_eq!(again.settle(&invoice).await.1["status"], "paid");
}
