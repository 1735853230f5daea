//! Everything over the real router and the real client, on the sandbox's socket.

#[path = "../contract/mod.rs"]
mod contract;
#[path = "../harness/mod.rs"]
mod harness;

mod architecture;
mod client;
mod pages;
mod process;
mod sandbox;

mod trouble;
mod world;
