//! Where an invoice stands, which moves between the states are legal, and what each move is called.

use jiff::Timestamp;

use crate::{amount::Msat, hold::Held, payout::PayoutState};

/// Where an invoice stands, in lightningd's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The buyer can still pay.
    Unpaid,
    /// The payment is there in full and is held: the shop takes it or sends it back.
    Accepted(Held),
    /// The money has arrived.
    Paid(Settlement),
    /// It expired.
    Expired,
}

/// A status without what belongs to it, and whether it expired or was taken back
/// ([`Invoice::state`](crate::Invoice::state)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusName {
    /// `unpaid`
    Unpaid,
    /// `accepted`
    Accepted,
    /// `paid`
    Paid,
    /// `expired`
    Expired,
    /// `cancelled`
    Cancelled,
}

/// lightningd's record of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What arrived: from the amount asked for up to twice as much.
    pub amount_received: Msat,
    /// When it arrived.
    pub paid_at: Timestamp,
    /// The place of this payment among all that the node received, from 1.
    pub pay_index: u64,
}

/// What can happen to an invoice, and what a payout can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The node created it.
    Created,
    /// Its payment is there and is held.
    Accepted,
    /// It was paid.
    Paid,
    /// It expired.
    Expired,
    /// It was taken back, unpaid, before its time ran out; or its held payment was sent back.
    Cancelled,
    /// A held payment is soon to be decided.
    HoldExpiring,
    /// It became certain that it was paid although the node does not have the payment.
    PaymentProven,
    /// It was renewed after it had expired.
    Renewed,
    /// A payout is in this state from now on.
    Payout(PayoutState),
}

impl Status {
    /// The word for it: `unpaid`, `accepted`, `paid` or `expired`.
    pub fn as_str(&self) -> &'static str {
        self.name().as_str()
    }

    /// Which one it is.
    pub fn name(&self) -> StatusName {
        match self {
            Self::Unpaid => StatusName::Unpaid,
            Self::Accepted(_) => StatusName::Accepted,
            Self::Paid(_) => StatusName::Paid,
            Self::Expired => StatusName::Expired,
        }
    }

    /// Whether nothing can change it any more.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Paid(_))
    }

    /// The event that `reported` is to an invoice in this state; `None` when it is no news.
    ///
    /// Paid is for ever. Expired is what clock and node say now: a payment that the node reports afterwards still wins.
    /// An invoice does not become unpaid again, whatever an older copy of a node's database says. A held payment has no
    /// clock: when the node has it no more, it was sent back.
    pub fn event(&self, reported: &Self) -> Option<EventKind> {
        match (self, reported) {
            (Self::Unpaid | Self::Accepted(_) | Self::Expired, Self::Paid(_)) => {
                Some(EventKind::Paid)
            }
            (Self::Unpaid, Self::Accepted(_)) => Some(EventKind::Accepted),
            (Self::Unpaid, Self::Expired) => Some(EventKind::Expired),
            (Self::Accepted(_), Self::Expired) => Some(EventKind::Cancelled),
            // What was sent back or can no longer be paid is held no more, whatever was read before that.
            (Self::Expired | Self::Accepted(_), Self::Accepted(_))
            | (Self::Paid(_), _)
            | (_, Self::Unpaid)
            | (Self::Expired, Self::Expired) => None,
        }
    }
}

impl StatusName {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Unpaid,
        Self::Accepted,
        Self::Paid,
        Self::Expired,
        Self::Cancelled,
    ];

    /// The word for it, which is lightningd's where it has one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Accepted => "accepted",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Created,
        Self::Accepted,
        Self::Paid,
        Self::Expired,
        Self::Cancelled,
        Self::HoldExpiring,
        Self::PaymentProven,
        Self::Renewed,
        Self::Payout(PayoutState::Ordered),
        Self::Payout(PayoutState::Approved),
        Self::Payout(PayoutState::Paying),
        Self::Payout(PayoutState::Paid),
        Self::Payout(PayoutState::Failed),
        Self::Payout(PayoutState::Cancelled),
        Self::Payout(PayoutState::Expired),
        Self::Payout(PayoutState::Unknown),
    ];

    /// The name in the log: `invoice.paid`, …
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "invoice.created",
            Self::Accepted => "invoice.accepted",
            Self::Paid => "invoice.paid",
            Self::Expired => "invoice.expired",
            Self::Cancelled => "invoice.cancelled",
            Self::HoldExpiring => "invoice.hold_expiring",
            Self::PaymentProven => "invoice.payment_proven",
            Self::Renewed => "invoice.renewed",
            Self::Payout(state) => match state {
                PayoutState::Ordered => "payout.ordered",
                PayoutState::Approved => "payout.approved",
                PayoutState::Paying => "payout.paying",
                PayoutState::Paid => "payout.paid",
                PayoutState::Failed => "payout.failed",
                PayoutState::Cancelled => "payout.cancelled",
                PayoutState::Expired => "payout.expired",
                PayoutState::Unknown => "payout.unknown",
            },
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_status() -> impl Strategy<Value = Status> {
        prop_oneof![
            Just(Status::Unpaid),
            Just(Status::Expired),
            (1..1000_u32).prop_map(|height| Status::Accepted(Held {
                amount: Msat::from_msat(height.into()).unwrap(),
                accepted_at: Timestamp::UNIX_EPOCH,
                expires_at_height: height,
            })),
            (1..1000_u64).prop_map(|pay_index| Status::Paid(Settlement {
                amount_received: Msat::from_msat(pay_index).unwrap(),
                paid_at: Timestamp::UNIX_EPOCH,
                pay_index,
            })),
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_reported_each_thing_happens_to_an_invoice_at_most_once(reports in prop::collection::vec(any_status(), 0..20)) {
            let mut status = Status::Unpaid;
            let mut events = Vec::new();
            for reported in reports {
                if let Some(event) = status.event(&reported) {
                    prop_assert!(!matches!(status, Status::Paid(_)), "paid is for ever");
                    events.push(event);
                    status = reported;
                }
            }
            for kind in [EventKind::Accepted, EventKind::Paid, EventKind::Expired, EventKind::Cancelled] {
                prop_assert!(events.iter().filter(|event| **event == kind).count() <= 1);
            }
            if let Some(paid) = events.iter().position(|event| *event == EventKind::Paid) {
                prop_assert_eq!(paid + 1, events.len(), "nothing comes after the payment");
            }
        }
    }

    #[test]
    fn names_can_be_read_back() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(EventKind::parse("invoice.eaten"), None);
    }
}
