//! From a destination to the one invoice that is paid for it.

mod fetch;
pub(crate) mod invoice;
pub(crate) mod lnurl;
mod refusal;

pub(crate) use self::{fetch::Fetcher, refusal::Refusal};
