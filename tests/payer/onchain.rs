//! The channel of a payout that is under way is closed by force. What becomes of the payment is decided on the chain then: the
//! payout is not paid again meanwhile, and ends as the chain decides.

use std::{pin::pin, time::Duration};

use facture_domain::payout::PayoutState;
use facture_lab::{Lnd, Peer, TIMEOUT, until};
use facture_test_support::{lnd::Pair, mixed::Mixed};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    orders::Row,
    program::Running,
    real::{printed, word},
    world::Home,
};

/// After the sections that name the node: it looks for ways for a short time only.
const LIMITS: &str = "
retry_for_seconds = 5
deadline_seconds = 5
[limits]
per_payout_sat = 1000000
per_hour_sat = 1000000
per_day_sat = 1000000
";

const AMOUNT_SAT: u64 = 500_000;

/// How many blocks it may take until the payer's node knows what the chain has decided, once it can be decided.
const BLOCKS: u32 = 60;

/// How long a payment may take to be unknown: the node gives up, or does not answer, and is asked what became of it.
const DOUBT: Duration = Duration::from_secs(60);

/// Two nodes. The merchant's is an LND: it can take a payment that it holds also when that is on the chain.
enum Nodes {
    Mixed(Mixed),
    Lnd(Pair),
}

/// A payout whose payment is held by the merchant in a channel that is closed by force.
struct OnChain {
    nodes: Nodes,
    home: Home,
    payout: String,
    hash: String,
    preimage: String,
    _payer: Running,
}

impl Nodes {
    fn payer(&self) -> Peer<'_> {
        match self {
            Self::Mixed(pair) => Peer::Cln(&pair.cln),
            Self::Lnd(pair) => Peer::Lnd(&pair.payer),
        }
    }

    fn merchant(&self) -> &Lnd {
        match self {
            Self::Mixed(pair) => &pair.lnd,
            Self::Lnd(pair) => &pair.merchant,
        }
    }

    async fn mine(&self, blocks: u32) {
        let mined = match self {
            Self::Mixed(pair) => pair.mine(blocks).await,
            Self::Lnd(pair) => pair.mine(blocks).await,
        };
        mined.expect("blocks");
    }

    async fn open_channel(&self) {
        let opened = match self {
            Self::Mixed(pair) => pair.open_channel().await,
            Self::Lnd(pair) => pair.open_channel().await,
        };
        opened.expect("a channel");
    }

    /// The section of the configuration that names the payer's node.
    async fn section(&self) -> String {
        match self {
            Self::Mixed(pair) => format!("[node]\nrpc_file = {:?}", pair.cln.socket()),
            Self::Lnd(pair) => {
                let file = pair.payer.macaroon_file("payouts");
                let command = printed(&["lnd-macaroon", "--payer"]);
                let baked = pair.payer.bake(&command, &file).await;
                baked.expect("a macaroon");
                format!(
                    "[node]\nkind = \"lnd\"\nlnd_url = {:?}\ntls_cert_file = {:?}\nmacaroon_file = {file:?}",
                    pair.payer.rest_url(),
                    pair.payer.certificate_file(),
                )
            }
        }
    }

    /// The payer's node closes the only channel by force; returns when that is in a block.
    async fn close_by_force(&self) {
        match self {
            Self::Mixed(pair) => {
                let listed = pair.cln.cli(&["listpeerchannels"]).await.expect("a list");
                let id = word(&listed["channels"][0], "channel_id");
                // After a second without an agreement.
                let closed = pair.cln.cli(&["close", &id, "1"]).await;
                assert_eq!(closed.expect("it closes")["type"], "unilateral");
                self.mine(1).await;
            }
            Self::Lnd(pair) => {
                let channel = self.payer().channel().await.expect("an answer");
                let point = format!("--chan_point={}", channel.expect("a channel").point);
                let close = ["closechannel", "--force", &point];
                let mut close = pin!(pair.payer.cli(&close));
                // lncli may answer only when it is in a block.
                let begun = until("a channel that closes", TIMEOUT, async || {
                    let pending = pair.payer.json(&["pendingchannels"]).await?;
                    let closing = pending["waiting_close_channels"].as_array();
                    Ok(closing.filter(|all| !all.is_empty()).map(drop))
                });
                tokio::select! {
                    closed = &mut close => drop(closed.expect("it closes")),
                    begun = begun => begun.expect("it closes"),
                }
                self.mine(1).await;
            }
        }
    }

    /// Whether the payer's node says that a payment is under way.
    async fn is_under_way(&self, hash: &str) -> bool {
        match self {
            Self::Mixed(pair) => {
                let hash = format!("payment_hash={hash}");
                let listed = pair.cln.cli(&["-k", "listpays", &hash]).await;
                let listed = listed.expect("a list");
                let mut pays = listed["pays"].as_array().expect("a list").iter();
                pays.any(|pay| pay["status"] == "pending")
            }
            Self::Lnd(pair) => {
                let listed = ["listpayments", "--include_incomplete"];
                let listed = pair.payer.json(&listed).await.expect("a list");
                let mut payments = listed["payments"].as_array().expect("a list").iter();
                payments.any(|payment| {
                    payment["payment_hash"] == *hash && payment["status"] == "IN_FLIGHT"
                })
            }
        }
    }

    /// The merchant's invoice.
    async fn invoice(&self, hash: &str) -> Value {
        let found = self.merchant().json(&["lookupinvoice", hash]).await;
        found.expect("an invoice")
    }
}

impl OnChain {
    /// Returns when the payout is unknown: the channel is closed, another one is open, and another payer process has asked.
    async fn start(nodes: Nodes) -> Self {
        let home = Home::new();
        home.configure_as("payer", &nodes.section().await, LIMITS);
        let preimage: [u8; 32] = rand::random();
        let hash = hex::encode(Sha256::digest(preimage));
        let amount = format!("--amt={AMOUNT_SAT}");
        let add = ["addholdinvoice", &amount, &hash];
        let made = nodes.merchant().json(&add);
        let bolt11 = word(&made.await.expect("an invoice"), "payment_request");
        let payout = home.orders.order(&bolt11);
        let payer = home.pay();
        let held = until("a payment that is held", TIMEOUT, async || {
            Ok((nodes.invoice(&hash).await["state"] == "ACCEPTED").then_some(()))
        });
        held.await.expect("it is held");
        nodes.close_by_force().await;
        // So that it could be paid again.
        nodes.open_channel().await;
        let unknown = |row: &Row| row.state == PayoutState::Unknown;
        let row = home.orders.until_within(DOUBT, &payout, unknown).await;
        assert_eq!(row.code(), "timeout", "{row:?}\n{}", home.log());
        // One that does not know what became of its call asks, too.
        payer.kill().await;
        let payer = home.pay();
        let on_chain = Self {
            nodes,
            home,
            payout,
            hash,
            preimage: hex::encode(preimage),
            _payer: payer,
        };
        let doubted = until("another doubt", TIMEOUT, async || {
            Ok((on_chain.entries("unknown") == 2).then_some(()))
        });
        doubted.await.expect("it has asked");
        assert_eq!(on_chain.row().state, PayoutState::Unknown);
        on_chain
    }

    fn row(&self) -> Row {
        self.home.orders.row(&self.payout)
    }

    /// How many entries of this name are in the journal.
    fn entries(&self, name: &str) -> usize {
        let entries = self.home.entries();
        entries.iter().filter(|entry| *entry == name).count()
    }

    /// Mines blocks, one by one, until the payout has ended: not before the payer's node says so.
    async fn ended(&self) -> Row {
        for _ in 0..BLOCKS {
            // In this order: it may end in between.
            let row = self.row();
            if !self.nodes.is_under_way(&self.hash).await {
                let has_ended = |row: &Row| row.state.is_final();
                let ended = self
                    .home
                    .orders
                    .until_within(DOUBT, &self.payout, has_ended);
                return ended.await;
            }
            assert!(!row.state.is_final(), "{row:?}\n{}", self.home.log());
            self.nodes.mine(1).await;
        }
        panic!("the node says that it is under way:\n{}", self.home.log());
    }

    /// Waits until the merchant can no longer take the payment.
    async fn let_expire(&self) {
        let invoice = self.nodes.invoice(&self.hash).await;
        let expiry = invoice["htlcs"][0]["expiry_height"].as_u64();
        let info = self.nodes.merchant().json(&["getinfo"]).await;
        let height = info.expect("an answer")["block_height"].as_u64();
        let left = expiry.expect("a height") - height.expect("a height");
        self.nodes.mine(left.try_into().expect("few")).await;
    }

    /// It was sent once, and nothing went through the other channel.
    async fn was_sent_once(&self) {
        assert_eq!(self.entries("sending"), 1, "{:?}", self.home.entries());
        let other = self.nodes.payer().channel().await.expect("an answer");
        let other = other.expect("the other channel");
        assert_eq!((other.payments, other.theirs_msat), (0, 0), "{other:?}");
        assert!(self.home.run(&["journal", "verify"]).0);
    }

    /// The merchant takes the payment on the chain, where the payer's node finds the preimage.
    async fn ends_paid(self) {
        let settle = ["settleinvoice", &self.preimage];
        let settled = self.nodes.merchant().cli(&settle);
        settled.await.expect("it is settled");
        let row = self.ended().await;
        assert_eq!(row.state, PayoutState::Paid, "{row:?}\n{}", self.home.log());
        let outcome = row.outcome.expect("an outcome");
        assert_eq!(outcome["preimage"], *self.preimage, "{outcome}");
        assert_eq!(outcome["amount_msat"], AMOUNT_SAT * 1000, "{outcome}");
        let invoice = self.nodes.invoice(&self.hash).await;
        assert_eq!(invoice["state"], "SETTLED", "{invoice}");
        assert_eq!(invoice["amt_paid_sat"], AMOUNT_SAT.to_string(), "{invoice}");
        self.was_sent_once().await;
    }

    /// Nobody takes the payment, and the payer's node gets it back from the chain.
    async fn fails(self) {
        self.let_expire().await;
        let row = self.ended().await;
        assert_eq!(
            row.state,
            PayoutState::Failed,
            "{row:?}\n{}",
            self.home.log()
        );
        let invoice = self.nodes.invoice(&self.hash).await;
        assert_ne!(invoice["state"], "SETTLED", "{invoice}");
        self.was_sent_once().await;
    }
}

async fn cln_pays() -> OnChain {
    OnChain::start(Nodes::Mixed(Mixed::start().await.expect("a mixed pair"))).await
}

async fn lnd_pays() -> OnChain {
    OnChain::start(Nodes::Lnd(Pair::start().await.expect("a regtest pair"))).await
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd, lightning-cli, lnd and lncli on PATH"]
async fn what_cln_pays_is_taken_on_the_chain() {
    cln_pays().await.ends_paid().await;
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd, lightning-cli, lnd and lncli on PATH"]
async fn what_cln_pays_comes_back_from_the_chain() {
    cln_pays().await.fails().await;
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn what_lnd_pays_is_taken_on_the_chain() {
    lnd_pays().await.ends_paid().await;
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn what_lnd_pays_comes_back_from_the_chain() {
    lnd_pays().await.fails().await;
}
