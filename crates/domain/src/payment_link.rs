//! Payment links: pages of a shop on which anybody can order the same thing again and again, as for a product, a ticket or a
//! donation.

use std::fmt;

use jiff::Timestamp;

use crate::{
    amount::Msat,
    buyer::Buyer,
    currency::Currency,
    description::Description,
    label::Label,
    price::Price,
    typed_price::{DecimalMark, TypedPriceError},
};

/// The last part of a link's address: `/l/<slug>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

/// A text on a link's page, with line breaks, which are `\n`. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkText(String);

/// In what a link's amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkUnit {
    /// Satoshis.
    Sat,
    /// A currency, whose amounts become satoshis at the rate of the moment when the buyer presses the button.
    Currency(Currency),
}

/// What a buyer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkAmount {
    /// This, for each piece.
    Fixed(Price),
    /// What they choose, from the first to the second of these, which are in the same unit.
    Between(Price, Price),
    /// What they choose, within the shop's limits.
    Free(LinkUnit),
}

/// Whether a buyer is asked for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ask {
    /// No.
    #[default]
    No,
    /// They may leave it out.
    Optional,
    /// They must fill it in.
    Required,
}

/// What a link says and asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTerms {
    /// What is sold, on the page and in the buyer's wallet. Never empty.
    pub title: Description,
    /// More about it.
    pub text: Option<LinkText>,
    /// What a buyer pays.
    pub amount: LinkAmount,
    /// How many pieces a buyer can order at once, at most: from 1 to [`LinkTerms::MAX_PIECES`]. More than one is for a fixed
    /// amount only.
    pub most_pieces: u32,
    /// Whether the buyer's name is asked for.
    pub name: Ask,
    /// Whether the buyer's mail address is asked for.
    pub mail: Ask,
    /// Whether a note is asked for.
    pub note: Ask,
    /// How many pieces are sold in all; `None`: any number.
    pub limit: Option<u32>,
    /// From when on nothing is sold any more.
    pub ends_at: Option<Timestamp>,
    /// What the page of a paid invoice says.
    pub thanks: Option<LinkText>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLink {
    /// Its name in the address.
    pub slug: Slug,
    /// What it says and asks for.
    pub terms: LinkTerms,
    /// How many pieces were paid.
    pub sold: u32,
    /// How many pieces are reserved by invoices that can still be paid.
    pub reserved: u32,
    /// Since when the shop has stopped it.
    pub stopped_at: Option<Timestamp>,
}

/// Whether something can be ordered by a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It can.
    Open,
    /// All pieces are sold, or reserved by invoices that can still be paid.
    SoldOut,
    /// Its time is over.
    Ended,
    /// The shop has stopped it.
    Stopped,
}

/// What was ordered by a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSale {
    /// The label of its invoice.
    pub label: Label,
    /// How many pieces.
    pub pieces: u32,
    /// Who ordered it.
    pub buyer: Buyer,
    /// When.
    pub ordered_at: Timestamp,
    /// Whether it is paid.
    pub is_paid: bool,
}

/// Why something cannot be a part of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentLinkError {
    /// A name with other characters, or too many.
    #[error("must be 1 to 64 of the characters a-z, 0-9, _ and -")]
    Slug,
    /// A text that is empty, too long, or has control characters.
    #[error(
        "must be 1 to {} bytes, without control characters",
        LinkText::MAX_BYTES
    )]
    Text,
}

impl Slug {
    /// Reads one.
    ///
    /// # Errors
    /// [`PaymentLinkError::Slug`].
    pub fn parse(text: &str) -> Result<Self, PaymentLinkError> {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        match (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(PaymentLinkError::Slug),
        }
    }

    /// The text, safe in JSON, URLs and HTML as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl LinkText {
    /// The most bytes of a text.
    pub const MAX_BYTES: usize = 2000;

    /// Reads a text; browsers send line breaks as two characters.
    ///
    /// # Errors
    /// [`PaymentLinkError::Text`].
    pub fn parse(typed: &str) -> Result<Self, PaymentLinkError> {
        let text = typed.replace("\r\n", "\n");
        let text = text.trim();
        let plain = |letter: char| !letter.is_control() || letter == '\n';
        match (1..=Self::MAX_BYTES).contains(&text.len()) && text.chars().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(PaymentLinkError::Text),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LinkUnit {
    /// The code that stands for satoshis.
    pub const SAT: &'static str = "SAT";

    /// Reads a code of ISO 4217, or [`LinkUnit::SAT`], in upper or lower case.
    pub fn parse(code: &str) -> Option<Self> {
        match code.eq_ignore_ascii_case(Self::SAT) {
            true => Some(Self::Sat),
            false => Currency::parse(code).ok().map(Self::Currency),
        }
    }

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sat => Self::SAT,
            Self::Currency(currency) => currency.code(),
        }
    }

    /// How many decimals its amounts have.
    pub fn decimals(self) -> u32 {
        match self {
            Self::Sat => 0,
            Self::Currency(currency) => currency.decimals(),
        }
    }

    /// Reads an amount as somebody typed it: of satoshis a whole number.
    ///
    /// # Errors
    /// [`TypedPriceError`].
    pub fn typed(self, text: &str, mark: DecimalMark) -> Result<Price, TypedPriceError> {
        match self {
            Self::Currency(currency) => Price::typed(text, currency, mark),
            Self::Sat => {
                let sat = Msat::parse_sat(text).map_err(|_| TypedPriceError::NotANumber)?;
                Price::parse(&(sat.msat() / 1000).to_string(), Self::SAT)
                    .map_err(|_| TypedPriceError::NotAnAmount)
            }
        }
    }
}

impl LinkAmount {
    /// From the first to the second of these: a fixed amount if they are the same. `None` when the second is less, or in another
    /// unit.
    pub fn between(least: Price, most: Price) -> Option<Self> {
        match (
            least.amount().cmp(&most.amount()),
            least.currency() == most.currency(),
        ) {
            (_, false) | (std::cmp::Ordering::Greater, _) => None,
            (std::cmp::Ordering::Equal, true) => Some(Self::Fixed(least)),
            (std::cmp::Ordering::Less, true) => Some(Self::Between(least, most)),
        }
    }

    /// In what it is.
    pub fn unit(&self) -> LinkUnit {
        match self {
            Self::Fixed(price) | Self::Between(price, _) => {
                LinkUnit::parse(price.currency()).unwrap_or(LinkUnit::Sat)
            }
            Self::Free(unit) => *unit,
        }
    }
}

impl LinkState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::SoldOut, Self::Ended, Self::Stopped];

    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::SoldOut => "sold_out",
            Self::Ended => "ended",
            Self::Stopped => "stopped",
        }
    }
}

impl Ask {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::No, Self::Optional, Self::Required];

    /// Its name in the records and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.as_str() == name)
    }
}

impl LinkTerms {
    /// The most pieces of one order.
    pub const MAX_PIECES: u32 = 1000;
}

impl PaymentLink {
    /// Whether so many pieces can be ordered.
    pub fn state(&self, pieces: u32, now: Timestamp) -> LinkState {
        if self.stopped_at.is_some() {
            return LinkState::Stopped;
        }
        if self.terms.ends_at.is_some_and(|end| now >= end) {
            return LinkState::Ended;
        }
        match self.left() {
            Some(left) if left < pieces => LinkState::SoldOut,
            _ => LinkState::Open,
        }
    }

    /// How many pieces can still be ordered; `None`: any number.
    pub fn left(&self) -> Option<u32> {
        let taken = self.sold.saturating_add(self.reserved);
        self.terms.limit.map(|limit| limit.saturating_sub(taken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(amount: &str, unit: &str) -> Price {
        Price::parse(amount, unit).unwrap()
    }

    #[test]
    fn a_slug_is_safe_in_an_address() {
        for text in ["coffee", "a", "t-shirt_2"] {
            assert_eq!(Slug::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "Coffee", "a/b", "a b", "é", ".", &"a".repeat(65)] {
            assert_eq!(Slug::parse(text), Err(PaymentLinkError::Slug), "{text}");
        }
    }

    #[test]
    fn a_range_has_an_order_and_one_unit() {
        let range = |least, most| LinkAmount::between(least, most);
        let (one, two) = (price("1", "EUR"), price("2.0", "EUR"));
        assert_eq!(
            range(one.clone(), two.clone()),
            Some(LinkAmount::Between(one.clone(), two.clone()))
        );
        assert_eq!(
            range(two.clone(), price("2", "EUR")),
            Some(LinkAmount::Fixed(two.clone()))
        );
        assert_eq!(range(two, one.clone()), None);
        assert_eq!(range(one, price("2", "USD")), None);
    }

    #[test]
    fn satoshis_are_whole_and_currencies_have_their_decimals() {
        let typed = |code: &str, text: &str| {
            let unit = LinkUnit::parse(code).unwrap();
            unit.typed(text, DecimalMark::Point)
                .map(|price| price.to_string())
        };
        assert_eq!(typed("sat", "21"), Ok("21 SAT".to_owned()));
        assert_eq!(typed("EUR", "2.50"), Ok("2.5 EUR".to_owned()));
        for (code, text) in [
            ("SAT", "1.5"),
            ("SAT", "0"),
            ("SAT", ""),
            ("JPY", "1.5"),
            ("EUR", "-1"),
        ] {
            assert!(typed(code, text).is_err(), "{code} {text}");
        }
    }

    #[test]
    fn what_is_sold_out_over_or_stopped_cannot_be_ordered() {
        let now = Timestamp::UNIX_EPOCH;
        let link = PaymentLink {
            slug: Slug::parse("ticket").unwrap(),
            terms: LinkTerms {
                title: Description::parse("Ticket").unwrap(),
                text: None,
                amount: LinkAmount::Fixed(price("5", "EUR")),
                most_pieces: 4,
                name: Ask::No,
                mail: Ask::Required,
                note: Ask::No,
                limit: Some(10),
                ends_at: Some(Timestamp::from_second(60).unwrap()),
                thanks: None,
            },
            sold: 5,
            reserved: 3,
            stopped_at: None,
        };
        assert_eq!(link.left(), Some(2));
        assert_eq!(link.state(2, now), LinkState::Open);
        assert_eq!(link.state(3, now), LinkState::SoldOut);
        assert_eq!(
            link.state(1, Timestamp::from_second(60).unwrap()),
            LinkState::Ended
        );
        let stopped = PaymentLink {
            stopped_at: Some(now),
            ..link
        };
        assert_eq!(stopped.state(1, now), LinkState::Stopped);
    }
}
