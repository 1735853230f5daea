//! Who is paid.

/// Which kind of text names the one who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationKind {
    /// A BOLT 11 invoice.
    Bolt11,
    /// A BOLT 12 offer.
    Offer,
    /// An LNURL of the kind pay (LUD-06).
    LnurlPay,
    /// A Lightning Address, `user@domain` (LUD-16).
    LightningAddress,
}

/// A destination that was checked when the payout was ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its kind.
    pub kind: DestinationKind,
    /// The text, as it is paid: a BOLT 11 invoice in lower case, for example, without `lightning:`.
    pub text: String,
}

impl DestinationKind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Bolt11,
        Self::Offer,
        Self::LnurlPay,
        Self::LightningAddress,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bolt11 => "bolt11",
            Self::Offer => "offer",
            Self::LnurlPay => "lnurl_pay",
            Self::LightningAddress => "lightning_address",
        }
    }

    /// Reads a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
