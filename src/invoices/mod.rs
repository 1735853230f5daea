//! Making, finding and following invoices: the use cases of the checkout, independent of who asks. It chooses labels,
//! sees to it that one request ends in one invoice, and that nothing is shown that is not stored.

mod about_node;
mod cancel;
mod charge;
mod invoicing;
mod once;
mod outstanding;
mod proof;
mod records;
mod renewal;
mod under_way;

pub use self::invoicing::{Error, Found, Freshness, Invoicing};
pub use self::{
    about_node::{Age, SharedError},
    cancel::Cancelled,
    charge::{Deletion, Payments},
    records::Listed,
    renewal::{Renewal, Succession},
};
pub use crate::sync::Link;
pub use facture_node::CurrencyError;
pub use facture_store::{Filter, Memory, Page, Period, Place, Repeatable};
