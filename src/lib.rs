//! facture: a Lightning checkout for Core Lightning.

pub mod cli;
pub mod config;
pub mod invoice;
pub mod invoicing;
pub mod lightning;
pub mod sandbox;
