//! `/api/v1/offers/…`: offers (BOLT 12), by which a shop is paid again and again.
//!
//! | File | Owns |
//! | --- | --- |
//! | `resource.rs` | making, listing, reading and disabling offers |
//! | `new_offer.rs` | the body of a request for an offer |
//! | `parameters.rs` | the id in the path |

pub(crate) mod new_offer;
pub(crate) mod parameters;
pub(crate) mod resource;
