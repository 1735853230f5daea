//! A sale of an item: an invoice whose preimage is what is sold, or the key to it.
//!
//! Each sale has a key of its own, 16 random bytes. Its label and its preimage follow from that and the label key, as those
//! of a hold invoice do (`hold.rs`), so the records hold no preimage, and no two sales have the same one. Of a word the
//! preimage is 8 bytes ‖ the word, filled up with zero bytes; the 8 bytes are the first of HMAC-SHA256(key, "sold word" ‖ 0
//! ‖ label).

use std::fmt;

use bitcoin::{
    hashes::{Hash, sha256},
    hex::{DisplayHex, FromHex},
};

use crate::{
    hold::HoldSecret,
    hold_identity::HoldIdentity,
    identity::Identity,
    item::{ContentId, ItemId, Word},
    label::Label,
    our_labels::{LabelScheme, OurLabels},
    preimage::Preimage,
};

/// What distinguishes a sale from all others: 16 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SaleKey([u8; 16]);

/// A sale as it was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// The label of its invoice.
    pub label: Label,
    /// What distinguishes it.
    pub key: SaleKey,
    /// The item.
    pub item: ItemId,
    /// What the buyer gets.
    pub content: ContentId,
}

/// How many bytes of a preimage are there before a word.
const RANDOM_BYTES: usize = 8;

/// Whose requests the labels of sales are derived as.
const SCOPE: &str = "reveal";

impl SaleKey {
    /// A new one.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Of a text that the buyer's program chose.
    pub fn of_text(text: &str) -> Self {
        let hash = sha256::Hash::hash(text.as_bytes()).to_byte_array();
        let (first, _) = hash.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Self(*first)
    }

    /// Reads 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        <[u8; 16]>::from_hex(text).ok().map(Self)
    }

    /// The 32 digits that [`SaleKey::parse`] reads. With them, the buyer's invoice is found again.
    pub fn expose(&self) -> String {
        self.0.to_lower_hex_string()
    }
}

/// Without the digits.
impl fmt::Debug for SaleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaleKey(…)")
    }
}

impl OurLabels {
    /// The label of a sale's invoice.
    pub fn sale_label(&self, key: &SaleKey) -> Label {
        self.sale_hold_identity(key).label
    }

    /// The identity of a sale's hold invoice: of the same label and preimage as the invoice of a text or a file.
    pub fn sale_hold_identity(&self, key: &SaleKey) -> HoldIdentity {
        self.hold_identity_of_request(SCOPE, &key.expose())
    }

    /// The identity of a sale's invoice, with a preimage that is a secret until it is paid. `word`: the word that is sold, if
    /// it is one. `None` for a word where labels follow from payment hashes: ours could not be told from others there.
    pub fn sale_identity(&self, key: &SaleKey, word: Option<&Word>) -> Option<Identity> {
        let identity = self.sale_hold_identity(key);
        let preimage = match (word, identity.secret) {
            (None, HoldSecret::Ours(nonce)) => self.hold_preimage(&nonce),
            (None, HoldSecret::OfShop) => return None,
            (Some(word), _) => self.word_preimage(&identity.label, word)?,
        };
        Some(Identity::Preimage {
            label: identity.label,
            preimage,
        })
    }

    fn word_preimage(&self, label: &Label, word: &Word) -> Option<Preimage> {
        if self.scheme() == LabelScheme::OfPaymentHash {
            return None;
        }
        let random: [u8; RANDOM_BYTES] = self.key().hmac("sold word", &[label.as_str().as_bytes()]);
        let mut whole = [0; RANDOM_BYTES + Word::MAX_BYTES];
        let (first, rest) = whole.split_at_mut(RANDOM_BYTES);
        first.copy_from_slice(&random);
        let text = word.expose().as_bytes();
        rest.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        Some(Preimage::from_bytes(whole))
    }
}

impl Preimage {
    /// The word in it; `None` when there is none.
    pub fn word(&self) -> Option<Word> {
        let (_, rest) = self.expose().split_at(RANDOM_BYTES);
        let end = rest.iter().rposition(|byte| *byte != 0)? + 1;
        let text = std::str::from_utf8(&rest[..end]).ok()?;
        Word::parse(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{LabelKey, LabelOwner, LabelPrefix};

    fn ours(scheme: LabelScheme) -> OurLabels {
        let key = LabelKey::parse(&"07".repeat(32)).unwrap();
        OurLabels::new(LabelPrefix::default(), key, scheme, [])
    }

    fn key() -> SaleKey {
        SaleKey::parse(&"0a".repeat(16)).unwrap()
    }

    fn identity(scheme: LabelScheme, key: &SaleKey, word: Option<&Word>) -> (Label, Preimage) {
        match ours(scheme).sale_identity(key, word) {
            Some(Identity::Preimage { label, preimage }) => (label, preimage),
            other => panic!("{other:?}"),
        }
    }

    /// What was sold must be opened by every later version: these values may never change.
    #[test]
    fn the_scheme_is_what_it_was() {
        let word = Word::parse("swordfish").unwrap();
        let (label, preimage) = identity(LabelScheme::Chosen, &key(), Some(&word));
        let (same, sealed) = identity(LabelScheme::Chosen, &key(), None);
        let (_, lnd) = identity(LabelScheme::OfPaymentHash, &key(), None);
        assert_eq!(label, same);
        let found = [preimage.to_hex(), sealed.to_hex(), lnd.to_hex()];
        assert_eq!(found, EXPECTED);
    }

    const EXPECTED: [&str; 3] = [
        "7bf340ec6479ec3773776f726466697368000000000000000000000000000000",
        "c9e82a735708c0e23812e232cee8aa7dc94decebbf7124c45cb523255b5b3b60",
        "005563bfb6e8ad6b839a5f6a00b60b32c4098eec2c1fa5fc378ea6232689b006",
    ];

    #[test]
    fn a_word_is_read_back_and_every_sale_has_its_own_preimage() {
        let word = Word::parse("☕ swordfish").unwrap();
        let (label, preimage) = identity(LabelScheme::Chosen, &key(), Some(&word));
        assert_eq!(preimage.word(), Some(word.clone()));
        let (other, another) = identity(LabelScheme::Chosen, &SaleKey::random(), Some(&word));
        assert_ne!((label, preimage), (other, another.clone()));
        assert_eq!(another.word(), Some(word.clone()));
        let lnd = ours(LabelScheme::OfPaymentHash);
        assert_eq!(lnd.sale_identity(&key(), Some(&word)), None);
    }

    #[test]
    fn sales_are_known_again_from_the_node_and_the_key() {
        for scheme in [LabelScheme::Chosen, LabelScheme::OfPaymentHash] {
            let (label, preimage) = identity(scheme, &SaleKey::random(), None);
            let owner = match scheme {
                LabelScheme::Chosen => ours(scheme).owner(label.as_str()),
                LabelScheme::OfPaymentHash => {
                    ours(scheme).owner_of_hash(preimage.payment_hash(), Some(&preimage))
                }
            };
            assert_eq!(owner, LabelOwner::Ours(label));
        }
    }

    proptest! {
        #[test]
        fn no_preimage_makes_the_reader_of_words_panic(bytes in any::<[u8; 32]>()) {
            let _ = Preimage::from_bytes(bytes).word();
        }

        #[test]
        fn every_word_is_read_back(text in "\\PC{1,24}") {
            if let Ok(word) = Word::parse(&text) {
                let (_, preimage) = identity(LabelScheme::Chosen, &SaleKey::random(), Some(&word));
                prop_assert_eq!(preimage.word(), Some(word));
            }
        }
    }
}
