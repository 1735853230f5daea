//! Making, finding and following invoices: the use cases of the checkout, independent of who asks. It chooses labels,
//! sees to it that one request ends in one invoice, and that nothing is shown that is not stored.

mod cancel;
mod charge;
mod decode;
mod error;
mod found;
mod hold;
mod idempotency;
mod invoicing;
mod node_info;
mod outstanding;
mod price;
mod proof;
mod records;
mod renewal;
mod tasks;
mod valuation;

pub use self::{
    cancel::Cancelled,
    charge::{Deletion, Payments, charge_word},
    decode::OwnRequest,
    error::Error,
    found::{Found, Freshness},
    hold::Settled,
    invoicing::Invoicing,
    node_info::{Age, SharedError},
    records::Listed,
    renewal::{Renewal, Succession},
};
pub use crate::sync::Link;
