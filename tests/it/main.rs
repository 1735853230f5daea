//! Everything over the real router and the real client, on the sandbox's socket.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

#[path = "../contract/mod.rs"]
mod contract;
#[path = "../harness/mod.rs"]
mod harness;

mod abuse;
mod addresses;
mod again;
mod agreement;
mod any_wallet;
mod api;
mod architecture;
#[cfg(feature = "kafka")]
mod asyncapi;
mod backup;
#[cfg(all(feature = "kafka", feature = "lab", feature = "lnd"))]
mod book;
mod calls;
mod charge;
mod checkout;
mod client;
mod commands;
mod crash;
mod decode;
mod desk;
mod devtools;
mod disk;
mod dns_record;
mod doctor;
mod fast_path;
mod faults;
mod follow;
mod forgetting;
mod getword;
mod greenfield;
mod hold_plugin;
mod holds;
mod hostile_node;
mod languages;
mod links;
mod lnbits;
mod lnd;
mod lnurl;
mod metrics;
mod node_word;
#[cfg(feature = "nwc")]
mod nwc;
mod offers;
mod packaging;
mod pages;
mod payouts;
mod paywall;
mod plugin;
mod prices;
mod process;
mod program;
mod receipts;
mod reconcile;
mod refunds;
mod renewal;
mod rest;
mod reveal;
mod sandbox;
mod setup;
mod sharing;
mod site;
mod streams;

mod trouble;
mod webhooks;
mod world;
