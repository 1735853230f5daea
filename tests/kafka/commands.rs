//! What is wrong at the start is named, and a server that stands still is waited for.

use std::{process::Command, time::Duration};

use tokio::time::sleep;

use crate::world::{SECRET, World, python, succeed};

fn client(world: &World, count: u32) -> tokio::process::Command {
    let arguments = ["commands", &world.bootstrap, SECRET, &count.to_string()];
    python("tests/kafka/client.py", &arguments)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn topics_that_are_missing_or_wrong_are_named() {
    let world = World::start().await;
    let mut bridge = world.bridge("dead_letters = \"nowhere\"");
    assert_eq!(bridge.line().await, "");
    assert!(!bridge.end().await.success());
    let log = world.log("bridge");
    assert!(log.contains("topic nowhere is missing"), "{log}");
    let mut bridge = world.bridge("topic = \"facture.events.v1\"\ndead_letters = \"celery\"");
    assert_eq!(bridge.line().await, "");
    let log = world.log("bridge");
    assert!(
        log.contains("message.timestamp.type is not LogAppendTime"),
        "{log}"
    );
}

/// A server that does not answer holds commands back; they go on with it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn commands_wait_for_the_server() {
    let world = World::start().await;
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, &world.server()]).status();
        assert!(sent.unwrap().success());
    };
    let mut bridge = world.bridge("");
    assert!(bridge.line().await.starts_with("facture bridge:"));
    signal("-STOP");
    let other = tokio::spawn(succeed(client(&world, 200)));
    sleep(Duration::from_secs(3)).await;
    assert!(!other.is_finished());
    signal("-CONT");
    println!("{}", other.await.unwrap());
    assert!(bridge.terminate().await.success());
}
