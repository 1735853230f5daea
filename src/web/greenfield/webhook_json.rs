//! A webhook as BTCPay writes it, and as it is asked for.

use serde::Serialize;

use super::{events::kinds, refusal::Refusal};
use crate::{web::json_fields::JsonFields, webhooks::Webhooks};
use facture_domain::{
    HookUrl,
    hook::{BtcpayEndpoint, BtcpaySecret, Disabled, Endpoint, EndpointState, Kinds, Redelivery},
};

/// A webhook. The secret is in the answer to its creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookJson {
    id: String,
    enabled: bool,
    automatic_redelivery: bool,
    url: String,
    authorized_events: AuthorizedEventsJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizedEventsJson {
    everything: bool,
    specific_events: Vec<String>,
}

/// What a shop wants a webhook to be.
pub(crate) struct Wanted {
    pub(crate) url: HookUrl,
    pub(crate) state: EndpointState,
    pub(crate) events: Option<Vec<String>>,
    pub(crate) redelivery: Redelivery,
    /// `None`: it is generated, or stays what it is.
    pub(crate) secret: Option<BtcpaySecret>,
}

/// The most names of events, and how long each may be.
const MAX_EVENTS: usize = 100;
const MAX_EVENT_BYTES: usize = 100;

impl WebhookJson {
    /// Without its secret.
    pub(crate) fn new(endpoint: &Endpoint, settings: &BtcpayEndpoint) -> Self {
        Self {
            id: endpoint.id.to_string(),
            enabled: endpoint.state == EndpointState::Enabled,
            automatic_redelivery: settings.redelivery == Redelivery::Automatic,
            url: endpoint.hook.url.as_str().to_owned(),
            authorized_events: AuthorizedEventsJson {
                everything: settings.events.is_none(),
                specific_events: settings.events.clone().unwrap_or_default(),
            },
            secret: None,
        }
    }

    /// With it.
    pub(crate) fn with_secret(self, settings: &BtcpayEndpoint) -> Self {
        Self {
            secret: Some(settings.secret.expose().to_owned()),
            ..self
        }
    }
}

impl Wanted {
    /// Reads it. Only `url` is needed.
    pub(crate) fn read(webhooks: &Webhooks, sent: &JsonFields) -> Result<Self, Refusal> {
        let refused = |error: &dyn std::fmt::Display| Refusal::invalid("url", error);
        let url = sent.text("url")?.unwrap_or_default();
        let url = HookUrl::parse(&url).map_err(|error| refused(&error))?;
        webhooks.check(&url).map_err(|error| refused(&error))?;
        let is_off = |name| Ok::<_, Refusal>(sent.raw(name).is_some() && !sent.flag(name)?);
        let secret = sent.text("secret")?.filter(|secret| !secret.is_empty());
        let secret = secret.map(|secret| secret.parse()).transpose();
        Ok(Self {
            url,
            state: match is_off("enabled")? {
                true => EndpointState::Disabled(Disabled::ByOwner),
                false => EndpointState::Enabled,
            },
            events: events(sent)?,
            redelivery: match is_off("automaticRedelivery")? {
                true => Redelivery::Never,
                false => Redelivery::Automatic,
            },
            secret: secret.map_err(|error| Refusal::invalid("secret", error))?,
        })
    }

    /// The events of ours that it is for.
    pub(crate) fn kinds(&self) -> Kinds {
        kinds(self.events.as_deref())
    }
}

/// The names of the events that are asked for; `None`: all.
fn events(sent: &JsonFields) -> Result<Option<Vec<String>>, Refusal> {
    let field = "authorizedEvents.specificEvents";
    let Some(authorized) = sent.object("authorizedEvents")? else {
        return Ok(None);
    };
    if authorized.flag("everything")? {
        return Ok(None);
    }
    let names = authorized.texts("specificEvents");
    let names = names
        .map_err(|error| Refusal::invalid(field, format_args!("must be {}", error.expected)))?;
    let names = names.unwrap_or_default();
    let fit = names.len() <= MAX_EVENTS && names.iter().all(|name| name.len() <= MAX_EVENT_BYTES);
    match fit {
        true => Ok(Some(names)),
        false => Err(Refusal::invalid(field, "has too many events")),
    }
}
