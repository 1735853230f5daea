//! The payments that Alice has begun on her page. They are forgotten when the page's process ends; her node knows them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use facture_lab::{Decoded, Lab, Paid};
use tokio::sync::oneshot;

use crate::cli::lab::Bolt11Text;

/// How many are remembered.
const MAX_PAYMENTS: usize = 100;

/// All of them, by number. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Payments(Arc<Mutex<BTreeMap<u64, Payment>>>);

/// One payment.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    /// What the invoice says it is for.
    pub(super) description: String,
    /// What the invoice asks for, in millisatoshis.
    pub(super) asked_msat: Option<u64>,
    /// What has come of it.
    pub(super) outcome: Outcome,
}

/// What has come of a payment.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// It is under way: the merchant may be holding it.
    Pending,
    /// It succeeded.
    Paid(Paid),
    /// It failed, in the node's words.
    Failed(String),
}

impl Payments {
    /// Begins to pay. The receiver is done when the payment is.
    pub(super) fn start(
        &self,
        lab: &Arc<Lab>,
        bolt11: Bolt11Text,
        decoded: Decoded,
    ) -> (u64, oneshot::Receiver<()>) {
        let id = self.add(Payment {
            description: decoded.description,
            asked_msat: decoded.amount_msat,
            outcome: Outcome::Pending,
        });
        let (finished, done) = oneshot::channel();
        let (payments, lab) = (self.clone(), Arc::clone(lab));
        tokio::spawn(async move {
            let outcome = match lab.alice.pay(bolt11.as_str(), None).await {
                Ok(paid) => Outcome::Paid(paid),
                Err(error) => Outcome::Failed(format!("{error:#}")),
            };
            if let Some(payment) = payments.all().get_mut(&id) {
                payment.outcome = outcome;
            }
            // Nobody may be waiting any more.
            let _ = finished.send(());
        });
        (id, done)
    }

    /// The payment with this number, if it is still remembered.
    pub(super) fn find(&self, id: u64) -> Option<Payment> {
        self.all().get(&id).cloned()
    }

    fn add(&self, payment: Payment) -> u64 {
        let mut all = self.all();
        let id = all.last_key_value().map_or(1, |(last, _)| last + 1);
        all.insert(id, payment);
        if all.len() > MAX_PAYMENTS {
            all.pop_first();
        }
        id
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<u64, Payment>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_payments_are_remembered() {
        let payments = Payments::default();
        for number in 1..=150 {
            let payment = Payment {
                description: number.to_string(),
                asked_msat: None,
                outcome: Outcome::Pending,
            };
            assert_eq!(payments.add(payment), number);
        }
        assert!(payments.find(50).is_none());
        assert_eq!(payments.find(51).unwrap().description, "51");
        assert!(payments.find(151).is_none());
    }
}
