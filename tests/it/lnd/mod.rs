//! The program on the sandbox's LND.

mod contract_on_lnd;
mod following;
mod holds;
mod world;
