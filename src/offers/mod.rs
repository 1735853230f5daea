//! Offers (BOLT 12), by which a shop is paid again and again: making, finding and disabling them. What is paid by one is an
//! invoice, which the follower takes in.

mod error;
mod service;

pub use self::{
    error::Error,
    service::{OfferRequest, Offers},
};
