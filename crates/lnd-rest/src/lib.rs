//! What every client of LND's REST interface needs alike: how a macaroon is shown to it, and what its refusals mean. No
//! calls: which of them may be made is in the clients' own lists.

mod macaroon;
mod refusal;

pub use self::{
    macaroon::{EmptyMacaroon, MACAROON, macaroon},
    refusal::{Meaning, Refusal},
};
