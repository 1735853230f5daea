//! Labels for a node that has none, such as LND: the label follows from the payment hash, and the preimage shows whose
//! key made it. No table is needed to know our invoices again: the node and the key file suffice.
//!
//! - preimage = 16 bytes ‖ the first 16 bytes of HMAC-SHA256(key, "preimage" ‖ 0 ‖ those 16 bytes)
//! - label = prefix + the first 16 bytes of HMAC-SHA256(key, "payment hash" ‖ 0 ‖ payment hash), in hexadecimal
//!
//! The first 16 bytes are random, so the preimage of an unpaid invoice cannot be computed even with the key. For a request
//! that may be repeated they are derived from the request instead: then the payment hash is the same again, and the node
//! refuses the second invoice.

use bitcoin::hex::DisplayHex;

use crate::{
    bolt11::PaymentHash,
    label::{Label, LabelKey, LabelPrefix},
    preimage::Preimage,
};

/// Half of a preimage, in bytes: what is chosen, and what proves that it was chosen by us.
const HALF: usize = 16;

/// Makes preimages and labels with one key and prefix.
#[derive(Clone, Debug)]
pub struct HashLabels {
    prefix: LabelPrefix,
    key: LabelKey,
}

impl HashLabels {
    /// With this prefix and this key.
    pub fn new(prefix: LabelPrefix, key: LabelKey) -> Self {
        Self { prefix, key }
    }

    /// A preimage that nobody can guess.
    pub fn random_preimage(&self) -> Preimage {
        self.preimage(rand::random())
    }

    /// The preimage of the request that `scope` calls `key`: the same whenever it is asked for, also after our records
    /// were lost. Nobody who does not have the label key can guess it.
    pub fn preimage_of_request(&self, scope: &str, key: &str) -> Preimage {
        // With its length, no two scopes and keys are the same bytes.
        let length = u64::try_from(scope.len()).unwrap_or(u64::MAX);
        let parts = [&length.to_be_bytes()[..], scope.as_bytes(), key.as_bytes()];
        self.preimage(self.key.hmac("preimage of a request", &parts))
    }

    /// The label of the invoice with this payment hash, ours or not.
    pub fn label(&self, payment_hash: PaymentHash) -> Label {
        let digits: [u8; HALF] = self.key.hmac("payment hash", &[&payment_hash.to_bytes()]);
        let prefix = self.prefix.as_str();
        Label::stored(format!("{prefix}{}", digits.to_lower_hex_string()))
    }

    /// The label of the invoice with this preimage; `None` when the preimage was not made with our key, so that the
    /// invoice is another program's. One of theirs passes for ours once in 2^128.
    pub fn label_of_ours(&self, preimage: &Preimage) -> Option<Label> {
        let (chosen, _) = preimage.expose().split_first_chunk::<HALF>()?;
        (self.preimage(*chosen) == *preimage).then(|| self.label(preimage.payment_hash()))
    }

    fn preimage(&self, chosen: [u8; HALF]) -> Preimage {
        self.key.preimage(chosen)
    }
}

impl LabelKey {
    /// The preimage whose first half is this; the second half shows that it was made with this key.
    pub(crate) fn preimage(&self, chosen: [u8; HALF]) -> Preimage {
        let proof: [u8; HALF] = self.hmac("preimage", &[&chosen]);
        let mut whole = [0; 2 * HALF];
        let (first, second) = whole.split_at_mut(HALF);
        first.copy_from_slice(&chosen);
        second.copy_from_slice(&proof);
        Preimage::from_bytes(whole)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(key: &str) -> HashLabels {
        HashLabels::new(LabelPrefix::default(), LabelKey::parse(key).unwrap())
    }

    fn ours() -> HashLabels {
        labels(&"07".repeat(32))
    }

    /// What is on a node must be known again by every later version: these values may never change.
    #[test]
    fn the_scheme_is_what_it_was() {
        let preimage = ours().preimage([1; HALF]);
        assert_eq!(
            preimage.expose().to_lower_hex_string(),
            "01010101010101010101010101010101e28fb25b7fe168a33352ce43e0fac965"
        );
        assert_eq!(
            ours().label_of_ours(&preimage).unwrap().as_str(),
            "facture_3d1694a8d00797eebae868e1b3c1d8fc"
        );
        assert_eq!(
            ours()
                .preimage_of_request("shop", "order-7")
                .expose()
                .to_lower_hex_string(),
            "99257d2d65c44bee7b6904d568414ca3a2c8c6afbb272eaea051ebadccfffb70"
        );
    }

    #[test]
    fn our_invoices_are_known_by_their_preimage() {
        let preimage = ours().random_preimage();
        let label = ours().label_of_ours(&preimage).unwrap();
        assert_eq!(label, ours().label(preimage.payment_hash()));
        assert_eq!(
            LabelPrefix::default().parse_label(label.as_str()),
            Some(label)
        );
        let theirs = labels(&"08".repeat(32));
        assert_eq!(theirs.label_of_ours(&preimage), None);
        assert_ne!(ours().random_preimage(), preimage);
    }

    #[test]
    fn a_request_has_one_preimage_and_no_other_has_it() {
        let preimage = ours().preimage_of_request("shop", "order-7");
        assert_eq!(ours().preimage_of_request("shop", "order-7"), preimage);
        assert!(ours().label_of_ours(&preimage).is_some());
        for (scope, key) in [
            ("shop", "order-8"),
            ("shopo", "rder-7"),
            ("", "shoporder-7"),
        ] {
            assert_ne!(ours().preimage_of_request(scope, key), preimage);
        }
    }

    #[test]
    fn debug_shows_neither_key_nor_preimage() {
        let shown = format!("{:?} {:?}", ours(), ours().random_preimage());
        assert!(shown.contains("LabelKey(…)") && shown.contains("Preimage(…)"));
        assert!(!shown.contains("0707"));
    }

    proptest! {
        #[test]
        fn other_preimages_are_not_ours(bytes in any::<[u8; 32]>()) {
            prop_assert_eq!(ours().label_of_ours(&Preimage::from_bytes(bytes)), None);
        }

        /// A bit of it changed, and it is another program's.
        #[test]
        fn all_of_it_counts(bit in 0_usize..256) {
            let mut bytes = *ours().random_preimage().expose();
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(ours().label_of_ours(&Preimage::from_bytes(bytes)), None);
        }
    }
}
