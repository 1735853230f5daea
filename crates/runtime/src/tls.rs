//! Whom an outgoing TLS connection trusts: this system's authorities, those of one file and nobody else, or the very
//! certificates in a file.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        VerifierBuilderError, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::ring,
    pki_types::{
        CertificateDer, ServerName, UnixTime,
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
    /// A certificate that cannot vouch for anybody.
    #[error(transparent)]
    Unusable(#[from] VerifierBuilderError),
    /// The library refuses.
    #[error(transparent)]
    Refused(#[from] rustls::Error),
}

/// What is said of a server that is not the one in the file of [`pinned`].
pub const OTHER_CERTIFICATE: &str = "it shows another certificate than the one in the file";

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
    Ok(trusting(roots(&certificates(authorities)?)?)?)
}

/// Trusts a server that shows one of the certificates in this PEM text, whatever name, purpose and end they have: the file
/// says who it is. LND's own is such a one: it signs itself and says that it is an authority, for which the ordinary check
/// refuses it as a server's (`CaUsedAsEndEntity`). A server for which an authority in the text vouches is trusted as usual.
///
/// # Errors
/// [`TlsError`].
pub fn pinned(text: &[u8]) -> Result<ClientConfig, TlsError> {
    let pinned = certificates(text)?;
    let provider = Arc::new(ring::default_provider());
    let roots = Arc::new(roots(&pinned)?);
    let authorities = WebPkiServerVerifier::builder_with_provider(roots, provider).build()?;
    let mut config = trusting(RootCertStore::empty())?;
    let verifier = Arc::new(Pinned {
        pinned,
        authorities,
    });
    config.dangerous().set_certificate_verifier(verifier);
    Ok(config)
}

/// Whether this is why a connection could not be secured.
pub fn is_error(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<rustls::Error>()
}

fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates = CertificateDer::pem_slice_iter(text)
        .collect::<Result<Vec<_>, _>>()
        .map_err(TlsError::NotPem)?;
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    Ok(certificates)
}

fn roots(certificates: &[CertificateDer<'static>]) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate.clone())?;
    }
    Ok(roots)
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

/// Compares the server's certificate byte for byte. That the server has its key is checked as always.
#[derive(Debug)]
struct Pinned {
    pinned: Vec<CertificateDer<'static>>,
    authorities: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.pinned.iter().any(|pinned| pinned == end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        self.authorities
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            // rustls shows an error of ours by `Debug` only; a text it shows as it is.
            .map_err(|_| rustls::Error::General(OTHER_CERTIFICATE.to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}
