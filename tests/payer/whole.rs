//! The whole of it: `facture serve` takes the order, `facture payer` pays it, `facture pay` waits for it.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    addresses::PRIVATE,
    harness::{TIMEOUT, json as answer},
    limits::App,
    program::{Running, program, run, run_beside, serve},
    world::{self, Home, World},
};

/// A server on the payer's node, its tokens in files.
struct Shop {
    world: World,
    _server: Running,
    origin: String,
    /// A token that may order.
    order: PathBuf,
}

/// A token of the server on the records in this home, in a file.
pub(crate) async fn token(home: &Home, scope: &str) -> PathBuf {
    let (_, name) = scope.split_once(':').expect("a scope");
    let mut command = program(&["token", "create", "--name", name, "--scope", scope]);
    command.arg("--data-dir").arg(home.path("records"));
    let (output, token, complaint) = run_beside(command).await;
    assert!(output.status.success(), "{complaint}");
    let file = home.path(&format!("token-{name}"));
    fs::write(&file, token).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
    file
}

impl Shop {
    async fn open() -> Self {
        Self::with("").await
    }

    /// With more keys of `[limits]` in the payer's configuration; `HOME` is where its files are.
    async fn with(limits: &str) -> Self {
        let world = World::open().await;
        let records = world.path("records");
        let command = serve(world.node.rpc_file(), &records);
        let mut server = Running::logged(command, &world.path("server.log"));
        let line = server.line().await;
        let origin = line
            .trim_start_matches("facture: ")
            .trim_end_matches('/')
            .to_owned();
        let execute = token(&world, "payouts:execute").await;
        let order = token(&world, "payouts:order").await;
        let home = world.directory.path().display().to_string();
        let sections = world.sections() + &limits.replace("HOME", &home);
        world.configure_with(&world.path("records/api.sock"), &execute, &sections);
        Self {
            world,
            _server: server,
            origin,
            order,
        }
    }

    /// `facture pay`, to its end: whether it paid, and what it said.
    async fn pay(&self, args: &[&str]) -> (bool, String) {
        let mut command = program(&["pay", "--yes"]);
        command
            .arg("--socket")
            .arg(self.world.path("records/api.sock"));
        command.arg("--token-file").arg(&self.order).args(args);
        let (output, text, complaint) = run_beside(command).await;
        (output.status.success(), text + &complaint)
    }

    async fn find(&self, id: &str) -> Value {
        let path = format!("/api/v1/payouts/{id}");
        call(&self.origin, &self.order, Method::GET, &path, Value::Null).await
    }

    /// Orders the payment of an invoice; its id.
    async fn order(&self, destination: &str) -> String {
        let body = json!({ "destination": destination });
        let path = "/api/v1/payouts";
        let payout = call(&self.origin, &self.order, Method::POST, path, body).await;
        payout["id"].as_str().expect("an id").to_owned()
    }

    /// Waits until a payout is as it should be.
    async fn until(&self, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        let waiting = async {
            loop {
                let payout = self.find(id).await;
                if is(&payout) {
                    return payout;
                }
            }
        };
        let waited = timeout(TIMEOUT, waiting).await;
        waited.unwrap_or_else(|_| panic!("{id} stays as it is: {}", self.world.log()))
    }
}

/// What the server answers to a request with this token.
pub(crate) async fn call(
    origin: &str,
    token: &Path,
    method: Method,
    path: &str,
    body: Value,
) -> Value {
    let token = fs::read_to_string(token).expect("a token");
    let request = reqwest::Client::new()
        .request(method, format!("{origin}{path}"))
        .bearer_auth(token.trim())
        .header(
            "Idempotency-Key",
            format!("{:032x}", rand::random::<u128>()),
        )
        .timeout(TIMEOUT)
        .json(&body);
    let (status, told) = answer(request.send().await).await;
    assert!(status.is_success(), "{path}: {told}");
    told
}

#[tokio::test]
async fn a_lightning_address_of_another_facture_is_paid() {
    let shop = Shop::open().await;
    let file = shop.world.path("payer.toml");
    let config = fs::read_to_string(&file).expect("a configuration") + PRIVATE;
    fs::write(file, config).expect("a file");
    let _payer = shop.world.pay();
    let records = shop.world.path("their-records");
    let command = serve(shop.world.merchant.rpc_file(), &records);
    let mut theirs = Running::logged(command, &shop.world.path("theirs.log"));
    let line = theirs.line().await;
    let (_, host) = line.trim_end_matches('/').split_once("://").expect("a URL");
    let address = format!("shop+tip@{host}");
    let (paid, text) = shop
        .pay(&[&address, "--amount", "21", "--idempotency-key", "tip"])
        .await;
    assert!(paid, "{text}\n{}", shop.world.log());
    assert!(text.contains("paid: fee"), "{text}");
    let listed = world::call(shop.world.merchant.rpc_file(), "listinvoices", &json!({})).await;
    let invoice = &listed["invoices"][0];
    assert_eq!(invoice["amount_received_msat"], 21_000, "{listed}");
    let label = invoice["label"].as_str().expect("a label");
    let page = reqwest::Client::new()
        .get(format!("http://{host}/check_invoice/{label}"))
        .header("accept", "application/json");
    let page: Value = page
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(page["status"], "paid", "{page}");
    assert_eq!(page["description"], "Payment");
}

#[tokio::test]
async fn an_order_of_the_command_line_is_paid_by_the_payer() {
    let shop = Shop::open().await;
    shop.world.node.set_fee_msat(3);
    let payer = shop.world.pay();
    let invoice = shop.world.invoice(42_000).await;
    let (paid, text) = shop.pay(&[&invoice, "--idempotency-key", "k1"]).await;
    assert!(paid, "{text}\n{}", shop.world.log());
    for expected in [
        "42 sat",
        "network      regtest",
        "ordered: po_",
        "paid: fee 3 msat",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(shop.world.is_paid(&invoice).await);
    let (_, rest) = text.split_once("ordered: ").expect("an id");
    let payout = shop.find(rest.lines().next().expect("a line")).await;
    assert_eq!(payout["state"], "paid", "{payout}");
    assert_eq!(payout["fee_msat"], 3);
    assert_eq!(payout["asked_by"], "order");
    let received = shop.world.received(&invoice).await;
    assert_eq!(payout["preimage"], received["payment_preimage"]);

    // The same key is the same payment.
    let (paid, text) = shop.pay(&[&invoice, "--idempotency-key", "k1"]).await;
    assert!(paid, "{text}");
    assert_eq!(shop.world.node.calls("xpay"), 1);

    // What fails says why.
    shop.world
        .node
        .fail_next_payment(205, "Failed: Unknown destination node 02");
    let (paid, text) = shop.pay(&[&shop.world.invoice(1_000).await]).await;
    assert!(!paid && text.contains("failed: "), "{text}");

    // Without a payer the order waits, and is paid when one comes.
    assert!(payer.terminate().await.success());
    let open = shop
        .world
        .invoice_of(&shop.world.merchant, json!("any"))
        .await;
    let (paid, text) = {
        let args = [open.as_str(), "--amount", "7"];
        let waiting = shop.pay(&args);
        tokio::pin!(waiting);
        tokio::select! {
            ended = &mut waiting => panic!("{ended:?}"),
            () = asked(&shop) => {}
        }
        let _payer = shop.world.pay();
        waiting.await
    };
    assert!(paid, "{text}");
    let received = shop.world.received(&open).await;
    assert_eq!(received["amount_received_msat"], 7_000);
}

/// Until the third order is there.
async fn asked(shop: &Shop) {
    let token = fs::read_to_string(&shop.order).expect("a token");
    loop {
        let request = reqwest::Client::new()
            .get(format!("{}/api/v1/payouts", shop.origin))
            .bearer_auth(token.trim());
        let answer = request.send().await.expect("an answer");
        let listed: Value = answer.json().await.expect("JSON");
        let payouts = listed["payouts"].as_array().expect("a list");
        if payouts.len() == 3 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_with_a_code_reaches_the_payer() {
    let shop = Shop::with("approval_above_sat = 10\n[approval]\ntotp_file = \"HOME/totp\"\n").await;
    let app = App::scan(&shop.world.run(&["totp"]).1);
    let _payer = shop.world.pay();
    let approver = token(&shop.world, "payouts:approve").await;
    let id = shop.order(&shop.world.invoice(11_000).await).await;
    shop.until(&id, |payout| payout["waiting_for"] == "approval")
        .await;
    let path = format!("/api/v1/payouts/{id}/approve");
    let approve = async |code: String| {
        let body = json!({ "approval_code": code });
        call(&shop.origin, &approver, Method::POST, &path, body).await
    };
    approve(app.wrong()).await;
    let refused = shop.until(&id, |payout| payout["code_refused"] != Value::Null);
    let refused = refused.await;
    assert!(
        refused["code_refused"]
            .as_str()
            .expect("a reason")
            .contains("wrong")
    );
    assert_eq!(
        (&refused["state"], &refused["waiting_for"]),
        (&json!("approved"), &json!("approval"))
    );
    approve(app.code(0)).await;
    shop.until(&id, |payout| payout["state"] == "paid").await;
}

/// The payer wants more than the server's word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_without_a_code_still_waits_for_the_payers_owner() {
    let shop = Shop::with("approval_above_sat = 10\n").await;
    let _payer = shop.world.pay();
    let approver = token(&shop.world, "payouts:approve").await;
    let id = shop.order(&shop.world.invoice(11_000).await).await;
    shop.until(&id, |payout| payout["waiting_for"] == "approval")
        .await;
    let path = format!("/api/v1/payouts/{id}/approve");
    call(&shop.origin, &approver, Method::POST, &path, json!({})).await;
    let waits = shop.until(&id, |payout| {
        payout["state"] == "approved" && payout["waiting_for"] == "approval"
    });
    waits.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lost_payer_began_is_resolved_at_the_server() {
    let shop = Shop::open().await;
    let hanging = shop.world.node.hang_payments();
    let payer = shop.world.pay();
    let invoice = shop.world.invoice(11_000).await;
    let id = shop.order(&invoice).await;
    hanging.reached(1).await;
    payer.kill().await;
    fs::remove_dir_all(shop.world.path("payer")).expect("it goes");
    assert_eq!(shop.find(&id).await["state"], "paying");
    hanging.release();
    let resolved = async {
        while !shop.world.run(&["resolve", &id, "--yes"]).0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(TIMEOUT, resolved).await.expect("it is resolved");
    let payout = shop.find(&id).await;
    let received = shop.world.received(&invoice).await;
    assert_eq!(payout["preimage"], received["payment_preimage"], "{payout}");
    assert_eq!(shop.world.node.calls("xpay"), 1);
}

#[test]
fn what_cannot_be_paid_is_not_ordered() {
    for (destination, expected) in [
        ("", "cannot pay \"\""),
        ("nonsense", "cannot pay \"nonsense\""),
        ("lnbcrt1qqq", "cannot pay"),
    ] {
        let mut command = program(&["pay", "--yes", "--socket", "/nowhere", "--token-file"]);
        command.args(["/nowhere", destination]);
        let (output, _, complaint) = run(&mut command);
        assert!(!output.status.success());
        assert!(complaint.contains(expected), "{complaint}");
    }
}
