//! Payouts that were begun and are in no journal here: it was lost, or is an old copy, or another payer's is gone. They are
//! never paid; what the node knows of their payment hash is found out and told.

use std::time::Duration;

use facture_domain::{
    NodeId, PaymentHash,
    payout::{FailureCode, PayerId, PayoutId},
};
use facture_runtime::clock::{self, Clock};
use facture_sidecar::ConfigError;
use jiff::Timestamp;

use crate::{
    config::Config,
    journal::{Entry, Journal, JournalError},
    node::{Node, NodeError, Settled, Tracked},
    payer::node,
    server::{Server, ServerError},
    wire::{Order, Report},
};

/// The node may begin another attempt for as long as it was told, and a little longer.
pub(crate) const GRACE: Duration = Duration::from_secs(15);

/// A payer sends an invoice again, of which the node knows nothing, within ten minutes after the last call; with a margin.
const RESENT_FOR: Duration = Duration::from_secs(15 * 60);

/// What the node knows of a payment that nobody here has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It is made.
    Paid(Settled),
    /// It failed, and is not tried again.
    Failed(FailureCode, String),
    /// It is under way, or may be tried again by the node.
    UnderWay,
    /// The node knows nothing of it: it never made it, or has made and forgotten it.
    Nothing,
}

/// What the node knows of a payment that was last heard of at this time.
pub(crate) async fn truth(
    node: &Node,
    id: &NodeId,
    hash: PaymentHash,
    since: Timestamp,
    now: Timestamp,
    retry_for: Duration,
) -> Result<Truth, NodeError> {
    let over = now >= clock::after(since, retry_for + GRACE);
    Ok(match node.track(id, hash).await? {
        Tracked::Paid(settled) => Truth::Paid(settled),
        Tracked::Pending => Truth::UnderWay,
        Tracked::Failed(..) if !over => Truth::UnderWay,
        Tracked::Failed(_, why) => {
            let (code, message) = why.unwrap_or_else(failed);
            Truth::Failed(code, message)
        }
        Tracked::Nothing => Truth::Nothing,
    })
}

/// A failure of which the node says no more.
pub(crate) fn failed() -> (FailureCode, String) {
    let message = "The node tried to pay it and could not.".to_owned();
    (FailureCode::NoRoute, message)
}

/// What is told of it; `None` while the node does not know enough.
pub(crate) fn report(truth: &Truth, order: &Order) -> Option<Report> {
    match truth {
        Truth::Paid(settled) => Some(Report::Paid {
            preimage: settled.preimage.clone(),
            amount_msat: settled
                .amount
                .or(order.amount)
                .map_or(0, |amount| amount.msat()),
            fee_msat: settled.fee.msat(),
        }),
        Truth::Failed(code, message) => Some(Report::Failed(*code, message.clone())),
        Truth::UnderWay | Truth::Nothing => None,
    }
}

/// A payout that was begun and is in no journal here.
#[derive(Clone, Debug)]
pub struct Lost {
    /// Its id.
    pub id: PayoutId,
    /// The payer that began it.
    pub payer: PayerId,
    /// Its destination.
    pub destination: String,
    /// Of the payment that was begun for it.
    pub payment_hash: PaymentHash,
    order: Order,
}

/// Asks the node about payouts that are in no journal here. The payer must not be running: its journal is open meanwhile.
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
    #[error("payout {0} was not begun, has ended, or is in this journal: then start the payer")]
    NotLost(PayoutId),
    /// What the node knows.
    #[error("the node does not say how it ended")]
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

    /// All payouts that were begun, by whichever payer, whose end is not known and of which this journal knows nothing.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub async fn lost(&self) -> Result<Vec<Lost>, ResolveError> {
        let orders = self.server.under_way().await?;
        let lost = orders.into_iter().filter_map(|order| {
            let known = self.journal.ledger().payout(order.id.as_str()).is_some();
            Some(Lost {
                id: order.id.clone(),
                payer: order.payer.clone().filter(|_| !known)?,
                destination: order.destination.clone(),
                payment_hash: order.payment_hash?,
                order,
            })
        });
        Ok(lost.collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub async fn find(&self, id: &PayoutId) -> Result<Lost, ResolveError> {
        let mut lost = self.lost().await?.into_iter();
        let found = lost.find(|lost| lost.id == *id);
        found.ok_or_else(|| ResolveError::NotLost(id.clone()))
    }

    /// What the node of the configuration knows of it.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub async fn truth(&self, lost: &Lost) -> Result<Truth, ResolveError> {
        let node = self.node.info().await?;
        let (now, retry_for) = (self.clock.now(), self.config.node.retry_for());
        let since = lost.order.updated_at.unwrap_or(now);
        let asked = truth(
            &self.node,
            &node.id,
            lost.payment_hash,
            since,
            now,
            retry_for,
        );
        Ok(asked.await?)
    }

    /// Tells the server what the node knows, in the name of the payer that began it.
    ///
    /// # Errors
    /// [`ResolveError::NotKnown`] when that is not enough.
    pub async fn tell(&mut self, lost: &Lost, truth: &Truth) -> Result<(), ResolveError> {
        let report = report(truth, &lost.order).ok_or(ResolveError::NotKnown)?;
        self.end(lost, &report).await
    }

    /// Tells the server that it was not paid, which its owner says and not the node. Only of a payment of which the node knows
    /// nothing, and so late that the payer that began it would not send it again.
    ///
    /// # Errors
    /// [`ResolveError::NotKnown`], [`ResolveError::TooEarly`].
    pub async fn give_up(&mut self, lost: &Lost) -> Result<(), ResolveError> {
        if self.truth(lost).await? != Truth::Nothing {
            return Err(ResolveError::NotKnown);
        }
        let now = self.clock.now();
        let since = lost.order.updated_at.unwrap_or(now);
        if now < clock::after(since, RESENT_FOR) {
            return Err(ResolveError::TooEarly);
        }
        let message =
            "The node knows nothing of it, and the payer's owner says that it was not paid.";
        let report = Report::Failed(FailureCode::Timeout, message.to_owned());
        self.end(lost, &report).await
    }

    async fn end(&mut self, lost: &Lost, report: &Report) -> Result<(), ResolveError> {
        let message = match report {
            Report::Paid {
                amount_msat,
                fee_msat,
                ..
            } => format!("paid: {amount_msat} msat, fee {fee_msat} msat"),
            Report::Failed(code, message) => format!("{}: {message}", code.as_str()),
            Report::Unknown(..) | Report::ApprovalRequired | Report::ApprovalRefused(_) => {
                return Err(ResolveError::NotKnown);
            }
        };
        let entry = Entry::Resolved {
            payout: lost.id.as_str().to_owned(),
            payer: lost.payer.as_str().to_owned(),
            message,
        };
        self.journal.append(self.clock.now(), entry)?;
        let told = self.server.report(&lost.payer, lost.id.as_str(), report);
        Ok(told.await?)
    }
}
