//! An LND and how it is reached.

use std::{path::PathBuf, time::Duration};

use facture_runtime::http::{Address, AddressError};
use url::Url;

/// An LND.
#[derive(Debug)]
pub struct Lnd {
    pub(super) address: Address,
    pub(super) certificate_file: PathBuf,
    pub(super) macaroon_file: PathBuf,
    /// How long a call that does not pay may take.
    pub(super) deadline: Duration,
}

impl Lnd {
    /// The address of LND's REST interface, its `tls.cert` and a macaroon, as LND saves it or in hexadecimal.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn new(
        url: &Url,
        certificate_file: PathBuf,
        macaroon_file: PathBuf,
        deadline: Duration,
    ) -> Result<Self, AddressError> {
        Ok(Self {
            address: Address::of(url)?,
            certificate_file,
            macaroon_file,
            deadline,
        })
    }
}
