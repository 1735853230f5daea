//! Requests that may come twice and are to make one invoice: which label belongs to which key.

use std::collections::HashMap;

use bitcoin::hex::DisplayHex;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::SqliteConnection;

use super::{
    Error, Store,
    rows::{json, to_sql},
};
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

/// So many old keys are forgotten at once.
pub(super) const FORGOTTEN_AT_ONCE: u64 = 100;

impl Store {
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

/// Forgets keys that are over, a few at a time, so that nobody waits for the memory of a busy day. Returns how many.
pub(super) async fn forget_some(connection: &mut SqliteConnection) -> Result<u64, Error> {
    let forgotten = sqlx::query(
        "DELETE FROM idempotency_keys WHERE rowid IN ( \
             SELECT rowid FROM idempotency_keys WHERE forget_at < $1 ORDER BY forget_at LIMIT $2)",
    )
    .bind(Timestamp::now().as_second())
    .bind(to_sql(FORGOTTEN_AT_ONCE)?)
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}

/// A request, and the label that is its if it is the first of its kind.
#[derive(Serialize)]
struct Asked<'a> {
    scope: &'a str,
    key: &'a str,
    /// In hexadecimal.
    fingerprint: String,
    label: &'a str,
    forget_at: Option<i64>,
}

/// Whose label each key stands for from now on.
pub(super) async fn reserve(
    connection: &mut SqliteConnection,
    requests: &[(&Repeatable, &Label)],
) -> Result<Vec<Reserved>, Error> {
    let now = Timestamp::now();
    let short = now.checked_add(SHORT).ok().map(Timestamp::as_second);
    let asked: Vec<Asked<'_>> = requests
        .iter()
        .map(|(request, label)| Asked {
            scope: &request.scope,
            key: &request.key,
            fingerprint: request.fingerprint.to_lower_hex_string(),
            label: label.as_str(),
            forget_at: match request.memory {
                Memory::Short => short,
                Memory::Long => None,
            },
        })
        .collect();
    // One that is over and was not forgotten yet does not count.
    let rows: Vec<(String, String, Vec<u8>, String)> = sqlx::query_as(
        "INSERT INTO idempotency_keys (scope, key, fingerprint, label, forget_at) \
         SELECT value->>'scope', value->>'key', unhex(value->>'fingerprint'), value->>'label', value->>'forget_at' \
         FROM json_each($1) AS asked WHERE true ORDER BY asked.key \
         ON CONFLICT (scope, key) DO UPDATE SET \
         fingerprint = iif(forget_at < $2, excluded.fingerprint, fingerprint), \
         label = iif(forget_at < $2, excluded.label, label), \
         forget_at = iif(forget_at < $2, excluded.forget_at, forget_at) RETURNING scope, key, fingerprint, label",
    )
    .bind(json(&asked)?)
    .bind(now.as_second())
    .fetch_all(connection)
    .await?;
    let rows = rows.into_iter();
    let found: HashMap<(String, String), (Vec<u8>, String)> = rows
        .map(|(scope, key, fingerprint, label)| ((scope, key), (fingerprint, label)))
        .collect();
    let reserved = requests.iter().map(|(request, _)| {
        let place = (request.scope.clone(), request.key.clone());
        let (fingerprint, label) = found.get(&place).ok_or(Error::Damaged("key"))?;
        Ok(match *fingerprint == request.fingerprint {
            true => Reserved::For(Label::stored(label.clone())),
            false => Reserved::OtherRequest,
        })
    });
    reserved.collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn request(key: &str) -> Repeatable {
        Repeatable {
            scope: "shop".to_owned(),
            key: key.to_owned(),
            fingerprint: vec![1],
            memory: Memory::Short,
        }
    }

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
        let old_ones = async |expected: i64| {
            let query = "SELECT count(*) FROM idempotency_keys WHERE label = 'facture_old'";
            let counted = async {
                loop {
                    let left = sqlx::query_scalar::<_, i64>(query);
                    let left = left.fetch_one(&store.readers).await.unwrap();
                    if left == expected {
                        break;
                    }
                }
            };
            timeout(Duration::from_secs(20), counted).await.unwrap();
        };
        let label = Label::stored("facture_new".to_owned());
        let reserved = store.reserve(request("249"), label.clone()).await.unwrap();
        assert_eq!(reserved, Reserved::For(label.clone()));
        old_ones(249 - 100).await;
        let other = Label::stored("facture_other".to_owned());
        let again = store.reserve(request("249"), other).await.unwrap();
        assert_eq!(again, Reserved::For(label.clone()));
        // There may be more, and there are, and then there are none.
        old_ones(249 - 200).await;
        store.reserve(request("0"), label.clone()).await.unwrap();
        old_ones(0).await;
    }

    #[tokio::test]
    async fn where_no_key_was_old_some_may_be_fifty_keys_later() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let reserve = async |key: String| {
            let label = Label::stored("facture_new".to_owned());
            store.reserve(request(&key), label).await.unwrap()
        };
        reserve("first".to_owned()).await;
        // Its turn comes when the first forgetting is done.
        reserve("second".to_owned()).await;
        sqlx::query("UPDATE idempotency_keys SET forget_at = 1")
            .execute(&store.writer)
            .await
            .unwrap();
        for number in 0..50 {
            reserve(number.to_string()).await;
        }
        let forgotten = async { while store.reserved("shop", "first").await.unwrap().is_some() {} };
        timeout(Duration::from_secs(20), forgotten).await.unwrap();
    }

    #[tokio::test]
    async fn of_the_same_key_at_the_same_time_the_first_counts() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let asked = |scope: &str, fingerprint: u8, label: &str| {
            let request = Repeatable {
                scope: scope.to_owned(),
                key: "a \"key\"".to_owned(),
                fingerprint: vec![fingerprint, 0xff],
                memory: Memory::Long,
            };
            store.reserve(request, Label::stored(label.to_owned()))
        };
        // All in one piece: the queue is read when the first of them has to wait.
        let (first, again, other, elsewhere) = tokio::join!(
            asked("shop", 1, "facture_a"),
            asked("shop", 1, "facture_b"),
            asked("shop", 2, "facture_c"),
            asked("till", 2, "facture_d"),
        );
        let label = |label: &str| Reserved::For(Label::stored(label.to_owned()));
        assert_eq!(first.unwrap(), label("facture_a"));
        assert_eq!(again.unwrap(), label("facture_a"));
        assert_eq!(other.unwrap(), Reserved::OtherRequest);
        assert_eq!(elsewhere.unwrap(), label("facture_d"));
    }
}
