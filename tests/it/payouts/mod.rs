//! Payouts as programs order, approve and execute them. The payer is played by HTTP.

mod document;
mod executing;
mod noticing;
mod ordering;
mod socket;
mod spending;

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use bitcoin::{
    hashes::{Hash, sha256},
    secp256k1::{Secp256k1, SecretKey},
};
use facture::{app::Tokens, web::Mode};
use facture_domain::token::Scopes;
use lightning_invoice::{Currency, InvoiceBuilder, PaymentSecret};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    harness::{Server, config, json as answer},
    world::Sandbox,
};

const PAYOUTS: &str = "/api/v1/payouts";

/// A merchant, and one token of each kind.
struct Merchant<N = Sandbox> {
    sandbox: N,
    server: Server,
    records: PathBuf,
    _directory: TempDir,
    /// It may order.
    order: String,
    /// It may approve.
    approve: String,
    /// The payer's.
    execute: String,
}

impl Merchant {
    async fn open() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        Self::on(sandbox, mode, settings).await
    }
}

impl Merchant {
    /// Stops the server, does this with its records, and starts it again.
    async fn restart(self, between: impl FnOnce(&Path)) -> Self {
        self.server.stop().await.unwrap();
        between(&self.records);
        let data_dir = self.records.to_str().unwrap();
        let mode = Mode::Sandbox(self.sandbox.node.clone().into());
        let server = serve(&[("STORE__DATA_DIR", data_dir)], mode).await;
        Self { server, ..self }
    }
}

impl<N> Merchant<N> {
    async fn on(sandbox: N, mode: Mode, settings: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let records = directory.path().join("records");
        let data_dir = records.to_str().unwrap();
        let settings = [&[("STORE__DATA_DIR", data_dir)], settings].concat();
        let server = serve(&settings, mode).await;
        let mut tokens = Vec::new();
        for scope in ["payouts:order", "payouts:approve", "payouts:execute"] {
            tokens.push(issue(&records, scope).await);
        }
        let [order, approve, execute] = tokens.try_into().unwrap();
        Self {
            sandbox,
            server,
            records,
            _directory: directory,
            order,
            approve,
            execute,
        }
    }

    fn request(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        self.server.request(method, path).bearer_auth(token)
    }

    async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        answer(self.request(token, Method::GET, path).send().await).await
    }

    async fn post(&self, token: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(token, Method::POST, path);
        answer(request.json(body).send().await).await
    }

    /// Orders a payout under this key.
    async fn order(&self, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(&self.order, Method::POST, PAYOUTS);
        let request = request.header("Idempotency-Key", key);
        answer(request.json(body).send().await).await
    }

    /// Orders a payout that must be accepted.
    async fn ordered(&self, key: &str, body: &Value) -> Value {
        let (status, payout) = self.order(key, body).await;
        assert_eq!(status, StatusCode::CREATED, "{payout}");
        payout
    }

    /// The payout as it is now.
    async fn read(&self, payout: &Value) -> Value {
        let (status, payout) = self.get(&self.order, &path(payout)).await;
        assert_eq!(status, StatusCode::OK, "{payout}");
        payout
    }

    /// What somebody with this token does with a payout.
    async fn act(
        &self,
        token: &str,
        payout: &Value,
        action: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        self.post(token, &format!("{}/{action}", path(payout)), body)
            .await
    }

    /// What the payer of this name does, which must be accepted.
    async fn pays(&self, payout: &Value, action: &str, body: &Value) -> Value {
        let (status, payout) = self.act(&self.execute, payout, action, body).await;
        assert_eq!(status, StatusCode::OK, "{payout}");
        payout
    }

    /// The work of a payer.
    async fn work(&self, query: &str) -> Value {
        let path = format!("{PAYOUTS}/work?{query}");
        let (status, work) = self.get(&self.execute, &path).await;
        assert_eq!(status, StatusCode::OK, "{work}");
        work
    }
}

async fn serve(settings: &[(&str, &str)], mode: Mode) -> Server {
    let server = Server::start(config(settings), mode).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    server
}

/// A token with these scopes, as `facture token` makes it beside the running server.
async fn issue(records: &Path, scopes: &str) -> String {
    let scopes: Scopes = scopes.parse().unwrap();
    let mut tokens = Tokens::open(records).await.unwrap();
    let token = tokens.issue("refunds".to_owned(), scopes).await.unwrap();
    token.expose().to_owned()
}

fn path(payout: &Value) -> String {
    format!("{PAYOUTS}/{}", payout["id"].as_str().unwrap())
}

/// An invoice of somebody else's node.
struct Theirs {
    amount_msat: Option<u64>,
    preimage: [u8; 32],
    network: Currency,
    /// How long ago it was made, and how long it is good.
    age: Duration,
    expiry: Duration,
}

impl Default for Theirs {
    fn default() -> Self {
        Self {
            amount_msat: Some(21_000),
            preimage: rand::random(),
            network: Currency::Regtest,
            age: Duration::ZERO,
            expiry: Duration::from_secs(3600),
        }
    }
}

impl Theirs {
    fn bolt11(&self) -> String {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
        let mut builder = InvoiceBuilder::new(self.network.clone())
            .description("a refund".to_owned())
            .payment_hash(sha256::Hash::hash(&self.preimage))
            .payment_secret(PaymentSecret([7; 32]))
            .duration_since_epoch(now - self.age)
            .expiry_time(self.expiry)
            .min_final_cltv_expiry_delta(18)
            .basic_mpp();
        if let Some(amount) = self.amount_msat {
            builder = builder.amount_milli_satoshis(amount);
        }
        let key = SecretKey::from_slice(&[42; 32]).unwrap();
        let signed = builder
            .build_signed(|hash| Secp256k1::new().sign_ecdsa_recoverable(hash, &key))
            .unwrap();
        signed.to_string()
    }

    fn hash(&self) -> String {
        sha256::Hash::hash(&self.preimage).to_string()
    }

    fn preimage(&self) -> String {
        use bitcoin::hex::DisplayHex;
        self.preimage.to_lower_hex_string()
    }

    /// What a payer sends as it begins.
    fn begin(&self, payer: &str) -> Value {
        json!({ "payer": payer, "payment_hash": self.hash() })
    }

    /// What a payer reports when it is paid.
    fn paid(&self, payer: &str) -> Value {
        json!({
            "payer": payer, "state": "paid", "preimage": self.preimage(),
            "amount_msat": self.amount_msat.unwrap_or(5_000), "fee_msat": 3,
        })
    }
}
