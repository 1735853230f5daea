//! The last part of a callback: what one reading of an address is called.

use super::reply::LnurlError;
use facture_domain::LnurlMetadata;

/// What one reading of an address is called: 24 random hexadecimal digits, which tell two payers apart who may want to pay the same
/// in the same minute, and the first 8 of the SHA-256 of the metadata that was shown.
pub(super) struct Session(String);

const RANDOM_DIGITS: usize = 24;
const DIGITS: usize = RANDOM_DIGITS + 8;

impl Session {
    /// A new one, of this metadata.
    pub(super) fn new(shown: &LnurlMetadata) -> Self {
        let random = rand::random::<u128>() >> 32;
        Self(format!("{random:0RANDOM_DIGITS$x}{}", tag(shown)))
    }

    /// Reads one. `None`: it is none of ours.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| Self(text.to_owned()))
    }

    /// Whether the wallet was shown what would be on the invoice now. Otherwise it would refuse the invoice, or its payer would pay
    /// for something else: the shop changed its text, or a proxy asks us by another name than it was asked by.
    ///
    /// # Errors
    /// [`LnurlError`], in words for the payer.
    pub(super) fn check(&self, now: &LnurlMetadata) -> Result<(), LnurlError> {
        match self.0.ends_with(&tag(now)) {
            true => Ok(()),
            false => Err(LnurlError::new(
                "What this payment is for has changed in the meantime. Scan the code or enter the address once more.",
            )),
        }
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn tag(metadata: &LnurlMetadata) -> String {
    let [a, b, c, d, ..] = metadata.sha256();
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}
