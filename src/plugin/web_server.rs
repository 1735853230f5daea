//! The web server: this program again, as `serve`, in a process of its own that has the gate instead of lightningd's socket.
//! It is started again whenever it ends, and it ends with the plugin, whatever ends that: its standard input is a pipe that
//! only the plugin holds open.

use std::{
    process::{ExitStatus, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    process::{Child, Command},
    sync::watch,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    gate::{self, Admitted},
    log_line,
    settings::{CALLED_BY_LIGHTNINGD, Settings},
};

/// How the web server stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WebState {
    /// It was started.
    Starting,
    /// It listens.
    Running,
    /// It has ended, and will be started again.
    Down(String),
}

/// Starts the web server, again and again.
#[derive(Debug)]
pub(super) struct WebServer {
    settings: Settings,
    admitted: Admitted,
    state: watch::Sender<WebState>,
}

/// This very program, even after an upgrade has replaced its file (proc(5)).
const PROGRAM: &str = "/proc/self/exe";

/// The first and the longest pause before it is started again; short again after a run of more than a minute.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

/// A run that was no failed start.
const SOUND_RUN: Duration = Duration::from_secs(60);

/// How long it may take to stop in order: it needs 10 seconds at most. lightningd waits for the plugin for 30.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);

/// The exit code of a program that has said why it ends.
const COMPLAINED: i32 = 1;

/// The longest line of its log, in bytes.
const MAX_LINE_BYTES: u64 = 64 * 1024;

impl WebServer {
    /// Not started yet. `admitted` is told its process.
    pub(super) fn new(settings: Settings, admitted: Admitted) -> Self {
        Self {
            settings,
            admitted,
            state: watch::Sender::new(WebState::Starting),
        }
    }

    /// How it stands from now on.
    pub(super) fn state(&self) -> watch::Receiver<WebState> {
        self.state.subscribe()
    }

    /// Runs it until `stopping` is cancelled, and then stops it in order.
    pub(super) async fn supervise(self, stopping: CancellationToken) {
        let mut pause = PAUSES.0;
        loop {
            let began = Instant::now();
            self.state.send_replace(WebState::Starting);
            let end = self.run_once(&stopping).await;
            self.admitted.set(None);
            if stopping.is_cancelled() {
                return;
            }
            if began.elapsed() > SOUND_RUN {
                pause = PAUSES.0;
            }
            let ms = pause.as_millis();
            // lightningd calls an error of its plugin's BROKEN, a bug.
            tracing::warn!("facture's web server does not run: {end}; next attempt in {ms} ms");
            self.state.send_replace(WebState::Down(end));
            if stopping.run_until_cancelled(sleep(pause)).await.is_none() {
                return;
            }
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Runs it to its end, and returns the reason.
    async fn run_once(&self, stopping: &CancellationToken) -> String {
        let mut child = match self.command().spawn() {
            Ok(child) => child,
            Err(error) => return format!("it cannot be started: {error}"),
        };
        self.admitted.set(child.id());
        let complaint = Mutex::new(None);
        let output = lines(child.stdout.take(), |line| self.announced(line));
        let log = lines(child.stderr.take(), |line| {
            if let Some(said) = log_line::forward(line) {
                *complaint.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
            }
        });
        // All that it said, to its end: who else has its pipes is no child of ours.
        let (ended, (), ()) = tokio::join!(end(&mut child, stopping), output, log);
        let complaint = complaint.into_inner();
        match (complaint.unwrap_or_else(PoisonError::into_inner), ended) {
            (Some(complaint), Ok(status)) if status.code() == Some(COMPLAINED) => complaint,
            (_, Ok(status)) => format!("it ended ({status})"),
            (_, Err(error)) => format!("it cannot be waited for: {error}"),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .arg0("facture")
            .args(["serve", "--stop-at-end-of-input", "--rpc-file", gate::NAME])
            .arg("--data-dir")
            .arg(&self.settings.data_dir);
        if let Some(config) = &self.settings.config {
            command.arg("--config").arg(config);
        }
        if let Some(listen) = self.settings.listen {
            command.arg("--listen").arg(listen.to_string());
        }
        command
            .env_remove(CALLED_BY_LIGHTNINGD)
            .env("FACTURE_LOG__FORMAT", "json")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// What it prints once it listens, addresses first.
    fn announced(&self, line: &str) {
        if line.starts_with("facture") {
            self.state.send_replace(WebState::Running);
        }
        // It knows the gate only.
        if !line.starts_with("node: ") {
            tracing::info!("{}", log_line::one_line(line));
        }
    }
}

/// Waits for its end. When `stopping` is cancelled, it is told to stop, and killed if it does not.
async fn end(child: &mut Child, stopping: &CancellationToken) -> std::io::Result<ExitStatus> {
    let input = child.stdin.take();
    if let Some(ended) = stopping.run_until_cancelled(child.wait()).await {
        return ended;
    }
    drop(input);
    if let Ok(ended) = timeout(STOP_TIMEOUT, child.wait()).await {
        return ended;
    }
    tracing::warn!("facture's web server does not stop and is killed");
    child.start_kill()?;
    child.wait().await
}

/// Hands on every line to its end, a very long one in pieces.
async fn lines(pipe: Option<impl AsyncRead + Unpin>, mut each: impl FnMut(&str)) {
    let Some(pipe) = pipe else { return };
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = (&mut reader).take(MAX_LINE_BYTES);
        match limited.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => each(String::from_utf8_lossy(&line).trim_end()),
        }
    }
}
