//! What a buyer can pay an invoice with, on a node that puts addresses on the chain into invoices (lightningd's option
//! `invoices-onchain-fallback`): nothing but Lightning.

use lightning_invoice::Bolt11Invoice;
use reqwest::Method;
use serde_json::json;

use super::World;
use crate::harness::json as answer;

const TOKEN: &str = "a-token-for-the-contract-of-the-chain";

/// An invoice of ours has no address, and nobody is warned of one. `theirs` is what another program gets of this node without
/// asking for any: with an address, or the node is not set to that.
pub(crate) async fn no_address(world: &impl World, theirs: &str) {
    assert_eq!(addresses(theirs), 1, "the node has no such option");
    let server = world.server(&[("API_TOKEN", TOKEN)]).await;
    for amount in [json!(5_000), json!("any")] {
        let new = json!({ "amount_msat": amount, "description": "Tea" });
        let request = server.request(Method::POST, "/api/v1/invoices");
        let (_, made) = answer(request.bearer_auth(TOKEN).json(&new).send().await).await;
        assert_eq!(addresses(made["bolt11"].as_str().expect("a string")), 0);
        let mut warnings = made["warnings"].as_array().expect("a list").iter();
        assert!(
            !warnings.any(|warning| warning["code"] == "warning_custom_fallbacks"),
            "{made}"
        );
    }
}

fn addresses(bolt11: &str) -> usize {
    let invoice: Bolt11Invoice = bolt11.parse().expect("a BOLT 11 string");
    invoice.fallbacks().len()
}
