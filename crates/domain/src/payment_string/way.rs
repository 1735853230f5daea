//! A way to pay, and the text that is one.

use std::fmt;

use super::{
    address::LightningAddress,
    bolt12::Bolt12,
    error::PaymentStringError,
    lnurl::{Lnurl, LnurlKind},
    onchain::OnchainAddress,
    request::PaymentRequest,
    text::{scheme, starts_with},
};

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A payment request.
    Bolt11(Box<PaymentRequest>),
    /// An offer, or what is exchanged for it. What it says is for a node to read.
    Bolt12(Bolt12),
    /// A URL to ask.
    Lnurl(Lnurl),
    /// An address that names a URL to ask.
    LightningAddress(LightningAddress),
    /// An address on the chain: no Lightning.
    Onchain(OnchainAddress),
}

impl Way {
    /// Reads a text that is no `bitcoin:` URI and no link.
    pub(super) fn parse(text: &str) -> Result<Self, PaymentStringError> {
        match scheme(text) {
            Some(("lightning", rest)) => {
                let rest = rest.strip_prefix("//").unwrap_or(rest);
                // A link below another one is nobody's way to write it.
                match scheme(rest) {
                    Some(("lightning" | "bitcoin" | "http" | "https", _)) => {
                        Err(PaymentStringError::Unknown)
                    }
                    _ => Self::parse(rest.trim()),
                }
            }
            Some((scheme, rest)) => match LnurlKind::of_scheme(scheme) {
                Some(kind) => Ok(Self::Lnurl(Lnurl::from_scheme(kind, rest)?)),
                None => Self::parse_bare(text),
            },
            None => Self::parse_bare(text),
        }
    }

    fn parse_bare(text: &str) -> Result<Self, PaymentStringError> {
        if text.contains('@') {
            return Ok(Self::LightningAddress(LightningAddress::parse(text)?));
        }
        if starts_with(text, "lnurl1") {
            return Ok(Self::Lnurl(Lnurl::from_bech32(text)?));
        }
        if let Some(bolt12) = Bolt12::parse(text)? {
            return Ok(Self::Bolt12(bolt12));
        }
        if starts_with(text, "ln") {
            return Ok(Self::Bolt11(Box::new(PaymentRequest::parse(text)?)));
        }
        if let Some(address) = OnchainAddress::parse(text) {
            return Ok(Self::Onchain(address));
        }
        let is_node = text.len() == 66 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        Err(match is_node {
            true => PaymentStringError::NodeId,
            false => PaymentStringError::Unknown,
        })
    }
}

/// The same way as one text without anything around it, which can be parsed again.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bolt11(request) => f.write_str(request.decoded.bolt11.as_str()),
            Self::Bolt12(bolt12) => f.write_str(bolt12.as_str()),
            Self::Lnurl(lnurl) => write!(f, "{lnurl}"),
            Self::LightningAddress(address) => write!(f, "{address}"),
            Self::Onchain(address) => f.write_str(address.as_str()),
        }
    }
}
