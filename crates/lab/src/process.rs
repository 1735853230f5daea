//! A running program, told apart from any later one with the same process id, and the file that remembers it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use crate::command::{TIMEOUT, until};

/// A process: ids are used again, but not with the same time of start since the same start of the system.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Process {
    pid: i32,
    /// When it started, in ticks since the system did (`/proc/<pid>/stat`, field 22).
    started: u64,
    /// The system's start (`/proc/sys/kernel/random/boot_id`).
    boot: String,
}

impl Process {
    /// This one.
    ///
    /// # Errors
    /// A system without `/proc`.
    pub fn this() -> anyhow::Result<Self> {
        let pid = i32::try_from(std::process::id())?;
        Self::with_id(pid)?.context("this process is not in /proc")
    }

    /// The one that has this id now; `None` if none has, or if it has ended and nobody has asked how.
    pub(crate) fn with_id(pid: i32) -> anyhow::Result<Option<Self>> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let boot = boot.context("this system has no /proc, by which the lab knows its programs")?;
        let stat = match fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(stat) => stat,
            Err(_) => return Ok(None),
        };
        let started = parse(&stat).with_context(|| format!("/proc/{pid}/stat: {stat}"))?;
        Ok(started.map(|started| Self {
            pid,
            started,
            boot: boot.trim().to_owned(),
        }))
    }

    /// Whether it is still running.
    ///
    /// # Errors
    /// As [`Process::this`].
    pub fn is_running(&self) -> anyhow::Result<bool> {
        Ok(Self::with_id(self.pid)?.as_ref() == Some(self))
    }

    /// Its id.
    pub fn id(&self) -> i32 {
        self.pid
    }

    /// Asks it to stop, and kills it if it has not within a minute. Returns when it has ended.
    ///
    /// # Errors
    /// That it is not ours to stop, or does not even end when killed.
    pub async fn stop(&self) -> anyhow::Result<()> {
        for signal in [Signal::TERM, Signal::KILL] {
            if !self.signal(signal)? {
                return Ok(());
            }
            let ended = async || Ok((!self.is_running()?).then_some(()));
            if until("end", TIMEOUT, ended).await.is_ok() {
                return Ok(());
            }
        }
        bail!("process {} does not end", self.pid)
    }

    /// Whether it was there to get it.
    pub(crate) fn signal(&self, signal: Signal) -> anyhow::Result<bool> {
        let Some(pid) = Pid::from_raw(self.pid.max(0)).filter(|_| self.pid > 1) else {
            bail!("{} is no process of ours", self.pid);
        };
        if !self.is_running()? {
            return Ok(false);
        }
        match kill_process(pid, signal) {
            Ok(()) => Ok(true),
            Err(rustix::io::Errno::SRCH) => Ok(false),
            Err(error) => Err(error).with_context(|| format!("stopping process {}", self.pid)),
        }
    }
}

/// The start in a line of `/proc/<pid>/stat`; `None` for one that has ended. The program's name, in parentheses, may hold
/// anything, parentheses too.
fn parse(stat: &str) -> anyhow::Result<Option<u64>> {
    let (_, fields) = stat.rsplit_once(')').context("no name")?;
    let mut fields = fields.split_whitespace();
    let state = fields.next().context("no state")?;
    if matches!(state, "Z" | "X") {
        return Ok(None);
    }
    // The state is field 3.
    let started = fields.nth(22 - 4).context("no start")?;
    Ok(Some(started.parse()?))
}

/// The file that remembers a process.
#[derive(Clone, Debug)]
pub struct Record(PathBuf);

impl Record {
    /// How the name of the file ends that is locked.
    pub(crate) const LOCK: &str = "lock";

    /// In this file, which need not exist.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// In a directory, under a program's name.
    pub(crate) fn of(dir: &Path, name: &str) -> Self {
        Self(dir.join(format!("{name}.pid")))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The process, if it is still running.
    ///
    /// # Errors
    /// That the file cannot be read or is damaged.
    pub fn running(&self) -> anyhow::Result<Option<Process>> {
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| self.0.display().to_string()),
        };
        let process: Process =
            serde_json::from_str(&text).with_context(|| self.0.display().to_string())?;
        Ok(process.is_running()?.then_some(process))
    }

    /// Held while it is decided who starts the program: the launcher of an `up` that was killed may still be at it. Dropping
    /// the file, or becoming another program, ends it.
    pub(crate) fn lock(&self) -> anyhow::Result<File> {
        let path = self.0.with_extension(Self::LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let lock = lock.with_context(|| path.display().to_string())?;
        lock.lock().with_context(|| path.display().to_string())?;
        Ok(lock)
    }

    /// Remembers this process.
    ///
    /// # Errors
    /// That the file cannot be written.
    pub fn write(&self, process: &Process) -> anyhow::Result<()> {
        crate::state::replace(&self.0, &serde_json::to_vec(process)?)
    }

    /// Forgets a process that has ended.
    pub(crate) fn forget_ended(&self) -> anyhow::Result<()> {
        let _lock = self.lock()?;
        if self.running()?.is_none() {
            self.remove()?;
        }
        Ok(())
    }

    fn remove(&self) -> anyhow::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Stops the process, if it is still running, and forgets it. Returns whether there was something to stop.
    ///
    /// # Errors
    /// As [`Record::running`] and [`Process::stop`].
    pub async fn stop(&self) -> anyhow::Result<bool> {
        let running = self.running()?;
        if let Some(process) = &running {
            process.stop().await?;
        }
        self.remove()?;
        Ok(running.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_read_behind_any_name() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21";
        for name in ["bitcoind", "a b", ") S 1 (", ""] {
            assert_eq!(parse(&format!("12 ({name}) {rest}")).unwrap(), Some(4711));
        }
        let ended = rest.replacen('S', "Z", 1);
        assert_eq!(parse(&format!("12 (x) {ended}")).unwrap(), None);
        assert!(parse("12 (x) S 1 2").is_err());
        assert!(parse("").is_err());
    }

    #[tokio::test]
    async fn another_process_with_the_same_id_is_not_touched() {
        let dir = tempfile::tempdir().unwrap();
        let record = Record::at(dir.path().join("x.pid"));
        let mut child = std::process::Command::new("sleep")
            .arg("600")
            .spawn()
            .unwrap();
        let running = Process::with_id(i32::try_from(child.id()).unwrap()).unwrap();
        let running = running.expect("it runs");
        for other in [
            Process {
                started: running.started - 1,
                ..running.clone()
            },
            Process {
                boot: "another start of the system".to_owned(),
                ..running.clone()
            },
        ] {
            record.write(&other).unwrap();
            assert!(record.running().unwrap().is_none());
            assert!(!record.stop().await.unwrap(), "nothing to stop");
            assert!(!record.path().exists());
        }
        assert!(running.is_running().unwrap());

        record.write(&running).unwrap();
        assert_eq!(record.running().unwrap(), Some(running.clone()));
        assert!(record.stop().await.unwrap());
        assert!(!running.is_running().unwrap());
        assert!(!record.stop().await.unwrap(), "twice is fine");
        child.wait().unwrap();
    }

    #[test]
    fn a_damaged_record_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let record = Record::at(dir.path().join("x.pid"));
        assert!(record.running().unwrap().is_none());
        fs::write(record.path(), "{").unwrap();
        assert!(record.running().is_err());
    }

    #[test]
    fn nothing_is_sent_to_everybody() {
        for pid in [-1, 0, 1] {
            let process = Process {
                pid,
                ..Process::this().unwrap()
            };
            assert!(process.signal(Signal::TERM).is_err(), "{pid}");
        }
    }
}
