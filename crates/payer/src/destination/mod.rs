//! From a destination to the one invoice that is paid for it.

mod fetch;
pub(crate) mod invoice;
pub(crate) mod lnurl;
pub(crate) mod offer;
mod refusal;

pub(crate) use self::{
    fetch::Fetcher,
    refusal::{NoInvoice, Refusal},
};
