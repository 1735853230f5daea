//! Payouts that were begun and whose end nobody finds out: they are in no journal here, because it was lost, or is an old copy,
//! or is that of another payer which is gone; or they are in this one, and the node knows nothing of a call that may have been
//! sent long ago. They are never paid; what the node knows of their payment hash is reported, or what their owner knows.

use std::time::Duration;

use facture_domain::{
    Msat, NodeId, PaymentHash,
    payout::{FailureCode, PayerId, PayoutId},
};
use facture_runtime::clock::{self, Clock};
use facture_sidecar::ConfigError;
use jiff::Timestamp;

use crate::{
    config::Config,
    journal::{Entry, Journal, JournalError, Progress},
    node::{Node, NodeError},
    payer::node,
    resolution::{Resolution, resolution},
    server::{Server, ServerError},
    wire::{Order, Report},
};

/// A payer sends an invoice again, of which the node knows nothing, within ten minutes after the last call; with a margin.
const RESENT_FOR: Duration = Duration::from_secs(15 * 60);

/// A payout that was begun, whose end is not known.
#[derive(Clone, Debug)]
pub struct UnresolvedPayout {
    /// Its id.
    pub id: PayoutId,
    /// The payer that began it.
    pub payer: PayerId,
    /// Its destination.
    pub destination: String,
    /// Of the payment that was begun for it.
    pub payment_hash: PaymentHash,
    /// The node that pays it; `None`: whichever is configured.
    node: Option<NodeId>,
    /// What the destination is to receive, if it is known.
    amount: Option<Msat>,
    /// When it was last heard of.
    since: Option<Timestamp>,
    recorded_in: RecordedIn,
}

/// Whose journal a payout is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordedIn {
    /// This payer's: a call for it may have been sent.
    ThisJournal,
    /// None that is here.
    NoJournal,
}

/// Asks the node about payouts whose end is not known. The payer must not be running: its journal is open meanwhile.
#[derive(Debug)]
pub struct Resolver {
    config: Config,
    node: Node,
    server: Server,
    clock: Clock,
    journal: Journal,
}

/// Why a payout is not resolved.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The server does not answer, or refuses.
    #[error("the server: {0}")]
    Server(String),
    /// The node does not answer, or refuses.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The payout.
    #[error(
        "payout {0} was not begun, has ended, or this payer knows how it goes on: then start the payer"
    )]
    NotUnresolved(PayoutId),
    /// What the node knows.
    #[error("the node does not say how it ended, or how much it paid")]
    NotKnown,
    /// Whoever began it might send it again.
    #[error("it has changed in the last {} minutes: wait that long", RESENT_FOR.as_secs() / 60)]
    TooEarly,
}

impl From<ServerError> for ResolveError {
    fn from(error: ServerError) -> Self {
        Self::Server(error.to_string())
    }
}

impl Resolver {
    /// Opens the journal and locks it.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub fn open(config: Config) -> Result<Self, ResolveError> {
        let clock = Clock::system();
        let journal = Journal::open(&config.data_dir, clock.now())?;
        Ok(Self {
            node: node(&config.node)?,
            server: Server::new(&config.server)?,
            journal,
            clock,
            config,
        })
    }

    /// All payouts that were begun, by whichever payer, whose end neither the server nor this journal knows.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub async fn unresolved(&self) -> Result<Vec<UnresolvedPayout>, ResolveError> {
        let orders = self.server.under_way().await?;
        let unresolved = orders
            .into_iter()
            .filter_map(|order| self.unresolved_of(order));
        Ok(unresolved.collect())
    }

    fn unresolved_of(&self, order: Order) -> Option<UnresolvedPayout> {
        let payer = order.payer?;
        let (id, destination) = (order.id, order.destination);
        let Some(record) = self.journal.ledger().payout(&id) else {
            return Some(UnresolvedPayout {
                id,
                payer,
                destination,
                payment_hash: order.payment_hash?,
                node: None,
                amount: order.amount,
                since: order.updated_at,
                recorded_in: RecordedIn::NoJournal,
            });
        };
        let Progress::Sent { at, .. } = record.progress else {
            return None;
        };
        Some(UnresolvedPayout {
            id,
            payer: self.journal.payer().clone(),
            destination,
            payment_hash: record.begun.payment_hash,
            node: Some(record.begun.node.clone()),
            amount: Some(record.begun.amount),
            since: Some(at),
            recorded_in: RecordedIn::ThisJournal,
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub async fn find(&self, id: &PayoutId) -> Result<UnresolvedPayout, ResolveError> {
        let mut unresolved = self.unresolved().await?.into_iter();
        let found = unresolved.find(|payout| payout.id == *id);
        found.ok_or_else(|| ResolveError::NotUnresolved(id.clone()))
    }

    /// What the node of the configuration knows of it.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub async fn resolution(&self, payout: &UnresolvedPayout) -> Result<Resolution, ResolveError> {
        let node = match &payout.node {
            Some(node) => node.clone(),
            None => self.node.info().await?.id,
        };
        let (now, retry_for) = (self.clock.now(), self.config.node.retry_for());
        let since = payout.since.unwrap_or(now);
        let hash = payout.payment_hash;
        let asked = resolution(&self.node, &node, hash, since, now, retry_for);
        Ok(asked.await?)
    }

    /// Reports to the server what the node knows, in the name of the payer that began it.
    ///
    /// # Errors
    /// [`ResolveError::NotKnown`] when that is not enough.
    pub async fn report(
        &mut self,
        payout: &UnresolvedPayout,
        resolution: &Resolution,
    ) -> Result<(), ResolveError> {
        let report = resolution.report(payout.amount);
        self.end(payout, &report.ok_or(ResolveError::NotKnown)?)
            .await
    }

    /// Reports to the server that it was not paid, which its owner says and not the node. Only of a payment of which the node knows
    /// nothing, and so late that the payer that began it would not send it again.
    ///
    /// # Errors
    /// [`ResolveError::NotKnown`], [`ResolveError::TooEarly`].
    pub async fn report_not_paid(&mut self, payout: &UnresolvedPayout) -> Result<(), ResolveError> {
        if self.resolution(payout).await? != Resolution::Nothing {
            return Err(ResolveError::NotKnown);
        }
        let now = self.clock.now();
        if now < clock::after(payout.since.unwrap_or(now), RESENT_FOR) {
            return Err(ResolveError::TooEarly);
        }
        let message =
            "The node knows nothing of it, and the payer's owner says that it was not paid.";
        let report = Report::Failed(FailureCode::Timeout, message.to_owned());
        self.end(payout, &report).await
    }

    /// It is in the journal before it is reported.
    async fn end(
        &mut self,
        payout: &UnresolvedPayout,
        report: &Report,
    ) -> Result<(), ResolveError> {
        let id = payout.id.clone();
        let (outcome, message) = match report {
            Report::Paid {
                preimage,
                amount,
                fee,
            } => (
                Entry::Paid {
                    payout: id.clone(),
                    preimage: preimage.clone(),
                    amount: *amount,
                    fee: *fee,
                },
                format!("paid: {} msat, fee {} msat", amount.msat(), fee.msat()),
            ),
            Report::Failed(code, message) => (
                Entry::Failed {
                    payout: id.clone(),
                    code: *code,
                    message: message.clone(),
                },
                format!("{}: {message}", code.as_str()),
            ),
            Report::Unknown(..) | Report::ApprovalRequired | Report::ApprovalRefused { .. } => {
                return Err(ResolveError::NotKnown);
            }
        };
        let entry = match payout.recorded_in {
            RecordedIn::ThisJournal => outcome,
            RecordedIn::NoJournal => Entry::Resolved {
                payout: id.clone(),
                payer: payout.payer.clone(),
                message,
            },
        };
        self.journal.append(self.clock.now(), entry)?;
        Ok(self.server.report(&payout.payer, &id, report).await?)
    }
}
