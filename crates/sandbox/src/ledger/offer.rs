//! An offer in the ledger.

use bitcoin::hex::DisplayHex;
use serde::{Deserialize, Serialize};

use super::hex;
use super::invoice::raw_label;
use crate::reply::Object;

/// An offer as it is handed to the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferDraft {
    /// What the node knows it by.
    #[serde(with = "hex")]
    pub(crate) id: [u8; 32],
    /// The string.
    pub(crate) bolt12: String,
    /// Raw JSON text without its quotes.
    pub(crate) label: Option<String>,
    /// Whether only one invoice of it can ever be paid.
    pub(crate) single_use: bool,
}

/// An offer in the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(super) draft: OfferDraft,
    pub(super) active: bool,
    pub(super) used: bool,
}

impl Offer {
    /// Whether it has this id.
    pub(crate) fn has_id(&self, id: &[u8; 32]) -> bool {
        self.draft.id == *id
    }

    /// Whether invoices are made for it.
    pub(crate) fn is_active(&self) -> bool {
        self.active
    }

    /// Its members, as `listoffers` shows them.
    pub(crate) fn members(&self) -> Object {
        let object = Object::new()
            .with("offer_id", self.draft.id.to_lower_hex_string())
            .with("active", self.active)
            .with("single_use", self.draft.single_use)
            .with("bolt12", self.draft.bolt12.as_str())
            .with("used", self.used);
        match &self.draft.label {
            Some(label) => object.with("label", raw_label(label)),
            None => object,
        }
    }
}
