//! Rows of webhooks and what they mean.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::rows::{from_sql, json, timestamp};
use facture_domain::{
    EventKind, Hook, HookFormat, HookUrl, Label,
    hook::{
        Attempt, Delivery, DeliveryId, DeliveryState, Endpoint, EndpointId, EndpointState, Failure,
        HookSecret, Kinds, Outcome, Secrets,
    },
};

#[derive(Debug)]
pub(super) struct EndpointRow {
    id: String,
    label: Option<String>,
    url: String,
    format: String,
    kinds: Option<String>,
    state: String,
    created_at: i64,
    token: Option<String>,
}

pub(super) struct SecretsRow {
    current: String,
    previous: Option<String>,
    previous_until: Option<i64>,
}

#[derive(Debug)]
pub(super) struct DeliveryRow {
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

#[derive(Debug)]
pub(super) struct AttemptRow {
    started_at: i64,
    duration: i64,
    status: Option<i64>,
    failure: Option<String>,
    excerpt: String,
}

impl EndpointRow {
    pub(super) const SELECT: &str =
        "SELECT id, label, url, format, kinds, state, created_at, token FROM endpoints";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            label: row.get(1)?,
            url: row.get(2)?,
            format: row.get(3)?,
            kinds: row.get(4)?,
            state: row.get(5)?,
            created_at: row.get(6)?,
            token: row.get(7)?,
        })
    }

    pub(super) fn read(self) -> Result<Endpoint, Error> {
        Ok(Endpoint {
            id: endpoint_id(&self.id)?,
            label: self.label.map(Label::stored),
            hook: hook(&self.url, &self.format, self.token)?,
            kinds: read_kinds(self.kinds.as_deref())?,
            state: EndpointState::parse(&self.state).ok_or(Error::Damaged("endpoint"))?,
            created_at: timestamp(self.created_at)?,
        })
    }
}

impl SecretsRow {
    pub(super) const SELECT: &str = "SELECT current, previous, previous_until FROM secrets";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            current: row.get(0)?,
            previous: row.get(1)?,
            previous_until: row.get(2)?,
        })
    }

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
    pub(super) const SELECT: &str = "SELECT place, id, endpoint, sequence, state, attempts, next_attempt_at, created_at, failure \
         FROM deliveries";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            place: row.get(0)?,
            id: row.get(1)?,
            endpoint: row.get(2)?,
            sequence: row.get(3)?,
            state: row.get(4)?,
            attempts: row.get(5)?,
            next_attempt_at: row.get(6)?,
            created_at: row.get(7)?,
            failure: row.get(8)?,
        })
    }

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
                _ => return Err(Error::Damaged("delivery")),
            },
            attempts: from_sql(self.attempts)?,
            failure: self.failure,
            created_at: timestamp(self.created_at)?,
        })
    }
}

impl AttemptRow {
    pub(super) const SELECT: &str =
        "SELECT started_at, duration, status, failure, excerpt FROM attempts";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            started_at: row.get(0)?,
            duration: row.get(1)?,
            status: row.get(2)?,
            failure: row.get(3)?,
            excerpt: row.get(4)?,
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
                _ => return Err(Error::Damaged("attempt")),
            },
            excerpt: self.excerpt,
        })
    }
}

pub(super) fn hook(url: &str, format: &str, token: Option<String>) -> Result<Hook, Error> {
    Ok(Hook {
        url: HookUrl::parse(url).map_err(|_| Error::Damaged("endpoint"))?,
        format: HookFormat::parse(format).ok_or(Error::Damaged("endpoint"))?,
        token,
    })
}

pub(super) fn delivery_id(text: &str) -> Result<DeliveryId, Error> {
    DeliveryId::parse(text).ok_or(Error::Damaged("delivery"))
}

pub(super) fn endpoint_id(text: &str) -> Result<EndpointId, Error> {
    EndpointId::parse(text).ok_or(Error::Damaged("endpoint"))
}

pub(super) fn read_kinds(names: Option<&str>) -> Result<Kinds, Error> {
    let Some(names) = names else {
        return Ok(Kinds::All);
    };
    let names: Vec<String> =
        serde_json::from_str(names).map_err(|_| Error::Damaged("kinds of events"))?;
    let kinds = names.iter().map(|name| EventKind::parse(name));
    let kinds: Option<_> = kinds.collect();
    kinds
        .map(Kinds::Only)
        .ok_or(Error::Damaged("kinds of events"))
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

pub(super) fn millis(duration: Duration) -> Result<i64, Error> {
    i64::try_from(duration.as_millis()).map_err(|_| Error::Damaged("time"))
}

fn secret(text: &str) -> Result<HookSecret, Error> {
    HookSecret::parse(text).map_err(|_| Error::Damaged("secret"))
}

fn from_millis(millis: i64) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(millis).map_err(|_| Error::Damaged("time"))
}
