//! A TLS listener with an authority of its own, as clnrest makes itself one. What is said on a connection is for the
//! caller to say.

use std::{path::PathBuf, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
    server::TlsStream,
};
use tokio_util::task::AbortOnDropHandle;

/// Until when the server's certificate is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Good {
    Always,
    UntilLongAgo,
}

/// It listens until it is dropped.
pub(crate) struct Tls {
    pub(crate) port: u16,
    directory: TempDir,
    _accepting: AbortOnDropHandle<()>,
}

impl Tls {
    pub(crate) async fn start(
        good: Good,
        serve: impl Fn(TlsStream<TcpStream>) + Send + Sync + 'static,
    ) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let (config, authority) = certified(good);
        std::fs::write(directory.path().join("ca.pem"), authority).expect("written");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let serve = Arc::new(serve);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let (acceptor, serve) = (acceptor.clone(), Arc::clone(&serve));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream);
                    }
                });
            }
        });
        Self {
            port,
            directory,
            _accepting: AbortOnDropHandle::new(accepting),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    pub(crate) fn ca_file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }
}

/// A server's certificate for this machine, and the authority that vouches for it, in PEM.
fn certified(good: Good) -> (ServerConfig, String) {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(["an authority".to_owned()]).expect("a name");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&authority_key).expect("signed").pem();
    let issuer = Issuer::from_params(&authority, &authority_key);

    let key = KeyPair::generate().expect("a key");
    let mut server = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    if good == Good::UntilLongAgo {
        server.not_after = date_time_ymd(2020, 1, 1);
    }
    let certificate = server.signed_by(&key, &issuer).expect("signed");
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .expect("a certificate and its key");
    (config, pem)
}
