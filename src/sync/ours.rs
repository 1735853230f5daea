//! Telling our invoices from other programs', and from those of another facture on the same node.

use std::{collections::HashMap, sync::atomic::Ordering};

use crate::sync::{
    error::Error, follower::Follower, neighbour::Neighbour, ownership::Adoption, report::Report,
};
use facture_domain::{Label, LabelOwner, NodeId, OfferId};
use facture_node::Listed;

impl Follower {
    /// Decides it when the node is met for the first time since there is a key. To be called before the records are bound
    /// to the node.
    pub(super) async fn decide_ownership(&self, node: &NodeId) -> Result<(), Error> {
        let own = &self.ownership;
        let prefix = self.labels.prefix();
        let neighbour = own.neighbour.get_or_init(|| {
            let neighbour = Neighbour::look(node, prefix);
            if let Neighbour::Present = neighbour {
                tracing::warn!(
                    prefix = prefix.as_str(),
                    "another facture on this machine follows the same node with the same invoice.label_prefix: give \
                     each a prefix of its own"
                );
            }
            neighbour
        });
        if own.adoption != Adoption::Auto || own.key.unproven_until().is_some() {
            return Ok(());
        }
        let is_new = self.store.node().await?.is_none();
        let until = match (is_new, neighbour) {
            (true, Neighbour::Present) => 0,
            _ => self.node.created_count().await?,
        };
        own.key.set_unproven_until(until)?;
        own.all_new.store(is_new, Ordering::Relaxed);
        Ok(())
    }

    /// Those of them that are ours, with their labels.
    pub(super) async fn filter_own<'a>(
        &self,
        listed: &'a [Listed],
    ) -> Result<Vec<(Label, &'a Listed)>, Error> {
        let (mut own, mut unproven, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        let mut of_offers: HashMap<OfferId, Vec<_>> = HashMap::new();
        for listed in listed {
            match listed.owner(&self.labels) {
                LabelOwner::Ours(label) => own.push((label, listed)),
                LabelOwner::Unproven(label) if self.ownership.takes(listed.number()) => {
                    own.push((label, listed));
                }
                LabelOwner::Unproven(label) => unproven.push((label, listed)),
                LabelOwner::IfKnown(label) => unknown.push((label, listed)),
                LabelOwner::OfOffer { offer, label } => {
                    of_offers.entry(offer).or_default().push((label, listed));
                }
                LabelOwner::Foreign => {}
            }
        }
        if unproven.is_empty() && unknown.is_empty() && of_offers.is_empty() {
            return Ok(own);
        }
        for (offer, payments) in of_offers {
            if self.is_our_offer(&offer).await? {
                own.extend(payments);
            }
        }
        let labels: Vec<&str> = unproven
            .iter()
            .chain(&unknown)
            .map(|(label, _)| label.as_str())
            .collect();
        let known = self.store.known(&labels).await?;
        let all = unproven.len();
        unproven.retain(|(label, _)| known.contains(label.as_str()));
        if unproven.len() < all && !self.ownership.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                prefix = self.labels.prefix().as_str(),
                "invoices on the node have our invoice.label_prefix but were not made with our label key: they are left \
                 to another facture, which should have another prefix. If there is none, and label.key was lost: set \
                 invoice.adopt_labels = \"prefix\" and run `facture reconcile`"
            );
        }
        unknown.retain(|(label, _)| known.contains(label.as_str()));
        own.extend(unproven);
        own.extend(unknown);
        // In the order in which they were listed.
        own.sort_by_key(|(_, listed)| std::ptr::from_ref(*listed));
        Ok(own)
    }

    /// Says so when what was adopted may be another facture's. Later there is nothing to adopt but what we made.
    pub(super) fn warn_of_adopted(&self, report: &Report) {
        if self.ownership.all_new.swap(false, Ordering::Relaxed) && report.adopted > 0 {
            tracing::warn!(
                adopted = report.adopted,
                prefix = self.labels.prefix().as_str(),
                "records and label.key are new, and invoices with our invoice.label_prefix are on the node: they are \
                 taken for ours. If they are another facture's, stop, delete this data directory, and set another \
                 prefix or invoice.adopt_labels = \"own\""
            );
        }
    }
}
