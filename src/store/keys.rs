//! Requests that may come twice and are to make one invoice: which label belongs to which key.

use jiff::{SignedDuration, Timestamp};

use sqlx::SqliteConnection;

use super::{Error, Store, making::Job};
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

/// So many old keys are forgotten with each unit of work that reserves new ones, which are fewer.
const FORGOTTEN_AT_ONCE: i64 = 100;

impl Store {
    /// Binds a key to a label, for good: whichever of the same requests comes first, they all get its label. To be called
    /// before the node is asked, so that a crash in between leads back to the same label.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reserve(&self, request: Repeatable, label: Label) -> Result<Reserved, Error> {
        self.making
            .done(|answer| Job::Reserve {
                request,
                label,
                answer,
            })
            .await
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

/// Inside a unit of work that reserves some: forgets keys that are over, a few at a time, so that nobody waits for the
/// memory of a busy day.
pub(super) async fn forget_some(work: &mut SqliteConnection) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM idempotency_keys WHERE rowid IN ( \
             SELECT rowid FROM idempotency_keys WHERE forget_at < $1 ORDER BY forget_at LIMIT $2)",
    )
    .bind(Timestamp::now().as_second())
    .bind(FORGOTTEN_AT_ONCE)
    .execute(work)
    .await?;
    Ok(())
}

/// Inside a unit of work: whose label the key stands for from now on.
pub(super) async fn reserve(
    work: &mut SqliteConnection,
    request: &Repeatable,
    label: &Label,
) -> Result<Reserved, Error> {
    let now = Timestamp::now();
    let forget_at = match request.memory {
        Memory::Short => now.checked_add(SHORT).ok(),
        Memory::Long => None,
    };
    // One that is over and was not forgotten yet does not count.
    let (fingerprint, label): (Vec<u8>, String) = sqlx::query_as(
        "INSERT INTO idempotency_keys (scope, key, fingerprint, label, forget_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (scope, key) DO UPDATE SET \
         fingerprint = iif(forget_at < $6, excluded.fingerprint, fingerprint), \
         label = iif(forget_at < $6, excluded.label, label), \
         forget_at = iif(forget_at < $6, excluded.forget_at, forget_at) RETURNING fingerprint, label",
    )
    .bind(&request.scope)
    .bind(&request.key)
    .bind(&request.fingerprint)
    .bind(label.as_str())
    .bind(forget_at.map(Timestamp::as_second))
    .bind(now.as_second())
    .fetch_one(work)
    .await?;
    Ok(if fingerprint == request.fingerprint {
        Reserved::For(Label::stored(label))
    } else {
        Reserved::OtherRequest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn old_keys_are_forgotten_little_by_little_and_never_count() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        for number in 0..250 {
            sqlx::query(
                "INSERT INTO idempotency_keys VALUES ('shop', $1, x'00', 'facture_old', 1)",
            )
            .bind(number.to_string())
            .execute(&store.writer)
            .await
            .unwrap();
        }
        let request = Repeatable {
            scope: "shop".to_owned(),
            key: "249".to_owned(),
            fingerprint: vec![1],
            memory: Memory::Short,
        };
        let label = Label::stored("facture_new".to_owned());
        let reserved = store.reserve(request.clone(), label.clone()).await.unwrap();
        assert_eq!(reserved, Reserved::For(label.clone()));
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM idempotency_keys")
            .fetch_one(&store.readers)
            .await
            .unwrap();
        assert_eq!(left, 250 - 100);
        let other = Label::stored("facture_other".to_owned());
        let again = store.reserve(request, other).await.unwrap();
        assert_eq!(again, Reserved::For(label));
    }
}
