//! The plugin that holds payments, as lightningd sees it: the program by that name, with the sandbox's node behind it. What
//! lightningd itself makes of it is in `tests/hold_plugin`.

use std::{fs, path::PathBuf, process::Stdio, time::Duration};

use facture_domain::Preimage;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{harness::TIMEOUT, world::Sandbox};

const PREIMAGE: [u8; 32] = [0xab; 32];

/// The plugin, started and initialized.
struct Plugin {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    next_id: u32,
    /// Log lines so far.
    log: Vec<String>,
    sandbox: Sandbox,
    directory: TempDir,
}

impl Plugin {
    async fn start() -> Self {
        Self::start_with(&json!({}), |_| {}).await
    }

    async fn start_with(options: &Value, prepare: impl FnOnce(&PathBuf)) -> Self {
        let sandbox = Sandbox::start().await;
        // On the program's file system, as a hard link must be.
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let program = directory.path().join("facture-hold");
        fs::hard_link(env!("CARGO_BIN_EXE_facture"), &program).unwrap();
        prepare(&directory.path().join("journal"));
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut plugin = Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
            next_id: 0,
            log: Vec::new(),
            sandbox,
            directory,
        };
        let manifest = plugin
            .result("getmanifest", json!({"allow-deprecated-apis": false}))
            .await;
        assert_eq!(
            (&manifest["dynamic"], &manifest["hooks"][0]["name"]),
            (&json!(false), &json!("htlc_accepted"))
        );
        let mut all =
            json!({ "facture-hold-dir": plugin.journal(), "facture-hold-mpp-timeout": 60 });
        let options = options.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(options);
        let init = json!({
            "options": all,
            "configuration": {
                "lightning-dir": plugin.directory.path(), "rpc-file": plugin.sandbox.node.rpc_file(),
                "startup": true, "network": "regtest", "feature_set": {},
            },
        });
        plugin.result("init", init).await;
        plugin
    }

    fn journal(&self) -> PathBuf {
        self.directory.path().join("journal")
    }

    /// Sends a request; returns its id.
    async fn ask(&mut self, method: &str, params: Value) -> String {
        self.next_id += 1;
        let id = format!("cln:{method}#{}", self.next_id);
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
            .await;
        id
    }

    async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }))
            .await;
    }

    async fn send(&mut self, message: Value) {
        let text = format!("{message}\n\n");
        self.input.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next message. Everything on standard output must be the protocol's.
    async fn message(&mut self) -> Value {
        let reading = async {
            loop {
                let line = self.output.next_line().await.unwrap().expect("it runs");
                if !line.is_empty() {
                    return line;
                }
            }
        };
        let line = tokio::time::timeout(TIMEOUT, reading).await;
        let line = line.expect("a message");
        let message: Value = serde_json::from_str(&line).expect("nothing but JSON");
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        if message["id"].is_null() {
            assert_eq!(message["method"], "log", "{message}");
            let text = message["params"]["message"].as_str().unwrap();
            self.log.push(text.to_owned());
        }
        message
    }

    /// The next answer, with its id.
    async fn answer(&mut self) -> (String, Value) {
        loop {
            let message = self.message().await;
            if let Some(id) = message["id"].as_str() {
                return (id.to_owned(), message);
            }
        }
    }

    /// Returns once this was logged.
    async fn logged(&mut self, text: &str) {
        while !self.log.iter().any(|line| line.contains(text)) {
            self.message().await;
        }
    }

    /// The answer to a request that is sent now, with no other before it.
    async fn answered(&mut self, method: &str, params: Value) -> Value {
        let asked = self.ask(method, params).await;
        let (id, answer) = self.answer().await;
        assert_eq!(id, asked, "{answer}");
        answer
    }

    async fn result(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.answered(method, params).await;
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].take()
    }

    async fn error(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.answered(method, params).await;
        assert!(answer.get("result").is_none(), "{answer}");
        answer["error"].take()
    }

    async fn create(&mut self) -> Value {
        self.result("facture-hold-create", new_hold()).await
    }

    async fn status(&mut self) -> Value {
        let listed = self
            .result("facture-hold-list", json!({"label": "a"}))
            .await;
        listed["holds"][0]["status"].clone()
    }

    /// Waits for the end of the process.
    async fn ended(mut self) -> (Option<i32>, String) {
        drop(self.input);
        let ended = tokio::time::timeout(TIMEOUT, self.child.wait()).await;
        let mut said = String::new();
        let stderr = self.child.stderr.as_mut().unwrap();
        stderr.read_to_string(&mut said).await.unwrap();
        (ended.expect("it ends").unwrap().code(), said)
    }
}

fn new_hold() -> Value {
    let preimage = Preimage::from_bytes(PREIMAGE).to_hex();
    json!({
        "label": "a", "amount_msat": 1000, "description": "d", "expiry": 3600, "cltv": 40, "preimage": preimage,
    })
}

/// The hook's question for a payment of this record, with the secret of lightningd's invoices.
fn payment(hash: &Value, secret: &str) -> Value {
    json!({
        "peer_id": "02aa",
        "onion": {
            "payload": "00", "type": "tlv", "forward_msat": 1000, "outgoing_cltv_value": 200, "total_msat": 1000,
            "payment_secret": secret, "next_onion": "00", "shared_secret": "00",
        },
        "htlc": {
            "short_channel_id": "103x1x0", "id": 7, "amount_msat": 1000, "cltv_expiry": 200,
            "cltv_expiry_relative": 41, "payment_hash": hash,
        },
    })
}

/// lightningd's payment secret: the hash of the preimage with its first bit turned.
fn secret() -> String {
    let mut turned = PREIMAGE;
    turned[0] ^= 1;
    Preimage::from_bytes(turned).payment_hash().to_string()
}

const UNKNOWN: &str = "400f00000000000003e80000";

#[tokio::test]
async fn a_payment_is_held_until_somebody_decides() {
    let mut plugin = Plugin::start().await;
    let record = plugin.create().await;
    assert_eq!(record["status"], "unpaid");
    assert!(
        record["bolt11"].is_string() && record.get("warning_custom_fallbacks").is_none(),
        "{record}"
    );
    let taken = plugin.error("facture-hold-create", new_hold()).await;
    assert_eq!(taken["code"], 900);
    let wait = plugin.result("facture-hold-wait", json!([0])).await;
    assert_eq!(wait, json!({"change": 1}));
    let waiting = plugin.ask("facture-hold-wait", json!({"next": 2})).await;
    let held = plugin
        .ask("htlc_accepted", payment(&record["payment_hash"], &secret()))
        .await;
    let (id, change) = plugin.answer().await;
    assert_eq!(
        (id, &change["result"]["hold"]["status"]),
        (waiting, &json!("accepted"))
    );
    assert_eq!(change["result"]["hold"]["cltv_expiry"], 200);
    let unsettled = json!({"label": "a", "preimage": "00".repeat(32)});
    assert_eq!(
        plugin.error("facture-hold-settle", unsettled).await["code"],
        -32602
    );
    // Somebody else pays it, too.
    let mut second = payment(&record["payment_hash"], &secret());
    second["htlc"]["id"] = 8.into();
    let refused = plugin.result("htlc_accepted", second).await;
    assert!(
        refused["failure_message"]
            .as_str()
            .unwrap()
            .starts_with(UNKNOWN),
        "{refused}"
    );

    let cancelling = plugin.ask("facture-hold-cancel", json!(["a"])).await;
    let mut both = [plugin.answer().await, plugin.answer().await];
    both.sort_by_key(|(id, _)| *id != held);
    assert_eq!(both[0].0, held);
    let failed = &both[0].1["result"];
    assert_eq!(failed["result"], "fail");
    assert!(
        failed["failure_message"]
            .as_str()
            .unwrap()
            .starts_with(UNKNOWN),
        "{failed}"
    );
    assert_eq!(
        (&both[1].0, &both[1].1["result"]["status"]),
        (&cancelling, &json!("cancelled"))
    );
    let unknown = plugin.error("facture-hold-cancel", json!(["b"])).await;
    assert_eq!(unknown["code"], 905);
    let (code, said) = plugin.ended().await;
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn whatever_the_hook_is_asked_it_answers() {
    let mut plugin = Plugin::start().await;
    let record = plugin.create().await;
    let go_on = json!({"result": "continue"});
    let foreign = json!("cd".repeat(32));
    let mut forwarded = payment(&record["payment_hash"], &secret());
    forwarded["onion"]["short_channel_id"] = "1x1x1".into();
    for question in [
        json!({}),
        json!([]),
        json!({"htlc": 5}),
        json!({"htlc": {"payment_hash": "zz"}}),
        payment(&foreign, &secret()),
        forwarded,
    ] {
        assert_eq!(plugin.result("htlc_accepted", question).await, go_on);
    }
    let mut unfit = payment(&record["payment_hash"], &secret());
    unfit["onion"] = json!({"payload": "zz"});
    for question in [unfit, payment(&record["payment_hash"], &"00".repeat(32))] {
        let refused = plugin.result("htlc_accepted", question).await;
        assert!(
            refused["failure_message"]
                .as_str()
                .unwrap()
                .starts_with(UNKNOWN),
            "{refused}"
        );
    }
    // Blocks of every form, and none.
    for block in [
        json!({}),
        json!({"block_added": {"height": -1}}),
        json!({"block_added": {"hash": "00", "height": 160}}),
    ] {
        plugin.notify("block_added", block).await;
    }
    let short = payment(&record["payment_hash"], &secret());
    let mut refused = Value::Null;
    // The notification may come later than the question.
    for id in 0..100 {
        let mut short = short.clone();
        short["htlc"]["id"] = id.into();
        short["onion"]["payment_secret"] = "00".repeat(32).into();
        refused = plugin.result("htlc_accepted", short).await["failure_message"].take();
        if refused == "400f00000000000003e8000000a0" {
            break;
        }
    }
    assert_eq!(
        refused, "400f00000000000003e8000000a0",
        "with the height of the chain"
    );
    // 40 blocks were asked for, and 40 are left.
    plugin.ask("htlc_accepted", short).await;
    let accepted = plugin.result("facture-hold-wait", json!([2])).await;
    assert_eq!(accepted["hold"]["status"], "accepted");
}

/// Foreign payments do not wait for the disk, and others not for long.
#[tokio::test]
async fn a_disk_that_hangs_holds_nothing_up() {
    let mut plugin = Plugin::start().await;
    let record = plugin.create().await;
    fs::write(plugin.journal().join("fault"), "disk hangs").unwrap();
    let held = plugin
        .ask("htlc_accepted", payment(&record["payment_hash"], &secret()))
        .await;
    let foreign = plugin
        .ask("htlc_accepted", payment(&json!("cd".repeat(32)), &secret()))
        .await;
    let (id, answer) = plugin.answer().await;
    assert_eq!(
        (id, &answer["result"]),
        (foreign, &json!({"result": "continue"}))
    );
    let (id, answer) = plugin.answer().await;
    assert_eq!(
        (id, &answer["result"]),
        (held, &json!({"result": "fail", "failure_message": "2002"}))
    );
    assert_eq!(plugin.status().await, "unpaid");
    let refused = plugin.error("facture-hold-cancel", json!(["a"])).await;
    assert!(
        refused["message"].as_str().unwrap().contains("journal"),
        "{refused}"
    );
    fs::remove_file(plugin.journal().join("fault")).unwrap();
    assert_eq!(
        plugin.result("facture-hold-cancel", json!(["a"])).await["status"],
        "cancelled"
    );
}

/// A panic is logged, lightningd gets its answer, and nothing hangs: not even what another task was about to answer.
#[tokio::test]
async fn a_panic_ends_nothing_but_its_task() {
    let mut plugin = Plugin::start().await;
    let record = plugin.create().await;
    let question = payment(&record["payment_hash"], &secret());
    let held = plugin.ask("htlc_accepted", question.clone()).await;
    // The one after the other: cln-plugin answers in any order.
    plugin.result("facture-hold-wait", json!([2])).await;
    fs::write(plugin.journal().join("fault"), "task CancelWritten").unwrap();
    let cancelling = plugin.ask("facture-hold-cancel", json!(["a"])).await;
    let (id, answer) = plugin.answer().await;
    let message = answer["error"]["message"].as_str().unwrap();
    assert_eq!(id, cancelling);
    assert!(message.contains("broke off"), "{message}");
    let (id, answer) = plugin.answer().await;
    assert_eq!(
        (id, &answer["result"]),
        (held, &json!({"result": "continue"}))
    );
    plugin.logged("as the test wanted").await;
    assert_eq!(plugin.status().await, "cancelled");

    let mut plugin = Plugin::start().await;
    let record = plugin.create().await;
    let question = payment(&record["payment_hash"], &secret());
    fs::write(plugin.journal().join("fault"), "task AcceptedWritten").unwrap();
    let answer = plugin.result("htlc_accepted", question).await;
    assert_eq!(answer, json!({"result": "continue"}));
    assert_eq!(plugin.status().await, "accepted");
    let cancelled = plugin.result("facture-hold-cancel", json!(["a"])).await;
    assert_eq!(cancelled["status"], "cancelled");
}

#[tokio::test]
async fn without_a_journal_nothing_is_held_and_lightningd_goes_on() {
    for (options, breaks) in [
        (json!({}), "a file"),
        (json!({"facture-hold-mpp-timeout": 0}), "an option"),
    ] {
        let mut plugin = Plugin::start_with(&options, |journal| {
            if breaks == "a file" {
                fs::write(journal, "").unwrap();
            }
        })
        .await;
        for (method, params) in [
            ("facture-hold-create", new_hold()),
            ("facture-hold-list", json!([])),
            ("facture-hold-wait", json!([0])),
        ] {
            let error = plugin.error(method, params).await;
            assert_eq!(error["code"], -1, "{error}");
            let words = ["journal", "mpp-timeout"];
            let message = error["message"].as_str().unwrap();
            assert!(words.iter().any(|word| message.contains(word)), "{message}");
        }
        let question = payment(&json!("cd".repeat(32)), &secret());
        assert_eq!(
            plugin.result("htlc_accepted", question).await,
            json!({"result": "continue"})
        );
        plugin
            .notify("block_added", json!({"block_added": {"height": 5}}))
            .await;
        plugin.logged("no payments are held").await;
    }
}

#[tokio::test]
async fn it_ends_with_lightningd() {
    let plugin = Plugin::start().await;
    let (code, said) = plugin.ended().await;
    assert_eq!((code, said.as_str()), (Some(0), ""));

    let mut plugin = Plugin::start().await;
    plugin.ask("facture-hold-wait", json!([5])).await;
    plugin.notify("shutdown", json!({"shutdown": {}})).await;
    // lightningd keeps the pipe open until then.
    let ended = tokio::time::timeout(Duration::from_secs(20), plugin.child.wait()).await;
    assert_eq!(ended.expect("it ends").unwrap().code(), Some(0));
}
