//! Commands with a captured answer, and [`until`], the only way to wait. It must not know what the programs mean.

use std::{
    error::Error,
    ffi::OsStr,
    fmt,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};

/// How long any one step may take, also on a machine that is busy with other things.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// How long a command may take: longer than a payment that is tried again.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(120);

const POLL: Duration = Duration::from_millis(50);
const TAIL_LINES: usize = 15;

/// A command that failed, with all that it printed.
#[derive(Debug)]
pub struct Failed {
    program: String,
    status: ExitStatus,
    /// What it printed on standard output.
    pub stdout: String,
    /// What it printed on standard error.
    pub stderr: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {}: {}{}",
            self.program, self.status, self.stdout, self.stderr
        )
    }
}

impl Error for Failed {}

/// A command that does not see our input.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// Runs a program and returns what it printed.
///
/// # Errors
/// [`Failed`], or that it cannot be started or does not end within two minutes.
pub async fn output(
    program: &str,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> anyhow::Result<String> {
    let done = tokio::time::timeout(COMMAND_TIMEOUT, open_ended(program, args)).await;
    done.with_context(|| format!("{program} does not end"))?
}

/// The same without a limit of time: it ends with its caller.
pub(crate) async fn open_ended(
    program: &str,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> anyhow::Result<String> {
    let mut command = command(program);
    command.args(args);
    let done = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| format!("starting {program}"))?;
    let stdout = String::from_utf8_lossy(&done.stdout).into_owned();
    if !done.status.success() {
        bail!(Failed {
            program: program.to_owned(),
            status: done.status,
            stdout,
            stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
        });
    }
    Ok(stdout)
}

/// Asks again and again until the answer is there, the question fails, or the deadline has passed.
///
/// # Errors
/// The question's, or the deadline's.
pub async fn until<T>(
    what: &str,
    deadline: Duration,
    mut probe: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let mut ticks = tokio::time::interval(POLL);
    // A question that takes long is not asked all the time: what it waits for needs the processor too.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
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
        Err(_) => bail!("waited {} seconds in vain for {what}", deadline.as_secs()),
    }
}

/// The last lines of every `.log` file in the directory.
pub fn log_tails(dir: &Path) -> String {
    let mut logs: Vec<_> = dir
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    logs.retain(|path| path.extension() == Some(OsStr::new("log")));
    logs.sort();
    let tails = logs
        .iter()
        .map(|path| format!("{}\n{}\n", path.display(), tail(path, TAIL_LINES)));
    tails.collect()
}

/// The last lines of a file; nothing if it cannot be read.
pub(crate) fn tail(path: &Path, lines: usize) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let log = String::from_utf8_lossy(&bytes);
    let all: Vec<_> = log.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
