//! The blocks of shell commands, run as they stand: by bash, at the home of somebody whose sandbox runs at the usual address
//! and on the usual node's socket. Only names that are examples, such as `pay.example`, are replaced.

use std::{fs, net::TcpListener, os::unix::fs::symlink, path::Path, process::Stdio};

use facture_test_support::report::{measured, skipped};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{process::Command, time::timeout};

use super::pages::{Block, Mark, pages};
use crate::{
    harness::TIMEOUT,
    program::{Running, Visitor, program, run_beside},
};

/// Where facture is without a configuration; the pages have it.
const USUAL: &str = "127.0.0.1:9112";

/// What the sandbox is configured to do, since pages have commands for it.
const CONFIGURATION: &str = r#"
[[reveal]]
id = "word"
title = "Today's word"
price_sat = 100
word = "swordfish"

[lnbits]
enabled = true

[greenfield]
enabled = true
"#;

/// A home with a sandbox, and what the pages have examples for.
struct Home {
    directory: TempDir,
    /// What is written in the pages, and what it is here.
    names: Vec<(&'static str, String)>,
    token: String,
    _sandbox: Running,
}

impl Home {
    async fn build() -> Self {
        let directory = tempfile::Builder::new().prefix("facture-").tempdir();
        let directory = directory.expect("a directory");
        let at = |path: &str| directory.path().join(path);
        for path in [
            ".cargo/bin",
            ".lightning/bitcoin",
            ".local/share",
            "backups",
            "etc",
        ] {
            fs::create_dir_all(at(path)).expect("a directory");
        }
        symlink(env!("CARGO_BIN_EXE_facture"), at(".cargo/bin/facture")).expect("a link");
        // A refusal is an error.
        fs::write(at(".curlrc"), "fail-with-body\nsilent\nshow-error\n").expect("written");
        fs::write(at("sandbox.toml"), CONFIGURATION).expect("written");
        let data_dir = at(".local/share/facture");
        let rpc_file = at(".lightning/bitcoin/lightning-rpc");

        let mut sandbox = program(&["sandbox", "--config"]);
        sandbox.arg(at("sandbox.toml"));
        sandbox.arg("--data-dir").arg(&data_dir);
        sandbox.arg("--rpc-file").arg(&rpc_file);
        let mut sandbox = Running::spawn(sandbox);
        let visitor = sandbox.visitor().await;
        assert_eq!(visitor.origin(), format!("http://{USUAL}"));
        visitor.ready().await;
        let scopes = [
            "admin",
            "payouts:order",
            "payouts:approve",
            "payouts:execute",
        ];
        let mut token = program(&["token", "create", "--name", "book", "--data-dir"]);
        token.arg(&data_dir).arg("--scope").args(scopes);
        let token = printed(token).await.trim().to_owned();
        let mut ada = program(&["user", "add", "ada", "--role", "cashier", "--data-dir"]);
        ada.arg(&data_dir);
        printed(ada).await;

        let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
        Self {
            names: vec![
                ("https://pay.example", visitor.origin().to_owned()),
                ("https://shop.example", visitor.origin().to_owned()),
                ("/var/lib/lightning/bitcoin/lightning-rpc", text(&rpc_file)),
                ("/var/lib/facture", text(&data_dir)),
                ("/mnt/backups", text(&at("backups"))),
                ("/etc/facture", text(&at("etc"))),
                ("facture_…", sale(&visitor).await),
                ("po_…", payout(&visitor, &token).await),
            ],
            directory,
            token,
            _sandbox: sandbox,
        }
    }

    /// Runs it; what it prints, or what went wrong.
    async fn run(&self, code: &str) -> Result<String, String> {
        let code = self
            .names
            .iter()
            .fold(code.to_owned(), |code, (name, here)| {
                code.replace(name, here)
            });
        let home = self.directory.path();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", &code])
            .current_dir(home)
            .env_clear()
            .env("HOME", home)
            .env(
                "PATH",
                format!("{}:{path}", home.join(".cargo/bin").display()),
            )
            .env("FACTURE", format!("http://{USUAL}"))
            .env("TOKEN", &self.token)
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let ran = timeout(TIMEOUT, bash.output()).await;
        let Ok(ran) = ran else {
            return Err("does not end".to_owned());
        };
        let ran = ran.map_err(|error| format!("bash: {error}"))?;
        let out = String::from_utf8_lossy(&ran.stdout).into_owned();
        match ran.status.success() {
            true => Ok(out),
            false => Err(format!("{out}{}", String::from_utf8_lossy(&ran.stderr))),
        }
    }

    /// What is wrong with a block that is to be run.
    async fn complaint(&self, block: &Block) -> Option<String> {
        let outcome = match block.language.as_str() {
            "sh" => self.run(&block.code).await.map(drop),
            _ => self.shows(&block.code).await,
        };
        outcome.err()
    }

    /// Whether a command prints an object in JSON like the one that is shown below it.
    async fn shows(&self, code: &str) -> Result<(), String> {
        let parts = code
            .strip_prefix("$ ")
            .and_then(|code| code.split_once('\n'));
        let (command, shown) = parts.ok_or("a console begins with a command")?;
        let printed = self.run(command).await?;
        let object = |text: &str| {
            let value = serde_json::from_str(text).map_err(|error| format!("{error}: {text}"));
            value.map(|value| members(&value))
        };
        let (shown, printed) = (object(shown)?, object(&printed)?);
        match shown == printed {
            true => Ok(()),
            false => Err(format!("shown: {shown:?}\nprinted: {printed:?}")),
        }
    }
}

/// The names in a JSON object, and what their values are made of.
fn members(value: &Value) -> Vec<String> {
    let Value::Object(members) = value else {
        return Vec::new();
    };
    let kind = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    let mut names: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("{name}: {}", kind(value)))
        .collect();
    names.sort();
    names
}

/// Runs facture, which must succeed; what it prints.
async fn printed(command: std::process::Command) -> String {
    let (output, printed, complaint) = run_beside(command).await;
    assert!(output.status.success(), "{complaint}");
    printed
}

/// The label of an invoice that is paid.
async fn sale(visitor: &Visitor) -> String {
    let (status, invoice) = visitor.submit("5000", "Tea").await.expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    let label = invoice["label"].as_str().expect("a label").to_owned();
    let (status, answer) = visitor
        .post(&format!("/sandbox/{label}/pay"))
        .await
        .expect("an answer");
    assert!(!status.is_client_error(), "{answer}");
    let paid = |read: &Value| read["status"] == "paid";
    visitor
        .json_until(&format!("/check_invoice/{label}"), paid)
        .await;
    label
}

/// The id of a payout that was ordered.
async fn payout(visitor: &Visitor, token: &str) -> String {
    let order = json!({ "destination": "bob@wallet.example", "amount_msat": 1000 });
    let client = reqwest::Client::builder().no_proxy().build();
    let request = client
        .expect("a client")
        .post(format!("{}/api/v1/payouts", visitor.origin()))
        .bearer_auth(token)
        .header("Idempotency-Key", "the-book")
        .json(&order);
    let answer = request.send().await.expect("an answer");
    let payout: Value = answer.json().await.expect("JSON");
    payout["id"].as_str().expect("an id").to_owned()
}

/// Whether the test that is said to run a page's commands has the page.
fn reads(test: &str, page: &str) -> bool {
    let test = Path::new(env!("CARGO_MANIFEST_DIR")).join(test);
    fs::read_to_string(test).is_ok_and(|text| text.contains(page))
}

#[tokio::test]
async fn every_block_of_commands_is_run_or_says_why_not() {
    if TcpListener::bind(USUAL).is_err() {
        skipped(&format!(
            "the commands of the book: something else listens on {USUAL}"
        ));
        return;
    }
    let home = Home::build().await;
    let (mut run, mut elsewhere, mut not) = (0, 0, 0);
    let mut wrong = Vec::new();
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.is_shell()) {
            match &block.mark {
                Mark::None => {
                    run += 1;
                    if let Some(complaint) = home.complaint(block).await {
                        wrong.push(format!("{}:\n{}{complaint}", block.place, block.code));
                    }
                }
                Mark::RunBy(test) => {
                    elsewhere += 1;
                    if !reads(test, &page.path) {
                        wrong.push(format!(
                            "{}: {test} does not have {}",
                            block.place, page.path
                        ));
                    }
                }
                Mark::NotRun(why) => {
                    not += 1;
                    assert!(!why.is_empty(), "{}: why?", block.place);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(run > 10, "only {run} were run");
    measured(&format!(
        "blocks of commands in the book: {run} run here, {elsewhere} by other tests, {not} not run"
    ));
}
