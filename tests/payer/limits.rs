//! The payer's own limits, and the owner's approval.

use facture_domain::payout::PayoutState;

use crate::world::World;

#[tokio::test]
async fn limits_hold_over_restarts_whatever_the_server_orders() {
    let world = World::open().await;
    world.configure("askers.bridge = 20\n");
    let invoice = world.invoice(1_000_001_000).await;
    let payer = world.pay();
    let id = world.orders.order(&invoice);
    let row = world.orders.state(&id, PayoutState::Failed).await;
    assert_eq!(row.code(), "limit_exceeded");

    let first = world
        .orders
        .order_as("bridge", &world.invoice(10_000).await, None);
    world.orders.state(&first, PayoutState::Paid).await;
    payer.kill().await;
    let _payer = world.pay();
    let second = world
        .orders
        .order_as("bridge", &world.invoice(10_000).await, None);
    let row = world.orders.state(&second, PayoutState::Failed).await;
    assert_eq!(row.code(), "limit_exceeded");
    let other = world.orders.order(&world.invoice(10_000).await);
    world.orders.state(&other, PayoutState::Paid).await;
}

#[tokio::test]
async fn above_the_threshold_the_owner_approves_on_this_machine() {
    let world = World::open().await;
    world.configure("approval_above_sat = 10\n");
    let (small, large) = (world.invoice(10_000).await, world.invoice(10_001).await);
    let _payer = world.pay();
    let id = world.orders.order(&large);
    world.orders.until(&id, |row| row.waits_for_approval).await;
    let small = world.orders.order(&small);
    world.orders.state(&small, PayoutState::Paid).await;
    assert_eq!(world.orders.row(&id).state, PayoutState::Ordered);

    let (fine, text) = world.run(&["approve"]);
    assert!(
        fine && text.contains(&id) && text.contains("10001 msat"),
        "{text}"
    );
    let (fine, text) = world.run(&["approve", &small]);
    assert!(!fine && text.contains("does not wait"), "{text}");
    // Nobody says yes.
    let (fine, text) = world.run(&["approve", &id]);
    assert!(!fine && text.contains("not approved"), "{text}");
    let (fine, text) = world.run(&["approve", &id, "--yes"]);
    assert!(fine, "{text}");
    world.orders.state(&id, PayoutState::Paid).await;
    assert!(world.is_paid(&large).await);
    let (_, text) = world.run(&["approve"]);
    assert!(text.contains("nothing waits"), "{text}");
}
