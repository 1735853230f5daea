//! The paywall: what a proxy in front of a website lets in only those to who have paid. The use cases, independent of who asks:
//! whether a credential lets somebody in, and the invoice with what can be bought with it.
//!
//! The tokens themselves are the domain's (`paywall/` there). Checking one asks neither the node nor, but for the single use of a
//! payment, the store.

mod credential;
mod service;

pub use self::{
    credential::{Credential, Scheme},
    service::{Access, Error, Offer, Paywall, Resource},
};
