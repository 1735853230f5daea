//! What must survive: payments made while we are down, and everything when our database is lost.

use std::path::Path;

use facture::config::NodeKind;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use super::{World, path_of};
use crate::harness::Server;

pub(crate) async fn all(world: &impl World) {
    a_stream_tells_the_payment(world).await;
    what_happened_while_we_were_down_is_there(world).await;
    a_lost_database_is_rebuilt(world).await;
}

async fn a_stream_tells_the_payment(world: &impl World) {
    let server = world.server(&[]).await;
    let invoice = server.create("33", "live").await;
    let stream = server
        .request(Method::GET, &format!("{}/events", path_of(&invoice)))
        .send();
    let stream = stream.await.expect("an answer");
    world.pay(bolt11(&invoice), None).await;
    let told = stream.text().await.expect("it ends after the payment");
    let kinds: Vec<_> = told
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(kinds, ["invoice.created", "invoice.paid"], "{told}");
}

async fn what_happened_while_we_were_down_is_there(world: &impl World) {
    let records = tempfile::tempdir().expect("a directory");
    let data_dir = records.path().to_str().expect("a plain path");
    let lasting = world.server(&[("STORE__DATA_DIR", data_dir)]).await;
    let (paid, open) = (
        lasting.create("5", "paid meanwhile").await,
        lasting.create("6", "still open").await,
    );
    lasting.stop().await.expect("in order");
    let short = [
        ("STORE__DATA_DIR", data_dir),
        ("INVOICE__EXPIRY_SECONDS", "1"),
    ];
    let server = world.server(&short).await;
    let expired = server.create("7", "expired meanwhile").await;
    server.stop().await.expect("in order");
    world.pay(bolt11(&paid), None).await;
    world.let_a_second_pass().await;

    let server = world.server(&[("STORE__DATA_DIR", data_dir)]).await;
    expect(&server, &paid, "paid").await;
    expect(&server, &open, "unpaid").await;
    expect(&server, &expired, "expired").await;
}

async fn a_lost_database_is_rebuilt(world: &impl World) {
    let records = tempfile::tempdir().expect("a directory");
    let data_dir = records.path().to_str().expect("a plain path");
    let settings = [("STORE__DATA_DIR", data_dir)];
    let server = world.server(&settings).await;
    let (paid, open) = (
        server.create("8", "paid before").await,
        server.create("9", "open before").await,
    );
    world.pay(bolt11(&paid), None).await;
    expect(&server, &paid, "paid").await;
    server.stop().await.expect("in order");

    let new_records = without_the_database(world, records.path());
    let new_dir = new_records.path();
    let new_dir = new_dir.to_str().expect("a plain path");
    let server = world.server(&[("STORE__DATA_DIR", new_dir)]).await;
    let known = [
        "amount_msat",
        "description",
        "bolt11",
        "payment_hash",
        "created_at",
        "expires_at",
    ];
    for (before, status) in [(&paid, "paid"), (&open, "unpaid")] {
        let after = expect(&server, before, status).await;
        for field in known {
            assert_eq!(after[field], before[field], "{field}");
        }
    }
}

/// Other records, with what of the old ones is backed up.
pub(super) fn without_the_database(world: &impl World, records: &Path) -> TempDir {
    let new_records = tempfile::tempdir().expect("a directory");
    // Where labels show by their prefix whose they are, the key may be lost too.
    if world.node() == NodeKind::Lnd {
        let key = records.join("label.key");
        let copied = std::fs::copy(key, new_records.path().join("label.key"));
        copied.expect("the key file is backed up");
    }
    new_records
}

async fn expect(server: &Server, invoice: &Value, status: &str) -> Value {
    let path = path_of(invoice);
    // A node's own clock decides when an invoice expires.
    let answer = server.json_until(&path, |answer| answer["status"] == status);
    let answer = answer.await;
    assert_eq!(server.open(&path).await.status, StatusCode::OK);
    answer
}

fn bolt11(invoice: &Value) -> &str {
    invoice["bolt11"].as_str().expect("a bolt11")
}
