//! URLs that a payer would ask.

use url::{Host, Url};

/// Reads a URL that a payer may ask: `https`, or `http` for an onion service or this machine (LUD-01, LUD-16).
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "it does not hold a URL")?;
    let local = is_onion(&url) || is_this_machine(&url);
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        "http" => return Err("its URL must begin with https://"),
        _ => return Err("its URL is not a web address"),
    }
    if !url.has_host() {
        return Err("its URL has no host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("its URL must not have a user name or a password");
    }
    Ok(url)
}

/// The URL of this host and path, whose scheme is the one that such a host is asked by.
///
/// # Errors
/// What is wrong with it.
pub(super) fn with_scheme_of_host(host_and_path: &str) -> Result<Url, &'static str> {
    let url = parse(&format!("https://{host_and_path}"))?;
    if is_onion(&url) || is_this_machine(&url) {
        return parse(&format!("http://{host_and_path}"));
    }
    Ok(url)
}

fn is_onion(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').ends_with(".onion"),
        _ => false,
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
