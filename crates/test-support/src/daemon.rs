//! Processes and waiting: children that cannot outlive a test, commands with a captured answer, free ports, and
//! [`until`], the only way to wait. It must not know what the programs mean.

use std::ffi::OsStr;
use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

/// How long any one step may take, also on a machine that is busy with other things.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

const POLL: Duration = Duration::from_millis(50);
const TAIL_LINES: usize = 15;

/// A child that writes to a log; it is killed and waited for when dropped.
pub(crate) struct Daemon {
    child: Child,
}

impl Daemon {
    pub(crate) fn spawn(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        let name = command.get_program().display().to_string();
        let child = command
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        Ok(Self { child })
    }

    /// Whether the process has ended; it does not wait.
    pub(crate) fn ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Fails when the process has ended, so that nobody waits for it until the deadline.
    pub(crate) fn check_running(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("the process ended: {status}"),
            None => Ok(()),
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both fail only when the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that does not see the test's input.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// How long a command may take: longer than a payment that is tried again.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(120);

/// Runs a program and returns what it printed; a failure is an error with all it printed, and so is [`COMMAND_TIMEOUT`].
pub(crate) async fn output(
    program: &str,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> anyhow::Result<String> {
    let mut command = command(program);
    command.args(args);
    let running = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .output();
    let done = tokio::time::timeout(COMMAND_TIMEOUT, running)
        .await
        .with_context(|| format!("{program} does not end"))??;
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    if !done.status.success() {
        bail!(
            "{program}: {}: {printed}{}",
            done.status,
            String::from_utf8_lossy(&done.stderr)
        );
    }
    Ok(printed)
}

/// Asks again and again until the answer is there, the question fails, or the deadline has passed.
pub(crate) async fn until<T>(
    what: &str,
    deadline: Duration,
    mut probe: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let mut ticks = tokio::time::interval(POLL);
    let poll = async {
        loop {
            ticks.tick().await;
            if let Some(answer) = probe().await? {
                return anyhow::Ok(answer);
            }
        }
    };
    match tokio::time::timeout(deadline, poll).await {
        Ok(answer) => answer.with_context(|| format!("waiting for {what}")),
        Err(_) => bail!("no {what} within {deadline:?}"),
    }
}

/// Ports that were free a moment ago, each different: all are bound before the first is let go.
pub(crate) fn free_ports<const N: usize>() -> anyhow::Result<[u16; N]> {
    let mut bound = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        *port = listener.local_addr()?.port();
        bound.push(listener);
    }
    Ok(ports)
}

/// The last lines of every `.log` file in the directory.
pub(crate) fn log_tails(dir: &Path) -> String {
    let mut logs: Vec<_> = dir
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    logs.retain(|path| path.extension() == Some(OsStr::new("log")));
    logs.sort();
    let tails = logs.iter().map(|path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        let log = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = log.lines().collect();
        format!(
            "{}\n{}\n",
            path.display(),
            lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
        )
    });
    tails.collect()
}
