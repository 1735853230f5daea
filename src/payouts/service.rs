//! The use cases.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio::sync::Notify;

use super::{
    codes::Codes,
    destination::{PayingNode, Readable},
    error::{Error, OrderRefused},
    presence::Presence,
    request::{InBitcoin, OrderRequest, RequestedAmount},
};
use crate::invoices::{Age, Invoicing};
use facture_domain::{
    Invoice, Label, LabelKey, Msat, PaymentHash, RefundRefused,
    desk::NewAudit,
    payment_string::PaymentString,
    payout::{
        ApprovalCode, NewPayout, PayerId, Payout, PayoutId, PayoutMove, PayoutState, PayoutStatus,
        Report, Waiting,
    },
};
use facture_runtime::clock;
use facture_store::{Moved, Ordered, PayoutPage, Store};

/// As many orders may wait for a payer or an approval.
pub(super) const MAX_WAITING: u32 = 1000;

/// The use cases of payouts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Payouts(pub(super) Arc<Parts>);

#[derive(Debug)]
pub(super) struct Parts {
    pub(super) store: Store,
    pub(super) invoicing: Invoicing,
    pub(super) label_key: LabelKey,
    /// Which node pays, once it was asked. It stays the same one: the store belongs to it.
    node: OnceLock<PayingNode>,
    pub(super) presence: Presence,
    pub(super) codes: Codes,
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

/// How a payout that nobody has begun stands with the payer.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// What it waits for; `None`: a payer is there and will come to it.
    pub waiting_for: Option<Waiting>,
    /// Why the payer did not take the last code that was sent with an approval.
    pub code_refused: Option<String>,
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
            codes: Codes::default(),
            has_new_order: Notify::new(),
        }))
    }

    /// Writes an order down. The same request is one payout, however often it comes. What is wrong with the order itself
    /// is found before anything is asked of anybody; the node is asked who it is, once.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn order(&self, request: OrderRequest) -> Result<OrderedPayout, Error> {
        self.order_with(request, None).await
    }

    /// The same for somebody at the desk, whose entry in the audit log is written with the order.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn order_by(
        &self,
        request: OrderRequest,
        entry: NewAudit,
    ) -> Result<OrderedPayout, Error> {
        self.order_with(request, Some(entry)).await
    }

    async fn order_with(
        &self,
        request: OrderRequest,
        entry: Option<NewAudit>,
    ) -> Result<OrderedPayout, Error> {
        let Parts {
            store, label_key, ..
        } = &*self.0;
        // Orders have keys of their own: the same text may be the key of an invoice.
        let id = PayoutId::of_request(label_key, &request.scope, &request.key);
        // What was ordered stays so, also when its invoice has expired since.
        if let Some(known) = store.ordered(&id, &request.fingerprint).await? {
            return answer(known);
        }
        let (new, refundable) = self.check(&request).await?;
        let ordered = store
            .order_payout(id, request.fingerprint, new, refundable, MAX_WAITING, entry)
            .await?;
        self.0.has_new_order.notify_one();
        answer(ordered)
    }

    /// The order, and how much of its sale may be refunded in all, if that is less than was received.
    async fn check(&self, request: &OrderRequest) -> Result<(NewPayout, Option<Msat>), Error> {
        let now = Timestamp::now();
        let sale = request.invoice.as_ref();
        let asked_for = match &request.amount {
            None => None,
            Some(RequestedAmount::Msat(amount)) => Some(InBitcoin::fixed(*amount)),
            Some(amount) => {
                // Nobody is asked for a rate for something that nobody can read.
                PaymentString::parse(&request.destination).map_err(OrderRefused::Destination)?;
                Some(self.in_bitcoin(amount, sale).await?)
            }
        };
        let amount = asked_for.as_ref().map(|asked_for| asked_for.amount);
        let readable = Readable::parse(&request.destination, amount, now)?;
        if let Some(label) = sale {
            self.refresh(label).await?;
        }
        if readable.request.is_some() {
            readable.check_payable_by(self.paying_node().await?)?;
        }
        let asked = clock::after(now, request.lifetime());
        let invoice = readable.request.as_ref();
        let new = NewPayout {
            payment_hash: readable.payment_hash(),
            amount: readable.amount,
            max_fee: request.max_fee,
            reason: request.reason.clone(),
            invoice: request.invoice.clone(),
            asked_by: request.asked_by.clone(),
            expires_at: invoice.map_or(asked, |invoice| invoice.expires_at.min(asked)),
            destination: readable.destination,
        };
        Ok((new, asked_for.and_then(|asked_for| asked_for.refundable)))
    }

    /// Sees to it that the records know whether a sale is paid, as the node does now.
    pub(super) async fn refresh(&self, label: &Label) -> Result<Arc<Invoice>, Error> {
        match self.0.invoicing.find(label).await {
            Ok(Some(found)) => Ok(found.invoice),
            Ok(None) => Err(RefundRefused::UnknownSale.into()),
            Err(error) => Err(Error::Sale(error)),
        }
    }

    pub(super) async fn paying_node(&self) -> Result<&PayingNode, Error> {
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

    /// Whether a payout has paid the invoice with this hash.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn have_paid(&self, hash: PaymentHash) -> Result<bool, Error> {
        Ok(self.0.store.has_paid(hash).await?)
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

    /// Approves a payout. A code that came along is passed on to the payer, which alone can check it.
    ///
    /// # Errors
    /// [`Error`]: then nothing was changed.
    pub async fn approve(
        &self,
        id: &PayoutId,
        code: Option<ApprovalCode>,
    ) -> Result<Payout, Error> {
        let payout = self.advance(id, PayoutMove::Approve).await?;
        if let Some(code) = code {
            self.0.codes.insert(id.clone(), code);
        }
        Ok(payout)
    }

    /// The payer does not take this code, which came with an approval: the payout still waits for one. `None`: it does not say
    /// which code.
    ///
    /// # Errors
    /// [`Error`]: then nothing was changed.
    pub async fn refuse_code(
        &self,
        id: &PayoutId,
        payer: PayerId,
        code: Option<&ApprovalCode>,
        reason: String,
    ) -> Result<Payout, Error> {
        let step = PayoutMove::Report(payer, Report::ApprovalRequired);
        let payout = self.advance(id, step).await?;
        self.0.codes.refuse(id.clone(), code, reason);
        Ok(payout)
    }

    /// The code that came with an approval, for the payer to check.
    pub fn approval_code(&self, payout: &Payout) -> Option<ApprovalCode> {
        let waits = payout.state().is_waiting();
        waits.then(|| self.0.codes.code(&payout.id)).flatten()
    }

    /// Whether a payer is there, as far as is known: after a start none was seen yet.
    pub fn has_payer(&self) -> bool {
        self.0.presence.is_there()
    }

    /// How a payout stands with the payer.
    pub fn standing(&self, payout: &Payout) -> Standing {
        let waits = payout.state().is_waiting();
        Standing {
            waiting_for: self.waiting_for(payout),
            code_refused: waits.then(|| self.0.codes.refusal(&payout.id)).flatten(),
        }
    }

    fn waiting_for(&self, payout: &Payout) -> Option<Waiting> {
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
        Ordered::Refused(refused) => Err(refused.into()),
        Ordered::TooMany => Err(Error::TooMany),
    }
}
