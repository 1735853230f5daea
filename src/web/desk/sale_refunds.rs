//! The refunds of a sale, as its page shows them.

use jiff::Timestamp;

use super::{frame::Frame, sale_words};
use crate::{
    payouts::{Error, Payouts},
    web::error::Problem,
};
use facture_domain::{Invoice, Msat, Status, VoucherState, payout::Waiting};

/// What was, is and can be refunded of a sale.
pub(super) struct SaleRefunds {
    pub(super) refunded: Msat,
    pub(super) pending: Msat,
    /// What can still be refunded.
    pub(super) left: Msat,
    pub(super) rows: Vec<RefundRow>,
}

/// One refund.
pub(super) struct RefundRow {
    pub(super) at: Timestamp,
    pub(super) amount: Option<Msat>,
    pub(super) state: String,
    pub(super) state_class: &'static str,
    /// Who is paid; a voucher, which has no name.
    pub(super) to: String,
    pub(super) asked_by: String,
    pub(super) waits_for: Option<Waiting>,
    pub(super) failure: Option<String>,
}

impl SaleRefunds {
    /// Of a sale that is paid; `None` of any other.
    pub(super) async fn read(
        payouts: &Payouts,
        invoice: &Invoice,
        frame: &Frame,
    ) -> Result<Option<Self>, Problem> {
        if !matches!(invoice.status, Status::Paid(_)) {
            return Ok(None);
        }
        let refunds = match payouts.refunds(&invoice.label).await {
            // It was forgotten meanwhile.
            Err(Error::Refund(_)) => return Ok(None),
            refunds => refunds?,
        };
        let mut rows = Vec::new();
        for payout in &refunds.payouts {
            let state = payout.state();
            rows.push(RefundRow {
                at: payout.created_at,
                amount: payout.order.amount,
                state: sale_words::payout(state, frame),
                state_class: state.as_str(),
                to: payout.order.destination.text.clone(),
                asked_by: payout.order.asked_by.clone(),
                waits_for: payouts.standing(payout).waiting_for,
                failure: payout
                    .status
                    .failure()
                    .map(|failure| failure.message.clone()),
            });
        }
        for voucher in &refunds.vouchers {
            // One that was claimed is a payout of the list above.
            if voucher.claim.is_some() {
                continue;
            }
            let state = payouts.voucher_state(voucher);
            rows.push(RefundRow {
                at: voucher.created_at,
                amount: Some(voucher.terms.amount),
                state: match state {
                    VoucherState::Cancelled => frame.say("cancelled-title"),
                    VoucherState::Expired => frame.say("expired-title"),
                    _ => frame.say("desk-open"),
                }
                .into_owned(),
                state_class: state.as_str(),
                to: voucher.id.as_str().to_owned(),
                asked_by: voucher.terms.asked_by.clone(),
                waits_for: None,
                failure: None,
            });
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.at));
        let totals = refunds.totals;
        Ok(Some(Self {
            refunded: totals.refunded,
            pending: totals.pending,
            left: totals.left(),
            rows,
        }))
    }
}
