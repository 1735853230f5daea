//! Clients that others wrote, on both sides: producers send frames that a script of ten lines makes by docs/kafka.md alone, and a
//! stock Celery worker executes the answers.

use std::time::Duration;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::world::{SECRET, World, python, repository, succeed};

/// How long a worker may take to start and to execute what is there.
const IN_TIME: Duration = Duration::from_secs(120);

/// A worker of Celery.
struct Worker {
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Worker {
    fn start(world: &World) -> Self {
        let celery = ["--app", "worker", "worker", "--pool", "solo"];
        let quiet = [
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ];
        let mut command = Command::new(repository("target/kafka/python/bin/python"));
        command
            .args(["-m", "celery", "--workdir"])
            .arg(repository("tests/kafka"))
            .args(celery)
            .args(quiet)
            .env("BOOTSTRAP", &world.bootstrap)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(world.directory.path())
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("a worker");
        let output = child.stdout.take().expect("its output");
        Self {
            lines: BufReader::new(output).lines(),
            _child: child,
        }
    }

    /// The argument of the next task that it executes.
    async fn executed(&mut self) -> Value {
        let executed = async {
            loop {
                let line = self.lines.next_line().await.expect("text");
                let line = line.expect("it runs");
                if let Some(data) = line.strip_prefix("lightning-create ") {
                    return serde_json::from_str(data).expect("JSON");
                }
            }
        };
        timeout(IN_TIME, executed).await.expect("a task in time")
    }
}

/// A frame.
async fn frame(amount: &str, message: &str) -> String {
    let fields = [SECRET, "create", amount, message, "3600"];
    succeed(python("tests/kafka/frame.py", &fields)).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn a_stock_celery_worker_executes_what_others_clients_have_ordered() {
    let world = World::start().await;
    let mut bridge = world.bridge("shape = \"celery\"");
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let mut worker = Worker::start(&world);

    let tea = frame("2500", "Two bags of tea").await;
    let arguments = [world.bootstrap.as_str(), &tea];
    succeed(python("tests/kafka/send_aiokafka.py", &arguments)).await;
    let data = worker.executed().await;
    assert_eq!(data["status"], "success", "{data}");
    let bolt11 = data["message"].as_str().expect("a payment request");
    assert!(bolt11.starts_with("lnbcrt25u1"), "{data}");

    // Beside its library, which Node looks for from where the script is.
    let node = repository("target/node");
    if node.join("node_modules/kafkajs").exists() {
        let script = node.join("send_kafkajs.mjs");
        std::fs::copy(repository("tests/kafka/send_kafkajs.mjs"), &script).unwrap();
        let coffee = frame("3", "Zwei Tüten Kaffee").await;
        let mut command = Command::new("node");
        command
            .arg(script)
            .args([world.bootstrap.as_str(), &coffee]);
        succeed(command).await;
        let data = worker.executed().await;
        let bolt11 = data["message"].as_str().expect("a payment request");
        assert!(bolt11.starts_with("lnbcrt30n1"), "{data}");
    } else {
        println!("SKIPPED: npm's kafkajs: not in target/node");
    }
    assert!(bridge.terminate().await.success());
}
