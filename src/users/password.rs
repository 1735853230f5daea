//! Passwords: hashed with Argon2id, in the parameters that OWASP names (19 MiB, two passes). A few at a time: each takes
//! memory and tens of milliseconds of a processor, and strangers decide how many there are.

use std::{sync::Arc, time::Duration};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use facture_domain::desk::UserName;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use super::{error::Error, pin::NewPin};

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 10;

/// The longest password, in bytes.
pub const MAX_PASSWORD_BYTES: usize = 200;

/// How many are hashed at once.
const MAX_AT_ONCE: usize = 2;

/// How long one waits for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(5);

/// A password that may be set. Never shown in `Debug`.
pub struct NewPassword(String);

/// Why a password may not be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPassword {
    /// It has too few characters.
    TooShort,
    /// It has too many bytes.
    TooLong,
    /// It is the user's name, or contains it as its largest part.
    LikeName,
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Hasher(Arc<Semaphore>);

impl NewPassword {
    /// Takes a password for the user with this name.
    ///
    /// # Errors
    /// [`WeakPassword`].
    pub fn parse(text: String, name: &UserName) -> Result<Self, WeakPassword> {
        if text.len() > MAX_PASSWORD_BYTES {
            return Err(WeakPassword::TooLong);
        }
        if text.chars().count() < MIN_PASSWORD_CHARS {
            return Err(WeakPassword::TooShort);
        }
        let lower = text.to_lowercase();
        let rest = lower.replace(name.as_str(), "");
        match rest.len() * 2 < lower.len() {
            true => Err(WeakPassword::LikeName),
            false => Ok(Self(text)),
        }
    }
}

impl Hasher {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MAX_AT_ONCE)))
    }

    /// The hash of a password, as a PHC string.
    pub(super) async fn hash(&self, NewPassword(password): NewPassword) -> Result<String, Error> {
        self.hash_text(password).await
    }

    /// The hash of a PIN, made as that of a password is.
    pub(super) async fn hash_pin(&self, pin: NewPin) -> Result<String, Error> {
        self.hash_text(pin.into_digits()).await
    }

    async fn hash_text(&self, text: String) -> Result<String, Error> {
        self.in_turn(move || {
            let hash = Argon2::default().hash_password(text.as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|error| Error::Crypto(error.to_string()))
        })
        .await?
    }

    /// Whether it is this password. Without a hash it is not, and takes as long.
    pub(super) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Error> {
        // Nobody's: all that reach us are shorter.
        if password.len() > MAX_PASSWORD_BYTES {
            return Ok(false);
        }
        self.in_turn(move || {
            let argon2 = Argon2::default();
            let known = hash
                .as_deref()
                .and_then(|hash| PasswordHash::new(hash).ok());
            match known {
                Some(hash) => argon2.verify_password(password.as_bytes(), &hash).is_ok(),
                None => {
                    let _ = argon2.hash_password(password.as_bytes());
                    false
                }
            }
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let turn = timeout(TURN_TIMEOUT, Arc::clone(&self.0).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
        let done = spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|error| Error::Crypto(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> UserName {
        UserName::parse("ada").unwrap()
    }

    #[test]
    fn passwords_have_a_length_and_are_not_the_name() {
        let parse = |text: &str| NewPassword::parse(text.to_owned(), &name()).map(drop);
        assert_eq!(parse("short"), Err(WeakPassword::TooShort));
        assert_eq!(parse("Ada123adaADA"), Err(WeakPassword::LikeName));
        assert_eq!(parse(&"x".repeat(201)), Err(WeakPassword::TooLong));
        assert_eq!(parse("ten letter"), Ok(()));
        assert_eq!(parse("日本語の合言葉です。长"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_is_hashed_with_argon2id_and_recognised() {
        let hasher = Hasher::new();
        let new = || NewPassword::parse("correct horse".to_owned(), &name()).unwrap();
        let hash = hasher.hash(new()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert_ne!(hasher.hash(new()).await.unwrap(), hash, "another salt");
        let verify = async |text: &str, hash: Option<&str>| {
            let hash = hash.map(str::to_owned);
            hasher.verify(text.to_owned(), hash).await.unwrap()
        };
        assert!(verify("correct horse", Some(&hash)).await);
        assert!(!verify("correct horsf", Some(&hash)).await);
        assert!(!verify("correct horse", None).await);
        assert!(!verify("correct horse", Some("garbage")).await);
        assert!(!verify(&"x".repeat(10_000), Some(&hash)).await);
    }
}
