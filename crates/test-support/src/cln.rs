//! A real regtest pair for tests: bitcoind and two lightningd nodes in a temporary directory, where the `payer` has a
//! funded channel to the `merchant`, so that the merchant can receive. It must not know facture: it only starts nodes,
//! pays, and stops or kills the merchant.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
pub use facture_lab::Rest;
use facture_lab::{
    Bitcoind, Cln, Kind, Link, NOBODY, Peer, command, free_ports, log_tails, missing, output,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Child;

/// What the payer puts into the channel, in satoshis: the most that all payments of one test can add up to.
const CHANNEL_SAT: u32 = 10_000_000;

/// How long a payment may take to end, once it can.
const PAYMENT_TIMEOUT: Duration = Duration::from_secs(120);

/// Says whether the programs that [`Regtest::start`] runs are there.
///
/// # Errors
///
/// One sentence that names the missing programs.
pub fn programs() -> Result<(), String> {
    missing(Kind::Cln).map_err(|missing| missing.in_short())
}

/// The running pair. Dropping it kills every process, waits for them, and removes the directory.
///
/// Errors of all methods end with the last lines of every log.
pub struct Regtest {
    // Fields are dropped in this order: the nodes before their chain, the directory last.
    merchant: Cln,
    payer: Cln,
    bitcoind: Bitcoind,
    dir: TempDir,
}

/// A payment that is under way.
pub struct Paying(Child);

impl Paying {
    /// Waits for what the payer's node says in the end: the payment, or its error.
    pub async fn ended(self) -> anyhow::Result<Value> {
        let output = tokio::time::timeout(PAYMENT_TIMEOUT, self.0.wait_with_output()).await??;
        let said = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&said).with_context(|| format!("the payer said: {said}"))
    }
}

impl Regtest {
    /// Starts the three daemons, funds the payer and opens its channel; returns when a payment can be made.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(Vec::new()).await
    }

    /// The same with more options for the merchant's lightningd, such as `--plugin=…`.
    pub async fn start_with(options: Vec<String>) -> anyhow::Result<Self> {
        programs().map_err(anyhow::Error::msg)?;
        // A unix socket's path is limited to 108 bytes (104 on some systems), hence the short name.
        let dir = tempfile::Builder::new().prefix("cln").tempdir()?;
        match start_daemons(dir.path(), options).await {
            Ok((bitcoind, merchant, payer)) => {
                let pair = Self {
                    merchant,
                    payer,
                    bitcoind,
                    dir,
                };
                let opened = pair.open_channel().await;
                pair.explained(opened)?;
                Ok(pair)
            }
            Err(error) => Err(explain(error, dir.path())),
        }
    }

    /// The merchant's socket: `<directory>/regtest/lightning-rpc`. It stays the same when the merchant starts again.
    pub fn merchant_rpc(&self) -> &Path {
        self.merchant.socket()
    }

    /// The payer's socket.
    pub fn payer_rpc(&self) -> &Path {
        self.payer.socket()
    }

    /// The merchant's clnrest; `None` where this lightningd is without it.
    pub async fn merchant_rest(&self) -> anyhow::Result<Option<Rest>> {
        self.explained(self.merchant.rest().await)
    }

    /// Runs a line of shell that begins with `lightning-cli`, as the merchant's owner would.
    pub async fn merchant_shell(&self, line: &str) -> anyhow::Result<String> {
        let line = line.replacen("lightning-cli", &self.merchant.shell(), 1);
        self.explained(output("sh", ["-c", &line]).await)
    }

    /// Runs `lightning-cli` on the merchant, e.g. `["-k", "invoice", "amount_msat=1000", …]`.
    pub async fn merchant_cli(&self, args: &[&str]) -> anyhow::Result<Value> {
        self.explained(self.merchant.cli(args).await)
    }

    /// Runs `lightning-cli` on the payer.
    pub async fn payer_cli(&self, args: &[&str]) -> anyhow::Result<Value> {
        self.explained(self.payer.cli(args).await)
    }

    /// The payer pays the invoice with `xpay`; returns the preimage as hexadecimal digits.
    pub async fn pay(&self, bolt11: &str) -> anyhow::Result<String> {
        let paid = self.payer_cli(&["xpay", bolt11]).await?;
        text(&paid, "payment_preimage")
    }

    /// The payer pays an amount of its own choice; returns the preimage as hexadecimal digits.
    ///
    /// `xpay` and `pay` refuse an amount for an invoice that has one, so this is `sendpay` over the channel. The
    /// merchant takes from the amount of the invoice up to twice as much, and any amount when the invoice has none.
    pub async fn pay_amount(&self, bolt11: &str, amount_msat: u64) -> anyhow::Result<String> {
        let invoice = self.payer_cli(&["decode", bolt11]).await?;
        let channels = self.payer_cli(&["listpeerchannels"]).await?;
        let Some(min_final_cltv_expiry) = invoice["min_final_cltv_expiry"].as_u64() else {
            bail!("no min_final_cltv_expiry in {invoice}");
        };
        let route = json!([{
            "id": invoice["payee"],
            "channel": channels["channels"][0]["short_channel_id"],
            "amount_msat": amount_msat,
            // One more, in case the test mines a block that the merchant sees first.
            "delay": min_final_cltv_expiry + 1,
        }]);
        let hash = text(&invoice, "payment_hash")?;
        self.payer_cli(&[
            "-k",
            "sendpay",
            &format!("route={route}"),
            &format!("payment_hash={hash}"),
            &format!("payment_secret={}", text(&invoice, "payment_secret")?),
        ])
        .await?;
        let paid = self.payer_cli(&["waitsendpay", &hash]).await?;
        text(&paid, "payment_preimage")
    }

    /// Stops the merchant in order, with `stop`; returns when its process has ended.
    pub async fn stop_merchant(&mut self) -> anyhow::Result<()> {
        let stopped = self.merchant.stop().await;
        self.explained(stopped)
    }

    /// Kills the merchant (SIGKILL), which leaves its socket's file behind.
    pub async fn kill_merchant(&mut self) -> anyhow::Result<()> {
        let killed = self.merchant.kill().await;
        self.explained(killed)
    }

    /// Starts the merchant again after a stop or kill; returns when the channel can be used again.
    pub async fn start_merchant(&mut self) -> anyhow::Result<()> {
        let started = self.merchant.start().await;
        self.explained(started)?;
        self.explained(self.link().connect().await)?;
        self.explained(self.link().usable().await)
    }

    /// The merchant's directory of this network.
    pub fn merchant_dir(&self) -> PathBuf {
        self.merchant.dir().join("regtest")
    }

    /// The merchant's log.
    pub fn merchant_log(&self) -> PathBuf {
        self.dir.path().join("merchant.log")
    }

    /// Opens one more channel of the same size.
    pub async fn open_another_channel(&self) -> anyhow::Result<()> {
        let opened = async {
            // What the first one left has to be confirmed.
            self.link().confirm().await?;
            self.link().open_channel(CHANNEL_SAT).await?;
            self.link().usable().await
        };
        self.explained(opened.await)
    }

    /// Starts one more node that can pay the merchant, with coins and a channel of its own.
    pub async fn another_payer(&self) -> anyhow::Result<Cln> {
        let [port] = free_ports()?;
        let mut payer = Cln::new("second", self.dir.path(), &self.bitcoind, port);
        self.explained(payer.start().await)?;
        let link = Link {
            payer: Peer::Cln(&payer),
            ..self.link()
        };
        self.explained(link.open_usable_channel(CHANNEL_SAT).await)?;
        Ok(payer)
    }

    /// Mines blocks, and waits until both nodes know them.
    pub async fn mine(&self, blocks: u32) -> anyhow::Result<()> {
        self.explained(self.bitcoind.mine(blocks, NOBODY).await)?;
        self.explained(self.link().chain_seen().await)
    }

    /// The payer begins to pay with `xpay`; it may take as long as the merchant holds the payment.
    pub fn start_paying(&self, bolt11: &str) -> anyhow::Result<Paying> {
        let mut command = command("lightning-cli");
        command
            .arg("--network=regtest")
            .arg(format!("--lightning-dir={}", self.payer.dir().display()))
            .args(["--json", "--notifications=none", "xpay", bolt11])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut command = tokio::process::Command::from(command);
        Ok(Paying(command.kill_on_drop(true).spawn()?))
    }

    async fn open_channel(&self) -> anyhow::Result<()> {
        self.link().open_usable_channel(CHANNEL_SAT).await
    }

    fn link(&self) -> Link<'_> {
        Link {
            bitcoind: &self.bitcoind,
            payer: Peer::Cln(&self.payer),
            merchant: Peer::Cln(&self.merchant),
        }
    }

    fn explained<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.map_err(|error| explain(error, self.dir.path()))
    }
}

fn explain(error: anyhow::Error, dir: &Path) -> anyhow::Error {
    anyhow!("{error:#}\n\n{}", log_tails(dir))
}

async fn start_daemons(dir: &Path, options: Vec<String>) -> anyhow::Result<(Bitcoind, Cln, Cln)> {
    let [rpc, merchant, payer, rest] = free_ports()?;
    let mut bitcoind = Bitcoind::new(dir, rpc);
    bitcoind.start().await?;
    let mut merchant = Cln::new("merchant", dir, &bitcoind, merchant).with_options(options);
    // A lightningd without the plugin does not start with its options.
    if output("lightningd", ["--help"])
        .await?
        .contains("--clnrest-port")
    {
        merchant = merchant.with_rest(rest);
    }
    let mut payer = Cln::new("payer", dir, &bitcoind, payer);
    tokio::try_join!(merchant.start(), payer.start())?;
    Ok((bitcoind, merchant, payer))
}

fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    match value[key].as_str() {
        Some(text) => Ok(text.to_owned()),
        None => bail!("no {key} in {value}"),
    }
}
