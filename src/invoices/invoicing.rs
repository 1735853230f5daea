//! The use cases of the checkout: create, find, renew.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::{
    invoices::{
        error::Error,
        found::Found,
        node_info::{Age, NodeInfoCache, SharedError},
    },
    pricing::Pricing,
    sync::{Barrier, Holds, Link, Mirror, Scope},
};
use facture_domain::{
    Amount, Event, Identity, Invoice, InvoiceRef, Label, Msat, NewInvoice, Order, OurLabels,
    RenewalWindow,
};
use facture_node::{CreatedInvoice, Node, NodeErrorKind, NodeInfo};
use facture_store::{
    Store,
    hub::{EventHub, Listener},
};

/// The use cases. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Invoicing {
    /// For creating and cancelling invoices alone: nothing that only reads takes its connections.
    pub(super) node: Node,
    /// For what only reads.
    pub(super) reads: Node,
    node_info: Arc<NodeInfoCache>,
    pub(super) pricing: Pricing,
    pub(super) store: Store,
    pub(super) hub: EventHub,
    pub(super) barrier: Barrier,
    pub(super) labels: OurLabels,
    pub(super) holds: Holds,
    pub(super) renewable: RenewalWindow,
    pub(super) tasks: TaskTracker,
}

/// How long somebody who asks right after the start waits for the rest of the node's invoices.
pub(super) const START_TIMEOUT: Duration = Duration::from_secs(2);

impl Invoicing {
    /// On this node and this store, for invoices with these labels, which can be renewed for so long. The barrier is the
    /// follower's. What is asked about the node itself goes by `reads`.
    pub fn new(
        node: Node,
        reads: Node,
        pricing: Pricing,
        store: Store,
        barrier: Barrier,
        labels: OurLabels,
        renewable: RenewalWindow,
    ) -> Self {
        Self {
            holds: Holds::new(node.clone(), store.clone(), labels.clone()),
            node,
            node_info: Arc::new(NodeInfoCache::new(reads.clone())),
            reads,
            pricing,
            hub: store.hub(),
            store,
            barrier,
            labels,
            renewable,
            tasks: TaskTracker::new(),
        }
    }

    /// Makes an invoice, in a task of its own, so that a buyer who closes the page cannot tear it in two: the node is
    /// asked, then the row is written. Should we end in between, the next start finds it on the node and adopts it.
    ///
    /// # Errors
    /// [`Error`]. There may be an invoice on the node all the same, which nobody has seen and which will expire.
    pub async fn create(&self, new: NewInvoice) -> Result<Arc<Invoice>, Error> {
        check_amount(&self.node, new.amount)?;
        match new.hold {
            None => self.create_as(self.labels.random_identity(), new).await,
            Some(terms) => self.create_hold(terms, new).await,
        }
    }

    /// Makes the invoice with this identity, however often it is asked for: one that is there is the answer, in whatever
    /// state. After a crash it may have been adopted from the node, which does not know the shop's side of it.
    ///
    /// # Errors
    /// As [`Invoicing::create`].
    pub async fn create_identified(
        &self,
        identity: Identity,
        new: NewInvoice,
    ) -> Result<Arc<Invoice>, Error> {
        check_amount(&self.node, new.amount)?;
        match self.store.find(identity.label()).await? {
            None => self.create_as(identity, new).await,
            Some(known) if known.order.channel.is_some() => Ok(known),
            Some(known) => {
                let made = CreatedInvoice {
                    invoice: Invoice::clone(&known),
                    warnings: known.order.warnings.clone(),
                };
                self.record_created(made, new).await
            }
        }
    }

    pub(super) async fn create_as(
        &self,
        identity: Identity,
        new: NewInvoice,
    ) -> Result<Arc<Invoice>, Error> {
        let this = self.clone();
        self.run_to_completion(async move {
            let _announced = this.store.announce();
            let created = create_on_node(&this.node, &identity, &new).await?;
            this.record_created(created, new).await
        })
        .await
    }

    /// Writes down what the node created, with the shop's side of it.
    pub(super) async fn record_created(
        &self,
        CreatedInvoice { invoice, warnings }: CreatedInvoice,
        new: NewInvoice,
    ) -> Result<Arc<Invoice>, Error> {
        let invoice = Arc::new(Invoice {
            order: Order {
                warnings,
                ..new.order
            },
            ..invoice
        });
        let node = self.node.id().ok_or(Error::Mismatch)?.clone();
        self.store
            .create(node, Arc::clone(&invoice), new.webhooks)
            .await?;
        Ok(invoice)
    }

    /// An invoice in its final state, if it was read or written recently.
    pub fn cached_final(&self, label: &Label) -> Option<Found> {
        self.store.cached(label).and_then(Found::if_final)
    }

    /// Finds an invoice by its label; `None` when there is none. What the node knew when this was called is in it, or
    /// [`Found::freshness`] says since when not.
    ///
    /// # Errors
    /// [`Error::Store`]; [`Error::Incomplete`] when it may be on a node that cannot be asked.
    pub async fn find(&self, label: &Label) -> Result<Option<Found>, Error> {
        let scope = match self.store.find(label).await? {
            None => Scope::Unknown,
            Some(invoice) => match Found::if_final(Arc::clone(&invoice)) {
                Some(found) => return Ok(Some(found)),
                None => Scope::Invoice(InvoiceRef::from(&*invoice)),
            },
        };
        let passed = self.barrier.pass(scope).await;
        let with_freshness = |invoice: Arc<Invoice>| {
            let freshness = self.freshness(&invoice, passed);
            Some(Found { invoice, freshness })
        };
        if let Some(invoice) = self.store.find(label).await? {
            return Ok(with_freshness(invoice));
        }
        self.wait_until_complete().await;
        if let Some(invoice) = self.store.find(label).await? {
            return Ok(with_freshness(invoice));
        }
        let progress = self.barrier.progress().borrow();
        match (&progress.link, progress.mirror) {
            (_, Mirror::Complete) => Ok(None),
            (Link::Disconnected(reason), Mirror::Unknown) => Err(Error::Incomplete(reason.clone())),
            (Link::Connecting | Link::Following, Mirror::Unknown) => Err(Error::Incomplete(
                "still reading the node's invoices".to_owned(),
            )),
        }
    }

    /// Right after the start, waits a moment until the store is known to be complete, or the node to be away.
    pub(super) async fn wait_until_complete(&self) {
        let mut progress = self.barrier.progress().clone();
        let settled = progress.wait_for(|progress| {
            progress.mirror == Mirror::Complete || matches!(progress.link, Link::Disconnected(_))
        });
        // Whether it is settled is looked at afterwards.
        let _ = timeout(START_TIMEOUT, settled).await;
    }

    /// Follows an invoice. Listen first, then read [`Invoicing::events`]: nothing is missed in between.
    pub fn listen(&self, label: &Label) -> Listener {
        self.hub.listen(label)
    }

    /// What happened to an invoice after the event number `after`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn events(&self, label: &Label, after: u64) -> Result<Vec<Event>, Error> {
        Ok(self.store.events_of(label, after).await?)
    }

    /// Reads a label; `None` when it is not one of ours: other programs share the node.
    pub fn parse_label(&self, text: &str) -> Option<Label> {
        self.labels.parse_label(text)
    }

    /// The node's identity.
    ///
    /// # Errors
    /// When the node gives no answer.
    pub async fn node(&self, age: Age) -> Result<NodeInfo, SharedError> {
        self.node_info.info(age, self.link()).await
    }

    /// How much the node can receive in all; `None` when it does not report that.
    ///
    /// # Errors
    /// When the node gives no answer.
    pub async fn receivable(&self) -> Result<Option<Msat>, SharedError> {
        self.node_info.receivable(self.link()).await
    }

    /// The state of the link to the node.
    pub fn link(&self) -> Link {
        self.barrier.progress().borrow().link.clone()
    }
}

/// The identity was chosen before the node was asked, so a lost answer can be repaired: ask again, and when the node says
/// that it has it already, the invoice is there.
pub(super) async fn create_on_node(
    node: &Node,
    identity: &Identity,
    new: &NewInvoice,
) -> Result<CreatedInvoice, Error> {
    let mut lost = None;
    for _attempt in 0..2 {
        match node.create(identity, new).await {
            Ok(made) => return Ok(made),
            Err(error) if error.is_duplicate() => return adopt_existing(node, identity, new).await,
            Err(error) if error.kind() == NodeErrorKind::AnswerLost => {
                tracing::warn!(%error, "the answer of the node was lost, asking again");
                lost = Some(error);
            }
            // After a lost answer, "not sent" would be untrue.
            Err(error) => return Err(lost.unwrap_or(error).into()),
        }
    }
    Err(lost.map_or(Error::Mismatch, Error::Node))
}

/// Whether the node makes an invoice of this amount.
///
/// # Errors
/// [`Error::AmountTooLarge`].
pub(super) fn check_amount(node: &Node, amount: Amount) -> Result<(), Error> {
    match (amount, node.max_amount()) {
        (Amount::Exact(amount), Some(most)) if amount > most => Err(Error::AmountTooLarge(most)),
        _ => Ok(()),
    }
}

/// The node's warnings are lost with its answer.
pub(super) async fn adopt_existing(
    node: &Node,
    identity: &Identity,
    new: &NewInvoice,
) -> Result<CreatedInvoice, Error> {
    let asked = InvoiceRef::from(identity);
    let found = node.lookup(&asked).await?.ok_or(Error::Mismatch)?;
    let same_hash = asked
        .payment_hash
        .is_none_or(|hash| hash == found.payment_hash);
    let same = same_hash && is_same(&found, new);
    let made = CreatedInvoice {
        invoice: found,
        warnings: Vec::new(),
    };
    same.then_some(made).ok_or(Error::Mismatch)
}

/// Whether the node's invoice is the one that was asked for.
pub(super) fn is_same(found: &Invoice, new: &NewInvoice) -> bool {
    found.amount == new.amount && found.description == new.description.as_str()
}
