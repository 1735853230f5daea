//! Whether the owner of this payer approved a payout, where that is needed: by a file in the payer's own directory, or by a
//! code that came through the server.

use std::{sync::Arc, time::Duration};

use facture_domain::payout::{ApprovalCode, Waiting};
use facture_runtime::clock;

use crate::{
    approval,
    engine::{Engine, Halt},
    journal::{Approval, Entry},
    prepare::Terms,
    wire::{Order, Report},
};

/// So many codes may be wrong in this time, whoever sends them.
const MAX_WRONG: usize = 5;
const WRONG_FOR: Duration = Duration::from_secs(60 * 60);

/// What is said of codes that are not taken.
const NO_CODES: &str =
    "This payer takes no codes: approve it on its machine, with `facture payer approve`.";
const WRONG: &str = "The code is wrong, or its time is over.";
const USED: &str = "The code was used before. Wait for the next one.";
const TOO_MANY: &str = "Too many codes were wrong within an hour: none is looked at until the first of them is an hour old. \
    `facture payer approve` on the payer's machine approves it all the same.";

impl Engine {
    /// Whether it may be begun as far as approvals go. If not, the server is told.
    pub(crate) async fn approved(
        self: &Arc<Self>,
        order: &Order,
        terms: &Terms,
    ) -> Result<bool, Halt> {
        let threshold = self.config.limits.approval_above;
        if threshold.is_none_or(|above| terms.amount <= above) {
            return Ok(true);
        }
        let payout = &order.id;
        let wanted = Approval {
            payout: payout.clone(),
            asked_by: order.asked_by.clone(),
            destination: order.destination.clone(),
            amount: terms.amount,
            max_fee: terms.max_fee,
        };
        if self.read(|ledger| ledger.approved(payout) == Some(&wanted)) {
            return Ok(true);
        }
        if self.read(|ledger| ledger.pending_approval(payout) != Some(&wanted)) {
            self.write(Entry::ApprovalRequired(wanted.clone())).await?;
        }
        match approval::find(&self.config.approvals(), payout) {
            Ok(Some(given)) if given == wanted => {
                self.write(Entry::Approved(wanted)).await?;
                return Ok(true);
            }
            Ok(Some(_)) => {
                tracing::warn!(%payout, "what was approved is not what was ordered");
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%payout, %error, "an unreadable approval"),
        }
        if let Some(code) = &order.approval_code {
            match self.take(code, wanted).await? {
                Ok(()) => return Ok(true),
                Err(reason) => {
                    tracing::warn!(%payout, reason, "a code was not taken");
                    let (code, message) = (code.clone(), reason.to_owned());
                    let refused = Report::ApprovalRefused { code, message };
                    self.report(payout, &refused).await?;
                }
            }
        } else if order.waiting_for != Some(Waiting::Approval) {
            tracing::info!(%payout, "it waits for its owner's approval");
            self.report(payout, &Report::ApprovalRequired).await?;
        }
        Ok(false)
    }

    /// Whether something came for an order that waits for an approval: the approval, a code, or the server's doubt.
    pub(crate) fn is_approval_news(&self, order: &Order) -> bool {
        let pending = self.read(|ledger| ledger.pending_approval(&order.id).cloned());
        let Some(pending) = pending else { return false };
        let given = || approval::find(&self.config.approvals(), &order.id);
        order.approval_code.is_some()
            || order.waiting_for != Some(Waiting::Approval)
            || given().is_ok_and(|given| given.as_ref() == Some(&pending))
    }

    /// Approves by a code, which is good for one payout; or says why it is not taken.
    async fn take(
        self: &Arc<Self>,
        code: &ApprovalCode,
        wanted: Approval,
    ) -> Result<Result<(), &'static str>, Halt> {
        let Some(secret) = &self.totp else {
            return Ok(Err(NO_CODES));
        };
        // One at a time, or more than may be wrong would be looked at.
        let secret = secret.lock().await;
        let now = self.clock.now();
        let since = clock::before(now, WRONG_FOR);
        if self.read(|ledger| ledger.wrong_codes_after(since)) >= MAX_WRONG {
            return Ok(Err(TOO_MANY));
        }
        let Some(step) = secret.step(code, now) else {
            let payout = wanted.payout;
            self.write(Entry::CodeRefused { payout }).await?;
            return Ok(Err(WRONG));
        };
        let approval = wanted;
        let entry = Entry::ApprovedByCode { approval, step };
        self.write_if(entry, move |ledger| {
            match ledger.last_step().is_some_and(|last| step <= last) {
                true => Err(USED),
                false => Ok(()),
            }
        })
        .await
    }
}
