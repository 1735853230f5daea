//! Codes of an authenticator app (TOTP, RFC 6238), as the payer has them for approvals, with the same library.

use std::fmt;

use facture_domain::desk::UserName;
use jiff::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use super::error::Error;

/// Who made the secret, as the app shows it.
const ISSUER: &str = "facture";

/// What an authenticator app and the desk share. Never shown in `Debug`.
pub struct SecondFactor {
    totp: Totp,
    secret: String,
}

impl SecondFactor {
    /// A new one for this user.
    ///
    /// # Errors
    /// [`Error::Crypto`].
    pub fn generate(user: &UserName) -> Result<Self, Error> {
        Self::of(&Secret::generate().to_base32(), user)
            .ok_or_else(|| Error::Crypto("no second factor could be made".to_owned()))
    }

    /// One with this secret in base32; `None` when it is none.
    pub fn of(secret: &str, user: &UserName) -> Option<Self> {
        let totp = Builder::new()
            .with_secret(Secret::try_from_base32(secret).ok()?)
            .with_issuer(Some(ISSUER))
            .with_account_name(user.as_str())
            .build()
            .ok()?;
        Some(Self {
            totp,
            secret: secret.to_owned(),
        })
    }

    /// The secret in base32, to be typed into an app.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What an app reads from a QR code.
    ///
    /// # Errors
    /// [`Error::Crypto`].
    pub fn uri(&self) -> Result<String, Error> {
        let uri = self.totp.to_url();
        uri.map_err(|error| Error::Crypto(error.to_string()))
    }

    /// Which half minute since 1970 a code is of, if it is of the one that is now or of one beside it; `None` when it is
    /// wrong.
    pub fn step(&self, code: &str, now: Timestamp) -> Option<i64> {
        let now = u64::try_from(now.as_second()).ok()?;
        let step = self.totp.check(&plain(code), now)?;
        i64::try_from(step).ok()
    }
}

/// A code as apps show it, in two groups, without the space.
pub(super) fn plain(code: &str) -> String {
    code.split_whitespace().collect()
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecondFactor(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let user = UserName::parse("ada").unwrap();
        // The secret of RFC 6238 (appendix B), and the last six of the digits for 1111111111.
        let factor = SecondFactor::of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", &user).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(factor.step("050 471", at(1_111_111_111)), Some(37_037_037));
        assert_eq!(factor.step("050471", at(1_111_111_211)), None);
        assert_eq!(factor.step("", at(1_111_111_111)), None);
        assert!(SecondFactor::of("no secret", &user).is_none());
        let made = SecondFactor::generate(&user).unwrap();
        assert!(
            made.uri()
                .unwrap()
                .starts_with("otpauth://totp/facture:ada?secret=")
        );
        assert!(!format!("{made:?}").contains(made.secret()));
    }
}
