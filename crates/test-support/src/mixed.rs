//! A real regtest pair of different kinds: a lightningd with a funded channel to an lnd.

use std::time::Duration;

use anyhow::{Context, ensure};
use facture_lab::{Bitcoind, Cln, Kind, Link, Lnd, NOBODY, Peer, free_ports, log_tails, missing};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// What lightningd puts into the channel, in satoshis.
const CHANNEL_SAT: u32 = 10_000_000;

/// What LND says of a payment that it has nothing for, and how long that may be so right after it was paid.
const NOT_YET: &str = "FAILURE_REASON_INSUFFICIENT_BALANCE";
const COMMITTING: Duration = Duration::from_secs(20);

/// The running pair. Dropping it kills every process, waits for them, and removes the directory.
pub struct Mixed {
    // Fields are dropped in this order: the nodes before their chain, the directory last.
    /// Core Lightning, which has the coins.
    pub cln: Cln,
    /// LND.
    pub lnd: Lnd,
    bitcoind: Bitcoind,
    dir: TempDir,
}

impl Mixed {
    /// Starts the three daemons and opens the channel; returns when a payment can be made.
    pub async fn start() -> anyhow::Result<Self> {
        missing(Kind::Mixed).map_err(|missing| anyhow::Error::msg(missing.in_short()))?;
        let dir = tempfile::Builder::new().prefix("mix").tempdir()?;
        let [rpc, cln, a, b, c] = free_ports()?;
        let mut bitcoind = Bitcoind::new(dir.path(), rpc);
        bitcoind.start().await?;
        let mut cln = Cln::new("alice", dir.path(), &bitcoind, cln);
        let mut lnd = Lnd::new("bob", dir.path(), &bitcoind, [a, b, c]);
        tokio::try_join!(cln.start(), lnd.start()).with_context(|| log_tails(dir.path()))?;
        let pair = Self {
            cln,
            lnd,
            bitcoind,
            dir,
        };
        pair.open_channel().await?;
        Ok(pair)
    }

    /// lightningd pays LND's invoice.
    pub async fn cln_pays(&self, bolt11: &str) -> anyhow::Result<()> {
        let paid = self.cln.cli(&["xpay", bolt11]).await?;
        ensure!(paid["payment_preimage"].is_string(), "{paid}");
        Ok(())
    }

    /// LND pays lightningd's invoice, from what it has received.
    pub async fn lnd_pays(&self, bolt11: &str) -> anyhow::Result<()> {
        let pay = ["payinvoice", "--json", "--force", "--pay_req", bolt11];
        let deadline = Instant::now() + COMMITTING;
        loop {
            match self.lnd.json(&pay).await {
                Ok(paid) => {
                    ensure!(paid["status"] == "SUCCEEDED", "{paid}");
                    return Ok(());
                }
                // LND has been paid before both sides have committed to that: until then it cannot spend it.
                Err(error) if error.to_string().contains(NOT_YET) && Instant::now() < deadline => {
                    sleep(Duration::from_millis(100)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Runs the command that makes a macaroon, as LND's owner does, and keeps what it makes as `checkout`.
    pub async fn bake(&self, bakemacaroon: &str) -> anyhow::Result<()> {
        let file = self.lnd.macaroon_file("checkout");
        self.lnd.bake(bakemacaroon, &file).await
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
            payer: Peer::Cln(&self.cln),
            merchant: Peer::Lnd(&self.lnd),
        }
    }

    fn explained<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.with_context(|| log_tails(self.dir.path()))
    }
}
