//! The codes that owners send with an approval, on their way to the payer, which alone can check them. They are kept in
//! memory and for a short time only: nobody writes them down.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use facture_domain::payout::{ApprovalCode, PayoutId};

/// A code is good for less than this.
const LIFETIME: Duration = Duration::from_secs(120);

/// For so long it is shown that a code was refused.
const REFUSAL_LIFETIME: Duration = Duration::from_secs(3600);

/// The last code of each payout, or what the payer said of it.
#[derive(Debug, Default)]
pub(super) struct Codes(Mutex<HashMap<PayoutId, (Instant, Sent)>>);

/// What has become of a code.
#[derive(Debug)]
enum Sent {
    /// The payer has not looked at it.
    Code(ApprovalCode),
    /// The payer does not take it, for this reason.
    Refused(String),
}

impl Codes {
    /// Stores a code for the payer.
    pub(super) fn insert(&self, id: PayoutId, code: ApprovalCode) {
        self.set(id, Sent::Code(code));
    }

    /// Stores why the payer does not take a code.
    pub(super) fn refuse(&self, id: PayoutId, reason: String) {
        self.set(id, Sent::Refused(reason));
    }

    /// The code that the payer is to look at.
    pub(super) fn code(&self, id: &PayoutId) -> Option<ApprovalCode> {
        match self.codes().get(id)? {
            (at, Sent::Code(code)) if at.elapsed() < LIFETIME => Some(code.clone()),
            _ => None,
        }
    }

    /// Why the payer does not take the last code.
    pub(super) fn refusal(&self, id: &PayoutId) -> Option<String> {
        match self.codes().get(id)? {
            (at, Sent::Refused(reason)) if at.elapsed() < REFUSAL_LIFETIME => Some(reason.clone()),
            _ => None,
        }
    }

    fn set(&self, id: PayoutId, sent: Sent) {
        let mut codes = self.codes();
        codes.retain(|_, (at, _)| at.elapsed() < REFUSAL_LIFETIME);
        codes.insert(id, (Instant::now(), sent));
    }

    fn codes(&self) -> MutexGuard<'_, HashMap<PayoutId, (Instant, Sent)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
