//! A broker, a bridge on a facture, and the other side, in PyPI's confluent-kafka.

use std::{
    fs::{self, File},
    io::Write,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

use crate::{
    machine::DISK,
    process::{Facture, Process, TOKEN},
};

const SECRET: &str = "the secret of the benchmark";

/// A broker and its topics.
pub(crate) struct Broker {
    bootstrap: String,
    directory: TempDir,
    _process: Process,
}

/// The bridge.
pub(crate) struct Bridge {
    pub(crate) process: Process,
    cursor: PathBuf,
}

impl Broker {
    pub(crate) fn start() -> anyhow::Result<Self> {
        ensure!(
            python().exists() && repository("target/kafka/libs").exists(),
            "tests/kafka/main.rs says what has to be installed"
        );
        let directory = TempDir::new_in(DISK)?;
        let port = free_ports()?;
        let log = File::create(directory.path().join("broker.log"))?;
        let mut command = Command::new(repository(".ci/kafka"));
        command
            .arg("run")
            .arg(directory.path().join("kafka"))
            .arg(port.to_string())
            .stderr(log);
        let process = Process::start(&mut command)?;
        let bootstrap = format!("127.0.0.1:{port}");
        let topics = Command::new(python())
            .arg(repository("tests/kafka/client.py"))
            .args(["topics", &bootstrap])
            .output()?;
        ensure!(
            topics.status.success(),
            String::from_utf8_lossy(&topics.stderr).into_owned()
        );
        let broker = Self {
            bootstrap,
            directory,
            _process: process,
        };
        broker.private("secret", SECRET)?;
        broker.private("token", TOKEN)?;
        Ok(broker)
    }

    fn private(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let file = self.directory.path().join(name);
        fs::write(&file, text)?;
        Ok(fs::set_permissions(
            file,
            fs::Permissions::from_mode(0o600),
        )?)
    }

    /// A bridge with everything that it does by default.
    pub(crate) fn bridge(&self, facture: &Facture) -> anyhow::Result<Bridge> {
        let directory = self.directory.path();
        let cursor = directory.join(format!("cursor-{:08x}", rand::random::<u32>()));
        let (here, socket) = (directory.display(), facture.data.join("api.sock"));
        let config = format!(
            "[server]\nsocket = {socket:?}\ntoken_file = \"{here}/token\"\n\
             [kafka]\nbootstrap = {:?}\n\
             [commands]\nanswers = \"celery\"\nsecret_files = [\"{here}/secret\"]\n\
             [events]\ntopic = \"facture.events.v1\"\ncursor_file = {cursor:?}\n",
            self.bootstrap
        );
        let file = directory.join("bridge.toml");
        fs::write(&file, config)?;
        let log = File::create(directory.join("bridge.log"))?;
        let mut command = Command::new(Facture::program());
        command.args(["bridge", "--config"]).arg(file);
        let mut process = Process::start(command.env_clear().env("HOME", directory).stderr(log))?;
        process.line()?;
        Ok(Bridge { process, cursor })
    }

    /// The other side.
    pub(crate) fn client(&self) -> Command {
        let mut command = Command::new(python());
        command
            .arg(repository("benches/side_by_side/kafka.py"))
            .args([&self.bootstrap, SECRET]);
        command
    }
}

impl Bridge {
    /// Waits until the brokers have all events up to this one.
    pub(crate) fn sent(&self, sequence: u64, patience: Duration) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let text = fs::read_to_string(&self.cursor).unwrap_or_default();
            if text.trim().parse::<u64>().unwrap_or(0) >= sequence {
                return Ok(());
            }
            if begun.elapsed() > patience {
                bail!("the bridge is at event {text}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The other side, which sends commands.
pub(crate) struct Orders(Process);

impl Orders {
    pub(crate) fn open(broker: &Broker) -> anyhow::Result<Self> {
        Ok(Self(Process::start(&mut broker.client())?))
    }

    /// So many commands at once; how many were answered in a second.
    pub(crate) fn create(&mut self, count: u32) -> anyhow::Result<f64> {
        let input = self.0.input().context("no input")?;
        writeln!(input, "create {count}")?;
        Ok(self.0.line()?.parse()?)
    }
}

fn repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn python() -> PathBuf {
    repository("target/kafka/python/bin/python")
}

/// A free port with a free one after it, neither of which an outgoing connection may get meanwhile.
fn free_ports() -> anyhow::Result<u16> {
    for _ in 0..1000 {
        let port = rand::random_range(20_000..32_000);
        let free = [port, port + 1].map(|port| TcpListener::bind(("127.0.0.1", port)));
        if free.iter().all(Result::is_ok) {
            return Ok(port);
        }
    }
    bail!("no free ports")
}
