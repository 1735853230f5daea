//! How payouts end, and with which code.

use std::time::Duration;

use facture_domain::payout::PayoutState;
use facture_sandbox::SandboxNode;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn an_invoice_is_paid_and_the_proof_is_told() {
    let world = World::open().await;
    world.node.set_fee_msat(7);
    let invoice = world.invoice(25_000).await;
    let payer = world.pay();
    let id = world.orders.order(&invoice);
    let row = world.orders.state(&id, PayoutState::Paid).await;
    let received = world.received(&invoice).await;
    assert_eq!(received["amount_received_msat"], 25_000);
    let outcome = row.outcome.expect("an outcome");
    assert_eq!(outcome["preimage"], received["payment_preimage"]);
    assert_eq!(
        (&outcome["amount_msat"], &outcome["fee_msat"]),
        (&json!(25_000), &json!(7))
    );
    assert_eq!(
        row.payment_hash.as_deref(),
        received["payment_hash"].as_str()
    );

    // An amount for an invoice that names none.
    let open = world.invoice_of(&world.merchant, json!("any")).await;
    let id = world.orders.order_as("shop", &open, Some(3_000));
    world.orders.state(&id, PayoutState::Paid).await;
    assert_eq!(world.received(&open).await["amount_received_msat"], 3_000);

    assert!(payer.terminate().await.success());
    let expected = [
        "opened", "begun", "sending", "paid", "begun", "sending", "paid",
    ];
    assert_eq!(world.entries(), expected);
    let (fine, text) = world.run(&["journal", "verify"]);
    assert!(fine && text.starts_with("lines: 7\nlast: "), "{text}");
    let (fine, text) = world.run(&["journal", "list"]);
    assert!(fine && text.contains("25000 msat, fee 7 msat"), "{text}");
    let mut called = world.node.called();
    called.sort();
    assert_eq!(called, ["getinfo", "listpays", "xpay"]);
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused_before_anything_is_sent() {
    let world = World::open().await;
    let own = world.invoice_of(&world.node, json!(1_000)).await;
    let open = world.invoice_of(&world.merchant, json!("any")).await;
    let fixed = world.invoice(1_000).await;
    let main = "lnbc1m1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq8rkx3yf5tcsyz3d73gafnh3cax9rn449d9p5uxz9ezhhypd0elx87sjle52x86fux2ypatgddc6k63n7erqz25le42c4u4ecky03ylcqca784w";
    let paid = world.invoice(1_000).await;
    world.merchant.pay(&paid, None).expect("somebody else pays");
    let _payer = world.pay();
    for (destination, amount, code) in [
        (own.as_str(), None, "own_invoice"),
        (&open, None, "amount_missing"),
        (&fixed, Some(2_000), "amount_not_allowed"),
        ("lnbcrt1nonsense", None, "destination_invalid"),
        (main, None, "destination_invalid"),
    ] {
        let id = world.orders.order_as("shop", destination, amount);
        let row = world.orders.state(&id, PayoutState::Failed).await;
        assert_eq!(row.code(), code, "{row:?}");
    }
    assert_eq!(world.node.calls("xpay"), 0);
}

#[tokio::test]
async fn an_invoice_that_this_node_has_paid_before_is_not_paid_for_a_payout() {
    let world = World::open().await;
    let invoice = world.invoice(1_000).await;
    crate::world::call(world.node.rpc_file(), "xpay", &json!([invoice])).await;
    let _payer = world.pay();
    let id = world.orders.order(&invoice);
    let row = world.orders.state(&id, PayoutState::Failed).await;
    assert_eq!(row.code(), "already_paid");
    assert_eq!(world.node.calls("xpay"), 1);
}

#[tokio::test]
async fn an_invoice_that_has_expired_is_not_paid() {
    let world = World::open().await;
    let old = SandboxNode::start(&world.directory.path().join("old"))
        .await
        .expect("a node");
    old.set_back(Duration::from_secs(30 * 24 * 3600));
    let invoice = world.invoice_of(&old, json!(1_000)).await;
    let _payer = world.pay();
    let id = world.orders.order(&invoice);
    let row = world.orders.state(&id, PayoutState::Failed).await;
    assert_eq!(row.code(), "invoice_expired");
}

#[tokio::test]
async fn the_nodes_refusals_have_codes() {
    let world = World::open().await;
    let _payer = world.pay();
    for (code, message, expected) in [
        (
            203,
            "Destination said it doesn't know invoice",
            "destination_refused",
        ),
        (205, "Failed: Unknown destination node 02", "no_route"),
        (
            205,
            "Failed: Could not find route without excessive cost",
            "fee_limit",
        ),
        (
            205,
            "Failed: We could not find a usable set of paths. Total source capacity is only 1msat (in 1 channels).",
            "insufficient_funds",
        ),
        (206, "Fee too high", "fee_limit"),
        (207, "Invoice expired 1 seconds ago", "invoice_expired"),
        (210, "Ran out of routes to try", "timeout"),
    ] {
        let invoice = world.invoice(1_000).await;
        world.node.fail_next_payment(code, message);
        let id = world.orders.order(&invoice);
        let row = world.orders.state(&id, PayoutState::Failed).await;
        assert_eq!(row.code(), expected, "{message}");
        assert!(!world.is_paid(&invoice).await);
    }
    // A real one: the way costs more than it may.
    world.node.set_fee_msat(100_000);
    let id = world.orders.order(&world.invoice(1_000).await);
    let row = world.orders.state(&id, PayoutState::Failed).await;
    assert_eq!(row.code(), "fee_limit");
}

#[tokio::test]
async fn nothing_fails_because_the_node_is_away() {
    let world = World::open().await;
    world.node.stop().await;
    let _payer = world.pay();
    let id = world.orders.order(&world.invoice(1_000).await);
    // It was looked at.
    let looked = async {
        while !world.log().contains("the node was asked in vain") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, looked)
        .await
        .expect("it is looked at");
    assert_eq!(world.orders.row(&id).state, PayoutState::Ordered);
    world.node.restart().await.expect("it starts");
    world.orders.state(&id, PayoutState::Paid).await;
}
