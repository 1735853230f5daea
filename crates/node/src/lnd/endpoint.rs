//! Where LND is, whom to take for it, and what lets us in. Both files are read again for each new connection: LND makes
//! itself a new certificate when the old one is over, and a macaroon may be replaced, without a restart of ours.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use facture_runtime::{
    http::{self, AddressError},
    tls,
};
use hyper::header::HeaderValue;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::task::spawn_blocking;
use url::Url;

use super::{
    error::{CredentialFile, Error},
    macaroon,
};

/// Where LND is and what lets us in. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint(Arc<Inner>);

struct Inner {
    address: http::Address,
    certificate_file: PathBuf,
    macaroon_file: PathBuf,
    /// The certificate file's content, and what it became.
    connector: Mutex<Option<(Vec<u8>, HttpsConnector<HttpConnector>)>>,
}

/// What every request says. Never seen in `Debug`, logs or errors.
#[derive(Clone)]
pub(super) struct Access {
    pub(super) host: HeaderValue,
    pub(super) macaroon: HeaderValue,
}

impl Endpoint {
    /// The address of LND's REST interface, such as `https://node.example:8080`; its `tls.cert`; a macaroon, as LND saves
    /// it or in hexadecimal. The files may come later.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn new(
        url: &Url,
        certificate_file: &Path,
        macaroon_file: &Path,
    ) -> Result<Self, AddressError> {
        Ok(Self(Arc::new(Inner {
            address: http::Address::of(url)?,
            certificate_file: certificate_file.to_owned(),
            macaroon_file: macaroon_file.to_owned(),
            connector: Mutex::default(),
        })))
    }

    /// The rights in the macaroon that facture does not need; none where it does not show.
    pub(super) async fn excess_rights(&self) -> Result<Vec<String>, Error> {
        let content = read(CredentialFile::Macaroon, &self.0.macaroon_file).await?;
        let text = content.trim_ascii();
        let excess = match hex::decode(text) {
            Ok(bytes) => macaroon::excess_rights(&bytes),
            Err(_) => macaroon::excess_rights(&content),
        };
        Ok(excess.unwrap_or_default())
    }

    /// A connection and what to say on it.
    pub(super) async fn open(&self) -> Result<(http::Connection, Access), Error> {
        let inner = &self.0;
        let certificate = read(CredentialFile::Certificate, &inner.certificate_file).await?;
        let connector = inner.connector(certificate)?;
        let macaroon = read(CredentialFile::Macaroon, &inner.macaroon_file).await?;
        let access = Access {
            host: inner.address.host().clone(),
            macaroon: inner.macaroon(&macaroon)?,
        };
        let http = http::Connection::open(&connector, &inner.address).await;
        Ok((http.map_err(|error| inner.unreachable(error))?, access))
    }
}

impl Inner {
    fn unreachable(&self, error: io::Error) -> Error {
        if !error.to_string().contains(tls::OTHER_CERTIFICATE) {
            return Error::Unreachable(error);
        }
        Error::Credential {
            file: CredentialFile::Certificate,
            path: self.certificate_file.clone(),
            reason: format!("{}: {}", self.address, tls::OTHER_CERTIFICATE),
        }
    }

    fn connector(&self, certificate: Vec<u8>) -> Result<HttpsConnector<HttpConnector>, Error> {
        let mut known = self
            .connector
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((content, connector)) = &*known
            && *content == certificate
        {
            return Ok(connector.clone());
        }
        let trust = tls::pinned(&certificate).map_err(|error| Error::Credential {
            file: CredentialFile::Certificate,
            path: self.certificate_file.clone(),
            reason: error.to_string(),
        })?;
        let connector = http::connector(trust);
        *known = Some((certificate, connector.clone()));
        Ok(connector)
    }

    fn macaroon(&self, content: &[u8]) -> Result<HeaderValue, Error> {
        facture_lnd_rest::macaroon(content).map_err(|error| Error::Credential {
            file: CredentialFile::Macaroon,
            path: self.macaroon_file.clone(),
            reason: error.to_string(),
        })
    }
}

/// Apart from the other tasks: a file system may hang.
async fn read(file: CredentialFile, path: &Path) -> Result<Vec<u8>, Error> {
    let owned = path.to_owned();
    let content = spawn_blocking(move || std::fs::read(owned)).await;
    let content = content.unwrap_or_else(|error| Err(io::Error::other(error)));
    content.map_err(|error| Error::Credential {
        file,
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.address.fmt(f)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint").field(&self.0.address).finish()
    }
}
