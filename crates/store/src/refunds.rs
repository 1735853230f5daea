//! The refunds of a sale, for whoever looks.

use jiff::Timestamp;

use crate::{error::Error, payouts, refund_totals::totals, store::Store, vouchers};
use facture_domain::{Label, RefundRefused, RefundTotals, Voucher, payout::Payout};

/// The refunds of a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunds {
    /// How much.
    pub totals: RefundTotals,
    /// By payouts, the newest first.
    pub payouts: Vec<Payout>,
    /// By vouchers, the newest first.
    pub vouchers: Vec<Voucher>,
}

impl Store {
    /// The refunds of a sale, at most `limit` payouts and vouchers; why there can be none otherwise.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn refunds(
        &self,
        label: &Label,
        limit: u32,
    ) -> Result<Result<Refunds, RefundRefused>, Error> {
        let label = label.clone();
        self.query(move |connection| {
            let totals = match totals(connection, &label, Timestamp::now())? {
                Ok(totals) => totals,
                Err(refused) => return Ok(Err(refused)),
            };
            Ok(Ok(Refunds {
                totals,
                payouts: payouts::of_invoice(connection, &label, limit)?,
                vouchers: vouchers::of_invoice(connection, &label, limit)?,
            }))
        })
        .await
    }
}
