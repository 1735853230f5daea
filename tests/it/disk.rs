//! Data directories that cannot be used, and a disk that is full: nothing is shown that is not stored, what is stored
//! can be read, and it goes on once there is room again.

use std::{fs, net::TcpStream, os::unix::fs::PermissionsExt, path::Path, process::Command};

use facture_domain::{Description, LabelPrefix};
use facture_sandbox::SandboxNode;
use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    agreement::{check, listed},
    contract::path_of,
    faults::Shop,
    program::{Running, Visitor, reconcile, run_beside, serve},
};

/// A node, and a directory for records that may fail.
impl Shop {
    /// A server, with a limit on the size of each file that it writes, in blocks of 512 bytes.
    ///
    /// What goes beyond fails with EFBIG, as long as SIGXFSZ, which would end the process, is ignored. SQLite tells it
    /// apart from a full disk (ENOSPC) in its error code only.
    fn limited(&self, blocks: &str) -> Running {
        let limit = "trap '' XFSZ; ulimit -S -f \"$0\" && exec \"$@\"";
        let served = serve(self.node().rpc_file(), &self.records());
        let mut command = Command::new("/bin/sh");
        command.args(["-c", limit, blocks]);
        command.arg(served.get_program()).args(served.get_args());
        command.env_clear().env("HOME", "/home/nobody");
        Running::logged(command, &self.path("log"))
    }

    /// A server that is ready, on a disk with this much room left, in bytes, for the log of its database. How much of it the
    /// tables took, which grows with every version of them, does not matter.
    async fn with_room(&self, bytes: u64) -> (Running, Visitor) {
        let mut running = self.limited("unlimited");
        let visitor = running.visitor().await;
        visitor.ready().await;
        let log = fs::metadata(self.records().join("facture.db-wal")).expect("a log");
        // The soft limit alone: it is raised again.
        limit(&running, &format!("{}:", log.len() + bytes));
        (running, visitor)
    }

    /// Neither command works on these records. What they complain.
    async fn refused(&self, records: &Path) -> String {
        let (output, printed, complaint) = run_beside(serve(self.node().rpc_file(), records)).await;
        assert!(!output.status.success());
        assert!(complaint.starts_with("facture: "), "{complaint}");
        let named = records.to_str().expect("a plain path");
        assert!(complaint.contains(named), "{complaint}");
        for address in printed
            .lines()
            .filter_map(|line| line.strip_prefix("facture: http://"))
        {
            let address = address.trim_end_matches('/');
            assert!(TcpStream::connect(address).is_err(), "{address} is served");
        }
        let (output, printed, same) = run_beside(reconcile(self.node().rpc_file(), records)).await;
        assert!(!output.status.success());
        assert_eq!((printed.as_str(), &same), ("", &complaint));
        complaint
    }
}

/// Room for a few invoices, in bytes: each takes about ten pages of 4 kB.
const LITTLE_ROOM: u64 = 384 << 10;

/// Limits the size of each file that the process writes from now on, in bytes.
fn limit(running: &Running, fsize: &str) {
    let limited = Command::new("prlimit")
        .args(["--pid", &running.id(), &format!("--fsize={fsize}")])
        .status();
    assert!(limited.expect("prlimit").success());
}

/// Makes invoices until three in a row cannot be stored: a smaller one may still find room after the first. Those that
/// were shown.
async fn fill(visitor: &Visitor) -> Vec<Value> {
    let description = "x".repeat(Description::MAX_BYTES);
    let mut shown = Vec::new();
    let mut refused = 0;
    while refused < 3 {
        let answer = visitor.submit("5", &description).await;
        let (status, answer) = answer.expect("an answer");
        if status == StatusCode::CREATED {
            shown.push(answer);
            refused = 0;
            continue;
        }
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
        assert_eq!(answer["error"]["code"], "store_failed");
        let answer = answer.to_string();
        assert!(!answer.contains("lnbcrt") && !answer.contains("facture_"));
        refused += 1;
    }
    shown
}

fn labels(invoices: &[Value]) -> impl Iterator<Item = &str> {
    let label = |invoice: &'_ Value| invoice["label"].as_str().is_some();
    assert!(invoices.iter().all(label));
    invoices
        .iter()
        .filter_map(|invoice| invoice["label"].as_str())
}

fn private(file: &Path) {
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("its owner may");
}

#[tokio::test]
async fn records_that_others_may_use_are_refused_until_they_may_not() {
    let shop = Shop::open().await;
    let mut running = Running::logged(
        serve(shop.node().rpc_file(), &shop.records()),
        &shop.path("log"),
    );
    running.visitor().await.ready().await;
    assert!(running.terminate().await.success());
    let file = shop.records().join("facture.db");
    for (path, wrong, right) in [
        (shop.records(), 0o770, "700"),
        (shop.records(), 0o703, "700"),
        (file.clone(), 0o640, "600"),
        (file, 0o604, "600"),
    ] {
        let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode));
        set(wrong).expect("its owner may");
        let complaint = shop.refused(&shop.records()).await;
        let told = format!("`chmod {right} {}`", path.display());
        assert!(complaint.contains(&told), "{complaint}");
        set(u32::from_str_radix(right, 8).expect("a mode")).expect("its owner may");
    }
    let mut running = Running::logged(
        serve(shop.node().rpc_file(), &shop.records()),
        &shop.path("log"),
    );
    running.visitor().await.ready().await;
}

fn pay(node: &SandboxNode, invoice: &Value) {
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    node.pay(bolt11, None).expect("the buyer pays");
}

#[tokio::test]
async fn a_directory_that_cannot_be_used_is_named() {
    let shop = Shop::open().await;
    let file = shop.path("file");
    fs::write(&file, "a file").expect("written");
    let complaint = shop.refused(&file.join("records")).await;
    assert!(complaint.contains("Not a directory"), "{complaint}");
    shop.refused(&file).await;

    let occupied = shop.path("occupied");
    fs::create_dir_all(occupied.join("facture.db")).expect("made");
    shop.refused(&occupied).await;

    let damaged = shop.path("damaged");
    fs::create_dir(&damaged).expect("made");
    let garbage = "not a database, ".repeat(1000);
    fs::write(damaged.join("facture.db"), &garbage).expect("written");
    private(&damaged.join("facture.db"));
    let complaint = shop.refused(&damaged).await;
    assert!(complaint.contains("not a database"), "{complaint}");
    let kept = fs::read_to_string(damaged.join("facture.db")).expect("readable");
    assert!(
        kept == garbage,
        "left as it was, for somebody who can repair it"
    );
}

#[tokio::test]
async fn a_disk_without_room_for_the_tables_is_said_at_the_start() {
    let shop = Shop::open().await;
    assert!(!shop.limited("8").end().await.success());
    let complaint = shop.log();
    let named = shop.records().display().to_string();
    assert!(complaint.contains(&named), "{complaint}");
    // What is left behind does no harm.
    let mut running = shop.limited("unlimited");
    running.visitor().await.ready().await;
    assert!(running.terminate().await.success());
}

/// SQLite appends to `facture.db-wal` and moves its pages into `facture.db` only when there are a thousand of them, so
/// the log is what reaches the limit. The part of a unit of work that still fits stays there without a commit mark and
/// counts for nothing.
#[tokio::test]
async fn on_a_full_disk_nothing_is_shown_that_is_not_stored() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.with_room(LITTLE_ROOM).await;
    let shown = fill(&visitor).await;
    assert!(shown.len() > 3, "{}", shown.len());
    assert!(shop.node().invoice_count() >= shown.len() + 3);
    for invoice in &shown {
        let (status, read) = visitor.json(&path_of(invoice)).await.expect("an answer");
        assert_eq!(
            (status, &read["status"]),
            (StatusCode::OK, &"unpaid".into())
        );
    }
    // A payment may or may not fit. What it says is true, or it says since when it does not know.
    pay(shop.node(), &shown[0]);
    let (status, read) = visitor.json(&path_of(&shown[0])).await.expect("an answer");
    assert_eq!(status, StatusCode::OK);
    assert!(
        read["status"] == "paid" || read["stale_since"].is_i64(),
        "{read}"
    );
    running.kill().await;

    let mut running = shop.limited("unlimited");
    let visitor = running.visitor().await;
    visitor.ready().await;
    let prefix = LabelPrefix::default();
    for invoice in listed(shop.node().rpc_file()).await {
        let label = invoice["label"].as_str().unwrap_or_default();
        assert!(prefix.parse_label(label).is_some());
        let (status, page) = visitor.json(&path_of(&invoice)).await.expect("an answer");
        assert_eq!(
            (status, &page["bolt11"]),
            (StatusCode::OK, &invoice["bolt11"])
        );
    }
    assert!(running.terminate().await.success());
    let compared = check(shop.node().rpc_file(), &shop.records(), labels(&shown)).await;
    assert_eq!(compared.invoices, shop.node().invoice_count());
    assert_eq!(compared.paid, 1);
}

#[tokio::test]
async fn once_there_is_room_again_it_goes_on_without_a_new_start() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.with_room(LITTLE_ROOM).await;
    let shown = fill(&visitor).await;
    for invoice in &shown {
        pay(shop.node(), invoice);
    }
    let _ = visitor.json(&path_of(&shown[0])).await.expect("an answer");

    limit(&running, "unlimited:");
    for invoice in &shown {
        visitor
            .json_until(&path_of(invoice), |read| read["status"] == "paid")
            .await;
    }
    visitor.ready().await;
    let (status, more) = visitor.submit("7", "room").await.expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{more}");
    assert!(running.terminate().await.success());

    // What nobody was shown may still be on the node only, until the next start.
    let (output, _, _) = run_beside(reconcile(shop.node().rpc_file(), &shop.records())).await;
    assert!(output.status.success());
    let labels = labels(&shown).chain(more["label"].as_str());
    let compared = check(shop.node().rpc_file(), &shop.records(), labels).await;
    assert_eq!(compared.invoices, shop.node().invoice_count());
    assert_eq!(compared.paid, shown.len());
}
