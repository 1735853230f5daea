//! Alice, who pays, and Bob, who receives: two nodes with a channel that run until they are told to stop. What a lab
//! remembers is in its directory; a later command, also after a failure or a restart of the machine, goes on from there.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use crate::{
    bitcoind::{Bitcoind, NOBODY},
    cln::Cln,
    command::tail,
    daemon::{Daemon, Detached, Launch},
    hold::Holds,
    link::Link,
    lnd::Lnd,
    lock::Lock,
    node::Node,
    ports::{free_ports, is_free},
    state::{CheckoutPorts, Kind, Name, State},
};

/// Told what is being done.
pub trait Progress: Sync {
    /// The next step begins, such as "Starting bitcoind".
    fn step(&self, text: &str);
}

/// Two nodes in a directory.
#[derive(Debug)]
pub struct Lab {
    pub(crate) dir: PathBuf,
    pub(crate) state: State,
    pub(crate) detached: Detached,
    /// Their chain.
    pub bitcoind: Bitcoind,
    /// The node that pays.
    pub alice: Node,
    /// The node that receives.
    pub bob: Node,
    /// Held by who changes it.
    pub(crate) lock: Option<Lock>,
}

impl Lab {
    /// The lab in a directory, whose programs must be running.
    ///
    /// # Errors
    /// That there is none, or that it is down.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        let Some(lab) = Self::at(dir)? else {
            bail!(
                "there is no lab in {}: `facture lab up` starts one",
                dir.display()
            );
        };
        for name in [Name::Bitcoind, Name::Alice, Name::Bob] {
            ensure!(
                lab.is_running(name)?,
                "{} is not running: `facture lab up` starts it again",
                name.name()
            );
        }
        Ok(lab)
    }

    /// The lab in a directory, whether it is running or not, if there is one.
    ///
    /// # Errors
    /// That its state is damaged.
    pub fn at(dir: &Path) -> anyhow::Result<Option<Self>> {
        let Some(state) = State::read(dir)? else {
            return Ok(None);
        };
        Ok(Some(Self::of(dir.canonicalize()?, state, Vec::new(), None)))
    }

    pub(crate) fn of(
        dir: PathBuf,
        state: State,
        launcher: Vec<OsString>,
        lock: Option<Lock>,
    ) -> Self {
        let detached = Detached {
            records: dir.clone(),
            launcher,
        };
        let launch = Launch::Detached(detached.clone());
        let bitcoind = Bitcoind::new(&dir, state.bitcoind).with_launch(launch.clone());
        let node = |name, [peer, rpc, rest]: [u16; 3], is_lnd: bool| {
            let launch = launch.clone();
            match is_lnd {
                true => {
                    let node = Lnd::new(name, &dir, &bitcoind, [rpc, rest, peer]);
                    Node::Lnd(node.with_launch(launch))
                }
                false => {
                    let node = Cln::new(name, &dir, &bitcoind, peer);
                    Node::Cln(node.with_launch(launch))
                }
            }
        };
        let alice = node(Name::Alice.name(), state.alice, state.kind == Kind::Lnd);
        let bob = node(Name::Bob.name(), state.bob, state.kind != Kind::Cln);
        Self {
            dir,
            state,
            detached,
            bitcoind,
            alice,
            bob,
            lock,
        }
    }

    /// The two nodes, seen as ends of a channel.
    pub fn link(&self) -> Link<'_> {
        Link {
            bitcoind: &self.bitcoind,
            payer: self.alice.peer(),
            merchant: self.bob.peer(),
        }
    }

    /// Mines blocks whose rewards nobody gets; returns the height. Both nodes know of them then.
    ///
    /// # Errors
    /// bitcoind's or a node's.
    pub async fn mine(&self, blocks: u32) -> anyhow::Result<u64> {
        self.bitcoind.mine(blocks, NOBODY).await?;
        self.link().chain_seen().await?;
        self.bitcoind.height().await
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Which nodes it has.
    pub fn kind(&self) -> Kind {
        self.state.kind
    }

    /// Bob's hold invoices.
    pub fn holds(&self) -> Holds {
        Holds::in_lab(&self.dir)
    }

    /// Where its checkout and its wallet page listen, if it has them.
    pub fn checkout(&self) -> Option<CheckoutPorts> {
        self.state.checkout
    }

    /// The same for a lab that is to have them. Each is to be started if it is not running.
    ///
    /// # Errors
    /// That there are no free ports, or the state cannot be written.
    pub fn with_checkout(&mut self) -> anyhow::Result<CheckoutPorts> {
        let mut ports = match self.state.checkout {
            Some(ports) => ports,
            None => {
                let [facture, wallet] = free_ports()?;
                CheckoutPorts { facture, wallet }
            }
        };
        for (name, port) in [
            (Name::Facture, &mut ports.facture),
            (Name::Wallet, &mut ports.wallet),
        ] {
            if !self.is_running(name)? && !is_free(*port) {
                [*port] = free_ports()?;
            }
        }
        self.state.checkout = Some(ports);
        self.state.write(&self.dir)?;
        Ok(ports)
    }

    /// Starts one more program, which ends with the lab.
    ///
    /// # Errors
    /// That it does not start.
    pub fn start(&self, name: Name, command: std::process::Command) -> anyhow::Result<Daemon> {
        let launch = Launch::Detached(self.detached.clone());
        launch.start(name.name(), command, &self.log_file(name))
    }

    /// Whether a program of it is running.
    ///
    /// # Errors
    /// That its record is damaged.
    pub fn is_running(&self, name: Name) -> anyhow::Result<bool> {
        Ok(self.detached.record(name.name()).running()?.is_some())
    }

    /// Stops a program of it, if it is running.
    ///
    /// # Errors
    /// That it does not stop.
    pub async fn stop(&self, name: Name) -> anyhow::Result<()> {
        let stopped = self.detached.record(name.name()).stop().await;
        stopped.with_context(|| format!("stopping {}", name.name()))?;
        Ok(())
    }

    /// The file that a program of it writes to.
    pub fn log_file(&self, name: Name) -> PathBuf {
        self.dir.join(format!("{}.log", name.name()))
    }

    /// The last lines of that file.
    pub fn log_tail(&self, name: Name, lines: usize) -> String {
        tail(&self.log_file(name), lines)
    }
}
