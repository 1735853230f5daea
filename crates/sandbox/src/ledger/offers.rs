//! Offers in the ledger. Disabling one, or paying one that can be paid once, expires its other invoices without moving any
//! index: lightningd does that by a direct change of its database.

use super::Ledger;
use super::invoice::State;
use super::offer::{Offer, OfferDraft};

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
