//! Where a payout stands, and which moves between the states are legal.

/// Where a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayoutState {
    /// It is written down and nobody has begun to pay it.
    Ordered,
    /// Somebody who may approve payouts approved it. A payer may begin one that is not approved too, within its own limits.
    Approved,
    /// A payer has begun it: from here on it may be paid at any moment.
    Paying,
    /// It is paid, which its preimage proves.
    Paid,
    /// It is not paid and never will be.
    Failed,
    /// It was taken back before a payer began it.
    Cancelled,
    /// Its time ran out before a payer began it.
    Expired,
    /// A payer began it and cannot tell how it ended. The payer asks the node until it can; this is never final.
    Unknown,
}

impl PayoutState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Ordered,
        Self::Approved,
        Self::Paying,
        Self::Paid,
        Self::Failed,
        Self::Cancelled,
        Self::Expired,
        Self::Unknown,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Approved => "approved",
            Self::Paying => "paying",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing can change it any more.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Paid | Self::Failed | Self::Cancelled | Self::Expired
        )
    }

    /// Whether no payer has begun it yet, so that it can still be cancelled.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Ordered | Self::Approved)
    }

    /// Whether a payer has begun it and has not told how it ended, so that money may be on its way.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Paying | Self::Unknown)
    }

    /// Whether it may become `next`. What was begun is never cancelled and does not expire; a payer may refuse one that it
    /// has not begun, which then has failed.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Ordered => matches!(
                next,
                Self::Approved | Self::Paying | Self::Failed | Self::Cancelled | Self::Expired
            ),
            Self::Approved => matches!(
                next,
                Self::Paying | Self::Failed | Self::Cancelled | Self::Expired
            ),
            Self::Paying => matches!(next, Self::Paid | Self::Failed | Self::Unknown),
            Self::Unknown => matches!(next, Self::Paid | Self::Failed),
            Self::Paid | Self::Failed | Self::Cancelled | Self::Expired => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_can_be_read_back() {
        for state in PayoutState::ALL {
            assert_eq!(PayoutState::parse(state.as_str()), Some(state));
        }
        assert_eq!(PayoutState::parse("Paid"), None);
    }

    #[test]
    fn only_final_states_have_no_next_one() {
        for state in PayoutState::ALL {
            let moves = PayoutState::ALL.iter().any(|next| state.may_become(*next));
            assert_eq!(state.is_final(), !moves, "{state:?}");
            assert!(!state.may_become(state));
        }
        assert!(!PayoutState::Unknown.is_final());
    }

    proptest! {
        #[test]
        fn no_way_leads_back_from_what_was_begun(picks in prop::collection::vec(0..8_usize, 0..40)) {
            let mut state = PayoutState::Ordered;
            let mut was_begun = false;
            for next in picks.into_iter().map(|pick| PayoutState::ALL[pick]) {
                if state.may_become(next) {
                    state = next;
                }
                was_begun |= state.is_under_way();
                let unbegun = [PayoutState::Cancelled, PayoutState::Expired];
                prop_assert!(!was_begun || !(state.is_waiting() || unbegun.contains(&state)));
                prop_assert!(was_begun || state != PayoutState::Paid, "what is paid was begun");
            }
        }
    }
}
