//! What another program deletes from the node: unpaid, nobody can pay it any more; paid, it stays paid.

use facture::config::NodeKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{World, path_of};
use crate::harness::Server;

pub(crate) async fn all(world: &impl World) {
    an_unpaid_one_ends(world).await;
    // LND deletes no paid invoice.
    if world.node() == NodeKind::Cln {
        a_paid_one_stays_paid(world).await;
    }
    while_we_are_down(world).await;
}

async fn an_unpaid_one_ends(world: &impl World) {
    let server = world.server(&[]).await;
    let (gone, stays) = (
        server.create("11", "deleted").await,
        server.create("12", "not deleted").await,
    );
    let stream = server.request(Method::GET, &format!("{}/events", path_of(&gone)));
    let stream = stream.send().await.expect("an answer");
    world.delete(&gone, "unpaid").await;
    let told = stream.text().await.expect("it ends with the invoice");
    assert!(told.contains("invoice.cancelled"), "{told}");
    is(&server, &gone, "cancelled").await;
    is(&server, &stays, "unpaid").await;
    world
        .pay(stays["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    is(&server, &stays, "paid").await;
}

async fn a_paid_one_stays_paid(world: &impl World) {
    let server = world.server(&[]).await;
    let (paid, after) = (
        server.create("13", "paid, then deleted").await,
        server.create("14", "deleted after it").await,
    );
    world
        .pay(paid["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    is(&server, &paid, "paid").await;
    world.delete(&paid, "paid").await;
    world.delete(&after, "unpaid").await;
    let path = path_of(&after);
    server
        .json_until(&path, |read| read["status"] == "cancelled")
        .await;
    is(&server, &paid, "paid").await;
}

async fn while_we_are_down(world: &impl World) {
    let records = tempfile::tempdir().expect("a directory");
    let data_dir = records.path().to_str().expect("a plain path");
    let settings = [("STORE__DATA_DIR", data_dir)];
    let server = world.server(&settings).await;
    let (unpaid, paid, open) = (
        server.create("15", "deleted meanwhile").await,
        server.create("16", "paid and deleted meanwhile").await,
        server.create("17", "open").await,
    );
    server.stop().await.expect("in order");
    world.delete(&unpaid, "unpaid").await;
    world
        .pay(paid["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    let mut all_gone = vec![&unpaid];
    match world.node() {
        NodeKind::Cln => {
            world.delete(&paid, "paid").await;
            all_gone.push(&paid);
        }
        NodeKind::Lnd => {}
    }

    let server = world.server(&settings).await;
    for gone in all_gone {
        let path = path_of(gone);
        server
            .json_until(&path, |read| read["status"] == "cancelled")
            .await;
        let code = server.open(&format!("{path}/qr.svg")).await;
        assert_eq!(code.status, StatusCode::GONE);
    }
    is(&server, &open, "unpaid").await;
}

async fn is(server: &Server, invoice: &Value, status: &str) {
    let (_, read) = server.json(&path_of(invoice)).await;
    assert_eq!(
        (&read["status"], &read["stale_since"]),
        (&json!(status), &Value::Null)
    );
}
