//! A real regtest pair for tests: bitcoind and two lnds in a temporary directory, where the payer has a funded channel to
//! the merchant. It must not know facture: it only starts nodes, pays, and stops or kills the merchant.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use facture_lab::{Bitcoind, Link, Lnd, NOBODY, Peer, TIMEOUT, command, free_ports, log_tails};
use serde_json::Value;
use tempfile::TempDir;

/// What the payer puts into the channel, in satoshis.
const CHANNEL_SAT: u32 = 10_000_000;

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
                pair.open_channel().await?;
                Ok(pair)
            }
            Err(error) => Err(error.context(log_tails(dir.path()))),
        }
    }

    /// Runs the command that makes a macaroon, as the merchant's owner does, and keeps what it makes as `checkout`.
    pub async fn bake(&self, bakemacaroon: &str) -> anyhow::Result<()> {
        let file = self.merchant.macaroon_file("checkout");
        self.explained(self.merchant.bake(bakemacaroon, &file).await)
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
            let Err(refused) = self.merchant.cli(&args).await else {
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

    /// After the merchant was started again.
    pub async fn reconnect(&self) -> anyhow::Result<()> {
        self.explained(self.link().connect().await)?;
        self.explained(self.link().usable().await)
    }

    /// Mines blocks, and waits until both nodes know them.
    pub async fn mine(&self, blocks: u32) -> anyhow::Result<()> {
        self.explained(self.bitcoind.mine(blocks, NOBODY).await)?;
        self.explained(self.link().chain_seen().await)
    }

    /// Opens a channel of the same size; returns when a payment can be made.
    pub async fn open_channel(&self) -> anyhow::Result<()> {
        self.explained(self.link().open_usable_channel(CHANNEL_SAT).await)
    }

    fn link(&self) -> Link<'_> {
        Link {
            bitcoind: &self.bitcoind,
            payer: Peer::Lnd(&self.payer),
            merchant: Peer::Lnd(&self.merchant),
        }
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
    let [rpc, a, b, c, d, e, f] = free_ports()?;
    let mut bitcoind = Bitcoind::new(dir, rpc);
    bitcoind.start().await?;
    let mut merchant = Lnd::new("merchant", dir, &bitcoind, [a, b, c]);
    let mut payer = Lnd::new("payer", dir, &bitcoind, [d, e, f]);
    tokio::try_join!(merchant.start(), payer.start())?;
    Ok((bitcoind, merchant, payer))
}

fn text<'a>(value: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("no {key} in {value}"))
}
