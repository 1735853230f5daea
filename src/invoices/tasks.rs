//! Work that runs to completion, even when the request that asked for it is gone.

use std::future::Future;

use tracing::Instrument;

use crate::invoices::{error::Error, invoicing::Invoicing};

impl Invoicing {
    /// Runs it in a task of its own, which logs as part of the request that asked.
    pub(super) async fn run_to_completion<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.tasks.spawn(work.in_current_span()).await?
    }

    /// Waits until no invoice is being created or cancelled any more. New ones can still be started.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
