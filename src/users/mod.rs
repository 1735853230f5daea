//! Users of the merchant's desk: signing in, sessions, passwords, second factors, one-time links. Independent of the web: it
//! knows no cookies and no pages.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | [`Users`]: sessions and accounts |
//! | `sign_in.rs` | from name, password and code to a session |
//! | `people.rs` | what an owner does with users |
//! | `device.rs`, `pin.rs` | devices at the counter, at which cashiers sign in by a PIN |
//! | `password.rs` | Argon2id, a few at a time |
//! | `second_factor.rs` | codes of authenticator apps |

mod device;
mod error;
mod password;
mod people;
mod pin;
mod second_factor;
mod service;
mod sign_in;

pub use self::{
    device::{Browser, Paired, PinOutcome},
    error::Error,
    password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, NewPassword, WeakPassword},
    people::{AddError, Link, Member},
    pin::{NewPin, WeakPin},
    second_factor::SecondFactor,
    service::{Session, Staff, Users},
    sign_in::{Attempt, SignedIn},
};
