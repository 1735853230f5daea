//! The examples of docs/kafka.md, as they are there.

use std::time::Duration;

use tokio::{process::Command, time::timeout};

use crate::world::{SECRET, World, python, repository, succeed};

/// How long an example may take; the one in Rust may have to be built.
const IN_TIME: Duration = Duration::from_secs(500);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn the_examples_send_a_command_and_read_its_answer() {
    let world = World::start().await;
    let mut bridge = world.bridge("");
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let arguments = [world.bootstrap.as_str(), SECRET];

    let answer = succeed(python("docs/examples/kafka.py", &arguments)).await;
    assert!(answer.contains("'status': 'success'"), "{answer}");

    // Beside its library, which Node looks for from where the script is.
    let node = repository("target/node");
    if node.join("node_modules/kafkajs").exists() {
        let script = node.join("kafka.mjs");
        std::fs::copy(repository("docs/examples/kafka.mjs"), &script).unwrap();
        let mut command = Command::new("node");
        command.arg(script).args(arguments).kill_on_drop(true);
        let answer = timeout(IN_TIME, succeed(command)).await.expect("in time");
        assert!(answer.contains(r#""status":"success""#), "{answer}");
    } else {
        println!("SKIPPED: the example for Node: no kafkajs in target/node");
    }

    let mut command = Command::new(env!("CARGO"));
    command.current_dir(repository("")).args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "facture-bridge",
    ]);
    command
        .args(["--example", "client", "--"])
        .args(arguments)
        .kill_on_drop(true);
    let answer = timeout(IN_TIME, succeed(command)).await.expect("in time");
    assert!(answer.contains(r#""status":"success""#), "{answer}");
    assert!(answer.contains(r#""amount_msat":2500500"#), "{answer}");
}
