//! `/api/v1/payouts/…`: who orders and approves payouts, and who executes them.
//!
//! | File | Owns |
//! | --- | --- |
//! | `orders.rs` | ordering, reading, approving, cancelling |
//! | `list.rs` | lists |
//! | `new_payout.rs` | the body of an order |
//! | `requested_amount.rs` | how much a request asks for, also in the currency of a sale's price |
//! | `work.rs` | what a payer has to do, and what it begins |
//! | `outcome.rs` | what a payer reports |
//! | `parameters.rs` | the id in the path |
//! | `problems.rs` | what errors of the use cases become |

pub(crate) mod list;
pub(crate) mod new_payout;
pub(crate) mod orders;
pub(crate) mod outcome;
pub(crate) mod parameters;
mod problems;
pub(crate) mod requested_amount;
pub(crate) mod work;
