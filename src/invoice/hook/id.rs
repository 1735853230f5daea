//! Random numbers with a name in front, for what the owner of a shop asks for by number.

use std::fmt;

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
    /// The number of a delivery: `msg_` and 32 hexadecimal digits. It is the `webhook-id`, the same at every attempt. Those
    /// of events are made by the database (`store/migrations/0009_cursor.sql`).
    DeliveryId,
    "msg_"
);
