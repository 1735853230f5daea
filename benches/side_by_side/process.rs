//! The processes of a row: facture as it is shipped, and this program in its other roles.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::machine::DISK;

/// A process that ends with this.
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        let output = child.stdout.take().context("no output")?;
        Ok(Self {
            input: child.stdin.take(),
            child,
            output: BufReader::new(output),
        })
    }

    /// What it reads.
    pub(crate) fn input(&mut self) -> Option<&mut ChildStdin> {
        self.input.as_mut()
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("a process ended at its start");
        }
        Ok(line.trim_end().to_owned())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has used of the processors so far.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        // The name, in brackets, may hold anything.
        let (_, fields) = stat.rsplit_once(')').context("no process")?;
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(str::parse::<u64>)
            .sum::<Result<_, _>>()?;
        // Linux counts hundredths of a second here, on every machine.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// The memory that it has now, in KiB.
    pub(crate) fn rss_kib(&self) -> anyhow::Result<u32> {
        memory_kib(self.id(), "Rss")
    }

    /// The most that it ever had, in KiB.
    pub(crate) fn most_kib(&self) -> anyhow::Result<u32> {
        field_kib(&format!("/proc/{}/status", self.id()), "VmHWM")
    }
}

/// The memory that a process has now, in KiB: `Rss`, or `Pss`, where what it shares with others counts by its part.
pub(crate) fn memory_kib(process: u32, field: &str) -> anyhow::Result<u32> {
    field_kib(&format!("/proc/{process}/smaps_rollup"), field)
}

fn field_kib(file: &str, field: &str) -> anyhow::Result<u32> {
    let text = fs::read_to_string(file)?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
        .with_context(|| format!("no {field}"))?;
    let kib = line.split_whitespace().next().context("no number")?;
    Ok(kib.parse()?)
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn this_program(args: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(args);
    Ok(command)
}

/// A bare axum server.
pub(crate) struct Bare {
    pub(crate) address: SocketAddr,
    pub(crate) process: Process,
}

impl Bare {
    /// Every `GET /` is answered with this status and so many bytes.
    pub(crate) fn route(status: u16, bytes: usize) -> anyhow::Result<Self> {
        let (status, bytes) = (status.to_string(), bytes.to_string());
        Self::start(&mut this_program(&["bare-route", &status, &bytes])?)
    }

    /// Every `GET /` is answered with so many bytes when this node has said how far it is.
    pub(crate) fn barrier(rpc_file: &Path, bytes: usize) -> anyhow::Result<Self> {
        let mut command = this_program(&["bare-barrier"])?;
        Self::start(command.arg(rpc_file).arg(bytes.to_string()))
    }

    /// Every `POST /` makes an invoice on this node, and is answered when that is on the disk.
    pub(crate) fn till(rpc_file: &Path) -> anyhow::Result<Self> {
        Self::start(this_program(&["bare-till"])?.arg(rpc_file))
    }

    fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut process = Process::start(command)?;
        Ok(Self {
            address: process.line()?.parse()?,
            process,
        })
    }
}

/// The sandbox's node in a process of its own.
pub(crate) struct Node {
    pub(crate) rpc_file: PathBuf,
    process: Process,
    // A short path: a socket's may not be long.
    _directory: TempDir,
}

impl Node {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let rpc_file = directory.path().join("rpc");
        let mut process = Process::start(this_program(&["node"])?.arg(&rpc_file))?;
        process.line()?;
        Ok(Self {
            rpc_file,
            process,
            _directory: directory,
        })
    }

    /// How many calls that reading may cause it has had.
    pub(crate) fn calls(&mut self) -> anyhow::Result<u32> {
        let input = self.process.input.as_mut().context("no input")?;
        writeln!(input, "calls")?;
        Ok(self.process.line()?.parse()?)
    }
}

/// facture, as it is shipped.
pub(crate) struct Facture {
    pub(crate) address: SocketAddr,
    pub(crate) process: Process,
    /// Its data directory.
    pub(crate) data: PathBuf,
    _records: TempDir,
}

/// Who may use its API.
pub(crate) const TOKEN: &str = "side-by-side-may-do-everything";

/// What would turn away so many visitors from one address.
const NO_LIMITS: [&str; 7] = [
    "INVOICES_PER_CLIENT_PER_MINUTE",
    "INVOICES_PER_MINUTE",
    "UNPAID_INVOICES",
    "CONNECTIONS",
    "CONNECTIONS_PER_CLIENT",
    "STREAMS",
    "STREAMS_PER_CLIENT",
];

impl Facture {
    /// The program of this build.
    pub(crate) fn program() -> &'static Path {
        Path::new(env!("CARGO_BIN_EXE_facture"))
    }

    /// This program on this node, with empty records on a real disk; visitors may come as often as they like, and the labels of its
    /// invoices begin with `prefix`. Its log goes to a file.
    pub(crate) fn start(program: &Path, rpc_file: &Path, prefix: &str) -> anyhow::Result<Self> {
        Self::start_with(program, prefix, |command| {
            command.arg("--rpc-file").arg(rpc_file);
        })
    }

    /// The same on the node that `configure` names.
    pub(crate) fn start_with(
        program: &Path,
        prefix: &str,
        configure: impl FnOnce(&mut Command),
    ) -> anyhow::Result<Self> {
        Self::start_in(TempDir::new_in(DISK)?, program, prefix, configure)
    }

    /// The same with what is in `data` in this directory.
    pub(crate) fn start_in(
        records: TempDir,
        program: &Path,
        prefix: &str,
        configure: impl FnOnce(&mut Command),
    ) -> anyhow::Result<Self> {
        let data = records.path().join("data");
        let log = File::create(records.path().join("log"))?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .arg("--data-dir")
            .arg(&data)
            .env_clear()
            .env("HOME", records.path())
            .env("FACTURE_API_TOKEN", TOKEN)
            .env("FACTURE_API__REQUESTS_PER_MINUTE", "1000000")
            .envs(NO_LIMITS.map(|limit| (format!("FACTURE_LIMITS__{limit}"), "0")))
            .env("FACTURE_INVOICE__LABEL_PREFIX", prefix)
            .env("FACTURE_WEBHOOKS__ALLOW_PRIVATE", "true")
            .stderr(log);
        configure(&mut command);
        let mut process = Process::start(&mut command)?;
        let line = process.line()?;
        let address = line
            .strip_prefix("facture: http://")
            .and_then(|rest| rest.strip_suffix('/'))
            .with_context(|| format!("no address: {line}"))?;
        Ok(Self {
            address: address.parse()?,
            process,
            data,
            _records: records,
        })
    }
}
