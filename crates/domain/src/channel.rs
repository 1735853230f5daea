//! By which way an invoice was asked for.

/// By which way an invoice was asked for. What was asked for without a token is nobody's until it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The form on the front page, which needs no token.
    Form,
    /// The JSON API.
    Api,
    /// The API of Lightning Charge.
    Charge,
    /// The page of an item that is sold (pay to reveal), which needs no token.
    Reveal,
    /// A wallet, by a Lightning Address, which needs no token either.
    Lnurl,
    /// A visitor of something behind the paywall, who needs no token.
    Paywall,
    /// The API of LNbits.
    Lnbits,
    /// The Greenfield API of BTCPay.
    Greenfield,
    /// A wallet that paid an offer.
    Offer,
    /// The page of a payment link, which needs no token.
    Link,
    /// The counter at the merchant's desk.
    Pos,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Form,
        Self::Api,
        Self::Charge,
        Self::Reveal,
        Self::Lnurl,
        Self::Paywall,
        Self::Lnbits,
        Self::Greenfield,
        Self::Offer,
        Self::Link,
        Self::Pos,
    ];

    /// Its name in the records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Api => "api",
            Self::Charge => "charge",
            Self::Reveal => "reveal",
            Self::Lnurl => "lnurl",
            Self::Paywall => "paywall",
            Self::Lnbits => "lnbits",
            Self::Greenfield => "greenfield",
            Self::Offer => "offer",
            Self::Link => "link",
            Self::Pos => "pos",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == name)
    }
}
