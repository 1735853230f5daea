//! An amount as programs write and read it.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::whole_number::WholeNumber;
use facture_domain::Amount;

/// A number of millisatoshi, or `"any"`: the payer chooses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Amount)]
pub(crate) enum AmountJson {
    Exact(#[schema(inline)] MsatJson),
    Word(#[schema(inline)] Any),
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(minimum = 1, maximum = 1_000_000_000_000_000_000_u64)]
pub(crate) struct MsatJson(pub(crate) u64);

#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Any {
    Any,
}

impl<'de> Deserialize<'de> for AmountJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        match serde_json::from_str(json.get()) {
            Ok(word) => Ok(Self::Word(word)),
            Err(_) => {
                let WholeNumber(msat) = json.get().parse().map_err(D::Error::custom)?;
                Ok(Self::Exact(MsatJson(msat)))
            }
        }
    }
}

impl From<Amount> for AmountJson {
    fn from(amount: Amount) -> Self {
        match amount {
            Amount::Exact(amount) => Self::Exact(MsatJson(amount.msat())),
            Amount::Any => Self::Word(Any::Any),
        }
    }
}
