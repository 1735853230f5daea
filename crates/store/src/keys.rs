//! Idempotency keys: requests that may come twice and create one invoice. Each key belongs to a label.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::{
    error::Error,
    fixed_price::PriceJson,
    key_sweep::MAX_FORGOTTEN,
    sql::{Durability, OptionalExtension},
    store::Store,
    unit::UnitOfWork,
    writer::Timing,
};
use facture_domain::{
    FixedPrice, Label,
    idempotency::{IdempotentRequest, KeyRetention},
};

/// Whose keys the labels of expired invoices are, when others are made in their place.
pub const RENEWALS: &str = "renewal";

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
    /// The label that a key stands for, if it was used.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn reserved(&self, scope: &str, key: &str) -> Result<Option<Label>, Error> {
        self.lookup(|connection| {
            let label = connection
                .prepare_cached("SELECT label FROM idempotency_keys WHERE scope = ?1 AND key = ?2")?
                .query_row([scope, key], |row| row.get(0))
                .optional()?;
            Ok(label.map(Label::stored))
        })
    }

    /// What the price of a request was fixed to when it came before.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn fixed_price(
        &self,
        request: &IdempotentRequest,
    ) -> Result<Option<FixedPrice>, Error> {
        self.lookup(|connection| {
            let sql = "SELECT price FROM idempotency_keys \
                 WHERE scope = ?1 AND key = ?2 AND fingerprint = ?3 AND (forget_at IS NULL OR forget_at >= ?4)";
            let now = Timestamp::now().as_second();
            let price: Option<Option<String>> = connection
                .prepare_cached(sql)?
                .query_row(
                    (&request.scope, &request.key, &request.fingerprint, now),
                    |row| row.get(0),
                )
                .optional()?;
            price.flatten().as_deref().map(PriceJson::read).transpose()
        })
    }

    /// Binds a key to a label, for good: whichever of the same requests comes first, they all get its label. To be called
    /// before the node is asked, so that a crash in between leads back to the same label. A power cut may forget it, as
    /// long as no invoice was created since: what is on the disk of an invoice is there after what was reserved for it.
    ///
    /// `fixed`: what its price in another currency is. The first one counts, and is the answer.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reserve(
        &self,
        request: IdempotentRequest,
        label: Label,
        fixed: Option<FixedPrice>,
    ) -> Result<(Reserved, Option<FixedPrice>), Error> {
        let reserved = self
            .writer
            .run(Durability::Relaxed, Timing::Soon, move |unit| {
                reserve(unit, &request, &label, fixed.as_ref())
            })
            .await?;
        // While the node is asked.
        if self.key_sweep.is_due() {
            let sweep = Arc::clone(&self.key_sweep);
            self.writer.try_enqueue(move |unit| {
                if forget_some(unit)? >= MAX_FORGOTTEN {
                    // There may be more.
                    sweep.repeat();
                }
                Ok(())
            });
        }
        Ok(reserved)
    }
}

impl Store {
    /// Gives a key back that was reserved for this label: no invoice was made for it.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn release(&self, scope: &str, key: &str, label: Label) -> Result<(), Error> {
        let (scope, key) = (scope.to_owned(), key.to_owned());
        self.writer
            .run(Durability::Relaxed, Timing::Soon, move |unit| {
                unit.execute(
                    "DELETE FROM idempotency_keys WHERE scope = ?1 AND key = ?2 AND label = ?3",
                    (&scope, &key, label.as_str()),
                )
            })
            .await?;
        Ok(())
    }
}

/// Forgets keys that are over, a few at a time, so that nobody waits for the memory of a busy day. Returns how many.
fn forget_some(unit: &UnitOfWork<'_>) -> Result<u32, Error> {
    let forgotten = unit.execute(
        "DELETE FROM idempotency_keys WHERE (scope, key) IN ( \
             SELECT scope, key FROM idempotency_keys WHERE forget_at < ?1 ORDER BY forget_at LIMIT ?2)",
        (unit.now().as_second(), MAX_FORGOTTEN),
    )?;
    Ok(u32::try_from(forgotten).unwrap_or(u32::MAX))
}

/// Whose label a key stands for from now on.
fn reserve(
    unit: &UnitOfWork<'_>,
    request: &IdempotentRequest,
    label: &Label,
    fixed: Option<&FixedPrice>,
) -> Result<(Reserved, Option<FixedPrice>), Error> {
    let now = unit.now();
    let forget_at = match request.retention {
        KeyRetention::Short => now.checked_add(SHORT).ok().map(Timestamp::as_second),
        KeyRetention::Forever => None,
    };
    // One that is over and was not forgotten yet does not count.
    let written = unit.execute(
        "INSERT INTO idempotency_keys (scope, key, fingerprint, label, forget_at, price) VALUES (?1, ?2, ?3, ?4, ?5, ?7) \
         ON CONFLICT (scope, key) DO UPDATE SET \
         fingerprint = excluded.fingerprint, label = excluded.label, forget_at = excluded.forget_at, price = excluded.price \
         WHERE idempotency_keys.forget_at < ?6",
        (
            &request.scope,
            &request.key,
            &request.fingerprint,
            label.as_str(),
            forget_at,
            now.as_second(),
            fixed.map(PriceJson::text).transpose()?,
        ),
    )?;
    if written > 0 {
        return Ok((Reserved::For(label.clone()), fixed.cloned()));
    }
    let (fingerprint, label, price): (Vec<u8>, String, Option<String>) = unit
        .prepare(
            "SELECT fingerprint, label, price FROM idempotency_keys WHERE scope = ?1 AND key = ?2",
        )?
        .query_row([&request.scope, &request.key], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    Ok(match fingerprint == request.fingerprint {
        true => {
            let fixed = price.as_deref().map(PriceJson::read).transpose()?;
            (Reserved::For(Label::stored(label)), fixed)
        }
        false => (Reserved::OtherRequest, None),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn request(key: &str) -> IdempotentRequest {
        IdempotentRequest {
            scope: "shop".to_owned(),
            key: key.to_owned(),
            fingerprint: vec![1],
            retention: KeyRetention::Short,
        }
    }

    #[tokio::test]
    async fn old_keys_are_forgotten_little_by_little_and_never_count() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        store
            .write(|unit| {
                for number in 0..250 {
                    unit.execute(
                        "INSERT INTO idempotency_keys VALUES ('shop', ?1, x'00', 'facture_old', 1, NULL)",
                        [number.to_string()],
                    )?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let old_ones = async |expected: i64| {
            let query = "SELECT count(*) FROM idempotency_keys WHERE label = 'facture_old'";
            let counted = async {
                loop {
                    let left = store.lookup(|connection| {
                        Ok(connection
                            .prepare_cached(query)?
                            .query_row([], |row| row.get::<i64>(0))?)
                    });
                    let left = left.unwrap();
                    tokio::task::yield_now().await;
                    if left == expected {
                        break;
                    }
                }
            };
            timeout(Duration::from_secs(20), counted).await.unwrap();
        };
        let label = Label::stored("facture_new".to_owned());
        let reserved = store
            .reserve(request("249"), label.clone(), None)
            .await
            .unwrap();
        assert_eq!(reserved.0, Reserved::For(label.clone()));
        old_ones(249 - 100).await;
        let other = Label::stored("facture_other".to_owned());
        let again = store.reserve(request("249"), other, None).await.unwrap();
        assert_eq!(again.0, Reserved::For(label.clone()));
        // There may be more, and there are, and then there are none.
        old_ones(249 - 200).await;
        store
            .reserve(request("0"), label.clone(), None)
            .await
            .unwrap();
        old_ones(0).await;
    }

    #[tokio::test]
    async fn where_no_key_was_old_some_may_be_fifty_keys_later() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let reserve = async |key: String| {
            let label = Label::stored("facture_new".to_owned());
            store.reserve(request(&key), label, None).await.unwrap()
        };
        reserve("first".to_owned()).await;
        // Its turn comes when the first forgetting is done.
        reserve("second".to_owned()).await;
        store
            .write(|unit| unit.execute("UPDATE idempotency_keys SET forget_at = 1", []))
            .await
            .unwrap();
        for number in 0..50 {
            reserve(number.to_string()).await;
        }
        let forgotten = async {
            while store.reserved("shop", "first").await.unwrap().is_some() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), forgotten).await.unwrap();
    }

    #[tokio::test]
    async fn of_the_same_key_at_the_same_time_the_first_counts() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let asked = |scope: &str, fingerprint: u8, label: &str| {
            let request = IdempotentRequest {
                scope: scope.to_owned(),
                key: "a \"key\"".to_owned(),
                fingerprint: vec![fingerprint, 0xff],
                retention: KeyRetention::Forever,
            };
            store.reserve(request, Label::stored(label.to_owned()), None)
        };
        // All in one piece: the queue is read when the first of them has to wait.
        let (first, again, other, elsewhere) = tokio::join!(
            asked("shop", 1, "facture_a"),
            asked("shop", 1, "facture_b"),
            asked("shop", 2, "facture_c"),
            asked("till", 2, "facture_d"),
        );
        let label = |label: &str| (Reserved::For(Label::stored(label.to_owned())), None);
        assert_eq!(first.unwrap(), label("facture_a"));
        assert_eq!(again.unwrap(), label("facture_a"));
        assert_eq!(other.unwrap().0, Reserved::OtherRequest);
        assert_eq!(elsewhere.unwrap(), label("facture_d"));
    }
}
