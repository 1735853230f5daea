//! Refunds: how much of a sale was given back, is on its way back, and can still be given back.

use crate::amount::Msat;

/// What was received for a sale, and what of it was or is being refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundTotals {
    /// What the buyer paid.
    pub received: Msat,
    /// Paid back.
    pub refunded: Msat,
    /// By payouts that are not over, and by vouchers that can be claimed: it may be paid back at any moment.
    pub pending: Msat,
}

/// How much of a sale was paid back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refunded {
    /// Nothing.
    Nothing,
    /// A part of what was received.
    Part(Msat),
    /// All of it.
    Whole(Msat),
}

impl Refunded {
    /// Of so much received.
    pub fn of(refunded: Option<Msat>, received: Msat) -> Self {
        match refunded {
            Some(refunded) if refunded.msat() == 0 => Self::Nothing,
            Some(refunded) if refunded >= received => Self::Whole(refunded),
            Some(refunded) => Self::Part(refunded),
            None => Self::Nothing,
        }
    }

    /// A word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Part(_) => "part",
            Self::Whole(_) => "whole",
        }
    }
}

/// Why a refund is not ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefused {
    /// There is no such sale.
    #[error("there is no such sale")]
    UnknownSale,
    /// Nothing was received for it.
    #[error("the sale is not paid")]
    NotPaid,
    /// The sale has no price in the currency that is asked for.
    #[error("the sale has no price in this currency")]
    NoPrice,
    /// The order does not say how much is refunded.
    #[error("a refund needs an amount")]
    AmountMissing,
    /// Together with the other refunds it is more than was received.
    #[error("only {} msat of the sale can be refunded", left.msat())]
    TooMuch {
        /// What can be refunded.
        left: Msat,
    },
}

impl RefundTotals {
    /// The same with no more than this refunded in all.
    #[must_use]
    pub fn limited(self, most: Option<Msat>) -> Self {
        let received = most.map_or(self.received, |most| most.min(self.received));
        Self { received, ..self }
    }

    /// What can still be refunded.
    pub fn left(&self) -> Msat {
        let taken = self.refunded.msat().saturating_add(self.pending.msat());
        let left = self.received.msat().saturating_sub(taken);
        Msat::from_msat(left).unwrap_or(self.received)
    }

    /// Whether this much more can be refunded.
    ///
    /// # Errors
    /// [`RefundRefused::TooMuch`].
    pub fn admit(&self, amount: Msat) -> Result<(), RefundRefused> {
        let left = self.left();
        match amount <= left {
            true => Ok(()),
            false => Err(RefundRefused::TooMuch { left }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_row_of_refunds_is_more_than_was_received(received in 0..1000_u64, asked in prop::collection::vec(0..400_u64, 0..20)) {
            let msat = |msat| Msat::from_msat(msat).unwrap();
            let mut totals = RefundTotals { received: msat(received), refunded: msat(0), pending: msat(0) };
            for amount in asked {
                let left = totals.left();
                match totals.admit(msat(amount)) {
                    Ok(()) => totals.pending = msat(totals.pending.msat() + amount),
                    Err(refused) => prop_assert_eq!(refused, RefundRefused::TooMuch { left }),
                }
                prop_assert!(totals.pending.msat() <= received);
            }
        }
    }
}
