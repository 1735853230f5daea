//! Which payments have let somebody in, once each.

use jiff::Timestamp;

use crate::{error::Error, store::Store};
use facture_domain::PaymentHash;

/// What became of a payment that is to let somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentUse {
    /// This is its use.
    First,
    /// It was used before.
    Again,
}

/// So many payments that could not be used any more are forgotten at each use.
const MAX_FORGOTTEN: u32 = 10;

/// How long they are remembered beyond their end, in seconds: the clock may be set back.
const MARGIN: i64 = 24 * 3600;

impl Store {
    /// Uses a payment up, which could be used until `expires`: of many at the same time, one is the first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn use_payment(
        &self,
        payment_hash: PaymentHash,
        expires: Timestamp,
    ) -> Result<PaymentUse, Error> {
        self.write(move |unit| {
            let used = unit.execute(
                "INSERT INTO paywall_uses (payment_hash, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                (payment_hash.to_string(), expires.as_second()),
            )?;
            unit.execute(
                "DELETE FROM paywall_uses WHERE payment_hash IN \
                 (SELECT payment_hash FROM paywall_uses WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)",
                (unit.now().as_second() - MARGIN, MAX_FORGOTTEN),
            )?;
            Ok(match used {
                0 => PaymentUse::Again,
                _ => PaymentUse::First,
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn hash(byte: u8) -> PaymentHash {
        PaymentHash::from_bytes([byte; 32])
    }

    #[tokio::test]
    async fn of_many_uses_at_the_same_time_one_is_the_first() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let end = Timestamp::now() + SignedDuration::from_mins(1);
        let uses = (0..20).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.use_payment(hash(1), end).await.unwrap() })
        });
        let uses: Vec<_> = uses.collect();
        let mut first = 0;
        for used in uses {
            first += usize::from(used.await.unwrap() == PaymentUse::First);
        }
        assert_eq!(first, 1);
        let other = store.use_payment(hash(2), end).await.unwrap();
        assert_eq!(other, PaymentUse::First);
        store.close().await;
        let store = Store::open(directory.path()).await.unwrap();
        let again = store.use_payment(hash(1), end).await.unwrap();
        assert_eq!(again, PaymentUse::Again, "after a restart, too");
    }

    #[tokio::test]
    async fn what_is_long_over_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let long_ago = Timestamp::now() - SignedDuration::from_hours(25);
        let lately = Timestamp::now() - SignedDuration::from_hours(23);
        for (byte, end) in [(1, long_ago), (2, lately)] {
            store.use_payment(hash(byte), end).await.unwrap();
        }
        let rows = store
            .query(|connection| {
                let count = "SELECT count(*) FROM paywall_uses";
                Ok(connection
                    .prepare_cached(count)?
                    .query_row([], |row| row.get::<i64>(0))?)
            })
            .await
            .unwrap();
        assert_eq!(rows, 1);
    }
}
