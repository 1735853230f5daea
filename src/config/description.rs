//! For `#[serde(with)]` on a [`Description`].

use serde::{Deserializer, Serializer};

use super::text::parsed;
use facture_domain::Description;

pub(super) fn serialize<S: Serializer>(
    value: &Description,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.as_str())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Description, D::Error> {
    parsed(deserializer, Description::parse)
}
