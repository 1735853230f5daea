//! Commands of all kinds, and a bridge, a server and a broker that die or stand still.

use std::{env, process::Command, str::FromStr, time::Duration};

use tokio::time::sleep;

use crate::world::{SECRET, World, python, succeed};

/// A number of the environment, for long runs.
fn number<T: FromStr>(name: &str, default: T) -> T {
    let value = env::var(name).ok().and_then(|value| value.parse().ok());
    value.unwrap_or(default)
}

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
    let log = world.bridge_log();
    assert!(log.contains("topic nowhere is missing"), "{log}");
    let mut bridge = world.bridge("topic = \"facture.events.v1\"\ndead_letters = \"celery\"");
    assert_eq!(bridge.line().await, "");
    let log = world.bridge_log();
    assert!(
        log.contains("message.timestamp.type is not LogAppendTime"),
        "{log}"
    );
}

/// Each good command makes one invoice and has one answer, whatever dies meanwhile; each bad one is a dead letter.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn once_although_the_bridge_is_killed() {
    let world = World::start().await;
    let kills = number("FACTURE_KAFKA_KILLS", 5_u32);
    let count = number("FACTURE_KAFKA_COMMANDS", 600);
    let mut bridge = world.bridge("");
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let other = tokio::spawn(succeed(client(&world, count)));
    for kill in 0..kills {
        // Another moment each time: while it joins the group, acts, answers or commits.
        sleep(Duration::from_millis(u64::from(400 + kill * 737 % 3600))).await;
        bridge.kill().await;
        bridge = world.bridge("");
        assert!(bridge.line().await.starts_with("facture bridge:"));
    }
    println!("{kills} kills: {}", other.await.unwrap());
    assert!(bridge.terminate().await.success());
}

/// Commands and events wait while the broker is away.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn nothing_is_lost_although_the_broker_is_killed() {
    let mut world = World::start().await;
    let mut bridge = world.bridge("in_flight = 8");
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let other = tokio::spawn(succeed(client(&world, 600)));
    for _ in 0..2 {
        sleep(Duration::from_millis(1500)).await;
        world.kill_broker().await;
        world.start_broker();
    }
    println!("{}", other.await.unwrap());
    assert!(bridge.terminate().await.success());
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
