//! The fee limit when none was given.

use crate::amount::Msat;

/// The part of the amount that a fee may be: 1 percent.
const PARTS: u64 = 100;

/// Small amounts need more than that: 5 satoshis.
const MIN_MSAT: u64 = 5_000;

/// The fee limit of a payment of this amount when none was given: 1 percent or 5 satoshis, whichever is more. It is the
/// default of lightningd's `xpay` (`maxfee`).
pub fn default_fee_limit(amount: Msat) -> Msat {
    let limit = amount.msat().div_ceil(PARTS).max(MIN_MSAT);
    // A hundredth of an amount is one.
    Msat::from_msat(limit).unwrap_or(Msat::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_percent_or_five_satoshis() {
        for (amount, limit) in [
            (1, 5_000),
            (500_000, 5_000),
            (500_100, 5_001),
            (10_000_000, 100_000),
        ] {
            let amount = Msat::from_msat(amount).unwrap();
            assert_eq!(default_fee_limit(amount).msat(), limit);
        }
        assert!(default_fee_limit(Msat::MAX) < Msat::MAX);
    }
}
