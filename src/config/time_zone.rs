//! The time zone of a shop.

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize};

use super::text::parsed;

/// A time zone by its IANA name, such as `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopTimeZone(TimeZone);

impl ShopTimeZone {
    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }
}

impl Default for ShopTimeZone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Serialize for ShopTimeZone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

impl<'de> Deserialize<'de> for ShopTimeZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| {
            TimeZone::get(text)
                .map(Self)
                .map_err(|_| "must be the name of a time zone, such as Europe/Berlin")
        })
    }
}
