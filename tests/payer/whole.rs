//! The whole of it: `facture serve` takes the order, `facture payer` pays it, `facture pay` waits for it.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    harness::TIMEOUT,
    program::{Running, program, run, run_beside, serve},
    world::{Home, World},
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
        world.configure_with(&world.path("records/api.sock"), &execute, &world.sections());
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
        let token = fs::read_to_string(&self.order).expect("a token");
        let request = reqwest::Client::new()
            .get(format!("{}/api/v1/payouts/{id}", self.origin))
            .bearer_auth(token.trim())
            .timeout(TIMEOUT);
        let answer = request.send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }
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
