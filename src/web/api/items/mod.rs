//! `/api/v1/items/…`: what is sold by pay to reveal.
//!
//! | File | Owns |
//! | --- | --- |
//! | `offers.rs` | offering, reading, listing and withdrawing items |
//! | `new_item.rs` | the body of a request for an item |
//! | `parameters.rs` | the id in the path |

pub(crate) mod new_item;
pub(crate) mod offers;
pub(crate) mod parameters;
