//! What visitors made and nobody paid is forgotten, and stays so.

use std::{path::Path, time::Duration};

use facture::web::Mode;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::{
    api::TOKEN,
    contract::path_of,
    harness::{self, Server, TIMEOUT, config_on},
    program::{reconcile, run_beside},
    world::Sandbox,
};

/// A node, and records that outlive the server.
struct Shop {
    sandbox: Sandbox,
    records: TempDir,
}

impl Shop {
    async fn open() -> Self {
        Self {
            sandbox: Sandbox::start().await,
            records: tempfile::tempdir().expect("a directory"),
        }
    }

    fn rpc_file(&self) -> &Path {
        self.sandbox.node.rpc_file()
    }

    /// Age is counted by our own clock, so that the shortest age has to pass for real.
    async fn server(&self, forget_after: &str) -> Server {
        let settings = [
            (
                "STORE__DATA_DIR",
                self.records.path().to_str().expect("plain"),
            ),
            ("API_TOKEN", TOKEN),
            ("INVOICE__EXPIRY_SECONDS", "1"),
            ("INVOICE__FORGET_AFTER_SECONDS", forget_after),
        ];
        let server =
            Server::start(config_on(self.rpc_file().to_owned(), &settings), Mode::Live).await;
        let is_ready = |answer: &Value| answer["status"] == "ready";
        server.json_until("/readyz", is_ready).await;
        server
    }

    async fn expire(&self, server: &Server, invoice: &Value) {
        self.sandbox.node.advance(Duration::from_secs(10));
        let is_expired = |answer: &Value| answer["status"] == "expired";
        server.json_until(&path_of(invoice), is_expired).await;
    }

    /// It is looked for at each start of following, and now and then.
    async fn forgotten(&self, server: &Server, invoice: &Value) {
        let path = path_of(invoice);
        let gone = async {
            let mut tick = interval(Duration::from_millis(50));
            while server.json(&path).await.0 != StatusCode::NOT_FOUND {
                tick.tick().await;
                self.sandbox.node.close_connections().await;
            }
        };
        timeout(TIMEOUT, gone).await.expect("forgotten in time");
    }
}

async fn by_api(server: &Server) -> Value {
    let request = server.request(Method::POST, "/api/v1/invoices");
    let request = request.bearer_auth(TOKEN).json(&json!({ "amount_sat": 1 }));
    let (status, invoice) = harness::json(request.send().await).await;
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    invoice
}

/// Numbers and subjects.
async fn events(server: &Server, after: u64) -> Vec<(u64, String)> {
    let path = format!("/api/v1/events?after={after}");
    let request = server.request(Method::GET, &path).bearer_auth(TOKEN);
    let (status, answer) = harness::json(request.send().await).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let events = answer["events"].as_array().expect("a list").iter();
    events
        .map(|event| {
            let sequence = event["sequence"].as_u64().expect("a number");
            let label = event["invoice"]["label"].as_str().expect("a label");
            (sequence, label.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn what_visitors_made_and_nobody_paid_is_forgotten_for_good() {
    let shop = Shop::open().await;
    let server = shop.server("0").await;
    let paid = server.create("1", "paid").await;
    let bolt11 = paid["bolt11"].as_str().expect("a bolt11");
    shop.sandbox.node.pay(bolt11, None).expect("the buyer pays");
    let ordered = by_api(&server).await;
    shop.expire(&server, &ordered).await;
    let strangers = server.create("1", "a stranger's").await;
    shop.expire(&server, &strangers).await;
    let label = strangers["label"].as_str().expect("a label");
    let all = events(&server, 0).await;
    let (last, of) = all.last().cloned().expect("an event");
    assert_eq!(of, label, "its end is the last event");
    server.stop().await.expect("in order");

    let server = shop.server("1").await;
    shop.forgotten(&server, &strangers).await;
    let path = path_of(&strangers);
    for path in [
        path.clone(),
        format!("{path}/events"),
        format!("{path}/wait"),
    ] {
        let page = server.open(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    let renew = server.request(Method::POST, &format!("{path}/renew"));
    let renewed = harness::Page::read(renew.send().await).await;
    assert_eq!(renewed.status, StatusCode::NOT_FOUND);
    assert_eq!(server.json(&path_of(&paid)).await.1["status"], "paid");
    assert_eq!(server.json(&path_of(&ordered)).await.1["status"], "expired");
    let left: Vec<_> = all.iter().filter(|(_, of)| of != label).cloned().collect();
    assert_eq!(events(&server, 0).await, left);
    // A client that was at the end is not sent back to the beginning.
    assert_eq!(events(&server, last).await, []);

    // The node still has it, which brings nothing back.
    assert_eq!(shop.sandbox.node.invoice_count(), 3);
    server.stop().await.expect("in order");
    let (output, printed, complaint) =
        run_beside(reconcile(shop.rpc_file(), shop.records.path())).await;
    assert!(output.status.success(), "{complaint}");
    assert!(printed.contains("3 invoices on the node"), "{printed}");
    assert!(printed.contains("0 adopted, 0 changed"), "{printed}");
    let server = shop.server("0").await;
    let (status, answer) = server.json(&path).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{answer}");
    assert_eq!(events(&server, last).await, []);
    let next = server.create("1", "the next").await;
    let told = events(&server, last).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 > last);
    assert_eq!(next["label"], *told[0].1);
}

#[tokio::test]
async fn a_renewal_goes_the_way_of_the_invoice_that_it_renews() {
    let shop = Shop::open().await;
    let server = shop.server("0").await;
    let first = server.create("1", "renewed").await;
    shop.expire(&server, &first).await;
    let renew = async |path: &str| {
        let request = server.request(Method::POST, &format!("{path}/renew"));
        let page = harness::Page::read(request.send().await).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        let path = page.header("location").to_owned();
        server.json(&path).await.1
    };
    let second = renew(&path_of(&first)).await;
    assert_ne!(second["label"], first["label"]);
    let other = server.create("1", "renewed and paid").await;
    shop.expire(&server, &other).await;
    shop.expire(&server, &second).await;
    let paid = renew(&path_of(&other)).await;
    let bolt11 = paid["bolt11"].as_str().expect("a bolt11");
    shop.sandbox.node.pay(bolt11, None).expect("the buyer pays");
    let is_paid = |answer: &Value| answer["status"] == "paid";
    server.json_until(&path_of(&paid), is_paid).await;
    server.stop().await.expect("in order");

    let server = shop.server("1").await;
    shop.forgotten(&server, &second).await;
    shop.forgotten(&server, &first).await;
    // The buyer's old link leads to the receipt.
    let page = server.open(&path_of(&other)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.attribute("main a.button", "href"),
        Some(path_of(&paid))
    );
}
