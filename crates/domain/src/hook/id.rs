//! Random numbers with a name in front, for what the owner of a shop asks for by number.

use std::fmt;

use bitcoin::{
    hashes::{Hash, sha256},
    hex::DisplayHex,
};

use super::format::Hook;
use crate::{status::EventKind, subject::Subject};

macro_rules! random_id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// A new one.
            pub fn random() -> Self {
                Self(format!(concat!($prefix, "{:032x}"), rand::random::<u128>()))
            }

            /// Reads one; `None` for what cannot be one.
            pub fn parse(text: &str) -> Option<Self> {
                let digits = text.strip_prefix($prefix)?;
                let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                (digits.len() == 32 && digits.bytes().all(hex)).then(|| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

random_id!(
    /// The number of an endpoint: `we_` and 32 hexadecimal digits.
    EndpointId,
    "we_"
);
random_id!(
    /// The number of a delivery: `msg_` and 32 hexadecimal digits. It is the `webhook-id`, the same at every attempt.
    DeliveryId,
    "msg_"
);

impl DeliveryId {
    /// The id of an event's delivery: derived from subject, kind and receiver. A receiver that is told of the same event
    /// again, after the records were restored from a backup or built anew, knows it by this id.
    pub fn of_event(hook: &Hook, kind: EventKind, subject: &Subject) -> Self {
        Self::of_named_event(hook, kind.as_str(), subject.id())
    }

    /// The same by the names of kind and subject, which may be of a newer version.
    pub fn of_named_event(hook: &Hook, kind: &str, subject: &str) -> Self {
        Self::derived([hook.url.as_str(), hook.format.as_str(), kind, subject])
    }

    /// A number for the same event at another endpoint with the same address.
    pub fn another(&self, endpoint: &str, sequence: i64) -> Self {
        Self::derived([self.as_str(), endpoint, &sequence.to_string()])
    }

    fn derived<const N: usize>(parts: [&str; N]) -> Self {
        // None of them has this byte.
        let hash = sha256::Hash::hash(parts.join("\0").as_bytes());
        Self(format!("msg_{}", hash.as_byte_array()[..16].as_hex()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HookFormat, HookUrl, Label};

    #[test]
    fn a_delivery_of_the_same_event_to_the_same_address_has_the_same_number() {
        let invoice = |label: &str| Subject::Invoice(Label::stored(label.to_owned()));
        let hook = |url: &str, format| Hook {
            url: HookUrl::parse(url).unwrap(),
            format,
            token: None,
        };
        let (one, other) = (
            hook("https://shop.example/a", HookFormat::Standard),
            hook("https://shop.example/b", HookFormat::Standard),
        );
        let id = DeliveryId::of_event(&one, EventKind::Paid, &invoice("facture_1"));
        assert_eq!(
            id,
            DeliveryId::of_event(&one, EventKind::Paid, &invoice("facture_1"))
        );
        assert_eq!(DeliveryId::parse(id.as_str()), Some(id.clone()));
        for another in [
            DeliveryId::of_event(&other, EventKind::Paid, &invoice("facture_1")),
            DeliveryId::of_event(&one, EventKind::Created, &invoice("facture_1")),
            DeliveryId::of_event(&one, EventKind::Paid, &invoice("facture_2")),
            id.another("we_1", 1),
            id.another("we_1", 2),
        ] {
            assert_ne!(id, another);
        }
    }
}
