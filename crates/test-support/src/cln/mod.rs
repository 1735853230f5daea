//! A real regtest pair for tests: bitcoind and two lightningd nodes in a temporary directory, where the `payer` has a
//! funded channel to the `merchant`, so that the merchant can receive. It must not know facture: it only starts nodes,
//! pays, and stops or kills the merchant.

mod node;

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::daemon::{Daemon, TIMEOUT, command, free_ports, log_tails, output, until};
use node::Node;
pub use node::Rest;

/// What the payer puts into the channel, in satoshis: the most that all payments of one test can add up to.
const CHANNEL_SAT: u32 = 10_000_000;

/// A descriptor for blocks whose reward nobody needs (`OP_TRUE`): it spares bitcoind a wallet.
const NOBODY: &str = "raw(51)";

/// Says whether the programs that [`Regtest::start`] runs are there.
///
/// # Errors
///
/// One sentence that names the missing programs.
pub fn programs() -> Result<(), String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing: Vec<_> = ["bitcoind", "bitcoin-cli", "lightningd", "lightning-cli"]
        .into_iter()
        .filter(|program| !std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("{} not on PATH", missing.join(", ")))
    }
}

/// The running pair. Dropping it kills every process, waits for them, and removes the directory.
///
/// Errors of all methods end with the last lines of every log.
pub struct Regtest {
    // Fields are dropped in this order: the nodes before their chain, the directory last.
    merchant: Node,
    payer: Node,
    bitcoind: Bitcoind,
    dir: TempDir,
}

impl Regtest {
    /// Starts the three daemons, funds the payer and opens its channel; returns when a payment can be made.
    pub async fn start() -> anyhow::Result<Self> {
        programs().map_err(anyhow::Error::msg)?;
        // A unix socket's path is limited to 108 bytes (104 on some systems), hence the short name.
        let dir = tempfile::Builder::new().prefix("cln").tempdir()?;
        match start_daemons(dir.path()).await {
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

    /// The merchant's clnrest; `None` where this lightningd is without it.
    pub async fn merchant_rest(&self) -> anyhow::Result<Option<Rest>> {
        self.explained(self.merchant.rest().await)
    }

    /// Runs a line of shell that begins with `lightning-cli`, as the merchant's owner would.
    pub async fn merchant_shell(&self, line: &str) -> anyhow::Result<String> {
        let place = format!(
            "lightning-cli --network=regtest --lightning-dir='{}'",
            self.merchant.dir().display()
        );
        let line = line.replacen("lightning-cli", &place, 1);
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
        let connected = self.connect().await;
        self.explained(connected)?;
        self.explained(self.channel_usable().await)
    }

    async fn open_channel(&self) -> anyhow::Result<()> {
        let address = text(&self.payer.cli(&["newaddr", "p2tr"]).await?, "p2tr")?;
        self.bitcoind
            .cli(&["generatetoaddress", "1", &address])
            .await?;
        // A block's reward can be spent after another 100 blocks.
        self.bitcoind
            .cli(&["generatetodescriptor", "100", NOBODY])
            .await?;
        self.chain_seen().await?;
        until("the payer's coins", TIMEOUT, async || {
            let funds = self.payer.cli(&["listfunds"]).await?;
            Ok((funds["outputs"][0]["status"] == "confirmed").then_some(()))
        })
        .await?;

        let id = self.connect().await?;
        self.payer
            .cli(&["fundchannel", &id, &CHANNEL_SAT.to_string()])
            .await?;
        // The sixth block lets the nodes announce the channel.
        self.bitcoind
            .cli(&["generatetodescriptor", "6", NOBODY])
            .await?;
        self.channel_usable().await
    }

    /// Connects the payer to the merchant; returns the merchant's id.
    ///
    /// After a restart the payer would come back by itself, but up to three seconds later.
    async fn connect(&self) -> anyhow::Result<String> {
        let id = text(&self.merchant.cli(&["getinfo"]).await?, "id")?;
        let merchant = format!("{id}@{}", self.merchant.address());
        // lightningd answers on its socket before it accepts peers, so a refused connection is no error yet.
        until("the merchant to accept a peer", TIMEOUT, async || {
            Ok(self.payer.cli(&["connect", &merchant]).await.ok())
        })
        .await?;
        Ok(id)
    }

    /// Waits until both nodes know the newest block. A payment from a node that lags behind expires too early for one
    /// that does not.
    async fn chain_seen(&self) -> anyhow::Result<()> {
        let height: u64 = self
            .bitcoind
            .cli(&["getblockcount"])
            .await?
            .trim()
            .parse()?;
        for node in [&self.merchant, &self.payer] {
            until(
                &format!("block {height} at the {}", node.name()),
                TIMEOUT,
                async || {
                    let info = node.cli(&["getinfo"]).await?;
                    let synced = info["blockheight"] == height
                        && info.get("warning_lightningd_sync").is_none();
                    Ok(synced.then_some(()))
                },
            )
            .await?;
        }
        Ok(())
    }

    /// Waits until both ends say so: one of them may still believe in a connection that the other has lost.
    async fn channel_usable(&self) -> anyhow::Result<()> {
        self.chain_seen().await?;
        for node in [&self.merchant, &self.payer] {
            until(
                &format!("CHANNELD_NORMAL at the {}", node.name()),
                TIMEOUT,
                async || {
                    let peers = node.cli(&["listpeerchannels"]).await?;
                    let channel = &peers["channels"][0];
                    let usable = channel["state"] == "CHANNELD_NORMAL"
                        && channel["peer_connected"] == true
                        && channel["reestablished"] == true;
                    Ok(usable.then_some(()))
                },
            )
            .await?;
        }
        Ok(())
    }

    fn explained<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.map_err(|error| explain(error, self.dir.path()))
    }
}

fn explain(error: anyhow::Error, dir: &Path) -> anyhow::Error {
    anyhow!("{error:#}\n\n{}", log_tails(dir))
}

async fn start_daemons(dir: &Path) -> anyhow::Result<(Bitcoind, Node, Node)> {
    let [rpc, merchant, payer, rest] = free_ports()?;
    let bitcoind = Bitcoind::start(dir, rpc).await?;
    // lightningd waits for a chain that bitcoind calls synchronized: one with a block younger than a day.
    bitcoind.cli(&["generatetodescriptor", "1", NOBODY]).await?;
    let mut merchant = Node::new("merchant", dir, &bitcoind.datadir, merchant);
    // A lightningd without the plugin does not start with its options.
    if output("lightningd", ["--help"])
        .await?
        .contains("--clnrest-port")
    {
        merchant = merchant.with_rest(rest);
    }
    let mut payer = Node::new("payer", dir, &bitcoind.datadir, payer);
    tokio::try_join!(merchant.start(), payer.start())?;
    Ok((bitcoind, merchant, payer))
}

struct Bitcoind {
    datadir: PathBuf,
    process: Daemon,
}

impl Bitcoind {
    async fn start(dir: &Path, rpc_port: u16) -> anyhow::Result<Self> {
        let datadir = dir.join("bitcoin");
        std::fs::create_dir(&datadir)?;
        // In the file, so that bitcoin-cli (ours and lightningd's) finds the port there too. With listen=0 and
        // connect=0 it has no peers in either direction.
        let conf = format!(
            "regtest=1\nserver=1\nlisten=0\ndisablewallet=1\nfallbackfee=0.0001\n\
             [regtest]\nconnect=0\nrpcbind=127.0.0.1\nrpcallowip=127.0.0.1\nrpcport={rpc_port}\n"
        );
        std::fs::write(datadir.join("bitcoin.conf"), conf)?;
        let mut bitcoind = command("bitcoind");
        bitcoind.arg(datadir_arg(&datadir));
        let mut bitcoind = Self {
            process: Daemon::spawn(bitcoind, &dir.join("bitcoind.log"))?,
            datadir,
        };
        until("bitcoind", TIMEOUT, async || {
            bitcoind.process.check_running()?;
            let args = [datadir_arg(&bitcoind.datadir), "getblockcount".to_owned()];
            Ok(output("bitcoin-cli", args).await.ok())
        })
        .await?;
        Ok(bitcoind)
    }

    async fn cli(&self, args: &[&str]) -> anyhow::Result<String> {
        let datadir = datadir_arg(&self.datadir);
        output(
            "bitcoin-cli",
            [datadir.as_str()].into_iter().chain(args.iter().copied()),
        )
        .await
    }
}

fn datadir_arg(datadir: &Path) -> String {
    format!("-datadir={}", datadir.display())
}

fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    match value[key].as_str() {
        Some(text) => Ok(text.to_owned()),
        None => bail!("no {key} in {value}"),
    }
}
