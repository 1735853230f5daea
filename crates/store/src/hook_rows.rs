//! Rows of webhooks and what they mean.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    columns::row,
    error::Error,
    rows::{from_sql, json, timestamp},
};
use facture_domain::{
    EventKind, Hook, HookFormat, HookUrl, Label,
    hook::{
        Attempt, Delivery, DeliveryId, DeliveryState, Endpoint, EndpointId, EndpointState, Failure,
        HookSecret, Kinds, Outcome, Secrets,
    },
};

row! {
    insert
    /// An endpoint.
    EndpointRow of "endpoints" {
        id: String,
        label: Option<String>,
        url: String,
        receiver: String,
        format: String,
        kinds: Option<String>,
        state: String,
        created_at: i64,
        token: Option<String>,
    }
}

row! {
    /// What an endpoint's deliveries are signed with.
    SecretsRow of "secrets" {
        current: String,
        previous: Option<String>,
        previous_until: Option<i64>,
    }
}

row! {
    /// A delivery, as the owner of the shop sees it.
    DeliveryRow of "deliveries" {
        place: i64,
        id: String,
        endpoint: String,
        sequence: Option<i64>,
        state: String,
        attempts: i64,
        next_attempt_at: i64,
        created_at: i64,
        failure: Option<String>,
    }
}

row! {
    insert
    /// An attempt at a delivery.
    AttemptRow of "attempts" {
        delivery: i64,
        number: i64,
        started_at: i64,
        duration: i64,
        status: Option<i64>,
        failure: Option<String>,
        excerpt: String,
    }
}

impl EndpointRow {
    pub(super) fn of(endpoint: &Endpoint) -> Result<Self, Error> {
        let hook = &endpoint.hook;
        Ok(Self {
            id: endpoint.id.to_string(),
            label: endpoint.label.as_ref().map(Label::to_string),
            url: hook.url.as_str().to_owned(),
            receiver: hook.url.receiver(),
            format: hook.format.as_str().to_owned(),
            kinds: write_kinds(&endpoint.kinds)?,
            state: endpoint.state.as_str().to_owned(),
            created_at: endpoint.created_at.as_second(),
            token: hook.token.clone(),
        })
    }

    pub(super) fn read(self) -> Result<Endpoint, Error> {
        Ok(Endpoint {
            id: endpoint_id(&self.id)?,
            label: self.label.map(Label::stored),
            hook: hook(&self.url, &self.format, self.token)?,
            kinds: read_kinds(self.kinds.as_deref())?,
            state: EndpointState::parse(&self.state).ok_or(Error::Corrupt("endpoint"))?,
            created_at: timestamp(self.created_at)?,
        })
    }
}

impl SecretsRow {
    pub(super) fn read(self, now: Timestamp) -> Result<Secrets, Error> {
        let valid = |until| now.as_second() < until;
        let previous = match (self.previous, self.previous_until) {
            (Some(previous), Some(until)) if valid(until) => Some(secret(&previous)?),
            _ => None,
        };
        Ok(Secrets {
            current: secret(&self.current)?,
            previous,
        })
    }
}

impl DeliveryRow {
    pub(super) fn read(self) -> Result<Delivery, Error> {
        Ok(Delivery {
            id: delivery_id(&self.id)?,
            place: from_sql(self.place)?,
            endpoint: endpoint_id(&self.endpoint)?,
            sequence: self.sequence.map(from_sql).transpose()?,
            state: match self.state.as_str() {
                "pending" => DeliveryState::Pending(from_millis(self.next_attempt_at)?),
                "delivered" => DeliveryState::Delivered,
                "failed" => DeliveryState::Failed,
                "dropped" => DeliveryState::Dropped,
                _ => return Err(Error::Corrupt("delivery")),
            },
            attempts: from_sql(self.attempts)?,
            failure: self.failure,
            created_at: timestamp(self.created_at)?,
        })
    }
}

impl AttemptRow {
    /// The attempt of this number at the delivery with this place.
    pub(super) fn of(delivery: i64, number: i64, attempt: &Attempt) -> Result<Self, Error> {
        let (status, failure) = match attempt.outcome {
            Outcome::Answered(status) => (Some(i64::from(status)), None),
            Outcome::Failed(failure) => (None, Some(failure.as_str().to_owned())),
        };
        Ok(Self {
            delivery,
            number,
            started_at: attempt.started_at.as_millisecond(),
            duration: millis(attempt.duration)?,
            status,
            failure,
            excerpt: attempt.excerpt.clone(),
        })
    }

    pub(super) fn read(self) -> Result<Attempt, Error> {
        let failure = self.failure.as_deref().map(Failure::parse);
        let status = self.status.map(u16::try_from);
        Ok(Attempt {
            started_at: from_millis(self.started_at)?,
            duration: Duration::from_millis(from_sql(self.duration)?),
            outcome: match (status, failure) {
                (Some(Ok(status)), None) => Outcome::Answered(status),
                (None, Some(Some(failure))) => Outcome::Failed(failure),
                _ => return Err(Error::Corrupt("attempt")),
            },
            excerpt: self.excerpt,
        })
    }
}

pub(super) fn hook(url: &str, format: &str, token: Option<String>) -> Result<Hook, Error> {
    Ok(Hook {
        url: HookUrl::parse(url).map_err(|_| Error::Corrupt("endpoint"))?,
        format: HookFormat::parse(format).ok_or(Error::Corrupt("endpoint"))?,
        token,
    })
}

pub(super) fn delivery_id(text: &str) -> Result<DeliveryId, Error> {
    DeliveryId::parse(text).ok_or(Error::Corrupt("delivery"))
}

pub(super) fn endpoint_id(text: &str) -> Result<EndpointId, Error> {
    EndpointId::parse(text).ok_or(Error::Corrupt("endpoint"))
}

pub(super) fn read_kinds(names: Option<&str>) -> Result<Kinds, Error> {
    let Some(names) = names else {
        return Ok(Kinds::All);
    };
    let names: Vec<String> =
        serde_json::from_str(names).map_err(|_| Error::Corrupt("kinds of events"))?;
    let kinds = names.iter().map(|name| EventKind::parse(name));
    let kinds: Option<_> = kinds.collect();
    kinds
        .map(Kinds::Only)
        .ok_or(Error::Corrupt("kinds of events"))
}

pub(super) fn write_kinds(kinds: &Kinds) -> Result<Option<String>, Error> {
    match kinds {
        Kinds::All => Ok(None),
        Kinds::Only(kinds) => {
            let names: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
            Ok(Some(json(&names)?))
        }
    }
}

fn millis(duration: Duration) -> Result<i64, Error> {
    i64::try_from(duration.as_millis()).map_err(|_| Error::Corrupt("time"))
}

fn secret(text: &str) -> Result<HookSecret, Error> {
    HookSecret::parse(text).map_err(|_| Error::Corrupt("secret"))
}

fn from_millis(millis: i64) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(millis).map_err(|_| Error::Corrupt("time"))
}
