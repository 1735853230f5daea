//! Which invoices of a node are ours, and how a new one of ours is identified.

use std::{collections::HashSet, sync::Arc};

use crate::{
    bolt11::PaymentHash,
    identity::Identity,
    label::{Label, LabelKey, LabelPrefix},
    label_of_hash::HashLabels,
    offer::OfferId,
    preimage::Preimage,
};

/// Which invoices are ours: those that were made with our key, and those that were imported.
#[derive(Clone, Debug)]
pub struct OurLabels {
    prefix: LabelPrefix,
    key: LabelKey,
    hash_labels: HashLabels,
    scheme: LabelScheme,
    imported: Arc<HashSet<Label>>,
}

/// Where labels come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelScheme {
    /// The node has labels, and we choose them.
    Chosen,
    /// The node has none: a label follows from the payment hash.
    OfPaymentHash,
}

/// Whose an invoice on the node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelOwner {
    /// Ours: it was made with our key, or imported.
    Ours(Label),
    /// It has our prefix, but was not made with our key: by another facture, by this one before there were keys, or with
    /// a key that was lost.
    Unproven(Label),
    /// Ours if our records have this label; otherwise another program's. The node does not yet tell its preimage.
    IfKnown(Label),
    /// It was paid by this offer: ours if the offer is.
    OfOffer {
        /// The offer.
        offer: OfferId,
        /// The label that it has as ours.
        label: Label,
    },
    /// Another program's.
    Foreign,
}

impl OurLabels {
    /// Those with this prefix and of this key, and these.
    pub fn new(
        prefix: LabelPrefix,
        key: LabelKey,
        scheme: LabelScheme,
        imported: impl IntoIterator<Item = Label>,
    ) -> Self {
        Self {
            hash_labels: HashLabels::new(prefix.clone(), key.clone()),
            prefix,
            key,
            scheme,
            imported: Arc::new(imported.into_iter().collect()),
        }
    }

    /// The identity of a new invoice. Nobody can guess its label.
    pub fn random_identity(&self) -> Identity {
        match self.scheme {
            LabelScheme::Chosen => Identity::Label(self.key.random_label(&self.prefix)),
            LabelScheme::OfPaymentHash => self.of_preimage(self.hash_labels.random_preimage()),
        }
    }

    /// The identity of the invoice of the request that `scope` calls `key`: the same whenever it is asked for, also after
    /// our records were lost. Nobody who does not have the label key can guess its label.
    pub fn identity_of_request(&self, scope: &str, key: &str) -> Identity {
        match self.scheme {
            LabelScheme::Chosen => {
                Identity::Label(self.key.label_of_request(&self.prefix, scope, key))
            }
            LabelScheme::OfPaymentHash => {
                self.of_preimage(self.hash_labels.preimage_of_request(scope, key))
            }
        }
    }

    /// The identity of an invoice that is to have this label; `None` where labels cannot be chosen.
    pub fn identity_of_label(&self, label: Label) -> Option<Identity> {
        match self.scheme {
            LabelScheme::Chosen => Some(Identity::Label(label)),
            LabelScheme::OfPaymentHash => None,
        }
    }

    fn of_preimage(&self, preimage: Preimage) -> Identity {
        Identity::Preimage {
            label: self.hash_labels.label(preimage.payment_hash()),
            preimage,
        }
    }

    /// Reads a label; `None` when it cannot be one of ours.
    pub fn parse_label(&self, text: &str) -> Option<Label> {
        let imported = || self.imported.get(&Label::stored(text.to_owned())).cloned();
        self.prefix.parse_label(text).or_else(imported)
    }

    /// Whose an invoice with this label is.
    pub fn owner(&self, text: &str) -> LabelOwner {
        if let Some(imported) = self.imported.get(&Label::stored(text.to_owned())) {
            return LabelOwner::Ours(imported.clone());
        }
        match self.prefix.parse_label(text) {
            None => LabelOwner::Foreign,
            Some(label) if self.key.made(&self.prefix, &label) => LabelOwner::Ours(label),
            Some(label) => LabelOwner::Unproven(label),
        }
    }

    /// Whose the payment of an offer is, which the node calls `node_label`.
    pub fn owner_of_offer_payment(&self, offer: OfferId, node_label: &str) -> LabelOwner {
        let label = self.key.label_of_offer_payment(&self.prefix, node_label);
        LabelOwner::OfOffer { offer, label }
    }

    /// A label for a new offer, by which it is known to be ours. Nobody can guess it.
    pub fn random_offer_label(&self) -> Label {
        self.key.random_label(&self.prefix)
    }

    /// The label for the offer of the request that `scope` calls `key`.
    pub fn offer_label_of_request(&self, scope: &str, key: &str) -> Label {
        let scope = format!("offer {scope}");
        self.key.label_of_request(&self.prefix, &scope, key)
    }

    /// Whose an invoice without a label is. The preimage of a held payment is not known yet.
    pub fn owner_of_hash(
        &self,
        payment_hash: PaymentHash,
        preimage: Option<&Preimage>,
    ) -> LabelOwner {
        match preimage {
            Some(preimage) => match self.hash_labels.label_of_ours(preimage) {
                Some(label) => LabelOwner::Ours(label),
                // The shop may have brought its own.
                None => LabelOwner::IfKnown(self.hash_labels.label(payment_hash)),
            },
            None => LabelOwner::IfKnown(self.hash_labels.label(payment_hash)),
        }
    }

    /// What they begin with.
    pub fn prefix(&self) -> &LabelPrefix {
        &self.prefix
    }

    /// Where labels come from.
    pub fn scheme(&self) -> LabelScheme {
        self.scheme
    }

    /// The label of the invoice with this payment hash, on a node that has no labels.
    pub(crate) fn label_of_hash(&self, payment_hash: PaymentHash) -> Label {
        self.hash_labels.label(payment_hash)
    }

    /// The key that they are made with.
    pub(crate) fn key(&self) -> &LabelKey {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(key: LabelKey, scheme: LabelScheme) -> OurLabels {
        OurLabels::new(LabelPrefix::default(), key, scheme, [])
    }

    #[test]
    fn a_label_shows_whose_key_made_it() {
        let ours = labels(LabelKey::random(), LabelScheme::Chosen);
        let theirs = labels(LabelKey::random(), LabelScheme::Chosen);
        for identity in [
            ours.random_identity(),
            ours.identity_of_request("shop", "1"),
        ] {
            let label = identity.label();
            assert_eq!(ours.owner(label.as_str()), LabelOwner::Ours(label.clone()));
            let unproven = LabelOwner::Unproven(label.clone());
            assert_eq!(theirs.owner(label.as_str()), unproven);
        }
        let before = LabelPrefix::default().random_label();
        assert_eq!(
            ours.owner(before.as_str()),
            LabelOwner::Unproven(before.clone())
        );
        assert_eq!(ours.owner("another-program"), LabelOwner::Foreign);
        let imported = Label::imported("V1StGXR8_Z5jdHi6B-myT").unwrap();
        let with = OurLabels::new(
            LabelPrefix::default(),
            LabelKey::random(),
            LabelScheme::Chosen,
            [imported.clone()],
        );
        assert_eq!(with.owner(imported.as_str()), LabelOwner::Ours(imported));
    }

    #[test]
    fn a_preimage_shows_whose_key_made_it() {
        let ours = labels(LabelKey::random(), LabelScheme::OfPaymentHash);
        let theirs = labels(LabelKey::random(), LabelScheme::OfPaymentHash);
        for identity in [
            ours.random_identity(),
            ours.identity_of_request("shop", "1"),
        ] {
            let Identity::Preimage { label, preimage } = identity else {
                panic!("{identity:?}");
            };
            let hash = preimage.payment_hash();
            let owner = ours.owner_of_hash(hash, Some(&preimage));
            assert_eq!(owner, LabelOwner::Ours(label.clone()));
            let held = ours.owner_of_hash(hash, None);
            assert_eq!(held, LabelOwner::IfKnown(label.clone()));
            let other = theirs.owner_of_hash(hash, Some(&preimage));
            assert!(matches!(other, LabelOwner::IfKnown(foreign) if foreign != label));
        }
    }

    #[test]
    fn a_request_has_one_label_and_no_other_has_it() {
        for scheme in [LabelScheme::Chosen, LabelScheme::OfPaymentHash] {
            let key = LabelKey::random();
            let again = LabelKey::parse(&key.expose()).unwrap();
            let (ours, later) = (labels(key, scheme), labels(again, scheme));
            let identity = ours.identity_of_request("shop", "order-7");
            assert_eq!(later.identity_of_request("shop", "order-7"), identity);
            for (scope, key) in [
                ("shop", "order-8"),
                ("shopo", "rder-7"),
                ("", "shoporder-7"),
            ] {
                let other = ours.identity_of_request(scope, key);
                assert_ne!(other.label(), identity.label());
            }
            let other = labels(LabelKey::random(), scheme);
            assert_ne!(other.identity_of_request("shop", "order-7"), identity);
        }
    }
}
