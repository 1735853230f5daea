//! Carrying out a command. The same command again gets the same answer of the API, and is not done a second time.

mod actor;
mod call;
mod frames;
mod payout;

pub(crate) use self::actor::Actor;
use crate::schema::Schemas;

/// The schemas of what answers to frames say: `DecodedRequest`, `Payment`, `PendingPayment` and what they refer to.
pub(crate) fn schemas() -> Schemas {
    Schemas::default()
        .with::<frames::DecodedJson>()
        .with::<frames::PaidJson>()
        .with::<payout::PendingJson<'_>>()
}
