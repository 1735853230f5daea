//! Invoices that strangers make: by the form, or by renewing an expired one.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use crate::{
    config::LimitsConfig,
    invoices::Invoicing,
    web::{error::Problem, extract::client::Client, limits::rate::Rate},
};

/// Bounds them for each client, for all in a minute, and by how many are unpaid.
pub(crate) struct CreationLimit {
    each: Rate<Client>,
    all: Rate<()>,
    /// 0: without limit.
    max_unpaid: u32,
    /// How many there were, and when they were counted.
    unpaid: Mutex<Option<(Instant, u32)>>,
}

/// How long a count is used again. In between, no more can come than a minute's limit allows.
const COUNT_MAX_AGE: Duration = Duration::from_secs(1);

impl CreationLimit {
    pub(crate) fn new(limits: &LimitsConfig) -> Self {
        Self {
            each: Rate::per_minute(limits.invoices_per_client_per_minute.value()),
            all: Rate::per_minute(limits.invoices_per_minute.value()),
            max_unpaid: limits.unpaid_invoices.value(),
            unpaid: Mutex::default(),
        }
    }

    /// One more, of this client. A client with too many takes nothing from the others' share.
    ///
    /// # Errors
    /// [`Problem::RateLimited`], [`Problem::TooManyUnpaid`]; what keeps the store from counting.
    pub(crate) async fn admit(
        &self,
        client: &Client,
        invoicing: &Invoicing,
    ) -> Result<(), Problem> {
        self.each.check(client)?;
        self.all.check(&())?;
        if self.max_unpaid == 0 || self.count(invoicing).await? < self.max_unpaid {
            Ok(())
        } else {
            Err(Problem::TooManyUnpaid)
        }
    }

    /// Counted by one at a time; the others wait for that count.
    async fn count(&self, invoicing: &Invoicing) -> Result<u32, Problem> {
        let mut unpaid = self.unpaid.lock().await;
        if let Some((at, count)) = *unpaid
            && at.elapsed() < COUNT_MAX_AGE
        {
            return Ok(count);
        }
        let count = invoicing.count_unpaid(self.max_unpaid).await?;
        *unpaid = Some((Instant::now(), count));
        Ok(count)
    }
}
