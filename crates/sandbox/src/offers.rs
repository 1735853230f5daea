//! Offers (BOLT 12): what a node offers.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::bolt11::NodeKey;
use super::bolt12::{self, Fields, Kind, REGTEST};
use super::mutex::lock;

/// The offers of a node, by their ids.
#[derive(Debug, Default)]
pub(super) struct Offers(Mutex<BTreeMap<[u8; 32], State>>);

/// Whether invoices are made for an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Active,
    Disabled,
}

/// What a new offer says.
#[derive(Debug, Default)]
pub(super) struct NewOffer {
    /// `None` leaves it to the payer.
    pub(super) amount_msat: Option<u64>,
    pub(super) description: String,
    /// Seconds since 1970.
    pub(super) absolute_expiry: Option<u64>,
    /// The most that can be bought at once; 0: any number.
    pub(super) quantity_max: Option<u64>,
}

impl Offers {
    /// Makes an offer; its id and its string. The same one again is the same offer.
    pub(super) fn make(&self, key: &NodeKey, new: NewOffer) -> ([u8; 32], String) {
        let mut fields = Fields::from([
            (2, REGTEST.to_vec()),
            (10, new.description.into_bytes()),
            (22, key.id().serialize().to_vec()),
        ]);
        for (number, value) in [
            (8, new.amount_msat),
            (14, new.absolute_expiry),
            (20, new.quantity_max),
        ] {
            if let Some(value) = value {
                fields.insert(number, bolt12::number(value));
            }
        }
        // There are fields.
        let id = bolt12::offer_id(&fields).unwrap_or_default();
        lock(&self.0).insert(id, State::Active);
        (id, bolt12::write(Kind::Offer, &fields))
    }

    /// How the offer of this id stands.
    pub(super) fn state(&self, id: &[u8; 32]) -> Option<State> {
        lock(&self.0).get(id).copied()
    }

    /// Makes no more invoices for an offer; `false` when there is none of this id.
    pub(super) fn disable(&self, id: &[u8; 32]) -> bool {
        let mut offers = lock(&self.0);
        let state = offers.get_mut(id);
        state.map(|state| *state = State::Disabled).is_some()
    }
}
