//! An LND and how it is reached.

use std::{path::PathBuf, time::Duration};

use hyper::{Uri, header::HeaderValue};
use url::{Position, Url};

/// An LND.
#[derive(Debug)]
pub struct Lnd {
    pub(super) uri: Uri,
    pub(super) host: HeaderValue,
    pub(super) certificate_file: PathBuf,
    pub(super) macaroon_file: PathBuf,
    /// How long a call that does not pay may take.
    pub(super) deadline: Duration,
}

impl Lnd {
    /// The address of LND's REST interface, its `tls.cert` and a macaroon, as LND saves it or in hexadecimal. `None` when
    /// the address cannot be connected to.
    pub fn new(
        url: &Url,
        certificate_file: PathBuf,
        macaroon_file: PathBuf,
        deadline: Duration,
    ) -> Option<Self> {
        let host = &url[Position::BeforeHost..Position::AfterPort];
        Some(Self {
            uri: url.as_str().parse().ok()?,
            host: HeaderValue::from_str(host).ok()?,
            certificate_file,
            macaroon_file,
            deadline,
        })
    }
}
