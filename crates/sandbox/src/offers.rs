//! Offers (BOLT 12): what one says, and its string.

use super::bolt11::NodeKey;
use super::bolt12::{self, Fields, Kind, REGTEST};
use super::ledger::offer::OfferDraft;

/// What a new offer says.
#[derive(Debug, Default)]
pub(super) struct NewOffer {
    /// `None` leaves it to the payer.
    pub(super) amount_msat: Option<u64>,
    pub(super) description: String,
    pub(super) issuer: Option<String>,
    /// Raw JSON text; it is not in the offer.
    pub(super) label: Option<String>,
    /// Seconds since 1970.
    pub(super) absolute_expiry: Option<u64>,
    /// The most that can be bought at once; 0: any number.
    pub(super) quantity_max: Option<u64>,
    /// Whether only one invoice of it can ever be paid.
    pub(super) single_use: bool,
}

impl NewOffer {
    /// The offer of the node with this key. The same again has the same id.
    pub(super) fn draft(self, key: &NodeKey) -> OfferDraft {
        let mut fields = Fields::from([
            (2, REGTEST.to_vec()),
            (10, self.description.into_bytes()),
            (22, key.id().serialize().to_vec()),
        ]);
        if let Some(issuer) = self.issuer {
            fields.insert(18, issuer.into_bytes());
        }
        for (number, value) in [
            (8, self.amount_msat),
            (14, self.absolute_expiry),
            (20, self.quantity_max),
        ] {
            if let Some(value) = value {
                fields.insert(number, bolt12::number(value));
            }
        }
        OfferDraft {
            // There are fields.
            id: bolt12::offer_id(&fields).unwrap_or_default(),
            bolt12: bolt12::write(Kind::Offer, &fields),
            label: self.label,
            single_use: self.single_use,
        }
    }
}
