//! Core Lightning: by lightningd's socket, or by its plugin clnrest with a rune. Each call has a connection of its own, on
//! which the node is first asked who it is.

mod calls;
mod client;
mod method;
mod offers;
mod refusal;
mod session;

pub use self::{
    client::Cln,
    method::{Method, createrune},
    session::{Place, Rest, RestError},
};
