//! From a destination to the one invoice that is paid for it.

pub(crate) mod invoice;
pub(crate) mod lnurl;
pub(crate) mod offer;
mod refusal;

pub(crate) use self::refusal::{NoInvoice, Refusal};
