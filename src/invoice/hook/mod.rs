//! The words of webhooks: where events are to be sent, what is sent there, and what came of it.

mod delivery;
mod endpoint;
mod id;
mod secret;
mod url;

pub use self::{
    delivery::{Attempt, Delivery, DeliveryState, Failure, Outcome},
    endpoint::{Disabled, Endpoint, EndpointChange, EndpointState, Kinds, NewEndpoint},
    id::{DeliveryId, EndpointId},
    secret::{HookSecret, HookSecretError, SecretOwner, Secrets},
    url::{HookUrl, HookUrlError},
};

/// An address that is told what happens, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Where to.
    pub url: HookUrl,
    /// In which form.
    pub format: HookFormat,
}

/// The form of what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookFormat {
    /// Our own: type, timestamp, sequence and the invoice (Standard Webhooks 1.0.0).
    Standard,
}

impl HookFormat {
    /// The name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        (name == Self::Standard.as_str()).then_some(Self::Standard)
    }

    /// The events that are sent in this form when nothing else is asked for.
    pub fn kinds(self) -> Kinds {
        match self {
            Self::Standard => Kinds::All,
        }
    }
}
