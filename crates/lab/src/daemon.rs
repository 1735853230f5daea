//! Programs that run until they are stopped: children that cannot outlive their test, or programs that outlive the command
//! that started them.

use std::{
    convert::Infallible,
    ffi::OsString,
    fs::File,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command},
};

use anyhow::{Context, bail};

use crate::process::{Process, Record};

/// How a program is started, and with that, when it ends.
#[derive(Clone, Debug)]
pub enum Launch {
    /// As a child, which is killed and waited for when dropped.
    Child,
    /// In a session of its own, remembered in a file, until somebody stops it.
    Detached(Detached),
}

/// Where detached programs are remembered, and what starts them.
#[derive(Clone, Debug)]
pub struct Detached {
    /// A directory with a file for each.
    pub records: PathBuf,
    /// A program that calls [`become_daemon`] with the arguments that follow its own: the record's file, the program, and
    /// the program's. A process can be taken out of its parent's session only by itself.
    pub launcher: Vec<OsString>,
}

/// A program that writes to a log.
#[derive(Debug)]
pub struct Daemon(Running);

#[derive(Debug)]
enum Running {
    Child(Child),
    Detached { name: String, record: Record },
}

impl Launch {
    /// Starts a program under a name.
    ///
    /// # Errors
    /// That it cannot be started.
    pub fn start(&self, name: &str, command: Command, log: &Path) -> anyhow::Result<Daemon> {
        let program = command.get_program().display().to_string();
        let started = match self {
            Self::Child => with_log(command, log)?.spawn().map(Running::Child),
            Self::Detached(detached) => {
                let record = detached.record(name);
                record.forget_ended()?;
                let mut launcher = with_log(detached.launched(&record, &command)?, log)?;
                launcher.spawn().map(|mut child| {
                    // Asked how it ended by a thread that ends with us; afterwards by whoever adopts it.
                    std::thread::spawn(move || child.wait());
                    Running::Detached {
                        name: name.to_owned(),
                        record,
                    }
                })
            }
        };
        Ok(Daemon(
            started.with_context(|| format!("starting {program}"))?,
        ))
    }

    /// One that an earlier command has started, if it is still running.
    ///
    /// # Errors
    /// That its record is damaged.
    pub fn find(&self, name: &str) -> anyhow::Result<Option<Daemon>> {
        let Self::Detached(detached) = self else {
            return Ok(None);
        };
        let record = detached.record(name);
        let running = record.running()?;
        Ok(running.map(|_| {
            Daemon(Running::Detached {
                name: name.to_owned(),
                record,
            })
        }))
    }
}

impl Detached {
    pub(crate) fn record(&self, name: &str) -> Record {
        Record::of(&self.records, name)
    }

    /// The launcher with what it is to start.
    fn launched(&self, record: &Record, command: &Command) -> anyhow::Result<Command> {
        let [program, args @ ..] = self.launcher.as_slice() else {
            bail!("there is no launcher");
        };
        let mut launcher = crate::command::command(&program.to_string_lossy());
        launcher
            .args(args)
            .arg(record.path())
            .arg(command.get_program())
            .args(command.get_args())
            // It keeps no other directory in use.
            .current_dir(&self.records);
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => launcher.env(key, value),
                None => launcher.env_remove(key),
            };
        }
        Ok(launcher)
    }
}

fn with_log(mut command: Command, log: &Path) -> anyhow::Result<Command> {
    let log = File::options().create(true).append(true).open(log)?;
    command.stdout(log.try_clone()?).stderr(log);
    Ok(command)
}

impl Daemon {
    /// Whether the process has ended; it does not wait.
    ///
    /// # Errors
    /// That it cannot be known.
    pub fn ended(&mut self) -> anyhow::Result<bool> {
        match &mut self.0 {
            Running::Child(child) => Ok(child.try_wait()?.is_some()),
            Running::Detached { record, .. } => Ok(record.running()?.is_none()),
        }
    }

    /// Fails when the process has ended, so that nobody waits for it until the deadline.
    ///
    /// # Errors
    /// That it has ended.
    pub fn check_running(&mut self) -> anyhow::Result<()> {
        match &mut self.0 {
            Running::Child(child) => match child.try_wait()? {
                Some(status) => bail!("the process ended: {status}"),
                None => Ok(()),
            },
            // Before it is remembered it is about to start.
            Running::Detached { name, record } => {
                if record.path().exists() && record.running()?.is_none() {
                    bail!("{name} ended; its log says why");
                }
                Ok(())
            }
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Running::Child(child) = &mut self.0 {
            // Both fail only when the process has already ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Leaves the parent's session, remembers this process in a file, and becomes another program. It is remembered before it
/// does anything: a program that runs without a record is not possible, whenever the parent ends.
///
/// # Errors
/// That it did not become it.
pub fn become_daemon(
    record: PathBuf,
    program: &OsString,
    args: &[OsString],
) -> anyhow::Result<Infallible> {
    rustix::process::setsid().context("a session of its own")?;
    let record = Record::at(record);
    let _until_then = record.lock()?;
    if record.running()?.is_some() {
        bail!("{} is running already", program.display());
    }
    record.write(&Process::this()?)?;
    let error = Command::new(program).args(args).exec();
    Err(error).with_context(|| format!("starting {}", program.display()))
}
