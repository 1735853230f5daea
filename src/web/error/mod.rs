//! Everything that can go wrong for a visitor.
//!
//! | File | Owns |
//! | --- | --- |
//! | `problem.rs` | the list: status and code of each |
//! | `message.rs` | the words, in the visitor's language |
//! | `from.rs` | what errors of the layers below become |

mod from;
mod message;
mod problem;

pub(crate) use self::problem::{Invalid, Problem};
