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
        Self::set(&mut self.codes(), id, Sent::Code(code));
    }

    /// Stores why the payer does not take this code, unless another one has come since. `None`: it does not say which.
    pub(super) fn refuse(&self, id: PayoutId, code: Option<&ApprovalCode>, reason: String) {
        let mut codes = self.codes();
        let is_newer = match (codes.get(&id), code) {
            (Some((_, Sent::Code(stored))), Some(refused)) => stored != refused,
            _ => false,
        };
        if !is_newer {
            Self::set(&mut codes, id, Sent::Refused(reason));
        }
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

    fn set(codes: &mut HashMap<PayoutId, (Instant, Sent)>, id: PayoutId, sent: Sent) {
        codes.retain(|_, (at, _)| at.elapsed() < REFUSAL_LIFETIME);
        codes.insert(id, (Instant::now(), sent));
    }

    fn codes(&self) -> MutexGuard<'_, HashMap<PayoutId, (Instant, Sent)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_of_the_code_that_was_refused() {
        let (codes, id) = (Codes::default(), PayoutId::random());
        let [old, new] = ["111111", "222222"].map(|code| ApprovalCode::parse(code).unwrap());
        codes.insert(id.clone(), old.clone());
        codes.insert(id.clone(), new.clone());
        codes.refuse(id.clone(), Some(&old), "wrong".to_owned());
        assert_eq!(codes.code(&id), Some(new.clone()));
        assert_eq!(codes.refusal(&id), None);
        codes.refuse(id.clone(), Some(&new), "wrong".to_owned());
        assert_eq!(codes.code(&id), None);
        assert_eq!(codes.refusal(&id).as_deref(), Some("wrong"));
        codes.insert(id.clone(), new);
        codes.refuse(id.clone(), None, "none is taken".to_owned());
        assert_eq!(codes.refusal(&id).as_deref(), Some("none is taken"));
    }
}
