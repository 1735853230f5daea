//! How hold invoices of ours are identified, and how they are known again when the records were lost.

use std::collections::HashMap;

use crate::{
    bolt11::PaymentHash,
    hold::{HoldNonce, HoldSecret},
    label::Label,
    our_labels::{LabelScheme, OurLabels},
    preimage::Preimage,
};

/// What identifies a hold invoice that the node is yet to create. It is chosen before the node is asked, so that asking
/// again creates no second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldIdentity {
    /// Its label.
    pub label: Label,
    /// Its payment hash.
    pub payment_hash: PaymentHash,
    /// Who has the preimage.
    pub secret: HoldSecret,
}

impl OurLabels {
    /// The preimage of a hold invoice of ours. Until it is settled, it is a secret.
    pub fn hold_preimage(&self, nonce: &HoldNonce) -> Preimage {
        self.key().hold_preimage(nonce)
    }

    /// The identity of a new hold invoice. Where labels follow from payment hashes, `counter` must never have been used.
    pub fn hold_identity(&self, counter: u64) -> HoldIdentity {
        match self.scheme() {
            LabelScheme::Chosen => self.hold_of_label(self.key().random_label(self.prefix())),
            LabelScheme::OfPaymentHash => self.hold_of_nonce(HoldNonce::of_counter(counter)),
        }
    }

    /// The identity of the hold invoice of the request that `scope` calls `request`: the same whenever it is asked for.
    pub fn hold_identity_of_request(&self, scope: &str, request: &str) -> HoldIdentity {
        match self.scheme() {
            LabelScheme::Chosen => {
                let label = self.key().label_of_request(self.prefix(), scope, request);
                self.hold_of_label(label)
            }
            LabelScheme::OfPaymentHash => {
                self.hold_of_nonce(HoldNonce::of_request(self.key(), scope, request))
            }
        }
    }

    /// The identity of a hold invoice for a payment hash of the shop's own; `None` where labels are chosen: such nodes need
    /// the preimage.
    pub fn hold_identity_of_hash(&self, payment_hash: PaymentHash) -> Option<HoldIdentity> {
        match self.scheme() {
            LabelScheme::Chosen => None,
            LabelScheme::OfPaymentHash => Some(HoldIdentity {
                label: self.label_of_hash(payment_hash),
                payment_hash,
                secret: HoldSecret::OfShop,
            }),
        }
    }

    /// The identity of a hold invoice that is to have this label; `None` where labels cannot be chosen.
    pub fn hold_identity_of_label(&self, label: Label) -> Option<HoldIdentity> {
        match self.scheme() {
            LabelScheme::Chosen => Some(self.hold_of_label(label)),
            LabelScheme::OfPaymentHash => None,
        }
    }

    fn hold_of_label(&self, label: Label) -> HoldIdentity {
        let nonce = HoldNonce::of_label(&label);
        HoldIdentity {
            payment_hash: self.hold_preimage(&nonce).payment_hash(),
            secret: HoldSecret::Ours(nonce),
            label,
        }
    }

    fn hold_of_nonce(&self, nonce: HoldNonce) -> HoldIdentity {
        let payment_hash = self.hold_preimage(&nonce).payment_hash();
        HoldIdentity {
            label: self.label_of_hash(payment_hash),
            payment_hash,
            secret: HoldSecret::Ours(nonce),
        }
    }

    /// Who has the preimage of a hold invoice that is on a node with labels, and not in our records.
    pub fn hold_secret(&self, label: &Label, payment_hash: PaymentHash) -> HoldSecret {
        let nonce = HoldNonce::of_label(label);
        match self.hold_preimage(&nonce).payment_hash() == payment_hash {
            true => HoldSecret::Ours(nonce),
            false => HoldSecret::OfShop,
        }
    }

    /// The first so many hold invoices that were made by counting, by their payment hashes: to know those again that are on
    /// a node without labels, and not in our records.
    pub fn counted_holds(&self, counters: u64) -> HashMap<PaymentHash, HoldSecret> {
        let nonces = (0..counters).map(HoldNonce::of_counter);
        nonces
            .map(|nonce| {
                let hash = self.hold_preimage(&nonce).payment_hash();
                (hash, HoldSecret::Ours(nonce))
            })
            .collect()
    }

    /// The label of a hold invoice that a node without labels lists; it may be another program's.
    pub fn label_of_hold(&self, payment_hash: PaymentHash) -> Label {
        self.label_of_hash(payment_hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LabelKey, LabelPrefix};

    fn ours() -> OurLabels {
        with(LabelScheme::Chosen)
    }

    fn with(scheme: LabelScheme) -> OurLabels {
        let key = LabelKey::parse(&"07".repeat(32)).unwrap();
        OurLabels::new(LabelPrefix::default(), key, scheme, [])
    }

    #[test]
    fn lost_records_are_rebuilt_from_the_label_or_by_counting() {
        for made in [
            ours().hold_identity(0),
            ours().hold_identity_of_request("shop", "7"),
        ] {
            let found = ours().hold_secret(&made.label, made.payment_hash);
            assert_eq!(found, made.secret);
            let other = ours().hold_identity(0).label;
            let found = ours().hold_secret(&other, made.payment_hash);
            assert_eq!(found, HoldSecret::OfShop);
        }
        let lnd = with(LabelScheme::OfPaymentHash);
        let made = lnd.hold_identity(7);
        assert_eq!(lnd.label_of_hold(made.payment_hash), made.label);
        let found = |counters| {
            let counted = lnd.counted_holds(counters);
            counted.get(&made.payment_hash).copied()
        };
        assert_eq!((found(7), found(8)), (None, Some(made.secret)));
        // A settled one is known by its preimage.
        let HoldSecret::Ours(nonce) = made.secret else {
            panic!("it is ours");
        };
        let preimage = lnd.hold_preimage(&nonce);
        let owner = lnd.owner_of_hash(made.payment_hash, Some(&preimage));
        assert_eq!(owner, crate::LabelOwner::Ours(made.label.clone()));
        let shops = lnd.hold_identity_of_hash(made.payment_hash).unwrap();
        assert_eq!(
            (shops.label, shops.secret),
            (made.label, HoldSecret::OfShop)
        );
        assert_eq!(ours().hold_identity_of_hash(made.payment_hash), None);
        assert_eq!(
            lnd.hold_identity_of_request("shop", "7"),
            lnd.hold_identity_of_request("shop", "7")
        );
    }
}
