//! What tests and benchmarks share: pairs of real nodes on regtest ([`cln`], [`lnd`]), and what a run reports besides its
//! results ([`report`]). The nodes are those of the lab (`facture-lab`), as children of the test. It knows nothing of facture.

pub mod cln;
pub mod lnd;
pub mod mixed;
pub mod report;
