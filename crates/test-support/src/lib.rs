//! What tests and benchmarks share: pairs of real nodes on regtest ([`cln`], [`lnd`]), and what a run reports besides its
//! results ([`report`]). It knows nothing of facture.

pub mod cln;
mod daemon;
pub mod lnd;
pub mod report;
