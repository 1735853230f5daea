//! From a name to addresses that may be connected to. It stands between the client and its connections: what is checked
//! is what is connected to, so a name that changes its address in between gains nothing.

use std::{
    fmt, io,
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
    vec,
};

use futures_util::future::{BoxFuture, FutureExt};
use hyper_util::client::legacy::connect::dns::Name;
use tower::Service;

use super::address::Allowed;

/// Asks for a name's addresses.
pub(super) type Lookup =
    Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// A lookup with the addresses that are not allowed left out.
#[derive(Clone)]
pub(super) struct Resolver {
    allowed: Allowed,
    lookup: Lookup,
}

/// A name without an address that may be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    #[error("all addresses are private")]
    Refused,
    #[error("no address: {0}")]
    Unresolved(io::Error),
}

impl Resolver {
    pub(super) fn new(allowed: Allowed, lookup: Lookup) -> Self {
        Self { allowed, lookup }
    }

    async fn resolve(self, name: String) -> Result<Vec<SocketAddr>, ResolveError> {
        let found = (self.lookup)(name)
            .await
            .map_err(ResolveError::Unresolved)?;
        if found.is_empty() {
            return Err(ResolveError::Unresolved(io::ErrorKind::NotFound.into()));
        }
        let mut allowed = found;
        allowed.retain(|address| self.allowed.contains(address.ip()));
        if allowed.is_empty() {
            return Err(ResolveError::Refused);
        }
        Ok(allowed)
    }
}

/// The system's lookup.
pub(super) fn system() -> Lookup {
    Arc::new(|name| {
        async move {
            // The client puts the right port in.
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.collect())
        }
        .boxed()
    })
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = ResolveError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolving = self.clone().resolve(name.as_str().to_owned());
        async move { Ok(resolving.await?.into_iter()) }.boxed()
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resolver({:?})", self.allowed)
    }
}
