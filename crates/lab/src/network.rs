//! What both nodes must have seen of the chain.

use crate::{
    bitcoind::Bitcoind,
    command::{TIMEOUT, until},
    link::Peer,
};

/// Waits until these nodes know the newest block. A payment from a node that lags behind expires too early for one that
/// does not.
///
/// # Errors
/// That they do not get to know it.
pub async fn chain_seen(bitcoind: &Bitcoind, peers: &[Peer<'_>]) -> anyhow::Result<()> {
    let height = bitcoind.height().await?;
    for peer in peers {
        until(
            &format!("block {height} at the {}", peer.name()),
            TIMEOUT,
            async || Ok((peer.seen_height().await? == Some(height)).then_some(())),
        )
        .await?;
    }
    Ok(())
}
