//! The payer: what was begun and has not ended is asked at the node before anything else, then new work is taken.

use std::{collections::HashSet, io, sync::Arc, time::Duration};

use facture_domain::payout::PayoutId;
#[cfg(feature = "lnd")]
use facture_runtime::http::AddressError;
use facture_runtime::{
    clock::Clock,
    fetch::{FetchOptions, Fetcher},
    guard::{AllowedAddresses, Proxy},
    secret_file::{home, secret},
};
use facture_sidecar::ConfigError;
use tokio::{task::JoinSet, time::timeout};

#[cfg(feature = "lnd")]
use crate::node::lnd::Lnd;
use crate::{
    config::{Config, NodeConfig, NodeKind},
    engine::{Backoff, Engine, Halt, Step},
    journal::{Journal, JournalError, Record},
    node::{
        Node,
        cln::{Cln, Place, Rest},
    },
    server::Server,
    totp::TotpSecret,
    wire::Order,
};

/// How long the server may wait for news.
const WAIT: Duration = Duration::from_secs(25);

/// The same while something waits for an approval or the node, which is not the server's to tell.
const SHORT_WAIT: Duration = Duration::from_secs(1);

/// How long the server of a destination may take for one answer.
const DESTINATION_DEADLINE: Duration = Duration::from_secs(15);

/// How long a stop waits for payments that are under way. What has not ended is in the journal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// What carries out payouts.
#[derive(Debug)]
pub struct Payer {
    engine: Arc<Engine>,
}

/// Why there is no payer, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum PayerError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The journal: without it nothing may be paid.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// A payout's task, and how it ended.
type Ended = (PayoutId, Result<Step, Halt>);

impl Payer {
    /// Opens the journal and locks it.
    ///
    /// # Errors
    /// [`PayerError`].
    pub fn open(config: Config) -> Result<Self, PayerError> {
        let clock = Clock::system();
        let node = node(&config.node)?;
        let server = Server::new(&config.server)?;
        let allowed = match config.destinations.allow_private_addresses {
            true => AllowedAddresses::Any,
            false => AllowedAddresses::Public,
        };
        let options = FetchOptions {
            allowed,
            proxy: Proxy::Off,
            deadline: DESTINATION_DEADLINE,
        };
        let fetcher =
            Fetcher::new(options).map_err(|error| ConfigError::wrong("destinations", error))?;
        let totp = match config.approval.totp_file() {
            None => None,
            Some(file) => {
                let secret = TotpSecret::read(&file);
                Some(secret.map_err(|error| ConfigError::wrong("approval.totp_file", error))?)
            }
        };
        let journal = Journal::open(&config.data_dir, clock.now())?;
        Ok(Self {
            engine: Engine::new(config, node, server, fetcher, totp, journal, clock),
        })
    }

    /// Where the orders come from, for people.
    pub fn place(&self) -> String {
        self.engine.server.to_string()
    }

    /// The payer's id.
    pub fn id(&self) -> &str {
        self.engine.payer.as_str()
    }

    /// Pays until `stop` is done. What is under way then has a moment to end; the next start goes on from the journal.
    ///
    /// # Errors
    /// [`PayerError::Journal`] when the journal cannot be written: nothing is paid any more.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), PayerError> {
        let mut tasks = JoinSet::new();
        let ended = tokio::select! {
            ended = self.work(&mut tasks) => ended,
            () = stop => Ok(()),
        };
        self.engine.stopping.cancel();
        let finish = async { while tasks.join_next().await.is_some() {} };
        if timeout(SHUTDOWN_TIMEOUT, finish).await.is_err() {
            tracing::warn!("payments are under way: the next start asks the node about them");
        }
        tasks.abort_all();
        ended
    }

    async fn work(&self, tasks: &mut JoinSet<Ended>) -> Result<(), PayerError> {
        let mut busy = HashSet::new();
        let open = self
            .engine
            .read(|ledger| ledger.open().cloned().collect::<Vec<_>>());
        if !open.is_empty() {
            tracing::info!(
                payouts = open.len(),
                "the node is asked about what was begun"
            );
        }
        for record in open {
            self.resume(record, &mut busy, tasks);
        }
        let (mut after, mut backoff, mut wait) = (None, Backoff::new(), WAIT);
        loop {
            tokio::select! {
                Some(ended) = tasks.join_next() => {
                    if let Ok((id, ended)) = ended {
                        busy.remove(&id);
                        match ended {
                            Ok(Step::Done) => {}
                            Ok(Step::Later) => wait = SHORT_WAIT,
                            Err(Halt::Stopping) => return Ok(()),
                            Err(Halt::Journal(error)) => return Err(error.into()),
                        }
                    }
                }
                work = self.engine.server.work(&self.engine.payer, after, wait) => match work {
                    Ok(work) => {
                        (backoff, wait) = (Backoff::new(), WAIT);
                        after = work.sequence;
                        for order in work.orders {
                            self.take(order, &mut busy, tasks);
                        }
                    }
                    Err(error) => {
                        tracing::warn!(%error, "no work from {}", self.engine.server);
                        if self.engine.pause(&mut backoff).await.is_err() {
                            return Ok(());
                        }
                    }
                },
            }
        }
    }

    fn take(&self, order: Order, busy: &mut HashSet<PayoutId>, tasks: &mut JoinSet<Ended>) {
        if !busy.insert(order.id.clone()) {
            return;
        }
        let engine = Arc::clone(&self.engine);
        tasks.spawn(async move {
            let ended = engine.carry_out(&order).await;
            (order.id, ended)
        });
    }

    fn resume(&self, record: Record, busy: &mut HashSet<PayoutId>, tasks: &mut JoinSet<Ended>) {
        let id = record.begun.payout.clone();
        busy.insert(id.clone());
        let engine = Arc::clone(&self.engine);
        tasks.spawn(async move { (id, engine.resume(record).await.map(|()| Step::Done)) });
    }
}

/// The node of the configuration.
pub(crate) fn node(config: &NodeConfig) -> Result<Node, ConfigError> {
    let wrong = |key: &'static str| move |error: io::Error| ConfigError::wrong(key, error);
    let deadline = config.deadline();
    match (config.kind, &config.rest_url) {
        (NodeKind::Cln, None) => {
            let place = Place::Socket(home(&config.rpc_file));
            Ok(Node::Cln(Cln::new(place, deadline)))
        }
        (NodeKind::Cln, Some(url)) => {
            let rune = secret(&config.rune_file).map_err(wrong("node.rune_file"))?;
            let ca = match config.ca_file.as_os_str().is_empty() {
                true => None,
                false => {
                    let file = home(&config.ca_file);
                    Some(std::fs::read(file).map_err(wrong("node.ca_file"))?)
                }
            };
            let rest = Rest::new(url, rune, ca.as_deref());
            let rest = rest.map_err(|error| ConfigError::wrong("node.rest_url", error))?;
            Ok(Node::Cln(Cln::new(Place::Rest(rest), deadline)))
        }
        #[cfg(feature = "lnd")]
        (NodeKind::Lnd, _) => {
            let certificate = home(&config.tls_cert_file);
            let macaroon = home(&config.macaroon_file);
            let wrong = |error| ConfigError::wrong("node.lnd_url", error);
            let url = config.lnd_url.as_ref().ok_or(AddressError).map_err(wrong)?;
            let lnd = Lnd::new(url, certificate, macaroon, deadline).map_err(wrong)?;
            Ok(Node::Lnd(lnd))
        }
        #[cfg(not(feature = "lnd"))]
        (NodeKind::Lnd, _) => Err(ConfigError::wrong("node.kind", "this build knows no LND")),
    }
}
