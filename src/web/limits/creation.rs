//! Limits for invoices created by strangers, with the form or by renewing an expired one.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use crate::{
    config::LimitsConfig,
    invoices::Invoicing,
    web::{error::Problem, extract::client::Client, limits::rate::Rate},
};

/// Limits them per client, in total per minute, and by the number of unpaid ones.
pub(crate) struct CreationLimit {
    each: Rate<Client>,
    all: Rate<()>,
    /// 0: no limit.
    max_unpaid: u32,
    /// The number of unpaid invoices, and when they were counted.
    unpaid: Mutex<Option<(Instant, u32)>>,
}

/// How long a count is reused. In between, no more can be added than the limit per minute allows.
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

    /// Admits one more from this client. A client over its limit takes nothing from the others' share.
    ///
    /// # Errors
    /// [`Problem::RateLimited`], [`Problem::TooManyUnpaid`], and errors counting in the store.
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

    /// Only one request counts at a time; the others wait for its result.
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
