//! `pay`: a payer carries out what the bridge orders, and both are killed.

use std::time::Duration;

use tokio::time::sleep;

use crate::world::{SECRET, World, python, succeed};

const PAY: &str = "tasks = [\"pay\"]";

/// Each invoice is paid once, by one of the commands for it; the others hear that it is paid.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn paid_once_although_bridge_and_payer_are_killed() {
    let world = World::start().await;
    let mut invoices = Vec::new();
    for number in 0..20 {
        invoices.push(world.invoice(number).await);
    }
    let mut bridge = world.bridge(PAY);
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let mut payer = world.payer();
    let mut arguments = vec!["pay", &world.bootstrap, SECRET];
    arguments.extend(invoices.iter().map(String::as_str));
    let other = tokio::spawn(succeed(python("tests/kafka/client.py", &arguments)));
    for kill in 0..3 {
        sleep(Duration::from_millis(900 + kill * 700)).await;
        bridge.kill().await;
        payer.kill().await;
        payer = world.payer();
        bridge = world.bridge(PAY);
        assert!(bridge.line().await.starts_with("facture bridge:"));
    }
    println!("{}", other.await.unwrap());
    for invoice in invoices {
        assert!(world.is_paid(&invoice).await);
    }
}
