//! Offers of ours on the node. One is ours by its label; the node tells nothing when one is made or disabled, so they are
//! looked up when something is paid by one that is not known, and all of them when the records may be older than the node.

use jiff::Timestamp;

use crate::sync::{error::Error, follower::Follower};
use facture_domain::{Label, LabelOwner, Offer, OfferId, OurLabels};
use facture_node::{ListedOffer, NodeError, NodeErrorKind, Offering};

/// The most offers of other programs that are remembered as such.
const MAX_FOREIGN: usize = 10_000;

impl Follower {
    /// Whether an offer by which something was paid is ours.
    pub(super) async fn is_our_offer(&self, id: &OfferId) -> Result<bool, Error> {
        if self.store.find_offer(id).await?.is_some() {
            return Ok(true);
        }
        let mut foreign = self.foreign_offers.lock().await;
        if foreign.contains(id) {
            return Ok(false);
        }
        let Some(offering) = self.node.offering() else {
            return Ok(false);
        };
        let Some(found) = allowed(offering.find(id).await)? else {
            return Ok(false);
        };
        match found.and_then(|found| ours(&self.labels, found)) {
            Some(offer) => {
                self.store.put_offer(offer).await?;
                Ok(true)
            }
            None => {
                if foreign.len() >= MAX_FOREIGN {
                    foreign.clear();
                }
                foreign.insert(*id);
                Ok(false)
            }
        }
    }

    /// Takes in all offers of ours, as the node has them.
    pub(super) async fn adopt_offers(&self) -> Result<(), Error> {
        match self.node.offering() {
            Some(offering) => adopt(&self.store, &self.labels, &offering).await,
            None => Ok(()),
        }
    }
}

async fn adopt(
    store: &facture_store::Store,
    labels: &OurLabels,
    offering: &Offering,
) -> Result<(), Error> {
    let listed = allowed(offering.list().await)?.unwrap_or_default();
    for offer in listed.into_iter().filter_map(|offer| ours(labels, offer)) {
        store.put_offer(offer).await?;
    }
    Ok(())
}

/// `None` where the node has no offers, or our credential does not let us see them: then there are none of ours.
fn allowed<T>(answer: Result<T, NodeError>) -> Result<Option<T>, NodeError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error)
            if matches!(
                error.kind(),
                NodeErrorKind::Forbidden | NodeErrorKind::Unsupported
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The offer, if our key made its label.
fn ours(labels: &OurLabels, listed: ListedOffer) -> Option<Offer> {
    let label: Label = match labels.owner(listed.label.as_deref()?) {
        LabelOwner::Ours(label) => label,
        _ => return None,
    };
    Some(Offer {
        id: listed.id,
        label,
        bolt12: listed.bolt12,
        state: listed.state,
        created_at: Timestamp::now(),
    })
}
