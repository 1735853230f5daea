//! Making, finding and following invoices: the use cases of the checkout, independent of who asks. It chooses labels,
//! sees to it that one request ends in one invoice, and that nothing is shown that is not stored.

mod cancel;
mod charge;
mod outstanding;
mod records;
mod under_way;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::{
    events::{EventHub, Listener},
    follower::{Barrier, Mirror, Stale},
    invoice::{
        Description, Expiry, Invoice, InvoiceEvent, Label, Msat, NewInvoice, Order, OurLabels,
        Status,
    },
    lightning::{Client, Error as NodeError, Made, NodeInfo},
    store::{Error as StoreError, Reserved, Store},
};

pub use self::{
    cancel::Cancelled,
    charge::{Deletion, Payments},
    records::Listed,
};
pub use crate::{
    follower::Link,
    lightning::CurrencyError,
    store::{Filter, Memory, Page, Period, Place, Repeatable},
};

/// The use cases. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Invoicing {
    node: Client,
    store: Store,
    hub: EventHub,
    barrier: Barrier,
    labels: OurLabels,
    under_way: TaskTracker,
}

/// An invoice, and how current that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The invoice.
    pub invoice: Arc<Invoice>,
    /// Whether the node could be asked.
    pub freshness: Freshness,
}

/// How current an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It has everything that the node knew when it was asked for.
    Current,
    /// The node could not be asked; this is how it was then.
    AsOf(Timestamp),
}

/// What comes after an invoice.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub enum Succession {
    /// Another can be made in its place.
    Open,
    /// Another was made in its place.
    Renewed(Label),
    /// Nothing: the shop took it back, or it never expired.
    Over,
}

/// Whose keys the labels of expired invoices are, when others are made in their place.
const RENEWALS: &str = "renewal";

/// How long somebody who asks right after the start waits for the rest of the node's invoices.
const STARTING: Duration = Duration::from_secs(2);

/// Why a use case came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The node could not be asked, or refused.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node has an invoice under the new label, but not the one that was asked for.
    #[error("the node's invoice under the new label is not the one that was asked for")]
    Mismatch,
    /// The task that made or cancelled it broke off.
    #[error("a task about an invoice broke off")]
    Aborted(#[from] tokio::task::JoinError),
    /// Another request came with the same key before.
    #[error("the key belongs to another request")]
    OtherRequest,
    /// The store does not have it, and the node cannot be asked whether it has.
    #[error("the store is not yet complete: {0}")]
    Incomplete(String),
}

impl Found {
    /// An invoice that will not change any more.
    fn final_one(invoice: Arc<Invoice>) -> Option<Self> {
        invoice.status.is_final().then_some(Self {
            invoice,
            freshness: Freshness::Current,
        })
    }
}

impl Invoicing {
    /// On this node and this store, for invoices with these labels. The barrier is the follower's.
    pub fn new(
        node: Client,
        store: Store,
        hub: EventHub,
        barrier: Barrier,
        labels: OurLabels,
    ) -> Self {
        Self {
            node,
            store,
            hub,
            barrier,
            labels,
            under_way: TaskTracker::new(),
        }
    }

    /// Makes the one invoice of a request that may come twice, at the same time, later, or after a crash. All get the
    /// invoice as it was made, whatever has happened to it since.
    ///
    /// # Errors
    /// As [`Invoicing::create`]; then the same request may be tried again. [`Error::OtherRequest`].
    pub async fn create_once(
        &self,
        request: Repeatable,
        new: NewInvoice,
    ) -> Result<Arc<Invoice>, Error> {
        // Nobody else knows the label yet: it becomes the invoice's if this is the first such request.
        let fresh = self.labels.random_label();
        let label = match self.store.reserve(request, fresh.clone()).await? {
            Reserved::For(label) if label == fresh => return self.create_as(label, new).await,
            Reserved::For(label) => label,
            Reserved::OtherRequest => return Err(Error::OtherRequest),
        };
        let Some(made) = self.store.find(&label).await? else {
            return self.create_as(label, new).await;
        };
        let as_made = Arc::new(Invoice {
            status: Status::Unpaid,
            cancelled_at: None,
            order: Order {
                warnings: made.order.warnings.clone(),
                ..new.order
            },
            ..Invoice::clone(&made)
        });
        // After a crash it was adopted from the node, which does not know the shop's side of it.
        if made.order != as_made.order || !new.webhooks.is_empty() {
            let node = self.store.node().await?.ok_or(Error::Mismatch)?;
            self.store
                .create(node, Arc::clone(&as_made), new.webhooks)
                .await?;
            self.hub.wake([&as_made.label]);
        }
        Ok(as_made)
    }

    /// Makes an invoice, in a task of its own, so that a buyer who closes the page cannot tear it in two: the node is
    /// asked, then the row is written. Should we end in between, the next start finds it on the node and adopts it.
    ///
    /// # Errors
    /// [`Error`]. There may be an invoice on the node all the same, which nobody has seen and which will expire.
    pub async fn create(&self, new: NewInvoice) -> Result<Arc<Invoice>, Error> {
        self.create_as(self.labels.random_label(), new).await
    }

    async fn create_as(&self, label: Label, new: NewInvoice) -> Result<Arc<Invoice>, Error> {
        let this = self.clone();
        self.to_its_end(async move {
            let Made { invoice, warnings } = ask_once(&this.node, &label, &new).await?;
            let invoice = Arc::new(Invoice {
                order: Order {
                    warnings,
                    ..new.order
                },
                ..invoice
            });
            let node = this.node.node().ok_or(Error::Mismatch)?.clone();
            this.store
                .create(node, Arc::clone(&invoice), new.webhooks)
                .await?;
            this.hub.wake([&invoice.label]);
            Ok(invoice)
        })
        .await
    }

    /// Makes an invoice for the same order and for as long in the place of an expired one: once, however often and by
    /// however many this is asked for. Returns the label of the one that counts: the newest; or itself when it can still be
    /// paid, was paid meanwhile or was taken back. `None` when there is no such invoice.
    ///
    /// # Errors
    /// As [`Invoicing::create`].
    pub async fn renew(&self, label: &Label) -> Result<Option<Label>, Error> {
        let mut label = label.clone();
        loop {
            let Some(Found { invoice: old, .. }) = self.find(&label).await? else {
                return Ok(None);
            };
            label = match (&old.status, self.succession(&old).await?) {
                (Status::Expired, Succession::Renewed(next)) => next,
                (Status::Expired, Succession::Open) => {
                    let made = self.renew_once(old).await?;
                    return Ok(Some(made.label.clone()));
                }
                _ => return Ok(Some(label)),
            };
        }
    }

    async fn renew_once(&self, old: Arc<Invoice>) -> Result<Arc<Invoice>, Error> {
        // The label alone says what is asked for.
        let request = Repeatable {
            scope: RENEWALS.to_owned(),
            key: old.label.to_string(),
            fingerprint: Vec::new(),
            memory: Memory::Long,
        };
        let told = self.store.endpoints_of(&old.label).await?;
        let webhooks = told.into_iter().map(|endpoint| endpoint.hook).collect();
        let lasted = old.expires_at.duration_since(old.created_at).as_secs();
        let new = NewInvoice {
            amount: old.amount,
            // What is on the node is a description that it takes.
            description: Description::parse_lines(&old.description).map_err(|_| Error::Mismatch)?,
            expiry: u32::try_from(lasted)
                .ok()
                .and_then(|seconds| Expiry::from_seconds(seconds).ok())
                .ok_or(Error::Mismatch)?,
            order: Order {
                renewal_of: Some(old.label.clone()),
                warnings: Vec::new(),
                ..old.order.clone()
            },
            webhooks,
        };
        self.create_once(request, new).await
    }

    /// What comes after an invoice; nothing as long as it can be paid, and when it was.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn succession(&self, invoice: &Invoice) -> Result<Succession, Error> {
        if invoice.status != Status::Expired || invoice.cancelled_at.is_some() {
            return Ok(Succession::Over);
        }
        let reserved = self
            .store
            .reserved(RENEWALS, invoice.label.as_str())
            .await?;
        Ok(match reserved {
            // Its label is decided before it is made, which may have failed.
            Some(next) if self.store.find(&next).await?.is_some() => Succession::Renewed(next),
            _ => Succession::Open,
        })
    }

    /// An invoice that will not change any more, if it was read or written lately.
    pub fn final_in_memory(&self, label: &Label) -> Option<Found> {
        self.store.remembered(label).and_then(Found::final_one)
    }

    /// Finds an invoice by its label; `None` when there is none. What the node knew when this was called is in it, or
    /// [`Found::freshness`] says since when not.
    ///
    /// # Errors
    /// [`Error::Store`]; [`Error::Incomplete`] when it may be on a node that cannot be asked.
    pub async fn find(&self, label: &Label) -> Result<Option<Found>, Error> {
        if let Some(invoice) = self.store.find(label).await?
            && let Some(found) = Found::final_one(invoice)
        {
            return Ok(Some(found));
        }
        let passed = self.barrier.pass().await;
        let with_freshness = |invoice: Arc<Invoice>| {
            let freshness = match passed {
                Ok(()) => Freshness::Current,
                // It was current when it was made, if never since.
                Err(Stale { since }) => {
                    Freshness::AsOf(since.unwrap_or(invoice.created_at).max(invoice.created_at))
                }
            };
            Some(Found { invoice, freshness })
        };
        if let Some(invoice) = self.store.find(label).await? {
            return Ok(with_freshness(invoice));
        }
        self.settled().await;
        if let Some(invoice) = self.store.find(label).await? {
            return Ok(with_freshness(invoice));
        }
        let progress = self.barrier.progress().borrow();
        match (&progress.link, progress.mirror) {
            (_, Mirror::Complete) => Ok(None),
            (Link::Away(reason), Mirror::Unknown) => Err(Error::Incomplete(reason.clone())),
            (Link::Connecting | Link::Following, Mirror::Unknown) => Err(Error::Incomplete(
                "still reading the node's invoices".to_owned(),
            )),
        }
    }

    /// Right after the start, waits a moment until the store is known to be complete, or the node to be away.
    async fn settled(&self) {
        let mut progress = self.barrier.progress().clone();
        let settled = progress.wait_for(|progress| {
            progress.mirror == Mirror::Complete || matches!(progress.link, Link::Away(_))
        });
        // Whether it is settled is looked at afterwards.
        let _ = timeout(STARTING, settled).await;
    }

    /// Follows an invoice. Listen first, then read [`Invoicing::events`]: nothing is missed in between.
    pub fn listen(&self, label: &Label) -> Listener {
        self.hub.listen(label)
    }

    /// What happened to an invoice after the event number `after`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn events(&self, label: &Label, after: u64) -> Result<Vec<InvoiceEvent>, Error> {
        Ok(self.store.events_of(label, after).await?)
    }

    /// Reads a label; `None` when it is not one of ours: other programs share the node.
    pub fn parse_label(&self, text: &str) -> Option<Label> {
        self.labels.parse_label(text)
    }

    /// Asks the node who it is.
    ///
    /// # Errors
    /// [`NodeError`] when the node gives no answer.
    pub async fn node(&self) -> Result<NodeInfo, NodeError> {
        self.node.getinfo().await
    }

    /// How much the node can receive in all; `None` when it does not tell.
    ///
    /// # Errors
    /// [`NodeError`] when the node gives no answer.
    pub async fn receivable(&self) -> Result<Option<Msat>, NodeError> {
        self.node.receivable().await
    }

    /// How we stand with the node.
    pub fn link(&self) -> Link {
        self.barrier.progress().borrow().link.clone()
    }
}

/// The label was chosen before the node was asked, so a lost answer can be repaired: ask again, and when the node says
/// that it has the label already, the invoice is there.
async fn ask_once(node: &Client, label: &Label, new: &NewInvoice) -> Result<Made, Error> {
    let mut lost = None;
    for _attempt in 0..2 {
        match node.invoice(label, new).await {
            Ok(made) => return Ok(made),
            Err(error) if error.is_duplicate_label() => return adopt(node, label, new).await,
            Err(error @ (NodeError::Lost { .. } | NodeError::Unreadable { .. })) => {
                tracing::warn!(%error, "the answer of the node was lost, asking again");
                lost = Some(error);
            }
            // After a lost answer, "not sent" would be untrue.
            Err(error) => return Err(lost.unwrap_or(error).into()),
        }
    }
    Err(lost.map_or(Error::Mismatch, Error::Node))
}

/// What the node warned of is lost with its answer.
async fn adopt(node: &Client, label: &Label, new: &NewInvoice) -> Result<Made, Error> {
    let found = node.invoice_by_label(label).await?.ok_or(Error::Mismatch)?;
    let same = found.amount == new.amount && found.description == new.description.as_str();
    let made = Made {
        invoice: found,
        warnings: Vec::new(),
    };
    same.then_some(made).ok_or(Error::Mismatch)
}
