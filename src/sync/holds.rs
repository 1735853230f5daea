//! Held payments: what was decided is carried out, and ends in what the node says. The decision is in the store before the
//! node is asked: should we end in between, the follower goes on with it.

use std::sync::Arc;

use crate::sync::error::Error;
use facture_domain::{
    Decision, HoldDeadline, HoldSecret, Invoice, InvoiceRef, Label, NodeId, OurLabels, PaymentHash,
    Preimage, Status, desk::NewAudit,
};
use facture_node::{HoldOutcome, Node, NodeError, NodeErrorKind};
use facture_store::{Decided, Store};

/// How often the node must confirm that it does not have a hold invoice.
const CERTAIN: u32 = 2;

/// Settles held payments and sends them back. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Holds {
    node: Node,
    store: Store,
    labels: OurLabels,
}

/// When held payments are decided.
#[derive(Clone, Copy, Debug)]
pub struct HoldRules {
    /// Of hold invoices that are adopted from the node: what was agreed is not known.
    pub deadline: HoldDeadline,
    /// So many blocks before the deadline the shop is warned.
    pub warning_blocks: u32,
}

/// Which hold invoices the node is to list, where it can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listing {
    /// All that are open.
    All,
    /// From the first one on that is open in the records.
    Known,
}

/// What came of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldResult {
    /// It is carried out, or something else happened first: the invoice says which.
    Over(Arc<Invoice>),
    /// The opposite was decided before and is being carried out.
    Otherwise(Decision),
    /// The preimage is needed, which the shop has.
    PreimageMissing,
}

impl Holds {
    /// On this node and in this store.
    pub fn new(node: Node, store: Store, labels: OurLabels) -> Self {
        Self {
            node,
            store,
            labels,
        }
    }

    /// The preimage that settles a hold invoice, if it is ours and fits. It does not fit when the key file was lost.
    pub fn own_preimage(&self, invoice: &Invoice) -> Option<Preimage> {
        match invoice.hold?.secret {
            HoldSecret::Ours(nonce) => {
                let preimage = self.labels.hold_preimage(&nonce);
                (preimage.payment_hash() == invoice.payment_hash).then_some(preimage)
            }
            HoldSecret::OfShop => None,
        }
    }

    /// Decides about a hold invoice, and carries it out. `preimage`: the shop's, for an invoice with a payment hash of its
    /// own. `entry`: for the audit log, if somebody at the desk decides. `None` when there is no such invoice.
    ///
    /// # Errors
    /// [`Error`]; then the decision stands, if it was written, and the follower carries it out later.
    pub async fn decide(
        &self,
        label: &Label,
        decision: Decision,
        preimage: Option<&Preimage>,
        entry: Option<NewAudit>,
    ) -> Result<Option<HoldResult>, Error> {
        let Some(node) = self.node_id().await? else {
            return Ok(None);
        };
        let decided = self.store.decide(&node, label, decision, entry);
        Ok(match decided.await? {
            None => None,
            Some(Decided::Over(invoice)) => Some(HoldResult::Over(invoice)),
            Some(Decided::Otherwise(invoice)) => {
                let decided = invoice.hold.and_then(|hold| hold.decision);
                Some(HoldResult::Otherwise(decided.unwrap_or(decision)))
            }
            Some(Decided::So(invoice)) => Some(self.carry_out(&invoice, preimage).await?),
        })
    }

    /// Carries out what was decided about a hold invoice.
    ///
    /// # Errors
    /// [`Error`]; then it is to be tried again.
    pub async fn carry_out(
        &self,
        invoice: &Invoice,
        preimage: Option<&Preimage>,
    ) -> Result<HoldResult, Error> {
        let (label, hash) = (&invoice.label, invoice.payment_hash);
        let outcome = match invoice.hold.and_then(|hold| hold.decision) {
            Some(Decision::Settle) => {
                let own = self.own_preimage(invoice);
                let Some(preimage) = preimage.or(own.as_ref()) else {
                    return Ok(HoldResult::PreimageMissing);
                };
                match self.node.settle_hold(label, preimage).await {
                    Err(error) if is_lost(&error) => self.node.settle_hold(label, preimage).await?,
                    outcome => outcome?,
                }
            }
            Some(Decision::Cancel) => match self.node.cancel_hold(&invoice.into()).await {
                Err(error) if is_lost(&error) => self.node.cancel_hold(&invoice.into()).await?,
                outcome => outcome?,
            },
            None => HoldOutcome::Done,
        };
        if let HoldOutcome::Instead(state) = outcome {
            tracing::warn!(
                ?label,
                state = state.as_str(),
                "a decision about a held payment came too late"
            );
        }
        self.refresh(label, hash).await?;
        let now = self.store.find(label).await?;
        Ok(HoldResult::Over(
            now.unwrap_or_else(|| Arc::new(invoice.clone())),
        ))
    }

    /// Looks a hold invoice of the records up on the node, and takes in how it stands. What the node has no more cannot be
    /// paid, and nothing is held for it.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn refresh(&self, label: &Label, payment_hash: PaymentHash) -> Result<(), Error> {
        let Some(node) = self.node_id().await? else {
            return Ok(());
        };
        let reference = InvoiceRef {
            label: label.clone(),
            payment_hash: Some(payment_hash),
            node_label: None,
        };
        for _ in 0..CERTAIN {
            if let Some(found) = self.node.lookup_hold(&reference).await? {
                return self.take_in(&node, found).await;
            }
        }
        if self.store.cancel(&node, label, None).await? {
            tracing::warn!(
                ?label,
                "a hold invoice is gone from the node: it is cancelled, and nothing is held for it"
            );
        }
        Ok(())
    }

    /// Takes in a hold invoice as the node has it.
    pub(super) async fn take_in(&self, node: &NodeId, found: Invoice) -> Result<(), Error> {
        let hooks = Vec::new();
        self.store
            .create(node.clone(), Arc::new(found), hooks)
            .await?;
        Ok(())
    }

    /// Whether a payment is held for it, as far as is known.
    pub fn is_held(invoice: &Invoice) -> bool {
        matches!(invoice.status, Status::Accepted(_))
    }

    async fn node_id(&self) -> Result<Option<NodeId>, Error> {
        Ok(match self.node.id() {
            Some(node) => Some(node.clone()),
            None => self.store.node().await?,
        })
    }
}

/// Whether the answer was lost: both calls are safe to repeat.
fn is_lost(error: &NodeError) -> bool {
    let lost = error.kind() == NodeErrorKind::AnswerLost;
    if lost {
        tracing::warn!(%error, "the answer of the node was lost, asking again");
    }
    lost
}
