//! What payments were worth in the currency of their price when they arrived. No payment waits for that: it is filled in right
//! after, or later, and then marked.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    invoices::{error::Error, invoicing::Invoicing},
    pricing::Quorum,
};
use facture_domain::{Status, Valuation};

/// The most that are looked at, one after the other.
const MAX_BATCH: u32 = 100;

/// The pause before a rate is asked for again.
const RETRY_DELAY: Duration = Duration::from_secs(60);

/// What is left to be filled in.
enum Progress {
    Done,
    More,
    /// There is no rate for it at the moment.
    Waiting,
}

impl Invoicing {
    /// Fills in what payments were worth, as they arrive, until `stopping` is cancelled. What waited for a rate for a day stays
    /// empty: the rate of another day is none of that payment.
    pub async fn run_valuation(&self, stopping: CancellationToken) {
        let mut events = self.hub.listen_all();
        loop {
            let progress = self.value_payments().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "what payments were worth could not be filled in");
                Progress::Waiting
            });
            let pause = match progress {
                Progress::More => {
                    if stopping.is_cancelled() {
                        return;
                    }
                    continue;
                }
                Progress::Done => None,
                Progress::Waiting => Some(RETRY_DELAY),
            };
            tokio::select! {
                () = stopping.cancelled() => return,
                () = events.changed(), if pause.is_none() => {}
                () = sleep(pause.unwrap_or_default()), if pause.is_some() => {}
            }
        }
    }

    async fn value_payments(&self) -> Result<Progress, Error> {
        let now = Timestamp::now();
        let since = now.saturating_sub(Valuation::MAX_DELAY).unwrap_or(now);
        let payments = self.store.to_value(since, MAX_BATCH).await?;
        let is_last = payments.len() < MAX_BATCH.try_into().unwrap_or(usize::MAX);
        let mut left = 0;
        for invoice in &payments {
            let (Status::Paid(settlement), Some(rate)) = (&invoice.status, &invoice.order.rate)
            else {
                continue;
            };
            let quorum = Quorum::of(invoice.order.channel);
            match self.pricing.rate(rate.currency, quorum).await {
                Ok(rate) => {
                    let now = Timestamp::now();
                    match Valuation::new(settlement, rate, now) {
                        Some(valuation) => self.store.value(&invoice.label, valuation).await?,
                        None => left += 1,
                    }
                }
                Err(reason) => {
                    left += 1;
                    tracing::debug!(%reason, "what a payment was worth is not known yet");
                }
            }
        }
        Ok(match (left, is_last) {
            (0, true) => Progress::Done,
            (0, false) => Progress::More,
            _ => Progress::Waiting,
        })
    }
}
