//! Whom an outgoing TLS connection trusts: this system's authorities, or those of one file and nobody else.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{
        CertificateDer, UnixTime,
        pem::{self, PemObject},
    },
    time_provider::TimeProvider,
};

/// Nobody can be trusted like this.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that is not what it should be.
    #[error("it is not PEM: {0}")]
    NotPem(pem::Error),
    /// A file that vouches for nobody.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// The library refuses.
    #[error(transparent)]
    Refused(#[from] rustls::Error),
}

/// Trusts whom this system trusts.
///
/// # Errors
/// [`TlsError::Refused`].
pub fn system() -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        tracing::warn!("this system trusts no certificates: no https address can be reached");
    }
    Ok(trusting(roots)?)
}

/// Trusts the authorities in this PEM text, and only them.
///
/// # Errors
/// [`TlsError`].
pub fn only(authorities: &[u8]) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authorities) {
        roots.add(certificate.map_err(TlsError::NotPem)?)?;
    }
    if roots.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    Ok(trusting(roots)?)
}

/// Whether this is why a connection could not be secured.
pub fn is_error(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<rustls::Error>()
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = ring::default_provider().into();
    let builder = ClientConfig::builder_with_details(provider, Arc::new(SystemClock));
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The system's clock. rustls's own panics where that shows a time before 1970; here nobody is trusted then.
#[derive(Debug)]
struct SystemClock;

impl TimeProvider for SystemClock {
    fn current_time(&self) -> Option<UnixTime> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.ok().map(UnixTime::since_unix_epoch)
    }
}
