//! Offers (BOLT 12): what a shop offers again and again under one string, and what a payment of one says.

use std::{fmt, str::FromStr};

use bitcoin::hex::{DisplayHex, FromHex};
use jiff::Timestamp;

use crate::{
    amount::{Amount, Msat},
    description::Description,
    label::Label,
    payment_string::Bolt12,
};

/// What the node knows an offer by: 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OfferId([u8; 32]);

/// The text is no offer id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 64 hexadecimal digits")]
pub struct OfferIdError;

/// An offer that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOffer {
    /// What a payment has to bring at least.
    pub amount: Amount,
    /// What it is for, in the offer itself.
    pub description: Description,
    /// Who offers it, in the offer itself.
    pub issuer: Option<Description>,
}

/// An offer of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What the node knows it by.
    pub id: OfferId,
    /// Our name for it on the node, which nobody can guess.
    pub label: Label,
    /// The string to show to buyers: `lno1…`.
    pub bolt12: Bolt12,
    /// Whether it can be paid.
    pub state: OfferState,
    /// When we first knew of it.
    pub created_at: Timestamp,
}

/// Whether an offer can be paid, as the node says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferState {
    /// It can.
    Active,
    /// It cannot any more.
    Disabled,
}

/// What an offer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferTerms {
    /// What a payment has to bring at least; `None`: that depends on the rate of another currency.
    pub amount: Option<Amount>,
    /// What it is for: free text.
    pub description: String,
    /// Who offers it: free text.
    pub issuer: Option<String>,
}

/// Of which offer an invoice is the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferPayment {
    /// The offer.
    pub offer: OfferId,
    /// The node's label of it, of which ours is an HMAC. It has 133 bytes and more.
    pub node_label: String,
    /// What the payer wrote to the shop: anybody's text.
    pub payer_note: Option<String>,
}

// The numbers of an offer's fields (BOLT 12).
const AMOUNT: u64 = 8;
const CURRENCY: u64 = 6;
const DESCRIPTION: u64 = 10;
const ISSUER: u64 = 18;

impl OfferId {
    /// Of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// 64 hexadecimal digits.
impl fmt::Display for OfferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_hex())
    }
}

impl FromStr for OfferId {
    type Err = OfferIdError;

    fn from_str(text: &str) -> Result<Self, OfferIdError> {
        <[u8; 32]>::from_hex(text)
            .map(Self)
            .map_err(|_| OfferIdError)
    }
}

impl OfferState {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Active, Self::Disabled];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl Offer {
    /// What it says.
    pub fn terms(&self) -> OfferTerms {
        OfferTerms::of(&self.bolt12)
    }

    /// Whether it says what is asked for.
    pub fn is_for(&self, new: &NewOffer) -> bool {
        self.terms() == OfferTerms::from(new)
    }
}

impl OfferTerms {
    /// What an offer's string says.
    pub fn of(offer: &Bolt12) -> Self {
        let amount = match (offer.number(AMOUNT), offer.text(CURRENCY)) {
            (None, _) => Some(Amount::Any),
            (Some(msat), None) => Msat::from_msat(msat).map(Amount::Exact),
            (Some(_), Some(_)) => None,
        };
        Self {
            amount,
            description: offer.text(DESCRIPTION).unwrap_or_default(),
            issuer: offer.text(ISSUER),
        }
    }
}

impl From<&NewOffer> for OfferTerms {
    fn from(new: &NewOffer) -> Self {
        Self {
            amount: Some(new.amount),
            description: new.description.as_str().to_owned(),
            issuer: new.issuer.as_ref().map(|text| text.as_str().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment_string::{PaymentString, Way};

    /// BOLT 12's own example of a chain.
    const OFFER: &str = "lno1qgsyxjtl6luzd9t3pr62xr7eemp6awnejusgf6gw45q75vcfqqqqqqq2p32x2um5ypmx2cm5dae8x93pqthvwfzadd7jejes8q9lhc4rvjxd022zv5l44g6qah82ru5rdpnpj";

    #[test]
    fn an_offer_says_what_it_is_for() {
        let Way::Bolt12(offer) = PaymentString::parse(OFFER).unwrap().way else {
            panic!("no offer");
        };
        let terms = OfferTerms::of(&offer);
        assert_eq!(terms.amount, Some(Amount::Any));
        assert_eq!(terms.description, "Test vectors");
        assert_eq!(terms.issuer, None);
    }

    #[test]
    fn an_id_is_hexadecimal() {
        let text = "a4b971f94e9c2d4495adefa60be27359fb986fa78b7dc84d15db3435f51236a0";
        assert_eq!(text.parse::<OfferId>().unwrap().to_string(), text);
        for text in ["", "a4", &"g".repeat(64), &"0".repeat(65)] {
            assert_eq!(text.parse::<OfferId>(), Err(OfferIdError));
        }
    }
}
