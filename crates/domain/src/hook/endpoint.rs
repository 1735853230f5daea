//! An endpoint: an address that is told what happens to all invoices, or to one.

use jiff::Timestamp;

use super::format::{Hook, HookFormat};
use crate::hook::{id::EndpointId, url::HookUrl};
use crate::{label::Label, status::EventKind};

/// An endpoint as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its number.
    pub id: EndpointId,
    /// The one invoice that it is told about; `None`: about all.
    pub label: Option<Label>,
    /// Where events go, and in which form.
    pub hook: Hook,
    /// Which events go there.
    pub kinds: Kinds,
    /// Whether anything is sent.
    pub state: EndpointState,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An endpoint for all invoices that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEndpoint {
    /// Where events go, and in which form.
    pub hook: Hook,
    /// Which events go there.
    pub kinds: Kinds,
}

/// What is to be different about an endpoint; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointChange {
    /// Where events go. What waits goes there too.
    pub url: Option<HookUrl>,
    /// Which events go there from now on.
    pub kinds: Option<Kinds>,
    /// Whether anything is sent. What waits at an endpoint that is disabled is dropped.
    pub state: Option<EndpointState>,
}

/// Which events an endpoint is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// All, those too that do not exist yet.
    All,
    /// These.
    Only(Vec<EventKind>),
}

/// Whether anything is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointState {
    /// It is told what happens.
    Enabled,
    /// It is told nothing.
    Disabled(Disabled),
}

/// Why an endpoint is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disabled {
    /// The owner of the shop said so.
    ByOwner,
    /// It answered 410: it is gone for good.
    Gone,
}

impl Kinds {
    /// Whether an event of this kind is among them.
    pub fn contain(&self, kind: EventKind) -> bool {
        match self {
            Self::All => true,
            Self::Only(kinds) => kinds.contains(&kind),
        }
    }
}

impl EndpointState {
    /// The name in the store: `enabled`, `disabled` or `gone`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled(Disabled::ByOwner) => "disabled",
            Self::Disabled(Disabled::Gone) => "gone",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Enabled,
            Self::Disabled(Disabled::ByOwner),
            Self::Disabled(Disabled::Gone),
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
    }
}

impl HookFormat {
    /// The events that are sent in this form when nothing else is asked for.
    pub fn kinds(self) -> Kinds {
        match self {
            Self::Standard => Kinds::All,
            Self::Charge => Kinds::Only(vec![EventKind::Paid]),
        }
    }
}
