//! `/api/v1/vouchers/…` and the refunds of a sale: links that can be claimed once.
//!
//! | File | Owns |
//! | --- | --- |
//! | `orders.rs` | issuing vouchers, reading and cancelling them |
//! | `new_vouchers.rs` | the body of a request for vouchers |
//! | `list.rs` | lists of vouchers |
//! | `refunds.rs` | what is refunded of a sale |
//! | `voucher_json.rs` | a voucher as programs read it |
//! | `parameters.rs` | the id in the path |

pub(crate) mod list;
pub(crate) mod new_vouchers;
pub(crate) mod orders;
pub(crate) mod parameters;
pub(crate) mod refunds;
pub(crate) mod voucher_json;
