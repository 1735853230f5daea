//! How much of a sale is refunded: counted over its payouts and its vouchers, within the unit of work that adds another.

use jiff::Timestamp;

use crate::{
    error::Error,
    rows::{amount, to_sql},
    sql::{OptionalExtension, Statements},
    unit::{self, UnitOfWork},
};
use facture_domain::{Invoice, Label, Msat, RefundRefused, RefundTotals, Status};

/// Whether this much more of a sale can be refunded, counting all that was ordered before: of what was received, or of `most` if
/// that is less.
pub(super) fn admit(
    unit: &UnitOfWork<'_>,
    label: &Label,
    amount: Option<Msat>,
    most: Option<Msat>,
) -> Result<Result<(), RefundRefused>, Error> {
    Ok(match (totals(unit, label, unit.now())?, amount) {
        (Err(refused), _) => Err(refused),
        (Ok(_), None) => Err(RefundRefused::AmountMissing),
        (Ok(totals), Some(amount)) => totals.limited(most).admit(amount),
    })
}

/// Writes down how much of a sale is paid back. Of a sale that was forgotten there is nowhere to write it.
pub(super) fn record(unit: &mut UnitOfWork<'_>, label: &Label) -> Result<(), Error> {
    let Some(invoice) = unit.invoice(label)? else {
        return Ok(());
    };
    let refunded = paid(unit, label)?;
    let invoice = Invoice {
        refunded: Some(refunded),
        ..Invoice::clone(&invoice)
    };
    unit.set_refunded(invoice, to_sql(refunded.msat())?)
}

/// What of a sale was refunded and can be; why there can be no refund otherwise.
pub(super) fn totals(
    database: &impl Statements,
    label: &Label,
    now: Timestamp,
) -> Result<Result<RefundTotals, RefundRefused>, Error> {
    let Some(invoice) = unit::find(database, label)? else {
        return Ok(Err(RefundRefused::UnknownSale));
    };
    let Status::Paid(settlement) = &invoice.status else {
        return Ok(Err(RefundRefused::NotPaid));
    };
    let sum = |sql: &str, now: i64| -> Result<i64, Error> {
        let mut statement = database.prepare_cached(sql)?;
        let sum = statement.query_row((label.as_str(), now), |row| row.get(0));
        Ok(sum.optional()?.unwrap_or_default())
    };
    let now = now.as_second();
    // Who pays may have paid more than was ordered.
    let payouts = sum(
        "SELECT CAST(coalesce(sum(amount_msat), 0) AS BIGINT) FROM payouts \
         WHERE invoice = ?1 AND state IN ('ordered', 'approved', 'paying', 'unknown') AND CAST(?2 AS BIGINT) IS NOT NULL",
        now,
    )?;
    let vouchers = sum(
        "SELECT CAST(coalesce(sum(v.amount_msat), 0) AS BIGINT) FROM vouchers v LEFT JOIN payouts p ON p.id = v.payout \
         WHERE v.invoice = ?1 AND v.cancelled_at IS NULL AND v.expires_at > ?2 \
         AND (v.payout IS NULL OR p.state IN ('failed', 'expired'))",
        now,
    )?;
    Ok(Ok(RefundTotals {
        received: settlement.amount_received,
        refunded: paid(database, label)?,
        pending: amount(payouts.saturating_add(vouchers))?,
    }))
}

/// What was paid back: at least what was ordered.
fn paid(database: &impl Statements, label: &Label) -> Result<Msat, Error> {
    let sum: i64 = database
        .prepare_cached(
            "SELECT CAST(coalesce(sum(CASE WHEN paid_msat > coalesce(amount_msat, 0) THEN paid_msat \
             ELSE coalesce(amount_msat, 0) END), 0) AS BIGINT) FROM payouts \
             WHERE invoice = ?1 AND state = 'paid'",
        )?
        .query_row([label.as_str()], |row| row.get(0))?;
    amount(sum)
}
