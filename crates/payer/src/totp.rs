//! Codes of an authenticator app (TOTP, RFC 6238): six digits that change every 30 seconds, of a secret that only the app and
//! this payer have. They prove an approval that came through the server, which cannot make them.

use std::{
    fmt,
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use facture_domain::payout::ApprovalCode;
use facture_runtime::secret_file::read_secret;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use totp_rs::{Builder, Secret, Totp};

/// Who made the secret, as the app shows it.
const ISSUER: &str = "facture";

/// What the codes are of. It is never shown in `Debug`.
pub struct TotpSecret(Totp);

impl TotpSecret {
    /// Makes a secret and writes it into a new file, for its owner alone. `account` is what the app calls it.
    ///
    /// # Errors
    /// When the file is there already, or cannot be written, or the account has a colon.
    pub fn create(file: &Path, account: &str) -> io::Result<Self> {
        let secret = Secret::generate();
        let text = secret.to_base32();
        let made = Self::of(secret, account)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        writeln!(file, "{text}")?;
        file.sync_all()?;
        Ok(made)
    }

    /// Reads the secret in a file.
    ///
    /// # Errors
    /// As [`read_secret`]; and when it holds no secret.
    pub fn read(file: &Path) -> io::Result<Self> {
        let secret = Secret::try_from_base32(read_secret(file)?.expose_secret());
        let secret = secret.map_err(|_| io::Error::other("it holds no secret in base32"))?;
        Self::of(secret, "payer")
    }

    fn of(secret: Secret, account: &str) -> io::Result<Self> {
        let totp = Builder::new()
            .with_secret(secret)
            .with_issuer(Some(ISSUER))
            .with_account_name(account)
            .build();
        totp.map(Self).map_err(io::Error::other)
    }

    /// What an authenticator app reads, as text or as a QR code.
    ///
    /// # Errors
    /// When the account is empty.
    pub fn uri(&self) -> io::Result<String> {
        self.0.to_url().map_err(io::Error::other)
    }

    /// Which half minute since 1970 a code is of, if it is of the one that is now or of one beside it; `None` when it is wrong.
    pub(crate) fn step(&self, code: &ApprovalCode, now: Timestamp) -> Option<u64> {
        let now = u64::try_from(now.as_second()).ok()?;
        self.0.check(code.expose(), now)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    /// The secret of RFC 6238 (appendix B), in base32.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_standard_and_are_good_for_their_time() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("totp");
        fs::write(&file, SECRET).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(TotpSecret::read(&file).is_err());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let secret = TotpSecret::read(&file).unwrap();
        // The last six of the digits for 1111111111.
        let code = ApprovalCode::parse("050471").unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let step = Some(1_111_111_111 / 30);
        for second in [1_111_111_081, 1_111_111_111, 1_111_111_169] {
            assert_eq!(secret.step(&code, at(second)), step, "{second}");
        }
        for second in [1_111_111_020, 1_111_111_170, 0, -1] {
            assert_eq!(secret.step(&code, at(second)), None, "{second}");
        }
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
    }

    #[test]
    fn a_secret_is_made_once_and_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("totp");
        let made = TotpSecret::create(&file, "shop").unwrap();
        assert!(TotpSecret::create(&file, "shop").is_err());
        let uri = made.uri().unwrap();
        assert!(
            uri.starts_with("otpauth://totp/facture:shop?secret="),
            "{uri}"
        );
        let read = TotpSecret::read(&file).unwrap();
        assert_eq!(read.0.secret(), made.0.secret());
    }
}
