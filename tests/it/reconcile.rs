//! `facture reconcile`: what it prints, and that it can be run at any time, beside a server too.

use std::path::{Path, PathBuf};

use cln_rpc::ClnRpc;
use facture::{app, app::AnsweredBy, web::Mode};
use facture_sandbox::{Calls, Hold};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    agreement::check,
    contract::path_of,
    harness::{Server, TIMEOUT, config_on},
    program::{Running, reconcile, run_beside, serve},
    world::{Sandbox, own_label},
};

/// A node and a place for records.
struct Shop {
    sandbox: Sandbox,
    directory: TempDir,
}

impl Shop {
    async fn open() -> Self {
        Self {
            sandbox: Sandbox::start().await,
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    fn rpc_file(&self) -> &Path {
        self.sandbox.node.rpc_file()
    }

    fn records(&self) -> PathBuf {
        self.directory.path().join("records")
    }

    /// What the command prints.
    async fn reconcile(&self) -> String {
        let (output, printed, complaint) =
            run_beside(reconcile(self.rpc_file(), &self.records())).await;
        assert!(output.status.success(), "{complaint}");
        printed
    }

    /// Makes an invoice past facture, paid or not.
    async fn make(&self, label: &str) -> Value {
        let mut client = ClnRpc::new(self.rpc_file()).await.expect("a connection");
        let invoice =
            json!({ "amount_msat": 1000, "label": label, "description": "past us", "expiry": 60 });
        let made: Value = client.call_raw("invoice", &invoice).await.expect("made");
        json!({ "label": label, "bolt11": made["bolt11"] })
    }

    async fn make_ours(&self) -> Value {
        self.make(own_label(&self.records()).as_str()).await
    }

    fn pay(&self, invoice: &Value) {
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        let node = &self.sandbox.node;
        node.pay(bolt11, None).expect("the buyer pays");
    }
}

#[tokio::test]
async fn it_prints_what_was_different() {
    let shop = Shop::open().await;
    assert_eq!(
        shop.reconcile().await,
        "0 invoices on the node, 0 of them not ours; 0 adopted, 0 changed, 0 cancelled\n"
    );
    let (paid, open) = (shop.make_ours().await, shop.make_ours().await);
    shop.make_ours().await;
    shop.make("another program's").await;
    let similar = shop.make("facture_but-not-ours").await;
    shop.pay(&similar);
    shop.pay(&paid);
    assert_eq!(
        shop.reconcile().await,
        "5 invoices on the node, 2 of them not ours; 3 adopted, 0 changed, 0 cancelled\n"
    );
    shop.pay(&open);
    shop.sandbox
        .node
        .advance(std::time::Duration::from_secs(100));
    assert_eq!(
        shop.reconcile().await,
        "5 invoices on the node, 2 of them not ours; 0 adopted, 2 changed, 0 cancelled\n"
    );
    assert_eq!(
        shop.reconcile().await,
        "5 invoices on the node, 2 of them not ours; 0 adopted, 0 changed, 0 cancelled\n"
    );
    let compared = check(shop.rpc_file(), &shop.records(), []).await;
    assert_eq!(
        (compared.invoices, compared.paid, compared.expired),
        (3, 2, 1)
    );
    assert_eq!(compared.strangers, 2);
}

#[tokio::test]
async fn it_runs_beside_a_server() {
    let shop = Shop::open().await;
    let log = shop.directory.path().join("log");
    let mut running = Running::logged(serve(shop.rpc_file(), &shop.records()), &log);
    let visitor = running.visitor().await;
    visitor.ready().await;
    let mut shown = Vec::new();
    for _ in 0..5 {
        let orphan = shop.make_ours().await;
        let creating = join_all((0..4).map(|_| visitor.submit("5", "beside")));
        let (printed, created) = tokio::join!(shop.reconcile(), creating);
        // The server's own may be found before the server has stored them.
        assert!(printed.ends_with(" 0 cancelled\n"), "{printed}");
        let path = path_of(&orphan);
        let (status, adopted) = visitor.json(&path).await.expect("an answer");
        assert_eq!(
            (status, &adopted["bolt11"]),
            (StatusCode::OK, &orphan["bolt11"])
        );
        shown.push(orphan);
        for created in created {
            let (status, invoice) = created.expect("an answer");
            assert_eq!(status, StatusCode::CREATED, "{invoice}");
            shop.pay(&invoice);
            shown.push(invoice);
        }
    }
    shop.reconcile().await;
    for invoice in &shown {
        visitor
            .json_until(&path_of(invoice), |read| read["stale_since"].is_null())
            .await;
    }
    assert!(running.terminate().await.success());
    let labels = shown.iter().filter_map(|invoice| invoice["label"].as_str());
    let compared = check(shop.rpc_file(), &shop.records(), labels).await;
    assert_eq!((compared.invoices, compared.paid), (25, 20));
}

#[tokio::test]
async fn a_running_server_does_it_and_tells_why_it_cannot() {
    let shop = Shop::open().await;
    let log = shop.directory.path().join("log");
    let running = {
        let mut running = Running::logged(serve(shop.rpc_file(), &shop.records()), &log);
        running.visitor().await.ready().await;
        running
    };
    let socket = shop.records().join("control.sock");
    let mode = std::fs::metadata(&socket).expect("a socket").permissions();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777,
        0o600
    );
    shop.make_ours().await;
    let printed = shop.reconcile().await;
    assert!(
        printed.starts_with("1 invoices on the node, 0 of them not ours; "),
        "{printed}"
    );
    let said = || std::fs::read_to_string(&log).expect("a log");
    assert!(said().contains("asked to reconcile"), "{}", said());
    // Whatever node the command names, it is the server's that counts, and it is away.
    shop.sandbox.node.stop().await;
    let (output, _, complaint) = run_beside(reconcile(shop.rpc_file(), &shop.records())).await;
    assert!(!output.status.success());
    assert!(
        complaint.contains("the running server: lightningd"),
        "{complaint}"
    );
    shop.sandbox.node.restart().await.expect("it starts");
    // What a killed server leaves behind is in nobody's way.
    running.kill().await;
    assert!(socket.exists());
    let printed = shop.reconcile().await;
    assert!(printed.contains(" 0 adopted, 0 changed"), "{printed}");
    let mut running = Running::logged(serve(shop.rpc_file(), &shop.records()), &log);
    running.visitor().await.ready().await;
    shop.reconcile().await;
    assert!(running.terminate().await.success());
    assert!(!socket.exists(), "it is gone with its server");
    check(shop.rpc_file(), &shop.records(), []).await;
}

/// A socket's path has 107 bytes at most, a directory's has more.
#[tokio::test]
async fn a_deep_data_directory_has_a_control_socket_too() {
    let shop = Shop::open().await;
    let deep = shop.directory.path().join("d".repeat(120));
    let mut running = Running::logged(
        serve(shop.rpc_file(), &deep),
        &shop.directory.path().join("log"),
    );
    running.visitor().await.ready().await;
    let (output, printed, complaint) = run_beside(reconcile(shop.rpc_file(), &deep)).await;
    assert!(output.status.success(), "{complaint}");
    assert!(printed.starts_with("0 invoices"), "{printed}");
    assert!(running.terminate().await.success());
    let log = std::fs::read_to_string(shop.directory.path().join("log")).expect("a log");
    assert!(log.contains("asked to reconcile"), "{log}");
}

#[tokio::test]
async fn several_can_be_first() {
    for _ in 0..3 {
        let shop = Shop::open().await;
        shop.make_ours().await;
        let all = join_all((0..4).map(|_| shop.reconcile())).await;
        let adopted = all.iter().filter(|printed| printed.contains("1 adopted"));
        assert_eq!(adopted.count(), 1, "{all:?}");
        check(shop.rpc_file(), &shop.records(), []).await;
    }
}

#[tokio::test]
async fn whoever_follows_an_invoice_hears_what_reconciling_found_first() {
    let shop = Shop::open().await;
    let node = &shop.sandbox.node;
    let data_dir = shop.records();
    let settings = [("STORE__DATA_DIR", data_dir.to_str().expect("a plain path"))];
    let config = config_on(node.rpc_file().to_owned(), &settings);
    let server = Server::start(config.clone(), Mode::Live).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let (before, invoice) = (
        server.create("1", "before").await,
        server.create("1", "followed").await,
    );
    let stream = server.request(Method::GET, &format!("{}/events", path_of(&invoice)));
    let stream = stream.send().await.expect("an answer");
    // The server hears of this one, and whatever it waits with next is held up.
    let hanging =
        ["wait", "waitanyinvoice"].map(|method| node.faults().hang(Calls::of(method), Hold::Call));
    shop.pay(&before);
    for hanging in &hanging {
        timeout(TIMEOUT, hanging.reached(1))
            .await
            .expect("it waits");
    }
    node.faults().clear();
    shop.pay(&invoice);
    let (report, by) = app::reconcile(&config, &data_dir)
        .await
        .expect("reconciled");
    assert_eq!(by, AnsweredBy::RunningServer);
    // Both, if it was the first wait that was held up.
    assert!((1..=2).contains(&report.changed), "{report:?}");
    drop(hanging);
    let told = timeout(TIMEOUT, stream.text()).await.expect("told in time");
    assert!(told.expect("text").contains("invoice.paid"));
}
