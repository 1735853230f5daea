//! bitcoind on a regtest chain of its own, without peers and without a wallet.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use serde_json::Value;

use crate::{
    command::{TIMEOUT, command, output, until},
    daemon::{Daemon, Launch},
};

/// A descriptor for blocks whose reward nobody needs (`OP_TRUE`): it spares bitcoind a wallet.
pub const NOBODY: &str = "raw(51)";

/// lnd takes a chain for one that is behind when its newest block is older than two hours.
const MAX_TIP_AGE: Duration = Duration::from_secs(3600);

/// A bitcoind that may be running or not; its directory stays the same.
#[derive(Debug)]
pub struct Bitcoind {
    datadir: PathBuf,
    log: PathBuf,
    rpc_port: u16,
    launch: Launch,
    process: Option<Daemon>,
}

impl Bitcoind {
    /// One that is not started yet, in `<parent>/bitcoin`, with its log at `<parent>/bitcoind.log`.
    pub fn new(parent: &Path, rpc_port: u16) -> Self {
        Self {
            datadir: parent.join("bitcoin"),
            log: parent.join("bitcoind.log"),
            rpc_port,
            launch: Launch::Child,
            process: None,
        }
    }

    /// The same, started in this way.
    pub fn with_launch(self, launch: Launch) -> Self {
        Self { launch, ..self }
    }

    /// Where it keeps its chain.
    pub fn datadir(&self) -> &Path {
        &self.datadir
    }

    /// The port of its RPC.
    pub fn rpc_port(&self) -> u16 {
        self.rpc_port
    }

    /// The file with the password of its RPC, a new one after each start.
    pub fn cookie_file(&self) -> PathBuf {
        self.datadir.join("regtest/.cookie")
    }

    /// Starts it, unless it is running, and waits until it answers and has a new block: nodes wait for a chain that is
    /// synchronized, and to them one is not whose newest block is old.
    ///
    /// # Errors
    /// That it does not start.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        self.process = self.launch.find("bitcoind")?;
        let is_new = self.process.is_none();
        if is_new {
            fs::create_dir_all(&self.datadir)?;
            // In the file, so that bitcoin-cli (ours and lightningd's) finds the port there too. With listen=0 and
            // connect=0 it has no peers in either direction.
            let conf = format!(
                "regtest=1\nserver=1\nlisten=0\ndisablewallet=1\nfallbackfee=0.0001\n\
                 [regtest]\nconnect=0\nrpcbind=127.0.0.1\nrpcallowip=127.0.0.1\nrpcport={}\n",
                self.rpc_port
            );
            fs::write(self.datadir.join("bitcoin.conf"), conf)?;
            let mut bitcoind = command("bitcoind");
            bitcoind.arg(self.datadir_arg());
            self.process = Some(self.launch.start("bitcoind", bitcoind, &self.log)?);
        }
        self.answers().await?;
        if self.height().await? == 0 {
            // A very young chain has rules of its own at some bitcoinds. Nodes that start later do not read all of it.
            self.mine(150, NOBODY).await
        } else if is_new || self.tip_age().await? > MAX_TIP_AGE {
            self.mine(1, NOBODY).await
        } else {
            Ok(())
        }
    }

    /// How old the newest block is.
    async fn tip_age(&self) -> anyhow::Result<Duration> {
        let hash = self.cli(&["getbestblockhash"]).await?;
        let header = self.cli(&["getblockheader", hash.trim()]).await?;
        let header: Value = serde_json::from_str(&header)?;
        let mined = UNIX_EPOCH + Duration::from_secs(header["time"].as_u64().context("a time")?);
        // Blocks that were mined quickly are a little ahead of the clock.
        Ok(SystemTime::now().duration_since(mined).unwrap_or_default())
    }

    async fn answers(&mut self) -> anyhow::Result<()> {
        until("bitcoind", TIMEOUT, async || {
            if let Some(process) = &mut self.process {
                process.check_running()?;
            }
            let args = [self.datadir_arg(), "getblockcount".to_owned()];
            Ok(output("bitcoin-cli", args).await.ok())
        })
        .await?;
        Ok(())
    }

    /// How many blocks there are after the first.
    ///
    /// # Errors
    /// bitcoind's.
    pub async fn height(&self) -> anyhow::Result<u64> {
        let height = self.cli(&["getblockcount"]).await?;
        height.trim().parse().context("a height")
    }

    /// Mines blocks; a descriptor gets the rewards, such as [`NOBODY`] or `addr(<address>)`.
    ///
    /// # Errors
    /// bitcoind's.
    pub async fn mine(&self, blocks: u32, descriptor: &str) -> anyhow::Result<()> {
        let described = self.cli(&["getdescriptorinfo", descriptor]).await?;
        let described: Value = serde_json::from_str(&described)?;
        let with_checksum = described["descriptor"].as_str().context("a descriptor")?;
        self.cli(&["generatetodescriptor", &blocks.to_string(), with_checksum])
            .await?;
        // It writes new blocks to its database once an hour. Killed before, it begins again without them, and lightningd
        // refuses a chain that is shorter than it was. This call writes everything first.
        self.cli(&["gettxoutsetinfo", "none"]).await?;
        Ok(())
    }

    async fn cli(&self, args: &[&str]) -> anyhow::Result<String> {
        let datadir = self.datadir_arg();
        output(
            "bitcoin-cli",
            [datadir.as_str()].into_iter().chain(args.iter().copied()),
        )
        .await
    }

    fn datadir_arg(&self) -> String {
        format!("-datadir={}", self.datadir.display())
    }
}
