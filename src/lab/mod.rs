//! The lab: two real nodes on regtest, Alice who pays and Bob who receives, to try facture with, and to learn. It is a room of
//! its own that nothing else uses. Unlike the checkout it can spend, as Alice, from a wallet of its own making: money that
//! exists nowhere else. The nodes themselves are in the crate `facture-lab`.

mod actions;
mod checkout;
mod output;
mod places;
mod steps;
mod up;
mod wallet;
mod watch;

pub use actions::run;
