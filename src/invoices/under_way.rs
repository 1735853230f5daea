//! Work that is done to its end, even when whoever asked for it is gone.

use std::future::Future;

use tracing::Instrument;

use crate::invoices::invoicing::{Error, Invoicing};

impl Invoicing {
    /// In a task of its own, which logs as part of the request that asked.
    pub(super) async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.under_way.spawn(work.in_current_span()).await?
    }

    /// Waits until no invoice is being made or cancelled any more. New ones can still be started.
    pub async fn finish(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }
}
