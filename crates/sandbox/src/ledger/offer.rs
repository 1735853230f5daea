//! Offers in the ledger. Disabling one, or paying one that can be paid once, expires its other invoices without moving any
//! index: lightningd does that by a direct change of its database.

use bitcoin::hex::DisplayHex;
use serde::{Deserialize, Serialize};

use super::invoice::{State, raw_label};
use super::{Ledger, hex};
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

impl Ledger {
    /// The offer with that id.
    pub(crate) fn offer(&self, id: &[u8; 32]) -> Option<&Offer> {
        self.offers.get(id)
    }

    /// All offers.
    pub(crate) fn offers(&self) -> impl Iterator<Item = &Offer> {
        self.offers.values()
    }

    /// Adds an offer; false when it is there.
    pub(crate) fn make_offer(&mut self, draft: OfferDraft) -> bool {
        if self.offers.contains_key(&draft.id) {
            return false;
        }
        let offer = Offer {
            active: true,
            used: false,
            draft,
        };
        self.offers.insert(offer.draft.id, offer);
        true
    }

    /// Makes no more invoices for an offer; false when there is none, or it is disabled.
    pub(crate) fn disable_offer(&mut self, id: &[u8; 32]) -> bool {
        match self.offers.get_mut(id) {
            Some(offer) if offer.active => offer.active = false,
            _ => return false,
        }
        self.expire_silently(id);
        true
    }

    /// One of its invoices was paid.
    pub(super) fn use_offer(&mut self, id: &[u8; 32]) {
        let Some(offer) = self.offers.get_mut(id) else {
            return;
        };
        offer.used = true;
        if offer.draft.single_use {
            offer.active = false;
            self.expire_silently(id);
        }
    }

    fn expire_silently(&mut self, id: &[u8; 32]) {
        for (created_index, invoice) in &mut self.by_created {
            if invoice.draft.offer_id == Some(*id) && invoice.state == State::Unpaid {
                invoice.state = State::Expired;
                self.by_expiry
                    .remove(&(invoice.draft.expires_at, *created_index));
            }
        }
    }
}
