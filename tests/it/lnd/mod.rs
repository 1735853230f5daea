//! The program on the sandbox's LND.

mod contract_on_lnd;
mod creating;
mod demo;
mod following;
mod holds;
mod indexes;
mod process;
mod trust;
pub(crate) mod world;
