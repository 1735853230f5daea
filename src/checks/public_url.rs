//! The public address: whether it can be reached from here, leads to this very server, and what the proxy in front of it
//! does. A server is told of a visit by its private socket, and says how that arrived.

use std::time::Duration;

use facture_runtime::{
    fetch::{FetchError, FetchOptions, Fetched, Fetcher},
    guard::{AllowedAddresses, Proxy, is_onion},
};
use hyper::StatusCode;
use url::Url;

use super::finding::{Check, Finding};
use crate::{
    config::{Config, OnionProxy, PublicUrl},
    control::{ArrivedBy, ArrivedVisit, Client},
};

/// How long a visit may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// What is visited.
const PATH: &str = "/healthz";

/// Checks the configured public address. `server`: the one that runs, if one does.
pub(super) async fn public_url(config: &Config, server: Option<&mut Client>) -> Vec<Finding> {
    let PublicUrl::Fixed(url) = &config.server.public_url else {
        return vec![Finding::not_checked(
            Check::PublicUrl,
            "server.public_url is empty: links use the host that the visitor came by, over http.",
        )];
    };
    let Some(server) = server else {
        return vec![reachable(url, &config.webhooks.onion_proxy).await];
    };
    let probe = match server.expect_visit().await {
        Ok(probe) => probe,
        Err(error) => {
            return vec![Finding::not_checked(
                Check::PublicUrl,
                format!("the server cannot be told of a visit: {error}"),
            )];
        }
    };
    let query = format!("probe={probe}");
    if let Err(finding) = visit(url, &config.webhooks.onion_proxy, Some(&query)).await {
        return vec![finding];
    }
    match server.visit(&probe).await {
        Ok(Some(arrived)) => vec![
            Finding::ok(
                Check::PublicUrl,
                format!("{} leads to this server.", shown(url)),
            ),
            proxy(url, &arrived),
        ],
        Ok(None) => vec![Finding::problem(
            Check::PublicUrl,
            format!(
                "{} is answered, but not by this server: another program, or another facture, is there.",
                shown(url)
            ),
            format!(
                "let the proxy pass requests on to {}, or correct server.public_url.",
                config.server.listen
            ),
        )],
        Err(error) => vec![Finding::not_checked(
            Check::PublicUrl,
            format!("the server does not say whether the visit arrived: {error}"),
        )],
    }
}

/// Whether anybody answers at a public address while no server of ours runs.
pub async fn reachable(url: &Url, onion_proxy: &OnionProxy) -> Finding {
    match fetch(url, onion_proxy, None).await {
        Ok(_) => Finding::not_checked(
            Check::PublicUrl,
            format!(
                "{} is answered; whether by facture shows once the server runs.",
                shown(url)
            ),
        ),
        Err(finding) => finding,
    }
}

/// Visits the address of a server that runs.
async fn visit(url: &Url, onion_proxy: &OnionProxy, query: Option<&str>) -> Result<(), Finding> {
    let status = fetch(url, onion_proxy, query).await?.status;
    if status == StatusCode::OK {
        return Ok(());
    }
    let advice = match status.is_redirection() {
        true => "set server.public_url to the address that visitors are sent on to.",
        false => "let the proxy pass every path on to facture, and look into the proxy's log.",
    };
    Err(Finding::problem(
        Check::PublicUrl,
        format!("{} answers {PATH} with {status}.", shown(url)),
        advice,
    ))
}

async fn fetch(
    url: &Url,
    onion_proxy: &OnionProxy,
    query: Option<&str>,
) -> Result<Fetched, Finding> {
    let onion_proxy = onion_proxy.get();
    if url.host_str().is_some_and(is_onion) && onion_proxy.is_none() {
        return Err(Finding::not_checked(
            Check::PublicUrl,
            format!(
                "{} can be tried out only if webhooks.onion_proxy names Tor's proxy.",
                shown(url)
            ),
        ));
    }
    let fetcher = Fetcher::new(FetchOptions {
        // The owner has named it.
        allowed: AllowedAddresses::Any,
        proxy: onion_proxy.map_or(Proxy::Off, Proxy::Onion),
        deadline: DEADLINE,
    });
    let fetcher = fetcher.map_err(|error| {
        Finding::not_checked(Check::PublicUrl, format!("nothing can be visited: {error}"))
    })?;
    let mut page = url.clone();
    page.set_path(PATH);
    page.set_query(query);
    fetcher
        .get(&page)
        .await
        .map_err(|error| unreachable(url, &error))
}

fn unreachable(url: &Url, error: &FetchError) -> Finding {
    Finding::problem(
        Check::PublicUrl,
        format!(
            "{} cannot be reached from this machine: {error}.",
            shown(url)
        ),
        "see whether it opens on a phone: then this machine just cannot see its own public address; if not, correct the name, \
         the proxy, its certificate or the firewall.",
    )
}

/// What the proxy in front does.
fn proxy(url: &Url, arrived: &ArrivedVisit) -> Finding {
    let ArrivedVisit {
        host,
        peer,
        way,
        forwarded_scheme,
    } = arrived;
    let public = url.as_str().trim_end_matches('/');
    let public_host = public.split_once("://").map_or(public, |(_, host)| host);
    if host.as_deref() != Some(public_host) {
        return Finding::warning(
            Check::Proxy,
            format!(
                "the proxy says that visitors want {}, not {public_host}.",
                host.as_deref().unwrap_or("no host")
            ),
            "let it pass on the header Host (docs/install.md has the lines for nginx).",
        );
    }
    if forwarded_scheme
        .as_deref()
        .is_some_and(|scheme| scheme != url.scheme())
    {
        return Finding::warning(
            Check::Proxy,
            format!(
                "the proxy says that visitors come by {}, and server.public_url begins with {}.",
                forwarded_scheme.as_deref().unwrap_or_default(),
                url.scheme()
            ),
            "correct server.public_url, or the proxy's header X-Forwarded-Proto.",
        );
    }
    match way {
        ArrivedBy::TrustedProxy => Finding::ok(
            Check::Proxy,
            format!("the proxy at {peer} is trusted and says for whom it asks."),
        ),
        ArrivedBy::SilentProxy => Finding::warning(
            Check::Proxy,
            format!(
                "the proxy at {peer} does not say for whom it asks: all visitors share one rate limit."
            ),
            "let it set X-Forwarded-For (docs/install.md has the lines for nginx), or correct server.proxy_header.",
        ),
        ArrivedBy::UntrustedProxy => untrusted(peer),
        // facture has no TLS of its own.
        ArrivedBy::Direct if url.scheme() == "https" => untrusted(peer),
        ArrivedBy::Direct => Finding::ok(Check::Proxy, "there is no proxy in front."),
    }
}

fn untrusted(peer: &str) -> Finding {
    Finding::warning(
        Check::Proxy,
        format!("the proxy at {peer} is not trusted: all visitors share one rate limit."),
        format!("set trusted_proxies = [\"{peer}\"] in [server], if that is your proxy."),
    )
}

fn shown(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}
