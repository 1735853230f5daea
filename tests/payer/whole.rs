//! The whole of it: `facture serve` takes the order, `facture payer` pays it, `facture pay` waits for it.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    addresses::PRIVATE,
    harness::TIMEOUT,
    program::{Running, program, run, run_beside, serve},
    world::{World, call},
};

/// A server on the payer's node, its tokens in files.
struct Shop {
    world: World,
    _server: Running,
    origin: String,
}

impl Shop {
    async fn open() -> Self {
        let world = World::open().await;
        let records = world.path("records");
        let command = serve(world.node.rpc_file(), &records);
        let mut server = Running::logged(command, &world.path("server.log"));
        let line = server.line().await;
        let origin = line
            .trim_start_matches("facture: ")
            .trim_end_matches('/')
            .to_owned();
        let shop = Self {
            world,
            _server: server,
            origin,
        };
        shop.token("execute").await;
        shop.token("order").await;
        shop.configure();
        shop
    }

    fn token_file(&self, scope: &str) -> PathBuf {
        self.world.path(&format!("token-{scope}"))
    }

    async fn token(&self, scope: &str) {
        let named = format!("payouts:{scope}");
        let mut command = program(&["token", "create", "--name", scope, "--scope", &named]);
        command.arg("--data-dir").arg(self.world.path("records"));
        let (output, token, complaint) = run_beside(command).await;
        assert!(output.status.success(), "{complaint}");
        let file = self.token_file(scope);
        fs::write(&file, token).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
    }

    fn configure(&self) {
        let text = format!(
            "data_dir = {:?}\n[server]\nsocket = {:?}\ntoken_file = {:?}\n{}",
            self.world.path("payer"),
            self.world.path("records/api.sock"),
            self.token_file("execute"),
            self.world.sections(),
        );
        fs::write(self.world.path("payer.toml"), text).expect("a file");
    }

    /// `facture pay`, to its end: whether it paid, and what it said.
    async fn pay(&self, args: &[&str]) -> (bool, String) {
        let mut command = program(&["pay", "--yes"]);
        command
            .arg("--socket")
            .arg(self.world.path("records/api.sock"));
        command
            .arg("--token-file")
            .arg(self.token_file("order"))
            .args(args);
        let (output, text, complaint) = run_beside(command).await;
        (output.status.success(), text + &complaint)
    }

    async fn find(&self, id: &str) -> Value {
        let token = fs::read_to_string(self.token_file("order")).expect("a token");
        let request = reqwest::Client::new()
            .get(format!("{}/api/v1/payouts/{id}", self.origin))
            .bearer_auth(token.trim())
            .timeout(TIMEOUT);
        let answer = request.send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }
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
    let listed = call(shop.world.merchant.rpc_file(), "listinvoices", &json!({})).await;
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
    let token = fs::read_to_string(shop.token_file("order")).expect("a token");
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
