//! Requests that may come twice and are to make one invoice: which label belongs to which key.

use jiff::{SignedDuration, Timestamp};

use super::{Error, Store};
use crate::invoice::Label;

/// A request that may come twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeatable {
    /// Whose key it is: the same text of two callers is two keys.
    pub scope: String,
    /// What the caller named it.
    pub key: String,
    /// A hash of the request: another one under the same key is refused.
    pub fingerprint: Vec<u8>,
    /// How long the key is remembered.
    pub memory: Memory,
}

/// How long a key is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// 48 hours: whoever repeats a request does so soon.
    Short,
    /// For ever.
    Long,
}

/// What a key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The one invoice of all such requests.
    For(Label),
    /// Another request came with this key.
    OtherRequest,
}

/// At least the 24 hours that clients know from other payment services.
const SHORT: SignedDuration = SignedDuration::from_hours(48);

impl Store {
    /// Binds a key to a label, for good: whichever of the same requests comes first, they all get its label. To be called
    /// before the node is asked, so that a crash in between leads back to the same label.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reserve(&self, request: &Repeatable, label: &Label) -> Result<Reserved, Error> {
        let now = Timestamp::now();
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM idempotency_keys WHERE forget_at < $1")
            .bind(now.as_second())
            .execute(&mut *work)
            .await?;
        let forget_at = match request.memory {
            Memory::Short => now.checked_add(SHORT).ok(),
            Memory::Long => None,
        };
        sqlx::query(
            "INSERT INTO idempotency_keys (scope, key, fingerprint, label, forget_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (scope, key) DO NOTHING",
        )
        .bind(&request.scope)
        .bind(&request.key)
        .bind(&request.fingerprint)
        .bind(label.as_str())
        .bind(forget_at.map(Timestamp::as_second))
        .execute(&mut *work)
        .await?;
        let (fingerprint, label): (Vec<u8>, String) = sqlx::query_as(
            "SELECT fingerprint, label FROM idempotency_keys WHERE scope = $1 AND key = $2",
        )
        .bind(&request.scope)
        .bind(&request.key)
        .fetch_one(&mut *work)
        .await?;
        work.commit().await?;
        Ok(if fingerprint == request.fingerprint {
            Reserved::For(Label::stored(label))
        } else {
            Reserved::OtherRequest
        })
    }

    /// The label that a key stands for, if it was used.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn reserved(&self, scope: &str, key: &str) -> Result<Option<Label>, Error> {
        let label: Option<String> =
            sqlx::query_scalar("SELECT label FROM idempotency_keys WHERE scope = $1 AND key = $2")
                .bind(scope)
                .bind(key)
                .fetch_optional(&self.readers)
                .await?;
        Ok(label.map(Label::stored))
    }
}
