//! The contract, and the list of calls.

use facture_node::lnd;
use reqwest::Method;
use serde_json::json;

use super::world::Lnd;
use crate::{
    api::TOKEN,
    contract::{self, World, path_of},
};

#[tokio::test]
async fn the_contract_holds_and_what_is_listed_is_called_and_nothing_else() {
    let lnd = Lnd::start().await;
    contract::all(&lnd).await;
    hold_calls(&lnd).await;
    let mut listed = lnd::Method::ALL.map(lnd::Method::name);
    listed.sort_unstable();
    let mut called = lnd.node.called();
    called.sort_unstable();
    assert_eq!(called, listed);
}

/// What hold invoices need in addition.
async fn hold_calls(lnd: &Lnd) {
    let server = lnd.server(&[("API_TOKEN", TOKEN)]).await;
    let post = async |path: &str, body: serde_json::Value| {
        let request = server.request(Method::POST, path).bearer_auth(TOKEN);
        let answer = request.json(&body).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let made: serde_json::Value = answer.json().await.expect("JSON");
        made
    };
    for decision in ["settle", "cancel"] {
        let hold = json!({ "amount_sat": 5, "hold": true });
        let hold = post("/api/v1/invoices", hold).await;
        let bolt11 = hold["bolt11"].as_str().expect("a string").to_owned();
        let node = lnd.node.clone();
        let paying = tokio::spawn(async move { node.pay(&bolt11, None).await });
        server
            .json_until(&path_of(&hold), |read| read["status"] == "accepted")
            .await;
        let label = hold["label"].as_str().expect("a label");
        post(&format!("/api/v1/invoices/{label}/{decision}"), json!({})).await;
        let paid = paying.await.expect("no panic");
        assert_eq!(paid.is_ok(), decision == "settle", "{paid:?}");
    }
}
