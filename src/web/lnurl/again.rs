//! A wallet that asks again within a minute gets the same invoice, unless that can no longer be paid.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use quick_cache::unsync::Cache;

use super::reply::LnurlError;
use crate::{invoices::Invoicing, web::error::Problem};
use facture_domain::{Invoice, Status};

/// So many invoices of the same request are paid in a minute, at most.
const MAX_PAID_PER_MINUTE: u32 = 20;

/// For how long the same request gets the same invoice, in seconds.
const MINUTE: i64 = 60;

/// How many requests are remembered. More than come in a minute, as creating is limited.
const CAPACITY: usize = 4096;

/// When each request came first: its minute begins then. Kept in memory; after a restart the minutes are the clock's, until a
/// request comes anew.
pub(crate) struct RecentRequests {
    hasher: RandomState,
    /// Hash of the request, and the second in which it came. Two that share a hash share a minute, and nothing else.
    first: Mutex<Cache<u64, i64>>,
}

impl Default for RecentRequests {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            first: Mutex::new(Cache::new(CAPACITY)),
        }
    }
}

impl RecentRequests {
    /// What a request is called within a minute of the first like it, and what it is called when what was made before can no longer
    /// be paid.
    pub(super) fn keys(&self, request: &str) -> impl Iterator<Item = String> {
        let minute = self.begun(request, Timestamp::now().as_second()) / MINUTE;
        (0..MAX_PAID_PER_MINUTE).map(move |number| format!("{minute} {number} {request}"))
    }

    /// The second in which the minute of a request begins that comes in the second `now`.
    fn begun(&self, request: &str, now: i64) -> i64 {
        let hash = self.hasher.hash_one(request);
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        match first.get(&hash) {
            Some(begun) if (0..MINUTE).contains(&(now - begun)) => *begun,
            _ => {
                first.insert(hash, now);
                now
            }
        }
    }
}

/// Whether the invoice of a request can still be paid, as far as is known.
///
/// # Errors
/// [`LnurlError`] when that cannot be looked up.
pub(super) async fn is_payable(invoicing: &Invoicing, made: &Invoice) -> Result<bool, LnurlError> {
    let found = invoicing.find(&made.label).await.map_err(Problem::from)?;
    Ok(found.is_none_or(|found| found.invoice.status == Status::Unpaid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_begins_with_the_first_request() {
        let recent = RecentRequests::default();
        // The last second of a minute of the clock.
        assert_eq!(recent.begun("tea", 59), 59);
        assert_eq!(recent.begun("tea", 60), 59);
        assert_eq!(recent.begun("tea", 118), 59);
        assert_eq!(recent.begun("coffee", 118), 118);
        assert_eq!(recent.begun("tea", 119), 119);
        // The clock was set back.
        assert_eq!(recent.begun("tea", 100), 100);
    }

    #[test]
    fn no_two_minutes_of_a_request_have_the_same_name() {
        let recent = RecentRequests::default();
        let mut names: Vec<_> = (0..600)
            .map(|second| recent.begun("tea", second) / MINUTE)
            .collect();
        names.dedup();
        assert_eq!(names, Vec::from_iter(0..10));
    }
}
