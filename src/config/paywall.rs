//! `[[paywall]]`: what a proxy in front of a website lets in only those to who have paid.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    description,
    error::{ConfigError, refusal},
    number::{Bounded, Sat},
    text::{list, parsed},
};
use facture_domain::{Description, paywall::ResourceName};

/// One `[[paywall]]`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PaywallConfig {
    /// What the proxy calls it.
    #[serde(serialize_with = "resource_text", deserialize_with = "resource")]
    pub resource: ResourceName,
    /// What it is called in the buyer's wallet.
    #[serde(with = "description")]
    pub title: Description,
    /// What it costs, in satoshis.
    pub price_sat: Sat,
    /// How long a token of the scheme L402 lets in, in seconds.
    #[serde(default = "a_day")]
    pub valid_for_seconds: Bounded<1, 31_536_000>,
    /// Which schemes are offered.
    #[serde(default = "all_schemes", deserialize_with = "schemes")]
    pub schemes: Vec<PaywallScheme>,
}

/// How a program pays and shows that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PaywallScheme {
    /// A token that lets in until it is over.
    L402,
    /// A payment that lets in once.
    Payment,
}

const ALL_SCHEMES: [PaywallScheme; 2] = [PaywallScheme::L402, PaywallScheme::Payment];

/// What can be said about all of them.
pub(super) fn check_consistency(resources: &[PaywallConfig]) -> Result<(), ConfigError> {
    for (at, resource) in resources.iter().enumerate() {
        let wrong = |what: &str| {
            Err(ConfigError::Inconsistent(format!(
                "[[paywall]] {}: {what}",
                resource.resource
            )))
        };
        let earlier = &resources[..at];
        if earlier
            .iter()
            .any(|other| other.resource == resource.resource)
        {
            return wrong("there are two with this name");
        }
        if resource.title.as_str().is_empty() {
            return wrong("title must not be empty");
        }
        if resource.schemes.is_empty() {
            return wrong("schemes must not be empty");
        }
    }
    Ok(())
}

fn a_day() -> Bounded<1, 31_536_000> {
    Bounded::new(86_400)
}

fn all_schemes() -> Vec<PaywallScheme> {
    ALL_SCHEMES.into()
}

fn resource<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ResourceName, D::Error> {
    parsed(deserializer, ResourceName::parse)
}

fn resource_text<S: Serializer>(name: &ResourceName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name.as_str())
}

fn schemes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PaywallScheme>, D::Error> {
    let read = |name: String| match &*name {
        "l402" => Ok(PaywallScheme::L402),
        "payment" => Ok(PaywallScheme::Payment),
        _ => Err(de::Error::custom(refusal(
            &name,
            "must be \"l402\" or \"payment\"",
        ))),
    };
    list(deserializer)?.into_iter().map(read).collect()
}
