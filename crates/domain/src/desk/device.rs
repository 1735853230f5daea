//! A device at which a cashier signs in by a PIN.

use jiff::Timestamp;

use super::user::UserName;

/// The public name of a device, to revoke it by: 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceId(String);

/// A device, without what is in its cookie and without the PIN.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its name.
    pub id: DeviceId,
    /// Who signs in at it.
    pub user: UserName,
    /// When it was paired.
    pub paired_at: Timestamp,
    /// When somebody last signed in at it.
    pub used_at: Timestamp,
    /// The address that it was paired from.
    pub address: String,
    /// The browser, as that says.
    pub agent: String,
}

impl DeviceId {
    /// A new one.
    pub fn random() -> Self {
        let id: u64 = rand::random();
        Self(format!("{id:016x}"))
    }

    /// From the store, or one that somebody names.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
