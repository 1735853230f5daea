//! Bringing up a lab: whatever is missing of it is made, whatever is there stays.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use crate::{
    command::{TIMEOUT, log_tails, until},
    lab::{Lab, Progress},
    lock::Lock,
    ports::{free_ports, is_free},
    programs::missing,
    state::{Kind, Name, State},
};

/// What Alice puts into the channel, in satoshis.
const CHANNEL_SAT: u32 = 10_000_000;

/// The longest path of a Unix socket, in bytes.
const MAX_SOCKET_PATH: usize = 107;

/// What [`Lab::up`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Everything was running.
    Up,
    /// Something had to be started or repaired.
    Down,
}

impl Lab {
    /// Brings up the lab in a directory: starts what is not running, and opens a channel if there is none. The launcher is
    /// as in [`Detached`](crate::Detached).
    ///
    /// # Errors
    /// [`Missing`](crate::Missing); that the directory has something else in it; or what failed, with the last lines of
    /// the logs. What was started goes on running then.
    pub async fn up(
        dir: &Path,
        kind: Option<Kind>,
        launcher: Vec<OsString>,
        progress: &dyn Progress,
    ) -> anyhow::Result<(Self, Found)> {
        let (dir, lock, mut state) = prepare(dir, kind).await?;
        missing(state.kind)?;
        let mut lab = Self::of(dir, state.clone(), launcher, Some(lock));
        lab.move_from_taken_ports(&mut state)?;
        if state != lab.state || !State::file(&lab.dir).exists() {
            state.write(&lab.dir)?;
            let (dir, launcher, lock) = (lab.dir, lab.detached.launcher, lab.lock);
            lab = Self::of(dir, state, launcher, lock);
        }
        let found = lab.bring_up(progress).await;
        let found = found.with_context(|| {
            format!(
                "{}\n`facture lab up` tries again, `facture lab down` ends it",
                log_tails(&lab.dir)
            )
        })?;
        Ok((lab, found))
    }

    /// What is not running gets other ports where its own are taken by now.
    fn move_from_taken_ports(&self, state: &mut State) -> anyhow::Result<()> {
        if !self.is_running(Name::Bitcoind)? && !is_free(state.bitcoind) {
            [state.bitcoind] = free_ports()?;
        }
        for (name, ports) in [(Name::Alice, &mut state.alice), (Name::Bob, &mut state.bob)] {
            if !self.is_running(name)? && !ports.iter().all(|port| is_free(*port)) {
                *ports = free_ports()?;
            }
        }
        Ok(())
    }

    async fn bring_up(&mut self, progress: &dyn Progress) -> anyhow::Result<Found> {
        let mut found = Found::Up;
        if !self.is_running(Name::Bitcoind)? {
            found = Found::Down;
            // A node without its bitcoind does not come back to it.
            self.stop(Name::Alice).await?;
            self.stop(Name::Bob).await?;
            progress.step("Starting bitcoind");
        }
        self.bitcoind.start().await?;
        if !self.is_running(Name::Alice)? || !self.is_running(Name::Bob)? {
            found = Found::Down;
            let (alice, bob) = (self.alice.software(), self.bob.software());
            progress.step(&format!("Starting Alice ({alice}) and Bob ({bob})"));
        }
        tokio::try_join!(self.alice.start(), self.bob.start())?;

        let link = self.link();
        if found == Found::Up && link.payer.channel().await?.is_some_and(|open| open.usable) {
            return Ok(Found::Up);
        }
        link.chain_seen().await?;
        if link.payer.channel().await?.is_none() && link.payer.has_pending_channel().await? {
            progress.step("Mining 6 blocks to confirm the channel");
            link.connect().await?;
            link.confirm().await?;
            until("the channel to open or close", TIMEOUT, async || {
                let open = link.payer.channel().await?.is_some();
                Ok((open || !link.payer.has_pending_channel().await?).then_some(()))
            })
            .await?;
        }
        let is_new = link.payer.channel().await?.is_none();
        if is_new && link.payer.coins_sat().await? == 0 {
            progress.step("Mining coins for Alice");
            link.fund().await?;
        }
        progress.step("Connecting Alice to Bob");
        link.connect().await?;
        if is_new {
            progress.step("Opening a channel from Alice to Bob");
            link.open_channel(CHANNEL_SAT).await?;
        }
        progress.step("Waiting until the channel can be used");
        link.usable().await?;
        Ok(Found::Down)
    }
}

/// Makes the directory, unless it is there, and reads what is in it.
async fn prepare(dir: &Path, kind: Option<Kind>) -> anyhow::Result<(PathBuf, Lock, State)> {
    let found = State::read(dir)?;
    let wanted = kind.or(found.as_ref().map(|state| state.kind));
    let wanted = wanted.unwrap_or_default();
    match &found {
        Some(state) => ensure!(
            state.kind == wanted,
            "the lab in {} is of the kind {}: `facture lab down` removes it, and `--dir` starts another beside it",
            dir.display(),
            state.kind.name()
        ),
        None => {
            missing(wanted)?;
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true).mode(0o700).create(dir)
        }
        .with_context(|| dir.display().to_string())?,
    }
    let dir = dir.canonicalize()?;
    let socket = dir.join("alice/regtest/lightning-rpc");
    ensure!(
        wanted == Kind::Lnd || socket.as_os_str().len() <= MAX_SOCKET_PATH,
        "{} is too long for a Unix socket: choose a shorter directory with --dir",
        socket.display()
    );
    // A lab's state is there before anything else of it. It may be there by now.
    if found.is_none() && !is_new(&dir)? && State::read(&dir)?.is_none() {
        bail!(
            "{} is not a lab and not empty: choose another directory with --dir",
            dir.display()
        );
    }
    let lock = Lock::of(&dir).await?;
    // What another command has written meanwhile counts.
    let state = match State::read(&dir)? {
        Some(state) => state,
        None => State::new(wanted)?,
    };
    Ok((dir, lock, state))
}

/// Whether there is nothing in it but what two commands at once may be about to write.
fn is_new(dir: &Path) -> anyhow::Result<bool> {
    for entry in dir.read_dir()? {
        let name = entry?.file_name();
        if name != Lock::FILE && name != State::NEW_FILE {
            return Ok(false);
        }
    }
    Ok(true)
}
