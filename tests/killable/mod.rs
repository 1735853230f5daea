//! The program in a process of its own, to be killed.

use std::{path::Path, process::Stdio};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::contract;

/// A facture in a process of its own, to be killed.
pub(crate) struct Killable {
    pub(crate) child: tokio::process::Child,
    origin: String,
}

impl Killable {
    /// Starts it on these records, with these settings, such as `("NODE__KIND", "lnd")`.
    pub(crate) async fn start(records: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_facture"));
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        for (key, value) in settings {
            command.env(format!("FACTURE_{key}"), value);
        }
        command
            .arg("--data-dir")
            .arg(records)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = lines.next_line().await.expect("readable").expect("a line");
        let origin = line
            .trim_start_matches("facture: ")
            .trim_end_matches('/')
            .to_owned();
        Self { child, origin }
    }

    async fn json(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request
            .header("accept", "application/json")
            .send()
            .await
            .expect("an answer");
        answer.json().await.expect("JSON")
    }

    pub(crate) async fn create(&self, description: &str) -> Value {
        let create = reqwest::Client::new().post(format!("{}/create_invoice", self.origin));
        self.json(create.form(&[("amount", "10"), ("description", description)]))
            .await
    }

    pub(crate) async fn find(&self, invoice: &Value) -> Value {
        let path = contract::path_of(invoice);
        self.json(reqwest::Client::new().get(format!("{}{path}", self.origin)))
            .await
    }
}
