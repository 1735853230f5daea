//! A user with a home of its own, and what the program says to it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Nothing here takes longer.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);

/// Dropping it ends its labs.
pub(crate) struct Home {
    dir: TempDir,
    path: Option<PathBuf>,
}

/// What a command printed, and whether it succeeded.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) error: String,
    pub(crate) succeeded: bool,
}

impl Home {
    pub(crate) fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("lab").tempdir();
        Self {
            dir: dir.expect("a directory"),
            path: None,
        }
    }

    /// The same where only the programs of one directory are found.
    pub(crate) fn with_path(mut self, path: &Path) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where a lab is that is not named.
    pub(crate) fn usual_lab(&self) -> PathBuf {
        self.dir().join(".local/state/facture/lab")
    }

    /// `facture lab …`
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_facture"));
        command
            .arg("lab")
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env("HOME", self.dir())
            // Settings for another facture, which a lab does not use.
            .env("FACTURE_SERVER__LISTEN", "not an address")
            .env_remove("XDG_STATE_HOME");
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command
    }

    /// Runs it, whether it succeeds or not.
    pub(crate) fn run(&self, args: &[&str]) -> Said {
        Said::from(self.command(args).output().expect("it runs"))
    }

    /// Runs it and returns what it printed.
    pub(crate) fn lab(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert!(said.succeeded, "{args:?}: {said:?}");
        said.out
    }

    /// Runs it again and again until it prints this.
    pub(crate) fn until(&self, args: &[&str], words: &str) -> String {
        let began = Instant::now();
        loop {
            let said = self.run(args);
            if said.out.contains(words) {
                return said.out;
            }
            assert!(began.elapsed() < DEADLINE, "no {words:?}: {said:?}");
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Each of them has a state.
        let all = [self.usual_lab(), self.dir().join("a"), self.dir().join("b")];
        for lab in all.iter().filter(|lab| lab.exists()) {
            let lab = lab.to_str().expect("plain");
            let said = self.run(&["down", "--dir", lab]);
            if !said.succeeded && !thread::panicking() {
                panic!("{said:?}");
            }
        }
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self {
            out: text(output.stdout),
            error: text(output.stderr),
            succeeded: output.status.success(),
        }
    }
}

/// The value in a row that a command printed.
pub(crate) fn value<'a>(printed: &'a str, name: &str) -> &'a str {
    let rows = printed.lines().filter_map(|line| line.strip_prefix(name));
    let mut rows = rows.filter_map(|rest| rest.strip_prefix("  "));
    let value = rows.next().map(str::trim);
    value.unwrap_or_else(|| panic!("no {name} in {printed}"))
}

/// The process that a lab remembers under a name.
pub(crate) fn pid(lab: &Path, name: &str) -> i32 {
    let record = fs::read_to_string(lab.join(format!("{name}.pid"))).expect("a record");
    let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
    i32::try_from(record["pid"].as_i64().expect("a pid")).expect("a pid")
}

pub(crate) fn is_running(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// A command that runs beside others. Dropping it kills it.
pub(crate) struct Beside {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Beside {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let (send, lines) = std::sync::mpsc::channel();
        let out = child.stdout.take().expect("piped");
        let error = child.stderr.take().expect("piped");
        let also = send.clone();
        thread::spawn(move || copy(out, &send));
        thread::spawn(move || copy(error, &also));
        Self { child, lines }
    }

    /// The next line that it prints.
    pub(crate) fn line(&self) -> String {
        let line = self.lines.recv_timeout(DEADLINE);
        line.expect("another line")
    }

    /// The rest of what it prints until it ends.
    pub(crate) fn rest(mut self) -> (String, bool) {
        let mut text = String::new();
        while let Ok(line) = self.lines.recv_timeout(DEADLINE) {
            text += &format!("{line}\n");
        }
        let status = self.child.wait().expect("it ends");
        (text, status.success())
    }
}

fn copy(from: impl std::io::Read, to: &std::sync::mpsc::Sender<String>) {
    for line in BufReader::new(from).lines() {
        // The test may be over.
        let Ok(line) = line else { return };
        if to.send(line).is_err() {
            return;
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
