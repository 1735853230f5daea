//! An endpoint: an address that receives the events of all invoices, or of one.

use jiff::Timestamp;

use super::format::{Hook, HookFormat};
use crate::hook::{id::EndpointId, url::HookUrl};
use crate::{label::Label, status::EventKind};

/// An endpoint as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its number.
    pub id: EndpointId,
    /// The one invoice whose events it receives; `None` for all.
    pub label: Option<Label>,
    /// Where events are sent, and in which format.
    pub hook: Hook,
    /// Which events are sent there.
    pub kinds: Kinds,
    /// Whether deliveries are enabled.
    pub state: EndpointState,
    /// When it was created.
    pub created_at: Timestamp,
}

/// An endpoint for all invoices that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEndpoint {
    /// Where events are sent, and in which format.
    pub hook: Hook,
    /// Which events are sent there.
    pub kinds: Kinds,
}

/// Changes to an endpoint; `None` leaves a field unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointChange {
    /// Where events go. What waits goes there too.
    pub url: Option<HookUrl>,
    /// Which events are sent there from now on.
    pub kinds: Option<Kinds>,
    /// Whether deliveries are enabled. What waits at an endpoint that is disabled is dropped.
    pub state: Option<EndpointState>,
}

/// Which events an endpoint receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// All, including kinds that do not exist yet.
    All,
    /// Only these.
    Only(Vec<EventKind>),
}

/// Whether an endpoint receives deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointState {
    /// It receives events.
    Enabled,
    /// It receives nothing.
    Disabled(Disabled),
}

/// Why an endpoint receives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disabled {
    /// The shop owner disabled it.
    ByOwner,
    /// It answered 410 (Gone).
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
    /// The default events for this format.
    pub fn kinds(self) -> Kinds {
        match self {
            Self::Standard | Self::Btcpay => Kinds::All,
            Self::Charge | Self::Lnbits => Kinds::Only(vec![EventKind::Paid]),
        }
    }
}
