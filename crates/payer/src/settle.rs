//! One payout, after the call that pays: what became of it is asked at the node until that is known, written down, and told
//! to the server.

use std::{sync::Arc, time::Duration};

use facture_domain::payout::{FailureCode, PayoutId, PayoutState};
use facture_runtime::clock;

use crate::{
    engine::{Backoff, Engine, Halt, Step},
    journal::{Begun, Entry, Progress, Record},
    node::{Retrying, Settled, Tracked},
    resolution::{GRACE, failed, resolution},
    server::ServerError,
    wire::{Order, Report},
};

/// For so long after a call was sent of which the node knows nothing, the same invoice is sent again. Later, the node may
/// have known of it and forgotten: whoever cleans up its payments waits longer than this.
const RESEND: Duration = Duration::from_secs(600);

/// What the node answered to the last call that may have been carried out.
#[derive(Debug)]
pub(crate) enum LastCall {
    /// Nothing, or nothing that says how it ended, or the payer was started again since.
    Unanswered,
    /// It ended without a payment, and the node does not try again.
    Ended(FailureCode, String),
}

/// What follows from what the node knows.
enum Next {
    Paid(Settled),
    Failed(FailureCode, String),
    /// The invoice is to be sent, or sent again.
    Send,
    /// Asked again later; what is known.
    Wait(FailureCode, String),
}

impl Engine {
    /// Asks the node until it is known how a payment ended.
    pub(crate) async fn settle(
        self: &Arc<Self>,
        begun: Begun,
        last_call: LastCall,
    ) -> Result<(), Halt> {
        let mut backoff = Backoff::new();
        // Not at once: most doubts are resolved by the first questions.
        let mut questions = 0_u32;
        loop {
            match self.next(&begun, &last_call).await {
                Next::Paid(settled) => return self.paid(begun, &settled).await,
                Next::Failed(code, message) => return self.fail(begun, code, message).await,
                Next::Send => {
                    // In a box: it comes back here.
                    self.pause(&mut backoff).await?;
                    return Box::pin(self.send(begun)).await;
                }
                Next::Wait(code, message) => {
                    questions += 1;
                    if questions == 3 {
                        self.doubt(&begun, code, message).await?;
                    }
                }
            }
            self.pause(&mut backoff).await?;
        }
    }

    async fn next(&self, begun: &Begun, last_call: &LastCall) -> Next {
        let tracked = match self.node.track(&begun.node, begun.payment_hash).await {
            Ok(tracked) => tracked,
            Err(error) => {
                tracing::warn!(payout = %begun.payout, %error, "the node was asked in vain");
                return Next::Wait(FailureCode::NodeUnavailable, error.to_string());
            }
        };
        let (now, retry_for) = (self.clock.now(), self.config.node.retry_for());
        let over = |sent| now >= clock::after(sent, retry_for + GRACE);
        let record = self.record(&begun.payout);
        let (at, before) = match record.map(|record| record.progress) {
            Some(Progress::Sent { at, before }) => (at, before),
            // No call was carried out so far, so whatever the node knows is not of this payout. Now it answers.
            _ => return Next::Send,
        };
        let waits = |message: &str| Next::Wait(FailureCode::Timeout, message.to_owned());
        match (tracked, last_call) {
            (Tracked::Paid(settled), _) => Next::Paid(settled),
            (Tracked::Pending, _) => waits("The payment is under way."),
            // The last call has ended, and an earlier one cannot go on by itself.
            (Tracked::Nothing | Tracked::Failed(..), LastCall::Ended(code, message))
                if before.is_none_or(over) =>
            {
                Next::Failed(*code, message.clone())
            }
            (Tracked::Failed(Retrying::No, why), LastCall::Ended(..)) => {
                let (code, message) = why.unwrap_or_else(failed);
                Next::Failed(code, message)
            }
            (Tracked::Failed(_, why), _) if over(at) => {
                let (code, message) = why.unwrap_or_else(failed);
                Next::Failed(code, message)
            }
            (Tracked::Failed(Retrying::InItsTime, _), _) => {
                waits("An attempt failed; the node may try again.")
            }
            // It may be the failure of an earlier payout's payment: the node keeps it under the same hash.
            (Tracked::Failed(Retrying::No, _), _) => {
                waits("A payment failed; the last call may still be on its way to the node.")
            }
            (Tracked::Nothing, LastCall::Ended(..)) => {
                waits("An earlier call may still be at work.")
            }
            (Tracked::Nothing, _) if now >= clock::after(at, RESEND) => {
                tracing::error!(
                    payout = %begun.payout,
                    hash = %begun.payment_hash,
                    "the node knows nothing of a payment that it may have made: it is not made again; see `facture payer resolve`"
                );
                waits(
                    "The node knows nothing of the payment, which it may have made and forgotten.",
                )
            }
            (Tracked::Nothing, _) if begun.expires_at > now => Next::Send,
            (Tracked::Nothing, _) if over(at) => {
                let code = FailureCode::InvoiceExpired;
                Next::Failed(code, code.explanation().to_owned())
            }
            (Tracked::Nothing, _) => waits("The node knows nothing of the payment yet."),
        }
    }

    /// Writes and tells that a payout is paid.
    pub(crate) async fn paid(
        self: &Arc<Self>,
        begun: Begun,
        settled: &Settled,
    ) -> Result<(), Halt> {
        let amount = settled.amount.unwrap_or(begun.amount);
        let entry = Entry::Paid {
            payout: begun.payout.clone(),
            preimage: settled.preimage.clone(),
            amount,
            fee: settled.fee,
        };
        self.write(entry).await?;
        tracing::info!(payout = %begun.payout, amount_msat = amount.msat(), "paid");
        self.report_outcome_of(&begun.payout).await
    }

    /// Writes and tells that a payout is not paid and never will be.
    pub(crate) async fn fail(
        self: &Arc<Self>,
        begun: Begun,
        code: FailureCode,
        message: String,
    ) -> Result<(), Halt> {
        tracing::info!(
            payout = %begun.payout,
            code = code.as_str(),
            message,
            "failed"
        );
        let payout = begun.payout.clone();
        self.write(Entry::Failed {
            payout,
            code,
            message,
        })
        .await?;
        self.report_outcome_of(&begun.payout).await
    }

    async fn doubt(
        self: &Arc<Self>,
        begun: &Begun,
        code: FailureCode,
        message: String,
    ) -> Result<(), Halt> {
        let record = self.record(&begun.payout);
        // Of one that was not sent, the journal knows how it stands.
        if record.is_some_and(|record| matches!(record.progress, Progress::Sent { .. })) {
            self.write(Entry::Unknown {
                payout: begun.payout.clone(),
                message: message.clone(),
            })
            .await?;
        }
        // Once: what comes of it is told in any case.
        let report = Report::Unknown(code, message);
        let told = self.server.report(&self.payer, &begun.payout, &report);
        if let Err(error) = told.await {
            tracing::warn!(payout = %begun.payout, %error, "not told that it is unknown");
        }
        Ok(())
    }

    async fn report_outcome_of(&self, payout: &PayoutId) -> Result<(), Halt> {
        match self.record(payout) {
            Some(record) => self.report_outcome(&record).await,
            None => Ok(()),
        }
    }

    /// Tells the server how a payout ended.
    pub(crate) async fn report_outcome(&self, record: &Record) -> Result<(), Halt> {
        let report = match &record.progress {
            Progress::Begun | Progress::Sent { .. } => return Ok(()),
            Progress::Paid {
                preimage,
                amount,
                fee,
            } => Report::Paid {
                preimage: preimage.clone(),
                amount: *amount,
                fee: *fee,
            },
            Progress::Failed { code, message } => Report::Failed(*code, message.clone()),
            Progress::Abandoned => Report::Failed(
                FailureCode::Timeout,
                "It was given up before anything was sent.".to_owned(),
            ),
        };
        self.report(&record.begun.payout, &report).await
    }

    /// Tells the server until it listens.
    pub(crate) async fn report(&self, payout: &PayoutId, report: &Report) -> Result<(), Halt> {
        let mut backoff = Backoff::new();
        loop {
            match self.server.report(&self.payer, payout, report).await {
                Ok(()) => return Ok(()),
                Err(ServerError::Refused { message, .. }) => {
                    tracing::error!(%payout, message, "the server does not take what is reported");
                    return Ok(());
                }
                Err(error) => tracing::warn!(%payout, %error, "not told yet"),
            }
            self.pause(&mut backoff).await?;
        }
    }

    /// A payout that this payer has begun, as the server says, and of which the journal knows nothing: the journal is an old
    /// one. It is never sent; what the node knows of its payment hash is told.
    pub(crate) async fn resolve_unrecorded(&self, order: &Order) -> Result<Step, Halt> {
        let payout = &order.id;
        if self.is_backing_off(payout) {
            return Ok(Step::Later);
        }
        if order.state == PayoutState::Paying {
            tracing::error!(
                %payout,
                "begun by this payer, and not in its journal: it is not paid again"
            );
        }
        match self.resolution(order).await {
            Some(report) => {
                self.report(payout, &report).await?;
                return Ok(Step::Done);
            }
            None if order.state == PayoutState::Paying => {
                let message = "The payer's journal knows nothing of it.".to_owned();
                let report = Report::Unknown(FailureCode::Timeout, message);
                self.report(payout, &report).await?;
            }
            None => {}
        }
        self.back_off(payout);
        Ok(Step::Later)
    }

    /// How a payout ended that is not in the journal, if the node knows it.
    async fn resolution(&self, order: &Order) -> Option<Report> {
        let hash = order.payment_hash?;
        let node = self.node.info().await.ok()?;
        let (now, retry_for) = (self.clock.now(), self.config.node.retry_for());
        // The server's clock may be behind, and the call may have been made later than the payout was begun.
        let since = order.updated_at.unwrap_or(now).max(self.started_at);
        let resolution = resolution(&self.node, &node.id, hash, since, now, retry_for);
        resolution.await.ok()?.report(order.amount)
    }
}
