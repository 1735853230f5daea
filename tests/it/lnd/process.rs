//! The program on the sandbox's LND, in a process of its own whose log is kept.

use std::{path::PathBuf, process::Command};

use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

use super::world::Lnd;
use crate::{
    harness::{HURRIED, TIMEOUT},
    program::{Running, Visitor, program},
};

/// An LND, and the records of the program beside it.
pub(super) struct Shop {
    pub(super) lnd: Lnd,
    directory: TempDir,
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self {
            lnd: Lnd::start().await,
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    fn log_file(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).expect("a log")
    }

    /// The program, ready.
    pub(super) async fn start(&self) -> (Running, Visitor) {
        let (running, visitor) = self.start_unready().await;
        visitor.ready().await;
        (running, visitor)
    }

    pub(super) async fn start_unready(&self) -> (Running, Visitor) {
        let mut running = Running::logged(self.command(), &self.log_file());
        let visitor = running.visitor().await;
        (running, visitor)
    }

    fn command(&self) -> Command {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
        command.arg(self.directory.path().join("records"));
        for (key, value) in HURRIED {
            command.env(format!("FACTURE_{key}"), value);
        }
        for (key, value) in self.lnd.settings() {
            command.env(format!("FACTURE_{key}"), value);
        }
        command
    }

    /// Waits until the log says this.
    pub(super) async fn until_logged(&self, words: &[&str]) {
        let logged = async {
            let mut tick = tokio::time::interval(std::time::Duration::from_millis(10));
            loop {
                tick.tick().await;
                let log = self.log();
                let mut lines = log.lines();
                if lines.any(|line| words.iter().all(|word| line.contains(word))) {
                    return;
                }
            }
        };
        let in_time = tokio::time::timeout(TIMEOUT, logged).await;
        assert!(in_time.is_ok(), "{words:?} is not in {}", self.log());
    }

    /// The buyer pays.
    pub(super) async fn pay(&self, invoice: &Value) {
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        self.lnd.node.pay(bolt11, None).await.expect("paid");
    }
}

/// Makes an invoice that must succeed.
pub(super) async fn create(visitor: &Visitor, description: &str) -> Value {
    let (status, invoice) = visitor.submit("5", description).await.expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    invoice
}
