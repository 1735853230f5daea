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
use facture_domain::{Currency, Invoice, Status, Valuation};

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

    /// Values what can be valued. A currency without a rate keeps no other one waiting.
    async fn value_payments(&self) -> Result<Progress, Error> {
        let now = Timestamp::now();
        let since = now.saturating_sub(Valuation::MAX_DELAY).unwrap_or(now);
        let mut without_rate = Vec::new();
        loop {
            let payments = self.store.to_value(since, &without_rate, MAX_BATCH).await?;
            let is_last = payments.len() < MAX_BATCH.try_into().unwrap_or(usize::MAX);
            for invoice in &payments {
                let currency = invoice.order.rate.as_ref().map(|rate| rate.currency);
                if let Some(currency) = currency.filter(|it| !without_rate.contains(it))
                    && !self.value(invoice, currency).await?
                {
                    without_rate.push(currency);
                }
            }
            match (is_last, without_rate.is_empty()) {
                (true, true) => return Ok(Progress::Done),
                (true, false) => return Ok(Progress::Waiting),
                // What is to stop may do so in between.
                (false, true) => return Ok(Progress::More),
                (false, false) => {}
            }
        }
    }

    /// Fills in what a payment was worth; `false` when there is no rate for it at the moment.
    async fn value(&self, invoice: &Invoice, currency: Currency) -> Result<bool, Error> {
        let Status::Paid(settlement) = &invoice.status else {
            return Ok(true);
        };
        let quorum = Quorum::of(invoice.order.channel);
        let rate = match self.pricing.rate(currency, quorum).await {
            Ok(rate) => rate,
            Err(reason) => {
                tracing::debug!(%reason, "what a payment was worth is not known yet");
                return Ok(false);
            }
        };
        let Some(valuation) = Valuation::new(settlement, rate, Timestamp::now()) else {
            return Ok(false);
        };
        self.store.value(&invoice.label, valuation).await?;
        Ok(true)
    }
}
