//! `/api/v1/links/…`: payment links, by which anybody can order the same thing again and again.
//!
//! | File | Owns |
//! | --- | --- |
//! | `resource.rs` | making, changing, listing, reading, stopping and opening links |
//! | `new_link.rs` | the body of a request for a link |
//! | `parameters.rs` | the name in the path |

pub(crate) mod new_link;
pub(crate) mod parameters;
pub(crate) mod resource;
