//! Prices in other currencies: how rates are come by, what is made of them, and that nothing is made without one.

mod api;
mod breakdown;
mod form;
mod renewing;
pub(crate) mod server;
mod sources;
mod valuing;
