//! What has to be done until an event of each type happens: the use cases that everybody else uses, too.

use std::sync::Arc;

use axum::extract::FromRef;

use super::{
    invoices::is_paid_or_held,
    payouts::{self, Ending},
    until,
};
use crate::{
    config::{HoldConfig, InvoiceConfig},
    invoices::{Age, Invoicing},
    payouts::{OrderRequest, OrderedPayout, Payouts, RequestedAmount},
    web::{error::Problem, mode::Mode},
};
use facture_domain::{
    Amount, Channel, Description, Event, EventKind, Expiry, Invoice, Msat, NewHold, NewInvoice,
    Order, Status,
    payout::{Payout, PayoutMove, PayoutState},
};

/// What the events are about.
const DESCRIPTION: &str = "Made by the sandbox";

/// Who is paid: an address that nobody has (RFC 2606).
const DESTINATION: &str = "someone@wallet.example";

/// How long an invoice or a payout that is to expire lasts, in seconds. An invoice's clock is moved, a payout's is waited for.
const INVOICE_EXPIRY: u32 = 60;
const PAYOUT_EXPIRY: u32 = 1;

/// Everything that a scenario needs.
#[derive(Clone)]
pub(super) struct Stage {
    mode: Mode,
    invoicing: Arc<Invoicing>,
    payouts: Payouts,
    invoices: Arc<InvoiceConfig>,
    holds: Arc<HoldConfig>,
}

impl<S> FromRef<S> for Stage
where
    Mode: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Payouts: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
    Arc<HoldConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            mode: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            payouts: FromRef::from_ref(state),
            invoices: FromRef::from_ref(state),
            holds: FromRef::from_ref(state),
        }
    }
}

impl Stage {
    /// Does what leads to an event of this kind; the event.
    ///
    /// # Errors
    /// Those of the use cases.
    pub(super) async fn play(&self, kind: EventKind) -> Result<Event, Problem> {
        let invoice = match kind {
            EventKind::Payout(state) => return self.play_payout(state).await,
            EventKind::Created => self.create(None).await?,
            EventKind::Accepted => self.hold().await?,
            EventKind::Paid => {
                let invoice = self.create(None).await?;
                self.mode.pay(&invoice, None)?;
                invoice
            }
            EventKind::Expired => self.expire().await?,
            EventKind::Cancelled => {
                let invoice = self.create(None).await?;
                self.invoicing.cancel(&invoice.label).await?;
                invoice
            }
            EventKind::HoldExpiring => self.hold_until_warning().await?,
            EventKind::PaymentProven => {
                // As when the node lost the payment, and the buyer shows its proof.
                let invoice = self.create(None).await?;
                self.invoicing.payment_proven(&invoice).await?;
                invoice
            }
            EventKind::Renewed => {
                let invoice = self.expire().await?;
                self.invoicing.renew(&invoice.label).await?;
                invoice
            }
        };
        until::event_of_invoice(&self.invoicing, &invoice.label, kind).await
    }

    async fn create(&self, hold: Option<NewHold>) -> Result<Arc<Invoice>, Problem> {
        self.create_for(self.invoices.expiry(), hold).await
    }

    async fn create_for(
        &self,
        expiry: Expiry,
        hold: Option<NewHold>,
    ) -> Result<Arc<Invoice>, Problem> {
        let new = NewInvoice {
            amount: Amount::Exact(self.invoices.default_sat.amount()),
            description: Description::parse(DESCRIPTION).map_err(|_| Problem::Internal)?,
            lnurl_metadata: None,
            expiry,
            order: Order {
                channel: Some(Channel::Api),
                ..Order::default()
            },
            webhooks: Vec::new(),
            hold,
        };
        Ok(self.invoicing.create(new).await?)
    }

    async fn expire(&self) -> Result<Arc<Invoice>, Problem> {
        let expiry = Expiry::from_seconds(INVOICE_EXPIRY).map_err(|_| Problem::Internal)?;
        let invoice = self.create_for(expiry, None).await?;
        self.mode.let_expire(&invoice)?;
        let is_over = |invoice: &Invoice| invoice.status == Status::Expired;
        until::invoice(&self.invoicing, &invoice.label, is_over).await
    }

    async fn hold(&self) -> Result<Arc<Invoice>, Problem> {
        let invoice = self.create(Some(self.holds.new_hold(None))).await?;
        self.mode.pay(&invoice, None)?;
        until::invoice(&self.invoicing, &invoice.label, is_paid_or_held).await
    }

    async fn hold_until_warning(&self) -> Result<Arc<Invoice>, Problem> {
        let invoice = self.hold().await?;
        let (Some(hold), Status::Accepted(held)) = (&invoice.hold, &invoice.status) else {
            return Err(Problem::InvoiceNotHeld);
        };
        let warned_at = hold
            .decided_by(held)
            .saturating_sub(self.holds.warning_blocks.value());
        let info = self.invoicing.node(Age::New).await;
        let height = info.map_err(|error| Problem::of_node(&error))?.block_height;
        self.mode.mine(warned_at.saturating_sub(height))?;
        Ok(invoice)
    }

    async fn play_payout(&self, state: PayoutState) -> Result<Event, Problem> {
        let lifetime = match state {
            PayoutState::Expired => Expiry::from_seconds(PAYOUT_EXPIRY).ok(),
            _ => None,
        };
        let id = self.order(lifetime).await?.id;
        let payouts = &self.payouts;
        match state {
            PayoutState::Ordered | PayoutState::Expired => {}
            PayoutState::Approved => drop(payouts.advance(&id, PayoutMove::Approve).await?),
            PayoutState::Cancelled => drop(payouts.advance(&id, PayoutMove::Cancel).await?),
            PayoutState::Paying => drop(payouts::begin(payouts, &id).await?),
            PayoutState::Paid => drop(payouts::end(payouts, &id, Ending::Paid).await?),
            PayoutState::Failed => drop(payouts::end(payouts, &id, Ending::Failed).await?),
            PayoutState::Unknown => drop(payouts::end(payouts, &id, Ending::Unknown).await?),
        }
        until::event_of_payout(&self.invoicing, &id, EventKind::Payout(state)).await
    }

    async fn order(&self, expires_in: Option<Expiry>) -> Result<Payout, Problem> {
        let request = OrderRequest {
            scope: "sandbox".to_owned(),
            key: format!("{:032x}", rand::random::<u128>()),
            fingerprint: Vec::new(),
            asked_by: "sandbox".to_owned(),
            destination: DESTINATION.to_owned(),
            amount: Msat::from_sat(1000).map(RequestedAmount::Msat),
            max_fee: None,
            reason: None,
            invoice: None,
            expires_in,
        };
        Ok(match self.payouts.order(request).await? {
            OrderedPayout::New(payout) | OrderedPayout::Known(payout) => payout,
        })
    }
}
