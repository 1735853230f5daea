//! The program on the sandbox's LND.

mod contract_on_lnd;
mod creating;
mod demo;
mod following;
mod indexes;
mod process;
mod trust;
mod world;
