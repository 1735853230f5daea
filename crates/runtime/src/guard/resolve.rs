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

use super::address::Policy;

/// Asks for a name's addresses.
pub type Lookup =
    Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// A lookup with the addresses that are not allowed left out.
#[derive(Clone)]
pub struct Resolver {
    policy: Policy,
    lookup: Lookup,
}

/// A name without an address that may be used.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// None that it has may be connected to.
    #[error("all addresses are private")]
    Private,
    /// It has none.
    #[error("no address: {0}")]
    Unresolved(io::Error),
}

impl Resolver {
    /// Only what the policy allows, of what the lookup finds.
    pub fn new(policy: Policy, lookup: Lookup) -> Self {
        Self { policy, lookup }
    }

    async fn resolve(self, name: String) -> Result<Vec<SocketAddr>, ResolveError> {
        let found = (self.lookup)(name)
            .await
            .map_err(ResolveError::Unresolved)?;
        if found.is_empty() {
            return Err(ResolveError::Unresolved(io::ErrorKind::NotFound.into()));
        }
        let mut allowed = found;
        allowed.retain(|address| self.policy.allows(address.ip()));
        if allowed.is_empty() {
            return Err(ResolveError::Private);
        }
        Ok(allowed)
    }
}

/// The system's lookup.
pub fn system() -> Lookup {
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
        write!(f, "Resolver({:?})", self.policy)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::guard::address::AllowedAddresses;

    /// A name whose owner answers differently each time.
    fn rebinding(answers: &[&[&str]]) -> Lookup {
        let parse = |address: &&str| SocketAddr::new(address.parse().unwrap(), 0);
        let answers = answers
            .iter()
            .map(|answer| answer.iter().map(parse).collect::<Vec<_>>());
        let answers = Mutex::new(answers.rev().collect::<Vec<_>>());
        Arc::new(move |_| {
            let answer = answers.lock().unwrap().pop().unwrap_or_default();
            async move { Ok(answer) }.boxed()
        })
    }

    /// Of a machine with an address on the public internet.
    fn public() -> Policy {
        Policy {
            allowed: AllowedAddresses::Public,
            own: || vec!["8.8.4.4".parse().unwrap()],
        }
    }

    async fn ask(resolver: &mut Resolver) -> Result<Vec<String>, ResolveError> {
        let found = resolver.call("shop.example".parse().unwrap()).await?;
        Ok(found.map(|address| address.ip().to_string()).collect())
    }

    #[tokio::test]
    async fn each_answer_is_checked_anew_and_only_public_addresses_are_handed_out() {
        let lookup = rebinding(&[
            &["1.1.1.1"],
            &["127.0.0.1"],
            &["10.0.0.1", "1.1.1.1"],
            &["8.8.4.4"],
            &[],
        ]);
        let mut resolver = Resolver::new(public(), lookup);
        assert_eq!(ask(&mut resolver).await.unwrap(), ["1.1.1.1"]);
        let rebound = ask(&mut resolver).await;
        assert!(matches!(rebound, Err(ResolveError::Private)), "{rebound:?}");
        assert_eq!(ask(&mut resolver).await.unwrap(), ["1.1.1.1"]);
        let own = ask(&mut resolver).await;
        assert!(matches!(own, Err(ResolveError::Private)), "{own:?}");
        let nothing = ask(&mut resolver).await;
        assert!(
            matches!(nothing, Err(ResolveError::Unresolved(_))),
            "{nothing:?}"
        );
    }
}
