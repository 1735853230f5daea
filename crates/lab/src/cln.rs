//! One lightningd in a directory of its own: starting it (again), asking it with `lightning-cli`, stopping and killing
//! it. It must not know about the other node.

use std::{
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use serde_json::Value;

use crate::{
    bitcoind::Bitcoind,
    command::{Failed, TIMEOUT, command, open_ended, output, until},
    daemon::{Daemon, Launch},
    ports::is_free,
};

/// A lightningd that may be running or not; its directory and port stay the same.
#[derive(Debug)]
pub struct Cln {
    name: &'static str,
    dir: PathBuf,
    log: PathBuf,
    socket: PathBuf,
    bitcoin_datadir: PathBuf,
    port: u16,
    rest_port: Option<u16>,
    options: Vec<String>,
    launch: Launch,
    process: Option<Daemon>,
}

/// How a node's clnrest is reached.
#[derive(Debug)]
pub struct Rest {
    /// Its address.
    pub url: String,
    /// The certificate that signed its certificate.
    pub ca_file: PathBuf,
}

impl Cln {
    /// A node that is not started yet, in `<parent>/<name>`, with its log at `<parent>/<name>.log`.
    pub fn new(name: &'static str, parent: &Path, bitcoind: &Bitcoind, port: u16) -> Self {
        let dir = parent.join(name);
        Self {
            name,
            log: parent.join(format!("{name}.log")),
            socket: dir.join("regtest/lightning-rpc"),
            dir,
            bitcoin_datadir: bitcoind.datadir().to_owned(),
            port,
            rest_port: None,
            options: Vec::new(),
            launch: Launch::Child,
            process: None,
        }
    }

    /// The same, started in this way.
    pub fn with_launch(self, launch: Launch) -> Self {
        Self { launch, ..self }
    }

    /// The same with clnrest on a port.
    pub fn with_rest(self, port: u16) -> Self {
        Self {
            rest_port: Some(port),
            ..self
        }
    }

    /// The same with more of lightningd's options, such as `--plugin=…`.
    pub fn with_options(self, options: Vec<String>) -> Self {
        Self { options, ..self }
    }

    /// The address of its clnrest and the authority that vouches for it, if it has one. It is there a while after the
    /// socket, the first time, when it makes itself certificates, several seconds.
    ///
    /// # Errors
    /// That it does not come.
    pub async fn rest(&self) -> anyhow::Result<Option<Rest>> {
        let Some(port) = self.rest_port else {
            return Ok(None);
        };
        let ca_file = self.dir.join("regtest/ca.pem");
        until("clnrest", TIMEOUT, async || {
            let there = ca_file.exists() && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            Ok(there.then_some(()))
        })
        .await?;
        Ok(Some(Rest {
            url: format!("https://localhost:{port}"),
            ca_file,
        }))
    }

    /// Its name, which is its alias too.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its socket: `<directory>/regtest/lightning-rpc`.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Where it keeps its wallet.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where other nodes reach it.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts lightningd, unless it is running, and waits until its socket answers `getinfo`.
    ///
    /// # Errors
    /// That it does not start.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        self.process = self.launch.find(self.name)?;
        if self.process.is_none() {
            std::fs::create_dir_all(&self.dir)?;
            self.process = Some(self.launch.start(self.name, self.lightningd(), &self.log)?);
        }
        until(
            &format!("getinfo of the {}", self.name),
            TIMEOUT,
            async || {
                if let Some(process) = &mut self.process {
                    process.check_running()?;
                }
                Ok(json(&self.dir, &["getinfo"]).await.ok())
            },
        )
        .await?;
        Ok(())
    }

    fn lightningd(&self) -> std::process::Command {
        let mut lightningd = command("lightningd");
        lightningd
            .arg(dir_arg(&self.dir))
            .args([
                "--network=regtest",
                "--log-level=debug",
                "--allow-deprecated-apis=false",
                // As released, it listens on one fixed port: a second node's cannot, and takes its node down. Where
                // there is no such plugin, the option does nothing.
                "--disable-plugin=cln-grpc",
            ])
            .arg(format!("--alias={}", self.name))
            .arg(format!("--addr={}", self.address()))
            .arg(format!(
                "--bitcoin-datadir={}",
                self.bitcoin_datadir.display()
            ))
            // Regtest has no fee market, so bitcoind has no estimate.
            .args(["--force-feerates=1000", "--funding-confirms=1"])
            .args([
                "--developer",
                "--dev-fast-gossip",
                "--dev-bitcoind-poll=1",
                "--dev-fast-reconnect",
            ]);
        if let Some(port) = self.rest_port {
            lightningd
                .arg(format!("--clnrest-port={port}"))
                .arg("--clnrest-host=127.0.0.1");
        }
        lightningd.args(&self.options);
        lightningd
    }

    /// Runs `lightning-cli` on it.
    ///
    /// # Errors
    /// [`Failed`] with all that it printed.
    pub async fn cli(&self, args: &[&str]) -> anyhow::Result<Value> {
        json(&self.dir, args).await
    }

    /// The same with the node's own words for an error.
    ///
    /// # Errors
    /// The node's.
    pub async fn ask(&self, args: &[&str]) -> anyhow::Result<Value> {
        read(output("lightning-cli", all_args(&self.dir, args)).await)
    }

    /// The same without a limit of time: a payment takes as long as it is held, and an event as long as nothing happens.
    ///
    /// # Errors
    /// The node's.
    pub async fn wait(&self, args: &[&str]) -> anyhow::Result<Value> {
        read(open_ended("lightning-cli", all_args(&self.dir, args)).await)
    }

    /// What to type to run `lightning-cli` on it.
    pub fn shell(&self) -> String {
        format!(
            "lightning-cli --network=regtest --lightning-dir='{}'",
            self.dir.display()
        )
    }

    /// Stops it in order, with `stop`; returns when its process has ended.
    ///
    /// # Errors
    /// That it does not.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.cli(&["stop"]).await?;
        if let Some(mut process) = self.process.take() {
            until(&format!("end of the {}", self.name), TIMEOUT, async || {
                Ok(process.ended()?.then_some(()))
            })
            .await?;
        }
        self.port_free().await
    }

    /// Kills it (SIGKILL), which leaves its socket's file behind. It must be a child.
    ///
    /// # Errors
    /// That its port is not given free.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process = None;
        self.port_free().await
    }

    /// lightningd's own children end when they notice that it is gone; until then one of them holds the port.
    async fn port_free(&self) -> anyhow::Result<()> {
        until(
            &format!("free port of the {}", self.name),
            TIMEOUT,
            async || Ok(is_free(self.port).then_some(())),
        )
        .await
    }
}

async fn json(dir: &Path, args: &[&str]) -> anyhow::Result<Value> {
    let answer = output("lightning-cli", all_args(dir, args)).await?;
    serde_json::from_str(&answer).with_context(|| format!("answer of lightning-cli: {answer}"))
}

fn all_args(dir: &Path, args: &[&str]) -> Vec<String> {
    let fixed = ["--network=regtest", "--json", "--notifications=none"];
    let all = fixed.iter().chain(args).map(|arg| (*arg).to_owned());
    std::iter::once(dir_arg(dir)).chain(all).collect()
}

fn read(answer: anyhow::Result<String>) -> anyhow::Result<Value> {
    let answer = answer.map_err(refusal)?;
    serde_json::from_str(&answer).context(answer)
}

/// lightningd's `message`, if it is in what lightning-cli printed.
fn refusal(error: anyhow::Error) -> anyhow::Error {
    let failed = error.downcast_ref::<Failed>();
    let said = failed.and_then(|failed| serde_json::from_str::<Value>(&failed.stdout).ok());
    match said.as_ref().and_then(|said| said["message"].as_str()) {
        Some(message) => anyhow!("{message}"),
        None => error,
    }
}

fn dir_arg(dir: &Path) -> String {
    format!("--lightning-dir={}", dir.display())
}
