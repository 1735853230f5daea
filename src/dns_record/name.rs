//! A name that people pay to, and where DNS has its record (BIP 353).

use std::{fmt, str::FromStr};

/// `user@domain`, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PaymentName {
    user: String,
    domain: String,
}

/// The text is no name.
#[derive(Debug, thiserror::Error)]
pub(super) enum NameError {
    #[error("it has no @ between a name and a domain, as in shop@example.com")]
    NoAt,
    #[error("{0:?} is no part of a domain: 1 to 63 letters a to z, digits, - and _")]
    Part(String),
    #[error("the name in DNS is longer than 253 characters")]
    TooLong,
}

/// The longest part of a name in DNS, and the longest name (RFC 1035 §2.3.4), in characters.
const MAX_PART: usize = 63;
const MAX_NAME: usize = 253;

impl FromStr for PaymentName {
    type Err = NameError;

    /// Reads it, with or without the ₿ in front.
    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix('₿').unwrap_or(&text);
        let (user, domain) = text.split_once('@').ok_or(NameError::NoAt)?;
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        let parts = || user.split('.').chain(domain.split('.'));
        if let Some(wrong) = parts().find(|part| !is_part(part)) {
            return Err(NameError::Part(wrong.to_owned()));
        }
        let name = Self {
            user: user.to_owned(),
            domain: domain.to_owned(),
        };
        match name.in_dns().len() > MAX_NAME + 1 {
            true => Err(NameError::TooLong),
            false => Ok(name),
        }
    }
}

fn is_part(part: &str) -> bool {
    (1..=MAX_PART).contains(&part.len())
        && part
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

impl PaymentName {
    /// Where DNS has its record, with a dot at the end.
    pub(super) fn in_dns(&self) -> String {
        let Self { user, domain } = self;
        format!("{user}.user._bitcoin-payment.{domain}.")
    }
}

/// As people write it.
impl fmt::Display for PaymentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_below_its_domain() {
        for text in [
            "shop@example.com",
            "₿Shop@Example.com.",
            " shop@example.com",
        ] {
            let name: PaymentName = text.parse().unwrap();
            assert_eq!(name.in_dns(), "shop.user._bitcoin-payment.example.com.");
            assert_eq!(name.to_string(), "shop@example.com");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = format!("shop@{}.com", "a".repeat(64));
        let longer = format!("shop@{}com", "abcdefgh.".repeat(26));
        for text in [
            "",
            "shop",
            "@example.com",
            "shop@",
            "shop@example..com",
            "a b@example.com",
            "shop@example.com@x",
            "shop+tag@example.com",
            "grüße@example.com",
            &long,
            &longer,
        ] {
            assert!(text.parse::<PaymentName>().is_err(), "{text}");
        }
    }
}
