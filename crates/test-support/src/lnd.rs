//! A real regtest pair for tests: bitcoind and two lnds in a temporary directory, where the payer has a funded channel to
//! the merchant. It must not know facture: it only starts nodes, pays, and stops or kills the merchant.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::daemon::{Daemon, TIMEOUT, command, free_ports, log_tails, output, until};

/// What the payer puts into the channel, in satoshis.
const CHANNEL_SAT: &str = "10000000";

/// A descriptor for blocks whose reward nobody needs (`OP_TRUE`): it spares bitcoind a wallet.
const NOBODY: &str = "raw(51)";

/// The running pair. Dropping it kills every process, waits for them, and removes the directory.
pub struct Pair {
    // Fields are dropped in this order: the nodes before their chain, the directory last.
    /// The node that receives.
    pub merchant: Lnd,
    /// The node that pays.
    pub payer: Lnd,
    bitcoind: Bitcoind,
    dir: TempDir,
}

/// A payment that is under way.
pub struct Paying(tokio::process::Child);

impl Paying {
    /// Waits until it has succeeded.
    pub async fn succeeded(self) -> anyhow::Result<()> {
        let Self(mut child) = self;
        let status = tokio::time::timeout(TIMEOUT, child.wait()).await??;
        ensure!(status.success(), "the payment failed: {status}");
        Ok(())
    }
}

impl Pair {
    /// Starts the three daemons, funds the payer and opens its channel; returns when a payment can be made.
    pub async fn start() -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("lnd").tempdir()?;
        match start(dir.path()).await {
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
            Err(error) => Err(error.context(log_tails(dir.path()))),
        }
    }

    /// Runs the command that makes a macaroon, as the merchant's owner does, and keeps what it makes as `checkout`.
    pub async fn bake(&self, bakemacaroon: &str) -> anyhow::Result<()> {
        let mut words = bakemacaroon.split(' ');
        ensure!(words.next() == Some("lncli"), "{bakemacaroon}");
        let file = self.merchant.macaroon_file("checkout");
        let file = file.to_str().context("a plain path")?;
        let args: Vec<_> = words
            .map(|word| {
                if word == "facture.macaroon" {
                    file
                } else {
                    word
                }
            })
            .collect();
        self.explained(self.merchant.lncli(&args).await)?;
        Ok(())
    }

    /// The macaroon `checkout` cannot spend: the merchant's own lncli is refused a payment with it.
    pub async fn refuses_a_payment(&self) -> anyhow::Result<()> {
        let invoice = self.payer.json(&["addinvoice", "--amt=1"]).await?;
        let file = self.merchant.macaroon_file("checkout");
        let macaroon = format!("--macaroonpath={}", file.display());
        for args in [
            vec!["payinvoice", "--force", text(&invoice, "payment_request")?],
            vec!["newaddress", "p2tr"],
            vec!["sendcoins", "--force", "--amt=1000", "--addr=x"],
        ] {
            let args: Vec<_> = [macaroon.as_str()].into_iter().chain(args).collect();
            let Err(refused) = self.merchant.lncli(&args).await else {
                bail!("{args:?} is not refused");
            };
            let refused = refused.to_string();
            // lncli reads the address first, by its own.
            let reason = ["permission denied", "invalid address"];
            ensure!(reason.iter().any(|text| refused.contains(text)), refused);
        }
        Ok(())
    }

    /// The payer pays the invoice, or another amount than it asks for; returns the preimage as hexadecimal digits.
    pub async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> anyhow::Result<String> {
        let Some(msat) = amount_msat else {
            let paid = self.payer.json(&pay_args(bolt11)).await?;
            return Ok(text(&paid, "payment_preimage")?.to_owned());
        };
        ensure!(msat % 1000 == 0, "lncli pays whole satoshis");
        let amount = format!("--amt={}", msat / 1000);
        let decoded = self.payer.json(&["decodepayreq", bolt11]).await?;
        let paid = if text(&decoded, "num_msat")? == "0" {
            let mut args = pay_args(bolt11);
            args.push(&amount);
            self.payer.json(&args).await?
        } else {
            let destination = format!("--dest={}", text(&decoded, "destination")?);
            let hash = format!("--payment_hash={}", text(&decoded, "payment_hash")?);
            let secret = format!("--pay_addr={}", text(&decoded, "payment_addr")?);
            self.payer
                .json(&[
                    "sendpayment",
                    "--json",
                    "--force",
                    "--final_cltv_delta=80",
                    &destination,
                    &hash,
                    &secret,
                    &amount,
                ])
                .await?
        };
        ensure!(paid["status"] == "SUCCEEDED", "{paid}");
        Ok(text(&paid, "payment_preimage")?.to_owned())
    }

    /// The payer begins to pay; it may take as long as the merchant holds the payment.
    pub fn start_paying(&self, bolt11: &str) -> anyhow::Result<Paying> {
        let mut command = command("lncli");
        command
            .args(self.payer.cli_args())
            .args(pay_args(bolt11))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let mut command = tokio::process::Command::from(command);
        Ok(Paying(command.kill_on_drop(true).spawn()?))
    }

    /// Connects the two.
    async fn connect(&self) -> anyhow::Result<()> {
        let id = self.merchant.id().await?;
        let address = format!("{id}@127.0.0.1:{}", self.merchant.port);
        until("a connection", TIMEOUT, async || {
            let peers = self.payer.json(&["listpeers"]).await?;
            let connected = peers["peers"]
                .as_array()
                .is_some_and(|peers| !peers.is_empty());
            if !connected {
                drop(self.payer.lncli(&["connect", &address]).await);
            }
            Ok(connected.then_some(()))
        })
        .await
    }

    /// After the merchant was started again.
    pub async fn reconnect(&self) -> anyhow::Result<()> {
        let connected = self.connect().await;
        self.explained(connected)?;
        self.explained(self.channel_usable().await)
    }

    async fn open_channel(&self) -> anyhow::Result<()> {
        // A very young chain has rules of its own at some bitcoinds.
        self.bitcoind.mine("150", NOBODY).await?;
        let address = self.payer.json(&["newaddress", "p2tr"]).await?;
        let address = format!("addr({})", text(&address, "address")?);
        self.bitcoind.mine("1", &address).await?;
        // A block's reward can be spent after another 100 blocks.
        self.bitcoind.mine("100", NOBODY).await?;
        self.chain_seen().await?;
        until("the payer's coins", TIMEOUT, async || {
            let funds = self.payer.json(&["walletbalance"]).await?;
            Ok((funds["confirmed_balance"] != "0").then_some(()))
        })
        .await?;
        self.connect().await?;
        let id = format!("--node_key={}", self.merchant.id().await?);
        let amount = format!("--local_amt={CHANNEL_SAT}");
        self.payer.lncli(&["openchannel", &id, &amount]).await?;
        self.bitcoind.mine("6", NOBODY).await?;
        self.chain_seen().await?;
        self.channel_usable().await
    }

    /// Waits until both ends say so, and the payer finds a way: a channel is active before its terms are known.
    async fn channel_usable(&self) -> anyhow::Result<()> {
        for node in [&self.merchant, &self.payer] {
            until("an active channel", TIMEOUT, async || {
                let channels = node.json(&["listchannels"]).await?;
                Ok((channels["channels"][0]["active"] == true).then_some(()))
            })
            .await?;
        }
        let destination = format!("--dest={}", self.merchant.id().await?);
        until("a route", TIMEOUT, async || {
            let route = ["queryroutes", destination.as_str(), "--amt=1000"];
            Ok(self.payer.lncli(&route).await.ok())
        })
        .await?;
        // A payment without an invoice needs to know what the merchant's node can do.
        let id = format!("--pub_key={}", self.merchant.id().await?);
        until("the merchant's announcement", TIMEOUT, async || {
            let node = self.payer.json(&["getnodeinfo", &id]).await?;
            let features = node["node"]["features"].as_object();
            Ok(features.filter(|features| !features.is_empty()).map(drop))
        })
        .await?;
        Ok(())
    }

    /// Waits until both nodes know the newest block.
    async fn chain_seen(&self) -> anyhow::Result<()> {
        let height: u64 = self
            .bitcoind
            .cli(&["getblockcount"])
            .await?
            .trim()
            .parse()?;
        for node in [&self.merchant, &self.payer] {
            until("the newest block", TIMEOUT, async || {
                let info = node.json(&["getinfo"]).await?;
                let seen = info["block_height"] == height && info["synced_to_chain"] == true;
                Ok(seen.then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    fn explained<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.with_context(|| log_tails(self.dir.path()))
    }
}

fn pay_args(bolt11: &str) -> Vec<&str> {
    vec!["payinvoice", "--json", "--force", "--pay_req", bolt11]
}

/// The daemons in parallel: each makes itself keys.
async fn start(dir: &Path) -> anyhow::Result<(Bitcoind, Lnd, Lnd)> {
    let ports: [u16; 7] = free_ports()?;
    let [rpc, ports @ ..] = ports;
    let bitcoind = Bitcoind::start(dir, rpc).await?;
    // lnd does not begin on a chain whose newest block is old.
    bitcoind.mine("1", NOBODY).await?;
    let mut merchant = Lnd::new("merchant", dir, rpc, [ports[0], ports[1], ports[2]]);
    let mut payer = Lnd::new("payer", dir, rpc, [ports[3], ports[4], ports[5]]);
    let (one, other) = tokio::join!(merchant.start(), payer.start());
    one?;
    other?;
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
        // In the file, so that bitcoin-cli finds the port there too. It has no peers in either direction.
        let conf = format!(
            "regtest=1\nserver=1\nlisten=0\ndisablewallet=1\nrpcuser=lnd\nrpcpassword=lnd\n\
             [regtest]\nconnect=0\nrpcbind=127.0.0.1\nrpcallowip=127.0.0.1\nrpcport={rpc_port}\n"
        );
        std::fs::write(datadir.join("bitcoin.conf"), conf)?;
        let mut bitcoind = command("bitcoind");
        bitcoind.arg(format!("-datadir={}", datadir.display()));
        let mut bitcoind = Self {
            process: Daemon::spawn(bitcoind, &dir.join("bitcoind.log"))?,
            datadir,
        };
        until("bitcoind", TIMEOUT, async || {
            bitcoind.process.check_running()?;
            let args = [
                format!("-datadir={}", bitcoind.datadir.display()),
                "getblockcount".to_owned(),
            ];
            Ok(output("bitcoin-cli", args).await.ok())
        })
        .await?;
        Ok(bitcoind)
    }

    async fn mine(&self, blocks: &str, descriptor: &str) -> anyhow::Result<()> {
        let described = self.cli(&["getdescriptorinfo", descriptor]).await?;
        let described: Value = serde_json::from_str(&described)?;
        let descriptor = text(&described, "descriptor")?;
        self.cli(&["generatetodescriptor", blocks, descriptor])
            .await?;
        Ok(())
    }

    async fn cli(&self, args: &[&str]) -> anyhow::Result<String> {
        let datadir = format!("-datadir={}", self.datadir.display());
        let datadir = [datadir.as_str()].into_iter();
        output("bitcoin-cli", datadir.chain(args.iter().copied())).await
    }
}

/// One lnd in a directory of its own.
pub struct Lnd {
    name: &'static str,
    dir: PathBuf,
    log: PathBuf,
    bitcoind_port: u16,
    rpc_port: u16,
    rest_port: u16,
    port: u16,
    process: Option<Daemon>,
}

impl Lnd {
    fn new(name: &'static str, parent: &Path, bitcoind_port: u16, ports: [u16; 3]) -> Self {
        let [rpc_port, rest_port, port] = ports;
        Self {
            name,
            dir: parent.join(name),
            log: parent.join(format!("{name}.log")),
            bitcoind_port,
            rpc_port,
            rest_port,
            port,
            process: None,
        }
    }

    /// The address of its REST interface.
    pub fn rest_url(&self) -> String {
        format!("https://127.0.0.1:{}", self.rest_port)
    }

    /// Its `tls.cert`.
    pub fn certificate_file(&self) -> PathBuf {
        self.dir.join("tls.cert")
    }

    /// One of its macaroons, by name.
    pub fn macaroon_file(&self, name: &str) -> PathBuf {
        let place = "data/chain/bitcoin/regtest";
        self.dir.join(place).join(format!("{name}.macaroon"))
    }

    /// Starts lnd and waits until it serves calls.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.dir)?;
        let mut lnd = command("lnd");
        lnd.arg(format!("--lnddir={}", self.dir.display()))
            .arg(format!("--alias={}", self.name))
            .arg(format!("--rpclisten=127.0.0.1:{}", self.rpc_port))
            .arg(format!("--restlisten=127.0.0.1:{}", self.rest_port))
            .arg(format!("--listen=127.0.0.1:{}", self.port))
            .arg(format!(
                "--bitcoind.rpchost=127.0.0.1:{}",
                self.bitcoind_port
            ))
            .args([
                "--noseedbackup",
                "--nobootstrap",
                "--trickledelay=50",
                "--bitcoin.regtest",
                "--bitcoin.node=bitcoind",
                "--bitcoin.defaultchanconfs=1",
                "--bitcoind.rpcuser=lnd",
                "--bitcoind.rpcpass=lnd",
                "--bitcoind.rpcpolling",
                "--bitcoind.blockpollinginterval=100ms",
                "--bitcoind.txpollinginterval=100ms",
            ]);
        self.process = Some(Daemon::spawn(lnd, &self.log)?);
        until(&format!("the {}", self.name), TIMEOUT, async || {
            if let Some(process) = &mut self.process {
                process.check_running()?;
            }
            let args = self.cli_args().into_iter().chain(["getinfo".to_owned()]);
            Ok(output("lncli", args).await.ok())
        })
        .await?;
        Ok(())
    }

    /// Stops it in order; returns when its process has ended.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.lncli(&["stop"]).await?;
        if let Some(mut process) = self.process.take() {
            until("its end", TIMEOUT, async || {
                Ok(process.ended()?.then_some(()))
            })
            .await?;
        }
        self.port_free().await
    }

    /// Kills it (SIGKILL).
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process = None;
        self.port_free().await
    }

    async fn port_free(&self) -> anyhow::Result<()> {
        until("a free port", TIMEOUT, async || {
            Ok(TcpListener::bind(("127.0.0.1", self.rest_port)).ok())
        })
        .await?;
        Ok(())
    }

    async fn id(&self) -> anyhow::Result<String> {
        let info = self.json(&["getinfo"]).await?;
        Ok(text(&info, "identity_pubkey")?.to_owned())
    }

    fn cli_args(&self) -> [String; 3] {
        [
            format!("--lnddir={}", self.dir.display()),
            format!("--rpcserver=127.0.0.1:{}", self.rpc_port),
            "--network=regtest".to_owned(),
        ]
    }

    async fn lncli(&self, args: &[&str]) -> anyhow::Result<String> {
        let args = args.iter().map(|arg| (*arg).to_owned());
        output("lncli", self.cli_args().into_iter().chain(args)).await
    }

    async fn json(&self, args: &[&str]) -> anyhow::Result<Value> {
        let printed = self.lncli(args).await?;
        // Some commands say something before the JSON.
        let json = printed.find('{').map_or("", |start| &printed[start..]);
        serde_json::from_str(json).with_context(|| format!("{args:?}: {printed}"))
    }
}

fn text<'a>(value: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("no {key} in {value}"))
}
