//! Conditions: what holds for a while, and is told once when it begins and once when it is over.

use super::rule::NoticeEvent;
use crate::amount::Msat;

/// What holds, or held, and more about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The node is away.
    NodeAway,
    /// The node can receive this much.
    LittleReceivable(Msat),
    /// There is no rate for these currencies, with commas between their codes.
    NoRate(String),
}

/// Whether a condition begins or is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It begins.
    Began,
    /// It is over.
    Over,
}

impl Condition {
    /// The event of the rules that tell it.
    pub fn event(&self) -> NoticeEvent {
        match self {
            Self::NodeAway => NoticeEvent::NodeAway,
            Self::LittleReceivable(_) => NoticeEvent::LittleReceivable,
            Self::NoRate(_) => NoticeEvent::NoRate,
        }
    }

    /// What the store keeps of it beside the event.
    pub fn detail(&self) -> String {
        match self {
            Self::NodeAway => String::new(),
            Self::LittleReceivable(amount) => amount.msat().to_string(),
            Self::NoRate(currencies) => currencies.clone(),
        }
    }

    /// The condition that the store has of a rule with this event; `None` when it is none.
    pub fn stored(event: NoticeEvent, detail: &str) -> Option<Self> {
        match event {
            NoticeEvent::NodeAway => Some(Self::NodeAway),
            NoticeEvent::LittleReceivable => {
                let msat = detail.parse().ok().and_then(Msat::from_msat);
                msat.map(Self::LittleReceivable)
            }
            NoticeEvent::NoRate => Some(Self::NoRate(detail.to_owned())),
            NoticeEvent::SalePaid | NoticeEvent::EndpointGone => None,
        }
    }
}

impl Turn {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Began => "began",
            Self::Over => "over",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Began, Self::Over]
            .into_iter()
            .find(|turn| turn.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_can_be_read_back() {
        for condition in [
            Condition::NodeAway,
            Condition::LittleReceivable(Msat::from_msat(1_234_567).unwrap()),
            Condition::NoRate("EUR, USD".to_owned()),
        ] {
            let read = Condition::stored(condition.event(), &condition.detail());
            assert_eq!(read, Some(condition));
        }
        assert_eq!(Condition::stored(NoticeEvent::LittleReceivable, "x"), None);
        assert_eq!(Condition::stored(NoticeEvent::SalePaid, ""), None);
    }
}
