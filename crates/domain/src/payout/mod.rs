//! Payouts: orders to pay somebody. Whoever may ask for one writes the order; a process of its own, the payer, pays it and
//! reports how that went. Nothing here pays.
//!
//! | File | Owns |
//! | --- | --- |
//! | `id.rs` | what a payout and a payer are called |
//! | `state.rs` | the states and their legal moves |
//! | `failure.rs` | why a payment was not made, as codes for programs |
//! | `approval_code.rs` | the code that an owner types to approve one |
//! | `destination.rs` | which kinds of destination there are |
//! | `fee.rs` | the fee limit when none was given |
//! | `reason.rs` | why somebody is paid |
//! | `order.rs` | what is ordered |
//! | `record.rs` | a payout, and what has become of it |
//! | `moves.rs` | what can be done with it, and what comes of it |

mod approval_code;
mod destination;
mod failure;
mod fee;
mod id;
mod moves;
mod order;
mod reason;
mod record;
mod state;

pub use self::{
    approval_code::ApprovalCode,
    destination::{Destination, DestinationKind},
    failure::{FailureCode, PayoutFailure},
    fee::default_fee_limit,
    id::{PayerId, PayoutId},
    moves::{MoveRefused, PayoutMove, Report, Step},
    order::NewPayout,
    reason::{Reason, ReasonError},
    record::{Attempt, Payment, Payout, PayoutStatus, Waiting},
    state::PayoutState,
};
