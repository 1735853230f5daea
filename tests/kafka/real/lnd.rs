//! With LND.

use std::{path::Path, time::Instant};

use bitcoin::hashes::{Hash, sha256};
use facture_test_support::lnd::Pair;

use super::{ALL, answer, error, frame, node_down, text, words};
use crate::{program::program, world::World};

/// How long lnd looks for ways, in seconds.
const RETRY_FOR: u64 = 10;

/// What `facture` prints.
fn printed(args: &[&str]) -> String {
    let output = program(args).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    text.trim().to_owned()
}

/// facture and its payer on the node that has the coins.
async fn world(pair: &Pair) -> World {
    let node = &pair.payer;
    let macaroon = async |name: &str, args: &[&str]| {
        let file = node.macaroon_file(name);
        let baked = node.bake(&printed(args), &file).await;
        baked.expect("a macaroon");
        file.display().to_string()
    };
    let checkout = macaroon("checkout", &["lnd-macaroon"]).await;
    let payouts = macaroon("payouts", &["lnd-macaroon", "--payer"]).await;
    let (url, certificate) = (node.rest_url(), node.certificate_file());
    let section = format!(
        "kind = \"lnd\"\nlnd_url = {url:?}\ntls_cert_file = {certificate:?}\nmacaroon_file = {payouts:?}\nretry_for_seconds = {RETRY_FOR}"
    );
    let server = move |data: &Path| {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
        command
            .arg(data)
            .env("FACTURE_NODE__KIND", "lnd")
            .env("FACTURE_NODE__LND_URL", url)
            .env("FACTURE_NODE__TLS_CERT_FILE", certificate)
            .env("FACTURE_NODE__MACAROON_FILE", checkout);
        command
    };
    World::on(server, section).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka, bitcoind, bitcoin-cli, lnd and lncli"]
async fn every_end_of_a_payment() {
    let pair = Pair::start().await.expect("a regtest pair");
    let world = world(&pair).await;
    let mut bridge = world.bridge(ALL);
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let payer = world.payer();
    let info = pair.merchant.json(&["getinfo"]).await.expect("a node");
    let other = text(&info, "identity_pubkey");
    let fresh = async || {
        let made = pair.merchant.json(&["addinvoice", "--amt=10"]).await;
        text(&made.expect("an invoice"), "payment_request")
    };
    let pay_it = async |invoice: String| drop(pair.pay(&invoice, None).await.expect("it is paid"));
    // It does not say why there is no route.
    words(&world, &other, "no_route", &fresh, pay_it).await;
    assert!(bridge.terminate().await.success());
    let pair = tokio::sync::Mutex::new(pair);
    let down = async || pair.lock().await.payer.kill().await.expect("a crash");
    let up = async || {
        let mut pair = pair.lock().await;
        pair.payer.start().await.expect("a start");
        pair.reconnect().await.expect("a channel");
    };
    // A payment would fail: until its channels are back, lnd has no balance.
    let later = ["create", "3", "Tea", "60"];
    node_down(&world, &later, down, up).await;
    assert!(payer.terminate().await.success());
}

/// The other node holds a payment.
struct Held {
    preimage: [u8; 32],
    /// The command that pays.
    frame: String,
}

impl Held {
    async fn new(pair: &Pair) -> Self {
        let preimage = rand::random::<[u8; 32]>();
        let hash = sha256::Hash::hash(&preimage).to_string();
        let made = ["addholdinvoice", "--amt=10", &hash];
        let made = pair.merchant.json(&made).await.expect("an invoice");
        let invoice = text(&made, "payment_request");
        let frame = frame(&["pay", &invoice]).await;
        Self { preimage, frame }
    }

    fn hash(&self) -> String {
        sha256::Hash::hash(&self.preimage).to_string()
    }

    /// What the other node says of its invoice.
    async fn state(&self, pair: &Pair) -> String {
        let found = pair.merchant.json(&["lookupinvoice", &self.hash()]).await;
        text(&found.expect("an invoice"), "state")
    }
}

/// Long after lnd has stopped looking for ways, a payment that is held can still be made: that is pending, and never a time-out.
/// Then its end is what the other node does.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka, bitcoind, bitcoin-cli, lnd and lncli"]
async fn a_payment_that_is_held_is_pending_until_it_ends() {
    let pair = Pair::start().await.expect("a regtest pair");
    let world = world(&pair).await;
    let mut bridge = world.bridge(ALL);
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let payer = world.payer();
    let (taken, sent_back) = (Held::new(&pair).await, Held::new(&pair).await);
    let begun = Instant::now();
    let pending = tokio::join!(
        answer(&world, &taken.frame),
        answer(&world, &sent_back.frame)
    );
    assert!(begun.elapsed().as_secs() > RETRY_FOR);
    for (held, told) in [(&taken, pending.0), (&sent_back, pending.1)] {
        assert_eq!(told["status"], "pending", "{told}");
        assert!(
            text(&told["message"], "payout").starts_with("po_"),
            "{told}"
        );
        assert_eq!(held.state(&pair).await, "ACCEPTED");
    }
    let preimage = hex::encode(taken.preimage);
    let settled = pair.merchant.cli(&["settleinvoice", &preimage]).await;
    settled.expect("it is taken");
    let hash = sent_back.hash();
    let cancelled = pair.merchant.cli(&["cancelinvoice", &hash]).await;
    cancelled.expect("it is sent back");
    let (paid, failed) = tokio::join!(
        answer(&world, &taken.frame),
        answer(&world, &sent_back.frame)
    );
    assert_eq!(paid["status"], "success", "{paid}");
    assert_eq!(paid["message"]["payment_preimage"], preimage, "{paid}");
    assert_eq!(paid["message"]["payment_hash"], taken.hash(), "{paid}");
    assert_eq!(taken.state(&pair).await, "SETTLED");
    // Now that it cannot be made any more, it is true.
    assert_eq!(failed, error("timeout", "timeout"));
    assert_eq!(sent_back.state(&pair).await, "CANCELED");
    assert_eq!(answer(&world, &taken.frame).await, paid);
    assert_eq!(answer(&world, &sent_back.frame).await, failed);
    assert!(bridge.terminate().await.success());
    assert!(payer.terminate().await.success());
}
