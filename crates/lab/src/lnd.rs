//! One lnd in a directory of its own: starting it (again), asking it with `lncli`, stopping and killing it. It must not
//! know about the other node.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use serde_json::Value;

use crate::{
    bitcoind::Bitcoind,
    command::{Failed, TIMEOUT, command, open_ended, output, until},
    daemon::{Daemon, Launch},
    ports::is_free,
};

/// An lnd that may be running or not; its directory and ports stay the same.
#[derive(Debug)]
pub struct Lnd {
    name: &'static str,
    dir: PathBuf,
    log: PathBuf,
    bitcoind_port: u16,
    bitcoind_cookie: PathBuf,
    rpc_port: u16,
    rest_port: u16,
    port: u16,
    launch: Launch,
    options: Vec<String>,
    process: Option<Daemon>,
}

impl Lnd {
    /// A node that is not started yet, in `<parent>/<name>`, with its log at `<parent>/<name>.log`. The ports are for
    /// lncli, for REST and for other nodes.
    pub fn new(name: &'static str, parent: &Path, bitcoind: &Bitcoind, ports: [u16; 3]) -> Self {
        let [rpc_port, rest_port, port] = ports;
        Self {
            name,
            dir: parent.join(name),
            log: parent.join(format!("{name}.log")),
            bitcoind_port: bitcoind.rpc_port(),
            bitcoind_cookie: bitcoind.cookie_file(),
            rpc_port,
            rest_port,
            port,
            launch: Launch::Child,
            options: Vec::new(),
            process: None,
        }
    }

    /// The same, started in this way.
    pub fn with_launch(self, launch: Launch) -> Self {
        Self { launch, ..self }
    }

    /// Further options of lnd, for the next start.
    pub fn set_options(&mut self, options: &[&str]) {
        self.options = options.iter().map(|&option| option.to_owned()).collect();
    }

    /// Its name, which is its alias too.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where it keeps its wallet.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where other nodes reach it.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
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

    /// Starts lnd, unless it is running, and waits until it serves calls.
    ///
    /// # Errors
    /// That it does not start.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        self.process = self.launch.find(self.name)?;
        if self.process.is_none() {
            std::fs::create_dir_all(&self.dir)?;
            self.process = Some(self.launch.start(self.name, self.lnd(), &self.log)?);
        }
        until(&format!("the {}", self.name), TIMEOUT, async || {
            if let Some(process) = &mut self.process {
                process.check_running()?;
            }
            // The first time it makes itself a wallet, which takes seconds of the processor: nothing is asked meanwhile.
            if !self.macaroon_file("admin").exists() {
                return Ok(None);
            }
            let args = self.cli_args().into_iter().chain(["getinfo".to_owned()]);
            Ok(output("lncli", args).await.ok())
        })
        .await?;
        Ok(())
    }

    fn lnd(&self) -> std::process::Command {
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
            .arg(format!(
                "--bitcoind.rpccookie={}",
                self.bitcoind_cookie.display()
            ))
            .args([
                "--noseedbackup",
                "--nobootstrap",
                "--trickledelay=50",
                "--bitcoin.regtest",
                "--bitcoin.node=bitcoind",
                "--bitcoin.defaultchanconfs=1",
                "--bitcoind.rpcpolling",
                "--bitcoind.blockpollinginterval=100ms",
                "--bitcoind.txpollinginterval=100ms",
            ])
            .args(&self.options);
        lnd
    }

    /// Stops it in order; returns when its process has ended.
    ///
    /// # Errors
    /// That it does not.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.cli(&["stop"]).await?;
        if let Some(mut process) = self.process.take() {
            until("its end", TIMEOUT, async || {
                Ok(process.ended()?.then_some(()))
            })
            .await?;
        }
        self.port_free().await
    }

    /// Kills it (SIGKILL). It must be a child.
    ///
    /// # Errors
    /// That its port is not given free.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process = None;
        self.port_free().await
    }

    async fn port_free(&self) -> anyhow::Result<()> {
        until("a free port", TIMEOUT, async || {
            Ok(is_free(self.rest_port).then_some(()))
        })
        .await
    }

    /// What `lncli` needs to find it.
    pub fn cli_args(&self) -> [String; 3] {
        [
            format!("--lnddir={}", self.dir.display()),
            format!("--rpcserver=127.0.0.1:{}", self.rpc_port),
            "--network=regtest".to_owned(),
        ]
    }

    /// What to type to run `lncli` on it.
    pub fn shell(&self) -> String {
        format!(
            "lncli --network=regtest --rpcserver=127.0.0.1:{} --lnddir='{}'",
            self.rpc_port,
            self.dir.display()
        )
    }

    /// Runs `lncli` on it.
    ///
    /// # Errors
    /// [`Failed`] with all that it printed.
    pub async fn cli(&self, args: &[&str]) -> anyhow::Result<String> {
        output("lncli", self.all_args(args)).await
    }

    /// Runs `lncli` on it and reads the JSON that it prints.
    ///
    /// # Errors
    /// [`Failed`] with all that it printed.
    pub async fn json(&self, args: &[&str]) -> anyhow::Result<Value> {
        parse(&self.cli(args).await?)
    }

    /// The same with the node's own words for an error.
    pub(crate) async fn ask(&self, args: &[&str]) -> anyhow::Result<Value> {
        let printed = output("lncli", self.all_args(args)).await;
        parse(&printed.map_err(refusal)?)
    }

    /// The same without a limit of time: a payment takes as long as it is held.
    pub(crate) async fn wait(&self, args: &[&str]) -> anyhow::Result<Value> {
        match open_ended("lncli", self.all_args(args)).await {
            Ok(printed) => parse(&printed),
            Err(error) => failed_payment(&error).ok_or_else(|| refusal(error)),
        }
    }

    /// Runs the command that makes a macaroon (`lncli bakemacaroon --save_to facture.macaroon …`), as the node's owner does,
    /// and keeps what it makes in this file.
    ///
    /// # Errors
    /// [`Failed`] with all that it printed.
    pub async fn bake(&self, bakemacaroon: &str, file: &Path) -> anyhow::Result<()> {
        let mut words = bakemacaroon.split(' ');
        ensure!(words.next() == Some("lncli"), "{bakemacaroon}");
        let file = file.to_str().context("a plain path")?;
        let args: Vec<_> = words
            .map(|word| match word {
                "facture.macaroon" | "facture-payer.macaroon" => file,
                other => other,
            })
            .collect();
        self.cli(&args).await.map(drop)
    }

    fn all_args(&self, args: &[&str]) -> Vec<String> {
        let args = args.iter().map(|arg| (*arg).to_owned());
        self.cli_args().into_iter().chain(args).collect()
    }
}

/// Some commands say something before the JSON, some after.
fn parse(printed: &str) -> anyhow::Result<Value> {
    let json = printed.find('{').map_or("", |start| &printed[start..]);
    let first = serde_json::Deserializer::from_str(json).into_iter().next();
    first.unwrap_or(Ok(Value::Null)).context(printed.to_owned())
}

/// The payment, where lncli fails because the payment did.
fn failed_payment(error: &anyhow::Error) -> Option<Value> {
    let failed = error.downcast_ref::<Failed>()?;
    let payment = parse(&failed.stdout).ok()?;
    payment["failure_reason"].is_string().then_some(payment)
}

/// lnd's words, without gRPC's around them.
fn refusal(error: anyhow::Error) -> anyhow::Error {
    let failed = error.downcast_ref::<Failed>();
    let said = failed.and_then(|failed| failed.stderr.rsplit_once("desc = "));
    match said {
        Some((_, message)) => anyhow!("{}", message.trim()),
        None => error,
    }
}
