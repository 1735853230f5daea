//! Held payments of items: taken as long as there are some left, sent back otherwise.

use std::time::Duration;

use facture_domain::Label;
use facture_store::SaleClaimed;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{error::Error, service::Reveals};

/// How many are read at once.
const PAGE: u32 = 100;

/// The pause after an error.
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// After something happened, what happens right after it is waited for.
const SETTLING: Duration = Duration::from_millis(5);

impl Reveals {
    /// Decides about held payments of items as they come, until `stopping` is cancelled.
    pub async fn run_holds(&self, stopping: CancellationToken) {
        let mut events = self.invoicing.listen_all();
        loop {
            let pause = match self.decide_held().await {
                Ok(()) => None,
                Err(error) => {
                    tracing::warn!(%error, "held payments of items could not be decided");
                    Some(RETRY_DELAY)
                }
            };
            let next = async {
                match pause {
                    Some(pause) => sleep(pause).await,
                    None => {
                        events.changed().await;
                        sleep(SETTLING).await;
                    }
                }
            };
            if stopping.run_until_cancelled(next).await.is_none() {
                return;
            }
        }
    }

    /// Decides about all that are held now. What was decided before a crash is decided the same way again.
    async fn decide_held(&self) -> Result<(), Error> {
        let mut failed = None;
        for label in self.store.held_sales(PAGE).await? {
            // One that cannot be decided does not keep the others waiting.
            if let Err(error) = self.decide(&label).await {
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn decide(&self, label: &Label) -> Result<(), Error> {
        match self.store.claim_sale(label).await? {
            SaleClaimed::Done => drop(self.invoicing.settle(label, None).await?),
            SaleClaimed::SoldOut => {
                tracing::info!(?label, "an item is sold out: its held payment is sent back");
                self.invoicing.cancel(label).await?;
            }
        }
        Ok(())
    }
}
