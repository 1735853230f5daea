//! What is on real topics is as `docs/asyncapi.yaml` says, and the topic of invoices has their states.

use std::fs;

use serde_json::Value;
use tokio::time::{Duration, sleep, timeout};

use crate::{
    program::{Running, program},
    world::{SECRET, World, python, succeed},
};

const SCRIPT: &str = "tests/kafka/documents.py";

/// Nothing here takes longer.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A bridge with these lines in `[commands]` and `[events]`, and the line that says where its metrics are.
async fn bridge(world: &World, name: &str, commands: &str, events: &str) -> (Running, String) {
    let directory = world.directory.path().display();
    let config = format!(
        "[server]\nsocket = \"{directory}/data/api.sock\"\ntoken_file = \"{directory}/token\"\n\
         [kafka]\nbootstrap = \"{}\"\n{commands}\n\
         [events]\ncursor_file = \"{directory}/{name}.cursor\"\n{events}\n[metrics]\nlisten = \"127.0.0.1:0\"\n",
        world.bootstrap
    );
    let file = world.directory.path().join(format!("{name}.toml"));
    fs::write(&file, config).unwrap();
    let command = program(&["bridge", "--config", file.to_str().unwrap()]);
    let log = world.directory.path().join(format!("{name}.log"));
    let mut bridge = Running::logged(command, &log);
    loop {
        let line = bridge.line().await;
        assert_ne!(line, "", "{}", fs::read_to_string(&log).unwrap());
        if let Some(address) = line.strip_prefix("metrics: ") {
            return (bridge, address.trim().to_owned());
        }
    }
}

async fn script(arguments: &[&str]) -> Value {
    let told = succeed(python(SCRIPT, arguments)).await;
    serde_json::from_str(&told).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn what_is_on_the_topics_is_as_the_document_says() {
    let world = World::start().await;
    let bootstrap = &*world.bootstrap;
    script(&["topics", bootstrap]).await;
    let directory = world.directory.path().display();
    let commands = format!(
        "[commands]\nanswers = \"celery\"\nsecret_files = [\"{directory}/secret\"]\n\
         tasks = [\"decode\", \"create\", \"pay\", \"lookup\", \"cancel\"]"
    );
    let events = "topic = \"facture.events.v1\"\ninvoices_topic = \"facture.invoices.v1\"\ncleanup_seconds = 1";
    let (first, metrics) = bridge(&world, "binary", &commands, events).await;
    let structured = "topic = \"facture.structured.v1\"\nmode = \"structured\"";
    let (second, _) = bridge(&world, "structured", "", structured).await;
    let _payer = world.payer();
    succeed(python(
        "tests/kafka/client.py",
        &["commands", bootstrap, SECRET, "60"],
    ))
    .await;
    script(&["bury", bootstrap, "facture_nobodys"]).await;
    let request = world.invoice(1).await;
    script(&["send", bootstrap, SECRET, &request]).await;
    // Until nothing is on its way.
    let quiet = async {
        loop {
            let told = reqwest::get(&metrics).await.unwrap().text().await.unwrap();
            assert!(
                told.contains("facture_bridge_commands_oldest_seconds"),
                "{told}"
            );
            let states = script(&["states", bootstrap]).await;
            let is_cancelled = |state: &Value| state["status"] == "cancelled";
            let states = states.as_object().unwrap();
            let is_buried = states.get("facture_nobodys") == Some(&Value::Null);
            if is_buried && states.values().any(is_cancelled) {
                assert!(told.contains("facture_bridge_tombstones_total"), "{told}");
                assert!(states.len() > 30, "{states:?}");
                return;
            }
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(TIMEOUT, quiet).await.expect("in time");
    assert!(first.terminate().await.success());
    assert!(second.terminate().await.success());
    let seen = script(&[
        "check",
        bootstrap,
        "celery=answers",
        "lightning-service.dlq=deadLetters",
        "facture.events.v1=events",
        "facture.structured.v1=events",
        "facture.invoices.v1=invoices",
    ])
    .await;
    println!("{seen}");
    for name in [
        "lightning-create",
        "com.facture.answer.create.v1",
        "com.facture.answer.decode.v1",
        "com.facture.answer.pay.v1",
        "com.facture.answer.lookup.v1",
        "com.facture.answer.cancel.v1",
        "deadLetter",
        "com.facture.invoice.created.v1",
        "com.facture.invoice.cancelled.v1",
        "com.facture.payout.ordered.v1",
        "com.facture.payout.paid.v1",
        "structuredEvent",
        "invoice",
    ] {
        assert!(seen[name].is_u64(), "{name} is not among {seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn a_topic_of_invoices_that_is_not_compacted_is_named() {
    let world = World::start().await;
    let directory = world.directory.path().display();
    for (topic, invoices, wrong) in [
        (
            "facture.events.v1",
            "celery",
            "topic celery: cleanup.policy is not compact",
        ),
        ("facture.events.v1", "nowhere", "topic nowhere is missing"),
    ] {
        let config = format!(
            "[server]\nsocket = \"{directory}/data/api.sock\"\ntoken_file = \"{directory}/token\"\n\
             [kafka]\nbootstrap = \"{}\"\n\
             [events]\ntopic = \"{topic}\"\ncursor_file = \"{directory}/x.cursor\"\ninvoices_topic = \"{invoices}\"\n",
            world.bootstrap
        );
        let file = world.directory.path().join("wrong.toml");
        fs::write(&file, config).unwrap();
        let command = program(&["bridge", "--config", file.to_str().unwrap()]);
        let log = world.directory.path().join("wrong.log");
        let mut bridge = Running::logged(command, &log);
        assert_eq!(bridge.line().await, "");
        assert!(!bridge.end().await.success());
        let log = fs::read_to_string(log).unwrap();
        assert!(log.contains(wrong), "{log}");
    }
}
