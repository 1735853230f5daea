//! What a wallet does that is given a Lightning Address: it reads what it can pay, asks for an invoice, checks and pays it,
//! and reads whether it was paid.

use facture_domain::{Amount, Bolt11};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{World, records::without_the_database};
use crate::harness::Server;

const TOKEN: &str = "a-token-for-the-contract-of-addresses";

pub(crate) async fn all(world: &impl World) {
    an_address_is_paid(world).await;
}

async fn an_address_is_paid(world: &impl World) {
    let records = tempfile::tempdir().expect("a directory");
    let data_dir = records.path().to_str().expect("a plain path");
    let settings = [("STORE__DATA_DIR", data_dir), ("API_TOKEN", TOKEN)];
    let server = world.server(&settings).await;
    let offered = ask(&server, "/.well-known/lnurlp/shop").await;
    let metadata = offered["metadata"].as_str().expect("a string");
    let amount_msat = 1_234_567;
    let callback = offered["callback"].as_str().expect("a URL");
    let path = callback.strip_prefix(&server.origin).expect("ours");
    let given = ask(
        &server,
        &format!("{path}?amount={amount_msat}&comment=Gr%C3%BC%C3%9Fe"),
    )
    .await;
    let bolt11 = given["pr"].as_str().expect("a BOLT 11 string");
    let decoded = Bolt11::decode(bolt11).expect("a BOLT 11 string");
    let hash: [u8; 32] = Sha256::digest(metadata).into();
    assert_eq!(decoded.description_hash, Some(hash), "{metadata}");
    let Amount::Exact(amount) = decoded.amount else {
        panic!("an amount");
    };
    assert_eq!(amount.msat(), amount_msat);

    let verify = given["verify"].as_str().expect("a URL");
    let verify = verify
        .strip_prefix(&server.origin)
        .expect("ours")
        .to_owned();
    assert_eq!(ask(&server, &verify).await["settled"], false);
    world.pay(bolt11, None).await;
    let settled = ask(&server, &verify).await;
    assert_eq!(
        (&settled["settled"], &settled["pr"]),
        (&json!(true), &given["pr"])
    );
    let label = verify.rsplit('/').next().expect("the label").to_owned();
    let invoice = read(&server, &label).await;
    assert_eq!(invoice["description"], "Payment");
    assert_eq!(invoice["amount_received_msat"], amount_msat);
    assert_eq!(invoice["metadata"]["comment"], "Grüße");
    server.stop().await.expect("in order");

    // The node has the metadata in the place of the description: who lost the records reads the words all the same.
    let new_records = without_the_database(world, records.path());
    let new_dir = new_records.path();
    let new_dir = new_dir.to_str().expect("a plain path");
    let settings = [("STORE__DATA_DIR", new_dir), ("API_TOKEN", TOKEN)];
    let server = world.server(&settings).await;
    let rebuilt = read(&server, &label).await;
    for field in ["status", "description", "bolt11", "amount_received_msat"] {
        assert_eq!(rebuilt[field], invoice[field], "{field}");
    }
}

/// As a wallet in a web page does.
async fn ask(server: &Server, path: &str) -> Value {
    let answer = server
        .request(Method::GET, path)
        .header("origin", "https://wallet.example")
        .send();
    let answer = answer.await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    answer.json().await.expect("JSON")
}

async fn read(server: &Server, label: &str) -> Value {
    let path = format!("/api/v1/invoices/{label}");
    let answer = server.request(Method::GET, &path).bearer_auth(TOKEN).send();
    let answer = answer.await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.expect("JSON")
}
