//! What may be spent. All sums come from the journal.

use std::time::Duration;

use facture_domain::{Msat, payout::DestinationKind};
use facture_runtime::clock;
use jiff::Timestamp;

use crate::{config::LimitsConfig, journal::Ledger};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A payment that would be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProposedPayment<'a> {
    /// Who asks.
    pub(crate) asked_by: &'a str,
    /// The kind of destination.
    pub(crate) kind: DestinationKind,
    /// What the destination is to receive.
    pub(crate) amount: Msat,
    /// The most that it may cost on top.
    pub(crate) max_fee: Msat,
}

/// A limit that a payment is beyond.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LimitExceeded {
    /// This kind of destination is not paid.
    #[error("this payer does not pay destinations of the kind {} (limits.kinds)", .0.as_str())]
    Kind(DestinationKind),
    /// The amount.
    #[error("it is more than this payer pays at once, {} (limits.per_payout_sat)", in_sat(*.0))]
    Payout(u64),
    /// The sum of an hour.
    #[error("this payer spends at most {} in an hour (limits.per_hour_sat)", in_sat(*.0))]
    Hour(u64),
    /// The sum of a day.
    #[error("this payer spends at most {} in a day (limits.per_day_sat)", in_sat(*.0))]
    Day(u64),
    /// The sum of a day of one who asks.
    #[error("this payer spends at most {} in a day for the one who asked (limits.per_asker_per_day_sat)", in_sat(*.0))]
    Asker(u64),
}

/// The fee limit of a payment: what was ordered, as far as this payer goes along with it.
pub(crate) fn max_fee(config: &LimitsConfig, amount: Msat, ordered: Option<Msat>) -> Msat {
    let part = u128::from(amount.msat()) * u128::from(config.fee_ppm) / 1_000_000;
    // At most the amount itself, as `fee_ppm` is.
    let part = u64::try_from(part).ok().and_then(Msat::from_msat);
    let most = part.unwrap_or(Msat::MAX).max(config.fee_free);
    ordered.map_or(most, |ordered| ordered.min(most))
}

/// Whether a payment is within all limits.
///
/// # Errors
/// The first limit that it is beyond.
pub(crate) fn check(
    config: &LimitsConfig,
    ledger: &Ledger,
    now: Timestamp,
    proposed: ProposedPayment<'_>,
) -> Result<(), LimitExceeded> {
    if !config.kinds.contains(&proposed.kind) {
        return Err(LimitExceeded::Kind(proposed.kind));
    }
    if proposed.amount > config.per_payout {
        return Err(LimitExceeded::Payout(config.per_payout.msat()));
    }
    let (amount, max_fee) = (proposed.amount.msat(), proposed.max_fee.msat());
    let whole = amount.saturating_add(max_fee);
    let beyond = |spent: u64, limit: Msat| spent.saturating_add(whole) > limit.msat();
    if beyond(spent(ledger, now, HOUR, None), config.per_hour) {
        return Err(LimitExceeded::Hour(config.per_hour.msat()));
    }
    if beyond(spent(ledger, now, DAY, None), config.per_day) {
        return Err(LimitExceeded::Day(config.per_day.msat()));
    }
    let named = config.askers.get(proposed.asked_by).map(|limit| limit.0);
    if let Some(limit) = named.or(config.per_asker_per_day)
        && beyond(spent(ledger, now, DAY, Some(proposed.asked_by)), limit)
    {
        return Err(LimitExceeded::Asker(limit.msat()));
    }
    Ok(())
}

/// What was spent in the span that ends now, in millisatoshi. What is still under way counts with its fee limit, and so
/// does what has begun at a time that is yet to come: the clock was set back.
fn spent(ledger: &Ledger, now: Timestamp, span: Duration, asked_by: Option<&str>) -> u64 {
    let since = clock::before(now, span);
    ledger
        .payouts()
        .filter(|record| record.changed_at > since || record.progress.is_open())
        .filter(|record| asked_by.is_none_or(|name| record.begun.asked_by == name))
        .fold(0, |sum: u64, record| {
            sum.saturating_add(record.spent_msat())
        })
}

fn in_sat(msat: u64) -> String {
    match msat % 1000 {
        0 => format!("{} sat", msat / 1000),
        _ => format!("{msat} msat"),
    }
}

#[cfg(test)]
mod tests;
