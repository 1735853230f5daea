//! A merchant's lightningd with the plugin that holds payments, and a payer with a channel to it.

use std::{fs, path::PathBuf, time::Duration};

use facture_domain::Preimage;
use facture_test_support::cln::{Paying, Regtest};
use serde_json::{Value, json};
use tempfile::TempDir;

const TIMEOUT: Duration = Duration::from_secs(60);

/// The merchant and the payer.
pub(crate) struct Shop {
    // Fields are dropped in this order.
    pub(crate) pair: Regtest,
    program: Program,
}

/// A link to the program by the plugin's name, in a directory of its own.
pub(crate) struct Program {
    directory: TempDir,
}

/// A hold invoice and its preimage.
#[derive(Debug)]
pub(crate) struct Hold {
    pub(crate) label: String,
    pub(crate) record: Value,
    pub(crate) preimage: String,
}

impl Program {
    pub(crate) fn new() -> Self {
        // On the file system of the program, as a hard link must be: lightningd starts what a symbolic link points to.
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let program = Self { directory };
        fs::hard_link(env!("CARGO_BIN_EXE_facture"), program.path()).expect("a link");
        program
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("facture-hold")
    }

    /// Kills the plugin (SIGKILL).
    fn kill(&self) {
        let path = self.path();
        let path = path.to_str().expect("plain").to_owned();
        kill(|args| args.first() == Some(&path.as_str()));
    }
}

/// Kills the one process with such arguments (SIGKILL).
fn kill(is_it: impl Fn(&[&str]) -> bool) {
    use rustix::process::{Pid, Signal, kill_process};

    let mut found = Vec::new();
    for process in fs::read_dir("/proc").expect("/proc").flatten() {
        let line = fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
        if is_it(&line.split('\0').collect::<Vec<_>>()) {
            let pid = process
                .file_name()
                .to_str()
                .and_then(|pid| pid.parse().ok());
            found.push(pid.expect("a process id"));
        }
    }
    assert_eq!(found.len(), 1, "the process");
    let pid = Pid::from_raw(found[0]).expect("a process");
    kill_process(pid, Signal::KILL).expect("SIGKILL");
}

impl Shop {
    /// Starts both, the plugin with these options, such as `mpp-timeout=3`.
    pub(crate) async fn start(options: &[&str]) -> Self {
        let program = Program::new();
        let plugin = format!("--plugin={}", program.path().display());
        let options = options
            .iter()
            .map(|option| format!("--facture-hold-{option}"));
        let options = std::iter::once(plugin).chain(options).collect();
        let pair = Regtest::start_with(options).await.expect("a regtest pair");
        Self { pair, program }
    }

    /// Calls the plugin by `lightning-cli`.
    pub(crate) async fn call(
        &self,
        method: &str,
        params: &[(&str, &str)],
    ) -> anyhow::Result<Value> {
        let method = format!("facture-hold-{method}");
        let params: Vec<_> = params
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut args = vec!["-k", &method];
        args.extend(params.iter().map(String::as_str));
        self.pair.merchant_cli(&args).await
    }

    /// Makes a hold invoice of 100 sat.
    pub(crate) async fn hold(&self, label: &str) -> Hold {
        self.hold_with(label, &[]).await
    }

    /// The same with other parameters.
    pub(crate) async fn hold_with(&self, label: &str, more: &[(&str, &str)]) -> Hold {
        let hold = self.try_hold(label, more).await.expect("a hold invoice");
        assert_eq!(hold.record["status"], "unpaid", "{}", hold.record);
        hold
    }

    /// The same, which may fail.
    pub(crate) async fn try_hold(
        &self,
        label: &str,
        more: &[(&str, &str)],
    ) -> anyhow::Result<Hold> {
        let preimage = preimage(label);
        let mut params = vec![
            ("label", label),
            ("amount_msat", "100000"),
            ("description", "Two nights"),
            ("expiry", "3600"),
            ("cltv", "30"),
            ("preimage", preimage.as_str()),
        ];
        params.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        params.extend(more);
        let record = self.call("create", &params).await?;
        Ok(Hold {
            label: label.to_owned(),
            record,
            preimage,
        })
    }

    /// One whose payment is held.
    pub(crate) async fn held(&self, label: &str) -> (Hold, Paying) {
        let hold = self.hold(label).await;
        let paying = self.pay(&hold);
        self.until(label, "accepted").await;
        (hold, paying)
    }

    pub(crate) fn pay(&self, hold: &Hold) -> Paying {
        self.pair.start_paying(hold.bolt11()).expect("it begins")
    }

    /// The record of a hold invoice.
    pub(crate) async fn find(&self, label: &str) -> Value {
        let listed = self
            .call("list", &[("label", label)])
            .await
            .expect("a list");
        listed["holds"][0].clone()
    }

    /// The record, once it is in this state.
    pub(crate) async fn until(&self, label: &str, status: &str) -> Value {
        let until = async {
            loop {
                let record = self.find(label).await;
                if record["status"] == status {
                    return record;
                }
                let next = (record["change"].as_u64().expect("a change") + 1).to_string();
                let next = [("next", next.as_str())];
                let waiting = self.call("wait", &next);
                // Another one may change, or this one while nobody waited.
                drop(tokio::time::timeout(Duration::from_secs(1), waiting).await);
            }
        };
        let outcome = tokio::time::timeout(TIMEOUT, until).await;
        match outcome {
            Ok(record) => record,
            Err(_) => panic!("not {status}: {}", self.find(label).await),
        }
    }

    pub(crate) async fn settle(&self, hold: &Hold) -> anyhow::Result<Value> {
        let params = [("label", hold.label.as_str()), ("preimage", &hold.preimage)];
        self.call("settle", &params).await
    }

    pub(crate) async fn cancel(&self, hold: &Hold) -> anyhow::Result<Value> {
        self.call("cancel", &[("label", &hold.label)]).await
    }

    /// What lightningd itself knows under that label.
    pub(crate) async fn listed(&self, label: &str) -> Value {
        let listed = self
            .pair
            .merchant_cli(&["listinvoices", label])
            .await
            .expect("a list");
        listed["invoices"][0].clone()
    }

    /// Where the plugin writes.
    pub(crate) fn journal(&self) -> PathBuf {
        self.pair.merchant_dir().join("facture-hold")
    }

    /// Something is to go wrong in the plugin: see its `faults.rs`.
    pub(crate) fn fault(&self, what: &str) {
        let file = self.journal().join("fault");
        match what {
            "" => fs::remove_file(file).expect("it is there"),
            what => fs::write(file, what).expect("it can be written"),
        }
    }

    /// Kills the plugin (SIGKILL).
    pub(crate) fn kill_plugin(&self) {
        self.program.kill();
    }

    /// Returns once lightningd has logged this, after what it logged first.
    pub(crate) async fn logged(&self, text: &str) -> String {
        let log = self.pair.merchant_log();
        until("a line in the log", async || {
            let all = fs::read(&log).expect("the log");
            let all = String::from_utf8_lossy(&all);
            all.lines()
                .find(|line| line.contains(text))
                .map(str::to_owned)
        })
        .await
    }

    /// Kills lightningd (SIGKILL), while others talk to it.
    pub(crate) fn crash_node(&self) {
        let directory = self.pair.merchant_dir();
        let directory = directory.parent().expect("the lightning-dir").display();
        let directory = format!("--lightning-dir={directory}");
        kill(|args| args[0].ends_with("lightningd") && args.contains(&directory.as_str()));
    }

    /// Restarts lightningd after a kill.
    pub(crate) async fn restart_killed(&mut self) {
        self.pair.kill_merchant().await.expect("a crash");
        self.pair.start_merchant().await.expect("a start");
    }
}

impl Hold {
    pub(crate) fn bolt11(&self) -> &str {
        self.record["bolt11"].as_str().expect("a string")
    }
}

/// Polls until there is an answer.
pub(crate) async fn until<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let polled = async {
        let mut tick = tokio::time::interval(Duration::from_millis(50));
        loop {
            tick.tick().await;
            if let Some(answer) = probe().await {
                return answer;
            }
        }
    };
    let outcome = tokio::time::timeout(TIMEOUT, polled).await;
    outcome.unwrap_or_else(|_| panic!("no {what}"))
}

/// A preimage that follows from a label.
pub(crate) fn preimage(label: &str) -> String {
    // With letters in it: lightning-cli makes a number of digits.
    let mut bytes = [0xab; 32];
    let text = label.as_bytes();
    bytes[..text.len()].copy_from_slice(text);
    Preimage::from_bytes(bytes).to_hex()
}

/// The payer has the preimage.
pub(crate) async fn succeeded(paying: Paying, hold: &Hold) {
    let paid = paying.ended().await.expect("an end");
    assert_eq!(paid["payment_preimage"], json!(hold.preimage), "{paid}");
}

/// The payer has the money back: the merchant says that it knows no such invoice.
pub(crate) async fn refused(paying: Paying) {
    let refused = paying.ended().await.expect("an end");
    assert_eq!(refused["code"], 203, "{refused}");
}
