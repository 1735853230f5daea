//! Offers: their owner is asked for one invoice, which is looked at before it is paid, and paid once.

use facture_domain::payout::PayoutState;
use facture_sandbox::{CallFault, Calls, Hold, SandboxNode};
use serde_json::{Value, json};

use crate::{
    harness::TIMEOUT,
    orders::{Row, Step},
    world::{World, call},
};

/// An offer on another network (BOLT 12's own example of a chain).
const TESTNET: &str = "lno1qgsyxjtl6luzd9t3pr62xr7eemp6awnejusgf6gw45q75vcfqqqqqqq2p32x2um5ypmx2cm5dae8x93pqthvwfzadd7jejes8q9lhc4rvjxd022zv5l44g6qah82ru5rdpnpj";

/// An offer of this node.
async fn offer(node: &SandboxNode, amount: Value, description: &str) -> String {
    let params = json!({ "amount": amount, "description": description });
    let made = call(node.rpc_file(), "offer", &params).await;
    made["bolt12"].as_str().expect("an offer").to_owned()
}

fn order(world: &World, offer: &str, amount_msat: Option<u64>) -> String {
    world.orders.order_kind("offer", offer, amount_msat)
}

/// What the merchant received for a payout.
async fn received(world: &World, row: &Row) -> Value {
    let params = json!({ "payment_hash": row.payment_hash });
    let listed = call(world.merchant.rpc_file(), "listinvoices", &params).await;
    listed["invoices"][0].clone()
}

#[tokio::test]
async fn an_offer_is_paid_with_the_one_invoice_that_its_owner_gave() {
    let world = World::open().await;
    let (fixed, open) = (
        offer(&world.merchant, json!(5_000), "tea").await,
        offer(&world.merchant, json!("any"), "a gift").await,
    );
    let payer = world.pay();
    for (offer, ordered, paid) in [
        (&fixed, None, 5_000),
        (&fixed, Some(6_000), 6_000),
        (&open, Some(7_000), 7_000),
    ] {
        let id = order(&world, offer, ordered);
        let row = world.orders.state(&id, PayoutState::Paid).await;
        let received = received(&world, &row).await;
        assert_eq!(received["status"], "paid");
        assert_eq!(received["amount_received_msat"], paid);
        let outcome = row.outcome.expect("an outcome");
        assert_eq!(outcome["amount_msat"], paid);
        assert_eq!(outcome["preimage"], received["payment_preimage"]);
    }
    // One at a time where it has to be said how many.
    let params = json!({ "amount": 1_000, "description": "cups", "quantity_max": 0 });
    let several = call(world.merchant.rpc_file(), "offer", &params).await;
    let several = several["bolt12"].as_str().expect("an offer");
    let id = order(&world, several, None);
    let row = world.orders.state(&id, PayoutState::Paid).await;
    assert_eq!(received(&world, &row).await["amount_received_msat"], 1_000);

    assert!(payer.terminate().await.success());
    let mut called = world.node.called();
    called.sort();
    let listed = ["decode", "fetchinvoice", "getinfo", "listpays", "xpay"];
    assert_eq!(called, listed);
    assert_eq!(world.node.calls("fetchinvoice"), 4);
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused_before_anything_is_sent() {
    let world = World::open().await;
    let own = offer(&world.node, json!(1_000), "own").await;
    let open = offer(&world.merchant, json!("any"), "open").await;
    let fixed = offer(&world.merchant, json!(1_000), "fixed").await;
    let params = json!({ "amount": 1_000, "description": "old", "absolute_expiry": 1 });
    let old = call(world.merchant.rpc_file(), "offer", &params).await;
    let old = old["bolt12"].as_str().expect("an offer");
    let params = json!({ "amount": 1_000, "description": "gone" });
    let gone = call(world.merchant.rpc_file(), "offer", &params).await;
    let id = json!({ "offer_id": gone["offer_id"] });
    call(world.merchant.rpc_file(), "disableoffer", &id).await;
    let gone = gone["bolt12"].as_str().expect("an offer");
    let _payer = world.pay();
    for (destination, amount, code) in [
        (own.as_str(), None, "own_invoice"),
        (&open, None, "amount_missing"),
        (&fixed, Some(999), "amount_not_allowed"),
        (&fixed, Some(10_000), "destination_refused"),
        (old, None, "invoice_expired"),
        (gone, None, "destination_refused"),
        (TESTNET, Some(1_000), "wrong_network"),
        ("lno1nonsense", Some(1_000), "destination_invalid"),
    ] {
        let id = order(&world, destination, amount);
        let row = world.orders.state(&id, PayoutState::Failed).await;
        assert_eq!(row.code(), code, "{row:?}\n{}", world.log());
    }
    assert_eq!(world.node.calls("xpay"), 0);
}

#[tokio::test]
async fn an_invoice_for_something_else_is_not_paid() {
    let world = World::open().await;
    let wanted = offer(&world.merchant, json!(5_000), "wanted").await;
    let other = offer(&world.merchant, json!(5_000), "other").await;
    let node = world.node.rpc_file();
    let of_other = call(node, "fetchinvoice", &json!({ "offer": other })).await;
    let larger = json!({ "offer": wanted, "amount_msat": 6_000 });
    let larger = call(node, "fetchinvoice", &larger).await;
    let not_one = json!({ "invoice": wanted });
    let bolt11 = json!({ "invoice": world.invoice(5_000).await });
    let _payer = world.pay();
    for answer in [of_other, larger, not_one, bolt11] {
        let fault = CallFault::Result(answer.to_string());
        world.node.faults().once(Calls::of("fetchinvoice"), fault);
        let id = order(&world, &wanted, None);
        let row = world.orders.state(&id, PayoutState::Failed).await;
        assert_eq!(row.code(), "destination_invalid", "{answer} {row:?}");
    }
    assert_eq!(world.node.calls("xpay"), 0);
}

#[tokio::test]
async fn killed_before_each_step_it_pays_one_invoice() {
    let world = World::open().await;
    let wanted = offer(&world.merchant, json!(5_000), "tea").await;
    for step in 0..9 {
        let payer = world.pay();
        let (mut hanging, mut orders) = (None, None);
        let hang = |method: &str, hold| Some(world.node.faults().hang(Calls::of(method), hold));
        match step {
            // The owner has not heard of it; has given an invoice, and the answer is missing.
            0 => hanging = hang("fetchinvoice", Hold::Call),
            1 => hanging = hang("fetchinvoice", Hold::Answer),
            // The server has not heard that it is begun; it has, and the answer is missing.
            2 => orders = Some(world.orders.hang(Step::Begin)),
            3 => orders = Some(world.orders.hang_answer(Step::Begin)),
            // The node has not heard of it; it has paid, and the answer is missing; it is under way.
            4 => hanging = hang("xpay", Hold::Call),
            5 => hanging = hang("xpay", Hold::Answer),
            6 => hanging = Some(world.node.hang_payments()),
            // It is written that it is paid.
            7 => orders = Some(world.orders.hang(Step::Outcome)),
            _ => orders = Some(world.orders.hang_answer(Step::Outcome)),
        }
        let id = order(&world, &wanted, None);
        match &hanging {
            Some(hanging) => hanging.reached(1).await,
            None => {
                let entry = if step < 4 { "begun" } else { "paid" };
                world.written(&id, entry).await;
            }
        }
        payer.kill().await;
        drop(hanging);
        if let Some(orders) = orders {
            orders.cancel();
        }
        let mut payer = world.pay();
        payer.line().await;
        let row = world.orders.state(&id, PayoutState::Paid).await;
        assert_eq!(received(&world, &row).await["status"], "paid", "{step}");
        assert!(payer.terminate().await.success());
        world.node.faults().clear();
        assert_eq!(world.node.outgoing().len(), step + 1);
    }
    assert!(world.run(&["journal", "verify"]).0);
}

#[tokio::test]
async fn an_owner_who_does_not_answer_is_asked_again() {
    let world = World::open().await;
    let wanted = offer(&world.merchant, json!(5_000), "tea").await;
    world.merchant.stop().await;
    let _payer = world.pay();
    let id = order(&world, &wanted, None);
    let asked = async {
        while !world.log().contains("no invoice for it yet") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(TIMEOUT, asked).await.expect("it asks");
    assert_eq!(world.orders.row(&id).state, PayoutState::Ordered);
    world.merchant.restart().await.expect("it starts");
    world.orders.state(&id, PayoutState::Paid).await;
}

#[tokio::test]
async fn nobody_is_asked_for_an_invoice_before_it_is_approved() {
    let world = World::open().await;
    world.configure("approval_above_sat = 1\n");
    let wanted = offer(&world.merchant, json!(5_000), "tea").await;
    let _payer = world.pay();
    let id = order(&world, &wanted, None);
    world.orders.until(&id, |row| row.waits_for_approval).await;
    assert_eq!(world.node.calls("fetchinvoice"), 0);
    let (fine, text) = world.run(&["approve", &id, "--yes"]);
    assert!(fine && text.contains("5000 msat"), "{text}");
    world.orders.state(&id, PayoutState::Paid).await;
    assert_eq!(world.node.calls("fetchinvoice"), 1);
}
