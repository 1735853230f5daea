//! `[counter]`: selling at the merchant's desk to somebody who stands there.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    error::refusal,
    text::{list, parsed},
};
use facture_domain::{LinkUnit, counter::TaxRate};

/// `[counter]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CounterConfig {
    /// What prices at the counter are in: `SAT`, or a currency of ISO 4217.
    #[serde(serialize_with = "code", deserialize_with = "unit")]
    pub currency: LinkUnit,
    /// The rate of the tax in amounts that are typed, in percent. Empty: receipts say nothing about it.
    pub tax_percent: TypedTax,
    /// The tips that are offered, in percent. Empty: none but what is typed.
    #[serde(deserialize_with = "tips")]
    pub tips_percent: Vec<u32>,
}

/// The rate of the tax in amounts that are typed, if the shop says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TypedTax(pub Option<TaxRate>);

/// The highest tip that is offered.
const MAX_TIP: u32 = 100;

/// As many tips are offered.
const MAX_TIPS: usize = 6;

impl Default for CounterConfig {
    fn default() -> Self {
        Self {
            currency: LinkUnit::Sat,
            tax_percent: TypedTax::default(),
            tips_percent: vec![5, 10, 15],
        }
    }
}

impl Serialize for TypedTax {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.map_or_else(String::new, |rate| rate.to_string());
        text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TypedTax {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| match text {
            "" => Ok(Self(None)),
            text => TaxRate::parse(text).map(|rate| Self(Some(rate))),
        })
    }
}

fn unit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LinkUnit, D::Error> {
    parsed(deserializer, |text| {
        LinkUnit::parse(text).ok_or("must be SAT or a currency such as EUR")
    })
}

fn code<S: Serializer>(unit: &LinkUnit, serializer: S) -> Result<S::Ok, S::Error> {
    unit.code().serialize(serializer)
}

fn tips<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum NumbersOrTexts {
        Numbers(Vec<u32>),
        Texts(#[serde(deserialize_with = "list")] Vec<String>),
    }
    let mut tips = Vec::new();
    let given = match NumbersOrTexts::deserialize(deserializer)? {
        NumbersOrTexts::Numbers(numbers) => numbers.iter().map(u32::to_string).collect(),
        NumbersOrTexts::Texts(texts) => texts,
    };
    for text in given {
        let refused = |reason: &str| de::Error::custom(refusal(&text, reason));
        let tip = text.parse().ok();
        let tip = tip.filter(|tip| (1..=MAX_TIP).contains(tip));
        let tip = tip.ok_or_else(|| refused("must be whole numbers of percent from 1 to 100"))?;
        if tips.contains(&tip) {
            return Err(refused("is there twice"));
        }
        if tips.len() == MAX_TIPS {
            return Err(refused("is one more than the six that can be offered"));
        }
        tips.push(tip);
    }
    Ok(tips)
}
