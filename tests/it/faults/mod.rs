//! Everything that can go wrong around facture, in one table: which test does it. Each asserts what the buyer sees, and
//! that it goes on without a restart.
//!
//! | Fault | Test |
//! | --- | --- |
//! | node away at the start, or stopping | `trouble::a_server_without_a_node_…`, `trouble::a_node_that_stops_and_comes_back` |
//! | node slow | [`node::a_slow_node_is_waited_for`] |
//! | node hung | `trouble::a_node_that_hangs` |
//! | node flapping | [`node::a_flapping_node_loses_nothing`] |
//! | node refusing, talking nonsense | `trouble::a_node_that_refuses_or_talks_nonsense`, `client::errors_say_what_happened` |
//! | answers lost, cut, no JSON | `follow::answers_that_are_lost_cut_or_nonsense_…`, `client::a_lost_answer_…` |
//! | answers out of order | `client::a_cancelled_call_…`, `client::a_call_past_its_deadline_…`: one call at a time on each connection |
//! | another node, a restored backup | `follow::another_node_is_not_mixed_in`, `follow::a_node_restored_from_a_backup_…` |
//! | LND: wrong certificate, missing right, locked wallet, not synced, other node or network, too old | `lnd::trust` |
//! | LND: streams cut or silent, indexes that begin again, put back, cancelled or deleted by others | `lnd::indexes` |
//! | LND: answers lost, a payment hash that was used before | `lnd::creating` |
//! | a thousand foreign invoices at once | [`node::a_thousand_strangers_at_once_hide_nothing`] |
//! | more than the node can take | [`overload`], `abuse::queue`, `follow::a_crowd_of_visitors_…` |
//! | disk slow | [`disk::a_slow_disk_is_waited_for`] |
//! | disk full | `disk::on_a_full_disk_…`, `disk::once_there_is_room_again_…` |
//! | disk read-only | [`disk::on_a_read_only_disk_what_is_stored_is_shown`] |
//! | database locked by another process | [`disk::a_database_that_another_process_holds`] |
//! | directory unusable, file damaged | `disk::a_directory_that_cannot_be_used_is_named` |
//! | clock jumping | [`clock`] |
//! | SIGKILL | `crash`, `webhooks::killed`, `api::creating::a_key_survives_a_failure_and_a_restart` |
//! | SIGTERM | [`process::asked_to_end_it_ends_whatever_is_under_way`], `streams::an_invoice_under_way_…` |
//! | file descriptors exhausted | [`process::without_file_descriptors_it_waits_for_some`] |
//! | receivers of webhooks failing, hanging, gone | `webhooks::retrying`, `webhooks::fairness`, `webhooks::hostile` |
//!
//! All of it at once, for long, is the soak (`tests/soak`).

mod clock;
mod disk;
mod node;
mod overload;
mod process;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use facture_sandbox::SandboxNode;
use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    agreement::{Compared, check},
    program::{Running, Visitor, serve},
    world::Sandbox,
};

/// A node and the records, around a program in a process of its own.
pub(crate) struct Shop {
    sandbox: Sandbox,
    directory: TempDir,
}

/// What `shim.c` does to the program.
#[derive(Clone, Copy, Default)]
struct ShimSettings {
    clock_seconds: i64,
    sync_us: i64,
    write_errno: i64,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self {
            sandbox: Sandbox::start().await,
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    pub(crate) fn node(&self) -> &SandboxNode {
        &self.sandbox.node
    }

    pub(crate) fn records(&self) -> PathBuf {
        self.directory.path().join("records")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).expect("a log")
    }

    pub(crate) fn command(&self) -> Command {
        serve(self.node().rpc_file(), &self.records())
    }

    pub(crate) async fn start(&self, command: Command) -> (Running, Visitor) {
        let mut running = Running::logged(command, &self.path("log"));
        let visitor = running.visitor().await;
        visitor.ready().await;
        (running, visitor)
    }

    /// The program with the shim, which does nothing yet.
    async fn start_with_shim(&self) -> (Running, Visitor) {
        let (source, shim) = (self.path("shim.c"), self.path("shim.so"));
        fs::write(&source, include_str!("shim.c")).expect("written");
        let mut compiler = Command::new("cc");
        compiler.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&shim);
        assert!(compiler.arg(&source).status().expect("cc").success());
        self.wish(ShimSettings::default());
        let mut command = self.command();
        command.env("LD_PRELOAD", shim);
        command.env("FAULTS", self.path("settings"));
        self.start(command).await
    }

    /// Takes effect at once. The file stays the same, as it is mapped.
    fn wish(&self, settings: ShimSettings) {
        let numbers = [
            settings.clock_seconds,
            settings.sync_us,
            settings.write_errno,
        ];
        let bytes: Vec<u8> = numbers.into_iter().flat_map(i64::to_ne_bytes).collect();
        let mut options = fs::File::options();
        options.create(true).write(true).truncate(false);
        let file = options.open(self.path("settings")).expect("a file");
        std::os::unix::fs::FileExt::write_all_at(&file, &bytes, 0).expect("written");
    }

    fn pay(&self, invoice: &Value) {
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        self.node().pay(bolt11, None).expect("the buyer pays");
    }

    /// Ends it; the records are the node's, and these invoices are there.
    async fn agree(&self, running: Running, shown: &[Value]) -> Compared {
        assert!(running.terminate().await.success());
        let labels = shown.iter().map(label);
        check(self.node().rpc_file(), &self.records(), labels).await
    }
}

fn label(invoice: &Value) -> &str {
    invoice["label"].as_str().expect("a label")
}

/// Makes an invoice that must succeed.
async fn create(visitor: &Visitor, description: &str) -> Value {
    let (status, invoice) = visitor.submit("5", description).await.expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    invoice
}

/// What is wrong is said in the log; nothing panicked.
fn assert_said(log: &str, words: &str) {
    assert!(log.contains(words), "{log}");
    assert!(!log.contains("panicked"), "{log}");
}

/// Another process writes to the records.
fn other_writer(records: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(records.join("facture.db")).expect("a connection")
}
