//! Carrying out a command. The same command again gets the same answer of the API, and is not done a second time.

mod actor;
mod call;
mod frames;
mod payout;

pub(crate) use self::actor::Actor;
