//! The same with LND: the calls are streams, a payment of a hash is made once.

use facture_domain::payout::PayoutState;
use facture_payer::node::lnd::Method;
use facture_sandbox::{CallFault, Calls, SandboxLnd};

use crate::{program::Running, world::World};

/// The sandbox's LND pays, from the orders of a world.
async fn open() -> (World, SandboxLnd, Running) {
    let world = World::open().await;
    let lnd = SandboxLnd::start(&world.path("lnd")).await.expect("a node");
    lnd.connect(&world.merchant);
    let macaroon = lnd
        .bake("payer", Method::ALL.map(Method::uri))
        .expect("a macaroon");
    let node = format!(
        "[node]\nkind = \"lnd\"\nlnd_url = {:?}\ntls_cert_file = {:?}\nmacaroon_file = {macaroon:?}\n\
         retry_for_seconds = 1\ndeadline_seconds = 2\n[limits]\nper_payout_sat = 1000\n\
         per_hour_sat = 100000\nper_day_sat = 100000\n",
        lnd.url(),
        lnd.certificate_file(),
    );
    world.configure_as("payer", &node, "");
    let payer = world.pay();
    (world, lnd, payer)
}

#[tokio::test]
async fn invoices_are_paid_and_failures_have_codes() {
    let (world, lnd, _payer) = open().await;
    lnd.set_fee_msat(9);
    let invoice = world.invoice(5_000).await;
    let row = world
        .orders
        .state(&world.orders.order(&invoice), PayoutState::Paid)
        .await;
    assert_eq!(row.outcome.expect("an outcome")["fee_msat"], 9);
    let open = world.invoice_of(&world.merchant, "any".into()).await;
    let id = world.orders.order_as("shop", &open, Some(3_000));
    world.orders.state(&id, PayoutState::Paid).await;
    // `PaymentFailureReason` of LND.
    for (reason, code) in [
        (1, "timeout"),
        (2, "no_route"),
        (4, "destination_refused"),
        (5, "insufficient_funds"),
    ] {
        lnd.fail_next_payment(reason);
        let id = world.orders.order(&world.invoice(1_000).await);
        let row = world.orders.state(&id, PayoutState::Failed).await;
        assert_eq!(row.code(), code);
    }
    let offer = serde_json::json!({ "amount": 1_000, "description": "tea" });
    let offer = crate::world::call(world.merchant.rpc_file(), "offer", &offer).await;
    let mut row = world.orders.row(&id);
    row.state = PayoutState::Ordered;
    row.kind = "offer";
    row.destination = offer["bolt12"].as_str().expect("an offer").to_owned();
    (row.payer, row.payment_hash, row.outcome) = (None, None, None);
    let row = world
        .orders
        .state(&world.orders.add(row), PayoutState::Failed)
        .await;
    assert_eq!(row.code(), "unsupported");
    let mut called = lnd.called();
    called.sort();
    assert_eq!(called, ["GetInfo", "SendPaymentV2", "TrackPaymentV2"]);
}

#[tokio::test]
async fn lost_answers_and_a_killed_payer_make_no_second_payment() {
    let (world, lnd, mut payer) = open().await;
    for fault in [
        CallFault::CloseBefore,
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
    ] {
        lnd.faults().once(Calls::of("SendPaymentV2"), fault);
        let invoice = world.invoice(1_000).await;
        let id = world.orders.order(&invoice);
        world.orders.state(&id, PayoutState::Paid).await;
        assert!(world.is_paid(&invoice).await);
    }
    for _ in 0..3 {
        let hanging = lnd.hang_payments();
        let invoice = world.invoice(1_000).await;
        let id = world.orders.order(&invoice);
        hanging.reached(1).await;
        payer.kill().await;
        payer = world.pay();
        world.orders.state(&id, PayoutState::Unknown).await;
        hanging.release();
        world.orders.state(&id, PayoutState::Paid).await;
        assert!(world.is_paid(&invoice).await);
    }
    assert!(lnd.outgoing().iter().all(|payment| payment.attempts == 1));
}

/// LND keeps the failure of an earlier payment of the same invoice. A new call whose answer is lost may still be arriving.
#[tokio::test]
async fn an_earlier_failure_of_the_invoice_is_not_this_payouts_end() {
    let (world, lnd, _payer) = open().await;
    let invoice = world.invoice(1_000).await;
    lnd.fail_next_payment(2);
    let first = world.orders.order(&invoice);
    world.orders.state(&first, PayoutState::Failed).await;
    let lost = CallFault::CloseBefore;
    lnd.faults().once(Calls::of("SendPaymentV2"), lost);
    let second = world.orders.order(&invoice);
    world.orders.state(&second, PayoutState::Unknown).await;
}

fn failing(code: i32, message: &str) -> CallFault {
    CallFault::Fail {
        code,
        message: message.to_owned(),
    }
}

/// A call that was not carried out is no failure, whatever the node knows of an earlier payment.
#[tokio::test]
async fn what_was_not_sent_is_sent_later_also_after_an_earlier_failure() {
    let (world, lnd, _payer) = open().await;
    let invoice = world.invoice(1_000).await;
    lnd.fail_next_payment(2);
    let first = world.orders.order(&invoice);
    world.orders.state(&first, PayoutState::Failed).await;
    let locked = failing(2, "wallet locked, unlock it to enable full RPC access");
    lnd.faults().once(Calls::of("SendPaymentV2"), locked);
    let second = world.orders.order(&invoice);
    world.orders.state(&second, PayoutState::Paid).await;
    world.written(&second, "not_sent").await;
    assert!(world.is_paid(&invoice).await);
}

/// The gateway in front of LND has lost it, or LND stops: the payment may have begun.
#[tokio::test]
async fn a_stream_that_is_broken_off_says_nothing_of_the_payment() {
    let (world, lnd, _payer) = open().await;
    for (code, message) in [
        (14, "error reading from server: EOF"),
        (2, "routerrpc server shutting down"),
        (1, "context canceled"),
    ] {
        let invoice = world.invoice(1_000).await;
        lnd.fail_next_payment(2);
        let first = world.orders.order(&invoice);
        world.orders.state(&first, PayoutState::Failed).await;
        lnd.faults()
            .once(Calls::of("SendPaymentV2"), failing(code, message));
        let second = world.orders.order(&invoice);
        world.orders.state(&second, PayoutState::Unknown).await;
        assert!(!world.entries().contains(&"not_sent".to_owned()));
    }
}
