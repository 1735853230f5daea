//! The use cases.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio::sync::Notify;

use super::{
    destination::{PayingNode, Readable},
    error::{Error, OrderRefused},
    presence::Presence,
    request::OrderRequest,
};
use crate::invoices::{Age, Invoicing};
use facture_domain::{
    LabelKey,
    payout::{NewPayout, Payout, PayoutId, PayoutMove, PayoutState, PayoutStatus, Waiting},
};
use facture_runtime::clock;
use facture_store::{Moved, Ordered, PayoutPage, Store};

/// As many orders may wait for a payer or an approval.
const MAX_WAITING: u32 = 1000;

/// The use cases of payouts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Payouts(pub(super) Arc<Parts>);

#[derive(Debug)]
pub(super) struct Parts {
    pub(super) store: Store,
    invoicing: Invoicing,
    label_key: LabelKey,
    /// Which node pays, once it was asked. It stays the same one: the store belongs to it.
    node: OnceLock<PayingNode>,
    pub(super) presence: Presence,
    /// There is an order that may expire earlier than those before it.
    pub(super) has_new_order: Notify,
}

/// An order that was written down.
#[derive(Clone, Debug)]
pub enum OrderedPayout {
    /// Now.
    New(Payout),
    /// When the same request came before.
    Known(Payout),
}

impl Payouts {
    /// On these records. Ids of payouts are derived with this key.
    pub fn new(store: Store, invoicing: Invoicing, label_key: LabelKey) -> Self {
        Self(Arc::new(Parts {
            store,
            invoicing,
            label_key,
            node: OnceLock::new(),
            presence: Presence::default(),
            has_new_order: Notify::new(),
        }))
    }

    /// Writes an order down. The same request is one payout, however often it comes. What is wrong with the order itself
    /// is found before anything is asked of anybody; the node is asked who it is, once.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn order(&self, request: OrderRequest) -> Result<OrderedPayout, Error> {
        let Parts {
            store, label_key, ..
        } = &*self.0;
        // Orders have keys of their own: the same text may be the key of an invoice.
        let id = PayoutId::of_request(label_key, &request.scope, &request.key);
        // What was ordered stays so, also when its invoice has expired since.
        if let Some(known) = store.ordered(&id, &request.fingerprint).await? {
            return answer(known);
        }
        let new = self.check(&request).await?;
        let ordered = store
            .order_payout(id, request.fingerprint, new, MAX_WAITING)
            .await?;
        self.0.has_new_order.notify_one();
        answer(ordered)
    }

    async fn check(&self, request: &OrderRequest) -> Result<NewPayout, Error> {
        let now = Timestamp::now();
        let readable = Readable::parse(&request.destination, request.amount, now)?;
        if let Some(label) = &request.invoice
            && self.0.store.find(label).await?.is_none()
        {
            return Err(OrderRefused::UnknownSale.into());
        }
        if readable.request.is_some() {
            readable.check_payable_by(self.paying_node().await?)?;
        }
        let asked = clock::after(now, request.lifetime());
        let invoice = readable.request.as_ref();
        Ok(NewPayout {
            payment_hash: readable.payment_hash(),
            amount: readable.amount,
            max_fee: request.max_fee,
            reason: request.reason.clone(),
            invoice: request.invoice.clone(),
            asked_by: request.asked_by.clone(),
            expires_at: invoice.map_or(asked, |invoice| invoice.expires_at.min(asked)),
            destination: readable.destination,
        })
    }

    async fn paying_node(&self) -> Result<&PayingNode, Error> {
        if let Some(node) = self.0.node.get() {
            return Ok(node);
        }
        let info = self.0.invoicing.node(Age::New).await;
        let info = info.map_err(Error::Node)?;
        let node = PayingNode {
            id: info.id,
            network: info.network,
        };
        Ok(self.0.node.get_or_init(|| node))
    }

    /// A payout.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn find(&self, id: &PayoutId) -> Result<Payout, Error> {
        self.0.store.payout(id).await?.ok_or(Error::NotFound)
    }

    /// Payouts, the newest first, at most `limit`: those in this state, if one is named, and those after the place
    /// `after`, if it is given.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list(
        &self,
        state: Option<PayoutState>,
        after: Option<u64>,
        limit: u32,
    ) -> Result<PayoutPage, Error> {
        Ok(self.0.store.payouts(state, after, limit).await?)
    }

    /// Does this with a payout. What was done before is done.
    ///
    /// # Errors
    /// [`Error`]: then nothing was changed.
    pub async fn advance(&self, id: &PayoutId, step: PayoutMove) -> Result<Payout, Error> {
        let moved = self.0.store.move_payout(id, step).await?;
        match moved.ok_or(Error::NotFound)? {
            Moved::Done(payout) => Ok(payout),
            Moved::Refused(payout, why) => Err(Error::Move(Box::new(payout), why)),
            Moved::HashTaken(other) => Err(Error::Already(other)),
        }
    }

    /// What a payout that nobody has begun waits for; `None`: a payer is there and will come to it.
    pub fn waiting_for(&self, payout: &Payout) -> Option<Waiting> {
        match payout.status {
            PayoutStatus::Ordered(Waiting::Approval)
            | PayoutStatus::Approved(Waiting::Approval) => Some(Waiting::Approval),
            PayoutStatus::Ordered(Waiting::Payer) | PayoutStatus::Approved(Waiting::Payer) => {
                (!self.0.presence.is_there()).then_some(Waiting::Payer)
            }
            _ => None,
        }
    }
}

fn answer(ordered: Ordered) -> Result<OrderedPayout, Error> {
    match ordered {
        Ordered::New(payout) => Ok(OrderedPayout::New(payout)),
        Ordered::Known(payout) => Ok(OrderedPayout::Known(payout)),
        Ordered::OtherRequest => Err(Error::OtherRequest),
        Ordered::Already(other) => Err(Error::Already(other)),
        Ordered::TooMany => Err(Error::TooMany),
    }
}
