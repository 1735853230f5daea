//! One payout, up to the call that pays: checked, approved, begun, told to the server, sent.

use std::sync::Arc;

use facture_domain::{
    Msat,
    payout::{DestinationKind, FailureCode, PayoutId},
};

use crate::{
    destination::{NoInvoice, Refusal},
    engine::{Backoff, Engine, Halt, Step},
    journal::{AmountBy, Begun, Entry, Progress, Record},
    limits::{self, ProposedPayment},
    node::{Answer, Instruction, Tracked},
    prepare::{self, Source, Terms},
    server::ServerError,
    settle::LastCall,
    wire::{Order, Report},
};

/// Why an order is not begun now.
enum Stop {
    /// It never will be.
    Refuse(Refusal),
    /// Not now: the node does not answer.
    Later,
    /// Not now: it waits for somebody else, longer each time.
    Backoff,
    /// Nothing more may be done.
    Halt(Halt),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl Engine {
    /// Does what is to be done for an order next, and all that follows.
    pub(crate) async fn carry_out(self: &Arc<Self>, order: &Order) -> Result<Step, Halt> {
        match self.record(&order.id) {
            Some(record) => self.resume(record).await?,
            None if order.state.is_under_way() => return self.resolve_unrecorded(order).await,
            None => return self.start(order).await,
        }
        Ok(Step::Done)
    }

    /// Goes on with a payout that was begun.
    pub(crate) async fn resume(self: &Arc<Self>, record: Record) -> Result<(), Halt> {
        match &record.progress {
            Progress::Begun => self.announce(record.begun).await,
            Progress::Sent { .. } => self.settle(record.begun, LastCall::Unanswered).await,
            Progress::Paid { .. } | Progress::Failed { .. } | Progress::Abandoned => {
                self.report_outcome(&record).await
            }
        }
    }

    async fn start(self: &Arc<Self>, order: &Order) -> Result<Step, Halt> {
        let payout = &order.id;
        if self.is_backing_off(payout) && !self.is_approval_news(order) {
            return Ok(Step::Later);
        }
        if let Some((code, message)) = self.read(|ledger| ledger.refusal(payout).cloned()) {
            self.report(payout, &Report::Failed(code, message)).await?;
            return Ok(Step::Done);
        }
        match self.admit(order).await? {
            Ok(begun) => self.announce(begun).await?,
            Err(Stop::Later) => return Ok(Step::Later),
            Err(Stop::Backoff) => {
                self.back_off(payout);
                return Ok(Step::Later);
            }
            Err(Stop::Refuse(why)) => self.refuse(order, why).await?,
            Err(Stop::Halt(halt)) => return Err(halt),
        }
        Ok(Step::Done)
    }

    /// Writes that an order is begun, if everything speaks for it.
    async fn admit(self: &Arc<Self>, order: &Order) -> Result<Result<Begun, Stop>, Halt> {
        let begun = match self.consider(order).await {
            Ok(begun) => begun,
            Err(Stop::Halt(halt)) => return Err(halt),
            Err(stop) => return Ok(Err(stop)),
        };
        self.go_on()?;
        let engine = Arc::clone(self);
        let (asked_for, checked) = (order.clone(), begun.clone());
        let written = self.write_if(Entry::Begun(begun.clone()), move |ledger| {
            let proposed = proposed(&asked_for, checked.amount, checked.max_fee);
            limits::check(&engine.config.limits, ledger, engine.clock.now(), proposed)
                .map_err(limit)?;
            match ledger.by_hash(checked.payment_hash) {
                Some(other) => Err(invoice_of_another(other)),
                None => Ok(()),
            }
        });
        Ok(written.await?.map(|()| begun).map_err(Stop::Refuse))
    }

    /// What would be begun for an order, if it may be. A destination is asked for an invoice only when nothing else is
    /// missing: whatever waits for an approval is looked at again and again.
    async fn consider(self: &Arc<Self>, order: &Order) -> Result<Begun, Stop> {
        if !self.config.limits.kinds.contains(&order.kind) {
            return Err(Stop::Refuse(limit(limits::LimitExceeded::Kind(order.kind))));
        }
        let limits = &self.config.limits;
        let terms = prepare::terms(order, &self.node, limits, self.clock.now()).await;
        let terms = terms.map_err(|error| no_invoice(order, error))?;
        let exceeded = self.read(|ledger| {
            let proposed = proposed(order, terms.amount, terms.max_fee);
            limits::check(limits, ledger, self.clock.now(), proposed)
        });
        exceeded.map_err(|exceeded| Stop::Refuse(limit(exceeded)))?;
        // An invoice that was ordered may be paid already: nobody needs to approve it then.
        let ordered = match terms.source {
            Source::Order(_) => Some(self.invoice(order, &terms).await?),
            Source::Server | Source::Offer(_) => None,
        };
        if !self.approved(order, &terms).await? {
            return Err(Stop::Backoff);
        }
        match ordered {
            Some(begun) => Ok(begun),
            None => self.invoice(order, &terms).await,
        }
    }

    /// With the invoice that would be paid, which nobody has paid before.
    async fn invoice(&self, order: &Order, terms: &Terms) -> Result<Begun, Stop> {
        let now = self.clock.now();
        let begun = prepare::begun(order, terms, &self.node, &self.fetcher, now).await;
        let begun = begun.map_err(|error| no_invoice(order, error))?;
        let other = self.read(|ledger| ledger.by_hash(begun.payment_hash).map(invoice_of_another));
        if let Some(refusal) = other {
            return Err(Stop::Refuse(refusal));
        }
        self.unpaid(&begun).await?;
        Ok(begun)
    }

    /// That the node has not paid the invoice before, nor is paying it: then that is somebody else's payment.
    async fn unpaid(&self, begun: &Begun) -> Result<(), Stop> {
        match self.node.track(&begun.node, begun.payment_hash).await {
            Ok(Tracked::Nothing | Tracked::Failed(..)) => Ok(()),
            Ok(Tracked::Paid(_)) => Err(Stop::Refuse(Refusal::of(FailureCode::AlreadyPaid))),
            Ok(Tracked::Pending) => Err(Stop::Refuse(Refusal::new(
                FailureCode::AlreadyPaid,
                "The node is paying this invoice already, and not for this payout.",
            ))),
            Err(error) => {
                tracing::warn!(payout = %begun.payout, %error, "not begun: the node was asked in vain");
                Err(Stop::Later)
            }
        }
    }

    async fn refuse(self: &Arc<Self>, order: &Order, why: Refusal) -> Result<(), Halt> {
        let payout = &order.id;
        let Refusal { code, message } = why;
        tracing::info!(%payout, code = code.as_str(), message, "refused");
        self.write(Entry::Refused {
            payout: payout.clone(),
            asked_by: order.asked_by.clone(),
            code,
            message: message.clone(),
        })
        .await?;
        self.report(payout, &Report::Failed(code, message)).await
    }

    /// Tells the server that a payout is begun, and pays it when the server agrees.
    async fn announce(self: &Arc<Self>, begun: Begun) -> Result<(), Halt> {
        // A BOLT 11 invoice that was fetched for it; the server has no use for one of BOLT 12.
        let fetched = matches!(
            begun.kind,
            DestinationKind::LnurlPay | DestinationKind::LightningAddress
        );
        let bolt11 = fetched.then_some(begun.invoice.as_str());
        let mut backoff = Backoff::new();
        loop {
            let Begun {
                payout,
                payment_hash,
                ..
            } = &begun;
            let told = self
                .server
                .begin(&self.payer, payout, *payment_hash, bolt11);
            match told.await {
                Ok(()) => return self.send(begun).await,
                Err(ServerError::Refused { message, .. }) => {
                    // It was cancelled, has expired, or is another payer's. Nothing was sent.
                    tracing::info!(
                        %payout,
                        message,
                        "given up before it was sent"
                    );
                    let payout = begun.payout;
                    return self.write(Entry::Abandoned { payout, message }).await;
                }
                Err(error) => tracing::warn!(payout = %begun.payout, %error, "not told yet"),
            }
            self.pause(&mut backoff).await?;
        }
    }

    /// Pays. It is written first that the call may have been sent.
    pub(crate) async fn send(self: &Arc<Self>, begun: Begun) -> Result<(), Halt> {
        self.go_on()?;
        let payout = begun.payout.clone();
        let first = self
            .record(&payout)
            .is_some_and(|record| record.progress == Progress::Begun);
        if first && begun.expires_at <= self.clock.now() {
            let why = Refusal::of(FailureCode::InvoiceExpired);
            return self.fail(begun, why.code, why.message).await;
        }
        let Ok(slot) = self.slots.acquire().await else {
            return Err(Halt::Stopping);
        };
        self.go_on()?;
        self.write(Entry::Sending { payout }).await?;
        let instruction = Instruction {
            invoice: begun.invoice.clone(),
            payment_hash: begun.payment_hash,
            amount: match begun.amount_by {
                AmountBy::Order => Some(begun.amount),
                AmountBy::Invoice => None,
            },
            max_fee: begun.max_fee,
            retry_for: self.config.node.retry_for(),
            node: begun.node.clone(),
        };
        let answer = self.node.pay(&instruction).await;
        drop(slot);
        match answer {
            Answer::Paid(settled) => self.paid(begun, &settled).await,
            Answer::NotSent(error) => {
                tracing::warn!(payout = %begun.payout, %error, "not sent");
                let (payout, message) = (begun.payout.clone(), error.to_string());
                self.write(Entry::NotSent { payout, message }).await?;
                self.settle(begun, LastCall::Unanswered).await
            }
            Answer::Refused(code, message) => {
                tracing::info!(
                    payout = %begun.payout,
                    code = code.as_str(),
                    message,
                    "not paid"
                );
                self.settle(begun, LastCall::Ended(code, message)).await
            }
            Answer::InDoubt(reason) => {
                tracing::warn!(payout = %begun.payout, reason, "not known how it ended");
                self.settle(begun, LastCall::Unanswered).await
            }
        }
    }
}

fn proposed(order: &Order, amount: Msat, max_fee: Msat) -> ProposedPayment<'_> {
    ProposedPayment {
        asked_by: &order.asked_by,
        kind: order.kind,
        amount,
        max_fee,
    }
}

fn limit(exceeded: limits::LimitExceeded) -> Refusal {
    Refusal::new(FailureCode::LimitExceeded, exceeded.to_string())
}

fn invoice_of_another(other: &PayoutId) -> Refusal {
    let message = format!("The invoice is that of another payout, {other}.");
    Refusal::new(FailureCode::AlreadyPaid, message)
}

fn no_invoice(order: &Order, error: NoInvoice) -> Stop {
    match error {
        NoInvoice::Refused(refusal) => Stop::Refuse(refusal),
        NoInvoice::NoAnswer(reason) => {
            tracing::warn!(payout = %order.id, reason, "no invoice for it yet");
            Stop::Backoff
        }
        NoInvoice::NodeAway(error) => {
            tracing::warn!(payout = %order.id, %error, "not begun: the node was asked in vain");
            Stop::Later
        }
    }
}
