//! Payouts: ordering, approving and cancelling them, and what a payer reports. The use cases, independent of who asks.
//! Nothing here pays, and nothing here can: a payer is a process of its own, with a credential of its own.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | [`Payouts`]: the use cases |
//! | `request.rs` | what is asked for, and what it becomes |
//! | `destination.rs` | which destinations can be ordered |
//! | `expiry.rs` | the task that ends orders which nobody began in their time |
//! | `currency_refund.rs` | refunds in the currency of a sale's price |
//! | `codes.rs` | the codes that owners send with an approval, on their way to the payer |
//! | `presence.rs` | whether a payer is there |
//! | `work.rs` | what a payer has to do, and waiting for more |
//! | `vouchers.rs` | links that can be claimed once, and the refunds of a sale |
//! | `claim.rs` | claiming a voucher with an invoice |
//! | `error.rs` | why a use case failed |

mod claim;
mod codes;
mod currency_refund;
mod destination;
mod error;
mod expiry;
mod presence;
mod request;
mod service;
mod vouchers;
mod work;

pub use self::{
    claim::ClaimRefused,
    error::{Error, OrderRefused},
    request::{OrderRequest, RequestedAmount},
    service::{OrderedPayout, Payouts, Standing},
    vouchers::VoucherRequest,
    work::Work,
};
