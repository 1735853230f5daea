//! What a credential is checked with and for, and why it lets nobody in.

use super::resource::ResourceName;
use crate::{amount::Msat, label::LabelKey};

/// What all tokens of a paywall are made with: it is derived from the label key.
#[derive(Clone, Debug)]
pub struct PaywallKey(pub(super) LabelKey);

/// What is asked of a visitor.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What they want to see.
    pub resource: &'a ResourceName,
    /// Tokens that were sold for less do not count; `None`: whatever it cost then.
    pub least: Option<Msat>,
}

/// Why a credential lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It cannot be read.
    #[error("The credential cannot be read.")]
    Malformed,
    /// It is not one of ours, or somebody changed it.
    #[error("The credential was not issued here, or was changed.")]
    Forged,
    /// Its preimage does not belong to its payment hash.
    #[error("The preimage does not belong to the payment hash of the credential.")]
    WrongPreimage,
    /// It is for another resource.
    #[error("The credential is for another resource.")]
    OtherResource,
    /// It was sold for less than what is asked now.
    #[error("The credential was sold at a lower price.")]
    LowerPrice,
    /// It is over.
    #[error("The credential has expired.")]
    Expired,
    /// A holder restricted it in a way that is not known here.
    #[error("The credential has a restriction that is not known here.")]
    UnknownCaveat,
    /// It is for a single use, and was used.
    #[error("The credential was already used.")]
    Used,
}

impl PaywallKey {
    /// Derived from this key.
    pub fn new(key: LabelKey) -> Self {
        Self(key)
    }
}
