//! The paywall's tokens: what lets a visitor in who has paid, checked without the node and, up to the single use of a
//! challenge, without a store.
//!
//! | File | Owns |
//! | --- | --- |
//! | `resource.rs` | [`ResourceName`] |
//! | `terms.rs` | the key, what is asked of a visitor, why a credential lets nobody in |
//! | `macaroon.rs` | a chain of HMACs with caveats: reading, writing, appending, checking |
//! | `l402.rs` | the tokens of the scheme `L402`: a macaroon that names the payment hash |
//! | `challenge.rs` | the challenges of the scheme `Payment`, and the credentials that answer them |

mod challenge;
mod l402;
mod macaroon;
mod resource;
mod terms;

pub use self::{
    challenge::{Challenge, Charge, Paid, Receipt},
    resource::{ResourceName, ResourceNameError},
    terms::{PaywallKey, Refused, Wanted},
};
