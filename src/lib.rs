//! facture: a Lightning checkout for Core Lightning.

pub mod invoice;
