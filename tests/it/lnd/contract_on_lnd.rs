//! The contract, and the list of calls.

use facture_node::lnd::Method;

use super::world::Lnd;
use crate::contract;

#[tokio::test]
async fn the_contract_holds_and_nothing_that_is_not_listed_is_called() {
    let lnd = Lnd::start().await;
    contract::all(&lnd).await;
    let listed: Vec<_> = Method::ALL.into_iter().map(Method::name).collect();
    for called in lnd.node.called() {
        assert!(listed.contains(&called.as_str()), "{called}");
    }
}
