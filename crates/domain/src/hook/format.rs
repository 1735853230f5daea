//! Where an event is sent, and in which form.

use crate::hook::url::HookUrl;

/// An address that receives events, and their format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The destination.
    pub url: HookUrl,
    /// The format of the events.
    pub format: HookFormat,
    /// The id of the API token with which it was named for one invoice; `None`: it is for all, or came otherwise.
    pub token: Option<String>,
}

/// The form of what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookFormat {
    /// Our own: type, timestamp, sequence and the invoice (Standard Webhooks 1.0.0).
    Standard,
    /// Lightning Charge's: the invoice alone, when it is paid.
    Charge,
    /// LNbits': its payment object, when it is paid.
    Lnbits,
    /// BTCPay's: messages about the invoices of one shop, several of them for a payment.
    Btcpay,
}

impl HookFormat {
    /// The name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Charge => "charge",
            Self::Lnbits => "lnbits",
            Self::Btcpay => "btcpay",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Standard, Self::Charge, Self::Lnbits, Self::Btcpay]
            .into_iter()
            .find(|format| format.as_str() == name)
    }
}
