//! One lightningd in a directory of its own: starting it (again), asking it with `lightning-cli`, stopping and killing
//! it. It must not know about channels or the other node.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use crate::daemon::{Daemon, TIMEOUT, command, output, until};

/// A lightningd that may be running or not; its directory and port stay the same.
pub(super) struct Node {
    name: &'static str,
    dir: PathBuf,
    log: PathBuf,
    socket: PathBuf,
    bitcoin_datadir: PathBuf,
    port: u16,
    rest_port: Option<u16>,
    process: Option<Daemon>,
}

/// How a node's clnrest is reached.
pub struct Rest {
    /// Its address.
    pub url: String,
    /// The certificate that signed its certificate.
    pub ca_file: PathBuf,
}

impl Node {
    /// A node that is not started yet, in `<parent>/<name>`, with its log at `<parent>/<name>.log`.
    pub(super) fn new(
        name: &'static str,
        parent: &Path,
        bitcoin_datadir: &Path,
        port: u16,
    ) -> Self {
        let dir = parent.join(name);
        Self {
            name,
            log: parent.join(format!("{name}.log")),
            socket: dir.join("regtest/lightning-rpc"),
            dir,
            bitcoin_datadir: bitcoin_datadir.to_owned(),
            port,
            rest_port: None,
            process: None,
        }
    }

    /// The same with clnrest on a port.
    pub(super) fn with_rest(self, port: u16) -> Self {
        Self {
            rest_port: Some(port),
            ..self
        }
    }

    /// The address of its clnrest and the authority that vouches for it, if it has one. It is there a while after the
    /// socket, the first time, when it makes itself certificates, several seconds.
    pub(super) async fn rest(&self) -> anyhow::Result<Option<Rest>> {
        let Some(port) = self.rest_port else {
            return Ok(None);
        };
        let ca_file = self.dir.join("regtest/ca.pem");
        until("clnrest", TIMEOUT, async || {
            let there = ca_file.exists() && TcpStream::connect(("127.0.0.1", port)).is_ok();
            Ok(there.then_some(()))
        })
        .await?;
        Ok(Some(Rest {
            url: format!("https://localhost:{port}"),
            ca_file,
        }))
    }

    pub(super) fn name(&self) -> &str {
        self.name
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts lightningd and waits until its socket answers `getinfo`.
    pub(super) async fn start(&mut self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.dir)?;
        let mut lightningd = command("lightningd");
        lightningd
            .arg(self.dir_arg())
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
        self.process = Some(Daemon::spawn(lightningd, &self.log)?);
        until(
            &format!("getinfo of the {}", self.name),
            TIMEOUT,
            async || {
                if let Some(process) = &mut self.process {
                    process.check_running()?;
                }
                Ok(cli(&self.dir, &["getinfo"]).await.ok())
            },
        )
        .await?;
        Ok(())
    }

    pub(super) async fn cli(&self, args: &[&str]) -> anyhow::Result<Value> {
        cli(&self.dir, args).await
    }

    pub(super) async fn stop(&mut self) -> anyhow::Result<()> {
        self.cli(&["stop"]).await?;
        if let Some(mut process) = self.process.take() {
            until(&format!("end of the {}", self.name), TIMEOUT, async || {
                Ok(process.ended()?.then_some(()))
            })
            .await?;
        }
        self.port_free().await
    }

    pub(super) async fn kill(&mut self) -> anyhow::Result<()> {
        self.process = None;
        self.port_free().await
    }

    /// lightningd's own children end when they notice that it is gone; until then one of them holds the port.
    async fn port_free(&self) -> anyhow::Result<()> {
        until(
            &format!("free port of the {}", self.name),
            TIMEOUT,
            async || Ok(TcpListener::bind(("127.0.0.1", self.port)).ok()),
        )
        .await?;
        Ok(())
    }

    fn dir_arg(&self) -> String {
        dir_arg(&self.dir)
    }
}

async fn cli(dir: &Path, args: &[&str]) -> anyhow::Result<Value> {
    let dir = dir_arg(dir);
    let fixed = [
        dir.as_str(),
        "--network=regtest",
        "--json",
        "--notifications=none",
    ];
    let answer = output("lightning-cli", fixed.iter().chain(args)).await?;
    serde_json::from_str(&answer).with_context(|| format!("answer of lightning-cli: {answer}"))
}

fn dir_arg(dir: &Path) -> String {
    format!("--lightning-dir={}", dir.display())
}
