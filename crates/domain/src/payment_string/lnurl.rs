//! LNURL: a URL that a wallet asks what to do, in bech32 (LUD-01) or with a scheme of its own (LUD-17).

use std::fmt;

use bitcoin::bech32::{Bech32, Hrp, encode, primitives::decode::CheckedHrpstring};
use url::Url;

use super::{error::PaymentStringError, web_url};

/// A URL that a wallet asks what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lnurl {
    /// What its text says that it is for.
    pub kind: LnurlKind,
    /// The URL: `https`, or `http` for an onion service or this machine.
    pub url: Url,
}

/// What an LNURL is for, as far as its text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LnurlKind {
    /// Only whoever asks the URL learns that.
    Unknown,
    /// Paying (LUD-06).
    Pay,
    /// Being paid (LUD-03).
    Withdraw,
    /// A channel (LUD-02).
    Channel,
    /// Signing in (LUD-04).
    Auth,
}

impl LnurlKind {
    /// The kind that a scheme stands for (LUD-17).
    pub(super) fn of_scheme(scheme: &str) -> Option<Self> {
        match scheme {
            "lnurlp" => Some(Self::Pay),
            "lnurlw" => Some(Self::Withdraw),
            "lnurlc" => Some(Self::Channel),
            "keyauth" => Some(Self::Auth),
            _ => None,
        }
    }

    /// The scheme that stands for the kind (LUD-17).
    fn scheme(self) -> Option<&'static str> {
        match self {
            Self::Unknown => None,
            Self::Pay => Some("lnurlp"),
            Self::Withdraw => Some("lnurlw"),
            Self::Channel => Some("lnurlc"),
            Self::Auth => Some("keyauth"),
        }
    }

    /// The kind that a URL names itself, which signing in must (LUD-04) and withdrawing may (LUD-03, LUD-08).
    fn of_query(url: &Url) -> Self {
        let mut pairs = url.query_pairs();
        match pairs.find(|(key, _)| key == "tag") {
            Some((_, tag)) => match &*tag {
                "login" => Self::Auth,
                "withdrawRequest" => Self::Withdraw,
                "channelRequest" => Self::Channel,
                "payRequest" => Self::Pay,
                _ => Self::Unknown,
            },
            None => Self::Unknown,
        }
    }
}

impl Lnurl {
    /// Reads `lnurl1…`.
    pub(super) fn from_bech32(text: &str) -> Result<Self, PaymentStringError> {
        let wrong = PaymentStringError::Lnurl;
        // bech32's checksum finds errors in up to 1023 characters.
        let read = CheckedHrpstring::new::<Bech32>(text)
            .map_err(|_| wrong("it was cut off or mistyped, as its checksum shows"))?;
        let bytes: Vec<u8> = read.byte_iter().collect();
        let url = String::from_utf8(bytes).map_err(|_| wrong("it does not hold a URL"))?;
        let url = web_url::parse(&url).map_err(wrong)?;
        Ok(Self {
            kind: LnurlKind::of_query(&url),
            url,
        })
    }

    /// Reads what follows the colon of `lnurlp:`, `lnurlw:`, `lnurlc:` or `keyauth:`.
    pub(super) fn from_scheme(kind: LnurlKind, rest: &str) -> Result<Self, PaymentStringError> {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let url = web_url::with_scheme_of_host(rest).map_err(PaymentStringError::Lnurl)?;
        Ok(Self { kind, url })
    }

    /// The host that a wallet would ask.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

/// `lnurlp://…` where the kind is known, otherwise `lnurl1…`.
impl fmt::Display for Lnurl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.as_str();
        let (_, host_and_path) = url.split_once("://").unwrap_or_default();
        // An onion service that was named with https would become http.
        let same = web_url::with_scheme_of_host(host_and_path).is_ok_and(|read| read == self.url);
        match self.kind.scheme().filter(|_| same) {
            Some(scheme) => write!(f, "{scheme}://{host_and_path}"),
            None => {
                let encoded = encode::<Bech32>(Hrp::parse_unchecked("lnurl"), url.as_bytes());
                f.write_str(&encoded.map_err(|_| fmt::Error)?)
            }
        }
    }
}
