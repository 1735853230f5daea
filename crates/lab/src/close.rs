//! Closing the channel of a lab.

use std::{pin::pin, time::Duration};

use anyhow::bail;

use crate::{
    command::{TIMEOUT, until},
    lab::Lab,
};

/// How long a node is waited for before blocks are mined for it.
const ANSWER: Duration = Duration::from_millis(200);

impl Lab {
    /// Closes the channel in agreement, and confirms that; the money is in the wallets then.
    ///
    /// # Errors
    /// That there is none, or that a payment is under way in it; the node's.
    pub async fn close(&self) -> anyhow::Result<()> {
        let link = self.link();
        let Some(channel) = link.payer.channel().await? else {
            bail!("there is no open channel; `facture lab up` opens one");
        };
        if channel.payments > 0 {
            bail!(
                "a payment is under way in the channel: `facture lab settle` or `facture lab cancel` ends one that is held"
            );
        }
        let before = link.payer.coins_sat().await?;
        let close = link.payer.close(&channel);
        let mut close = pin!(close);
        // lncli answers only when the closing is confirmed, lightning-cli when both have signed it.
        let mut answered = false;
        until("the closed channel", TIMEOUT, async || {
            if !answered {
                let asked = tokio::time::timeout(ANSWER, &mut close);
                if let Ok(answer) = asked.await {
                    answer?;
                    answered = true;
                }
            }
            link.confirm().await?;
            let gone = !link.payer.has_pending_channel().await?;
            let paid_out = link.payer.coins_sat().await? > before;
            Ok((answered && gone && paid_out).then_some(()))
        })
        .await
    }
}
