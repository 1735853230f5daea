//! Whether LND is still the one whose payments were taken in, or was put back to an older state, or counts its payments
//! anew. An index alone does not tell.

use facture_domain::{PaymentHash, StoredHistory};
use serde::{Deserialize, Serialize};

use crate::{
    feed::page::Continuity,
    lnd::{client::Client, error::Error, invoice::Listed, state::InvoiceState},
};

/// So many of the last payments are remembered.
const MAX_REMEMBERED: usize = 2;

/// The last payments.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct History {
    payments: Vec<Payment>,
}

/// A payment, of an invoice of ours or not.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Payment {
    settle_index: u64,
    payment_hash: String,
}

impl History {
    pub(super) fn parse(stored: &StoredHistory) -> Option<Self> {
        serde_json::from_str(stored.as_str()).ok()
    }

    pub(super) fn stored(&self) -> StoredHistory {
        StoredHistory::new(serde_json::to_string(self).unwrap_or_default())
    }

    pub(super) fn remember<'a>(&mut self, taken_in: impl Iterator<Item = &'a Listed>) {
        let settled = taken_in.filter(|listed| listed.state() == InvoiceState::Settled);
        for listed in settled {
            // An AMP payment without an invoice has no hash to look it up by.
            let Some(payment_hash) = listed.payment_hash() else {
                continue;
            };
            let settle_index = listed.settle_index();
            if self
                .payments
                .last()
                .is_none_or(|last| last.settle_index < settle_index)
            {
                self.payments.push(Payment {
                    settle_index,
                    payment_hash: payment_hash.to_string(),
                });
            }
        }
        let surplus = self.payments.len().saturating_sub(MAX_REMEMBERED);
        self.payments.drain(..surplus);
    }

    /// Whether the node whose payments up to `settled` were taken in is still the same.
    pub(super) async fn verdict(&self, client: &Client, settled: u64) -> Result<Continuity, Error> {
        if settled == 0 {
            return Ok(Continuity::Same);
        }
        if self.payments.is_empty() {
            return Ok(Continuity::Unknown);
        }
        for payment in &self.payments {
            let Ok(hash) = payment.payment_hash.parse::<PaymentHash>() else {
                return Ok(Continuity::Unknown);
            };
            let found = client.lookup(hash).await?;
            if found.is_none_or(|found| !found.has_payment(payment.settle_index)) {
                return Ok(Continuity::Restored);
            }
        }
        Ok(Continuity::Same)
    }
}
