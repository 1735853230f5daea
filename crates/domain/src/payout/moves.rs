//! What can be done with a payout, and what comes of it. The rules are here, so that whoever writes payouts down decides
//! nothing.

use jiff::Timestamp;

use super::{
    failure::PayoutFailure,
    id::PayerId,
    record::{Attempt, Payment, Payout, PayoutStatus, Waiting},
    state::PayoutState,
};
use crate::{amount::Msat, preimage::Preimage};

/// What is to be done with a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutMove {
    /// Somebody approves it.
    Approve,
    /// Somebody takes it back.
    Cancel,
    /// A payer is about to pay it.
    Begin(Attempt),
    /// A payer reports how it went.
    Report(PayerId, Report),
    /// Its time may have run out.
    Expire,
}

/// What a payer reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// It is paid.
    Paid {
        /// The proof.
        preimage: Preimage,
        /// What the destination received.
        amount: Msat,
        /// What it cost on top.
        fee: Msat,
    },
    /// It is not paid and never will be by this payout.
    Failed(PayoutFailure),
    /// It was begun, and the payer cannot tell how it ended; what it knows, if anything.
    Unknown(Option<PayoutFailure>),
    /// The payer wants it to be approved before it begins.
    ApprovalRequired,
}

/// What a move leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It stands like this from now on.
    To(PayoutStatus),
    /// Nothing changes: it was done before.
    Same,
}

/// Why a move is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveRefused {
    /// It is not open to this in its state.
    State(PayoutState),
    /// Its time is over.
    Expired,
    /// Another payer began it, or this one with another payment.
    BegunByAnother,
    /// The payment hash is not that of the invoice that was ordered.
    OtherHash,
    /// The preimage does not belong to the payment hash.
    WrongPreimage,
}

impl Payout {
    /// What this move at this time leads to.
    ///
    /// # Errors
    /// [`MoveRefused`]: then nothing changes.
    pub fn after(&self, step: &PayoutMove, now: Timestamp) -> Result<Step, MoveRefused> {
        let is_overdue = self.state().is_waiting() && self.order.expires_at <= now;
        match step {
            PayoutMove::Approve | PayoutMove::Begin(_) if is_overdue => Err(MoveRefused::Expired),
            PayoutMove::Approve => self.approved(),
            PayoutMove::Cancel => self.cancelled(),
            PayoutMove::Begin(attempt) => self.begun(attempt),
            PayoutMove::Report(payer, report) => self.reported(payer, report, now),
            PayoutMove::Expire if is_overdue => Ok(Step::To(PayoutStatus::Expired)),
            PayoutMove::Expire => Ok(Step::Same),
        }
    }

    fn refused<T>(&self) -> Result<T, MoveRefused> {
        Err(MoveRefused::State(self.state()))
    }

    fn approved(&self) -> Result<Step, MoveRefused> {
        match &self.status {
            PayoutStatus::Ordered(_) => Ok(Step::To(PayoutStatus::Approved(Waiting::Payer))),
            PayoutStatus::Approved(_) => Ok(Step::Same),
            _ => self.refused(),
        }
    }

    fn cancelled(&self) -> Result<Step, MoveRefused> {
        match &self.status {
            PayoutStatus::Ordered(_) | PayoutStatus::Approved(_) => {
                Ok(Step::To(PayoutStatus::Cancelled))
            }
            PayoutStatus::Cancelled => Ok(Step::Same),
            _ => self.refused(),
        }
    }

    fn begun(&self, attempt: &Attempt) -> Result<Step, MoveRefused> {
        match &self.status {
            PayoutStatus::Ordered(_) | PayoutStatus::Approved(_) => {
                let ordered = self.order.payment_hash;
                match ordered.is_none_or(|ordered| ordered == attempt.payment_hash) {
                    true => Ok(Step::To(PayoutStatus::Paying(attempt.clone()))),
                    false => Err(MoveRefused::OtherHash),
                }
            }
            PayoutStatus::Paying(begun) | PayoutStatus::Unknown(begun, _) => {
                let same =
                    begun.payer == attempt.payer && begun.payment_hash == attempt.payment_hash;
                same.then_some(Step::Same)
                    .ok_or(MoveRefused::BegunByAnother)
            }
            _ => self.refused(),
        }
    }

    fn reported(
        &self,
        payer: &PayerId,
        report: &Report,
        now: Timestamp,
    ) -> Result<Step, MoveRefused> {
        if let Some(attempt) = self.status.attempt()
            && attempt.payer != *payer
        {
            return Err(MoveRefused::BegunByAnother);
        }
        match &self.status {
            PayoutStatus::Ordered(waiting) => self.unbegun(*waiting, PayoutStatus::Ordered, report),
            PayoutStatus::Approved(waiting) => {
                self.unbegun(*waiting, PayoutStatus::Approved, report)
            }
            PayoutStatus::Paying(attempt) => self.ended(attempt, report, now),
            PayoutStatus::Unknown(attempt, known) => match report {
                Report::Unknown(failure) if failure == known => Ok(Step::Same),
                report => self.ended(attempt, report, now),
            },
            PayoutStatus::Paid(_, payment) => match report {
                Report::Paid {
                    preimage,
                    amount,
                    fee,
                } if (preimage, *amount, *fee)
                    == (&payment.preimage, payment.amount, payment.fee) =>
                {
                    Ok(Step::Same)
                }
                _ => self.refused(),
            },
            PayoutStatus::Failed(_, known) => match report {
                Report::Failed(failure) if failure == known => Ok(Step::Same),
                _ => self.refused(),
            },
            PayoutStatus::Cancelled | PayoutStatus::Expired => self.refused(),
        }
    }

    /// Of one that nobody began.
    fn unbegun(
        &self,
        waiting: Waiting,
        status: fn(Waiting) -> PayoutStatus,
        report: &Report,
    ) -> Result<Step, MoveRefused> {
        match (report, waiting) {
            (Report::Failed(failure), _) => {
                Ok(Step::To(PayoutStatus::Failed(None, failure.clone())))
            }
            (Report::ApprovalRequired, Waiting::Payer) => Ok(Step::To(status(Waiting::Approval))),
            (Report::ApprovalRequired, Waiting::Approval) => Ok(Step::Same),
            (Report::Paid { .. } | Report::Unknown(_), _) => self.refused(),
        }
    }

    /// Of one that its payer began.
    fn ended(
        &self,
        attempt: &Attempt,
        report: &Report,
        now: Timestamp,
    ) -> Result<Step, MoveRefused> {
        let attempt = attempt.clone();
        Ok(Step::To(match report {
            Report::Paid {
                preimage,
                amount,
                fee,
            } => {
                if preimage.payment_hash() != attempt.payment_hash {
                    return Err(MoveRefused::WrongPreimage);
                }
                let payment = Payment {
                    preimage: preimage.clone(),
                    amount: *amount,
                    fee: *fee,
                    paid_at: now,
                };
                PayoutStatus::Paid(attempt, payment)
            }
            Report::Failed(failure) => PayoutStatus::Failed(Some(attempt), failure.clone()),
            Report::Unknown(failure) => PayoutStatus::Unknown(attempt, failure.clone()),
            Report::ApprovalRequired => return self.refused(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payout::{
        Destination, DestinationKind, FailureCode, NewPayout, PayoutId, PayoutState,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn payout(status: PayoutStatus) -> Payout {
        Payout {
            id: PayoutId::random(),
            order: NewPayout {
                destination: Destination {
                    kind: DestinationKind::LightningAddress,
                    text: "alice@example.com".to_owned(),
                },
                payment_hash: None,
                amount: None,
                max_fee: None,
                reason: None,
                invoice: None,
                asked_by: "shop".to_owned(),
                expires_at: at(100),
            },
            status,
            created_at: at(0),
            updated_at: at(0),
        }
    }

    fn payer(name: &str) -> PayerId {
        PayerId::parse(name).unwrap()
    }

    fn preimage(byte: u8) -> Preimage {
        Preimage::from_bytes([byte; 32])
    }

    fn attempt(name: &str, byte: u8) -> Attempt {
        Attempt {
            payer: payer(name),
            payment_hash: preimage(byte).payment_hash(),
            bolt11: None,
        }
    }

    fn any_move() -> impl Strategy<Value = PayoutMove> {
        let names = || prop::sample::select(vec!["one", "two"]);
        let failure = || {
            prop::sample::select(vec![FailureCode::NoRoute, FailureCode::Timeout])
                .prop_map(|code| PayoutFailure::new(code, None))
        };
        let report = prop_oneof![
            (1..3_u8).prop_map(|byte| Report::Paid {
                preimage: preimage(byte),
                amount: Msat::from_msat(1).unwrap(),
                fee: Msat::from_msat(0).unwrap(),
            }),
            failure().prop_map(Report::Failed),
            prop::option::of(failure()).prop_map(Report::Unknown),
            Just(Report::ApprovalRequired),
        ];
        prop_oneof![
            Just(PayoutMove::Approve),
            Just(PayoutMove::Cancel),
            Just(PayoutMove::Expire),
            (names(), 1..3_u8).prop_map(|(name, byte)| PayoutMove::Begin(attempt(name, byte))),
            (names(), report).prop_map(|(name, report)| PayoutMove::Report(payer(name), report)),
        ]
    }

    proptest! {
        #[test]
        fn whatever_comes_a_payout_makes_legal_moves_and_has_one_attempt(
            moves in prop::collection::vec((any_move(), 0..150_i64), 0..40)
        ) {
            let mut payout = payout(PayoutStatus::Ordered(Waiting::Payer));
            let mut attempt: Option<Attempt> = None;
            for (step, now) in moves {
                let was = payout.clone();
                if let Ok(Step::To(status)) = payout.after(&step, at(now)) {
                    payout.status = status;
                    let (from, to) = (was.state(), payout.state());
                    prop_assert!(from == to || from.may_become(to), "{from:?} {to:?}");
                    prop_assert!(!from.is_final());
                    // Done twice is done once.
                    if !matches!(step, PayoutMove::Begin(_) | PayoutMove::Approve) || now < 100 {
                        prop_assert_eq!(payout.after(&step, at(now)), Ok(Step::Same));
                    }
                }
                if let (Some(before), Some(now)) = (&attempt, payout.status.attempt()) {
                    prop_assert_eq!(before, now, "there is one attempt");
                }
                attempt = payout.status.attempt().cloned().or(attempt);
                if let PayoutStatus::Paid(attempt, payment) = &payout.status {
                    prop_assert_eq!(payment.preimage.payment_hash(), attempt.payment_hash);
                }
            }
        }
    }

    #[test]
    fn the_invoice_that_was_ordered_is_the_one_that_is_paid() {
        let mut payout = payout(PayoutStatus::Approved(Waiting::Payer));
        payout.order.payment_hash = Some(preimage(1).payment_hash());
        let begin = |byte| PayoutMove::Begin(attempt("one", byte));
        assert_eq!(payout.after(&begin(2), at(1)), Err(MoveRefused::OtherHash));
        assert!(payout.after(&begin(1), at(1)).is_ok());
        assert_eq!(payout.after(&begin(1), at(100)), Err(MoveRefused::Expired));
    }

    #[test]
    fn a_preimage_of_something_else_pays_nothing() {
        let payout = payout(PayoutStatus::Paying(attempt("one", 1)));
        let paid = |byte| {
            let report = Report::Paid {
                preimage: preimage(byte),
                amount: Msat::from_msat(1).unwrap(),
                fee: Msat::from_msat(0).unwrap(),
            };
            payout.after(&PayoutMove::Report(payer("one"), report), at(1))
        };
        assert_eq!(paid(2), Err(MoveRefused::WrongPreimage));
        let Ok(Step::To(status)) = paid(1) else {
            panic!("it is paid");
        };
        assert_eq!(status.state(), PayoutState::Paid);
    }
}
