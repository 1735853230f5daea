//! What a plug-in asks for when it sends its owner for a key, in the query of the page and again in its form.

use url::{Host, Url};

use crate::web::middleware::cross_site::is_unregistrable;
use facture_domain::{RedirectUrl, ShopId, StorePermission};

/// A request of a plug-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PairingRequest {
    /// What it calls itself, which anybody may.
    pub(super) application: String,
    pub(super) target: Target,
    /// What it asks for, each once, in its order. The first one is what plug-ins read the store from.
    pub(super) permissions: Vec<StorePermission>,
    /// What else it asks for and can do without.
    pub(super) left_out: Vec<String>,
    /// The shop that it, or the form, names.
    pub(super) shop: String,
}

/// Why a request cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PairingError {
    /// There is no address to send the key to, or none that one is sent to.
    Target,
    /// It insists on a permission that there is not.
    Permission(String),
    /// It asks for nothing that there is.
    NoPermission,
}

/// Where the key is sent: https, or http in the owner's own network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target(Url);

/// How much of a plug-in's own words is shown.
const MAX_SHOWN: usize = 100;

impl PairingRequest {
    /// Reads the fields of a query or a form.
    ///
    /// # Errors
    /// [`PairingError`].
    pub(super) fn read<'f>(
        fields: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Result<Self, PairingError> {
        let (mut redirect, mut application, mut shop) = ("", "", "");
        let mut strict = false;
        let (mut permissions, mut left_out) = (Vec::new(), Vec::new());
        for (name, value) in fields {
            match name {
                "redirect" => redirect = value,
                "applicationName" => application = value,
                "strict" => strict = value.eq_ignore_ascii_case("true"),
                "shop" => shop = value,
                "permissions" => {
                    let (name, store) = value.split_once(':').unwrap_or((value, ""));
                    if !store.is_empty() && shop.is_empty() {
                        shop = store;
                    }
                    match name.parse() {
                        Ok(permission) if permissions.contains(&permission) => {}
                        Ok(permission) => permissions.push(permission),
                        Err(_) => left_out.push(shortened(name)),
                    }
                }
                _ => {}
            }
        }
        let target = Target::parse(redirect).ok_or(PairingError::Target)?;
        if let (Some(unknown), true) = (left_out.first(), strict) {
            return Err(PairingError::Permission(unknown.clone()));
        }
        if permissions.is_empty() {
            return Err(PairingError::NoPermission);
        }
        Ok(Self {
            application: shortened(application),
            target,
            permissions,
            left_out,
            shop: shortened(match shop {
                "" => ShopId::DEFAULT,
                shop => shop,
            }),
        })
    }
}

impl Target {
    /// Reads an address; `None` for one that no key is sent to. Over plain http, anybody on the way could read it.
    fn parse(text: &str) -> Option<Self> {
        let url = RedirectUrl::parse(text).ok()?;
        let mut url = Url::parse(url.as_str()).ok()?;
        url.set_fragment(None);
        let private = url.scheme() == "https" || is_local(&url);
        private.then_some(Self(url))
    }

    /// The address.
    pub(super) fn url(&self) -> &str {
        self.0.as_str()
    }

    /// Host and port, in ASCII: letters that only look like others are seen as what they are.
    pub(super) fn host(&self) -> String {
        self.0[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
    }

    /// Its site, as a content security policy names it. There is no name for an IPv6 address there (CSP3 §2.3.1).
    pub(super) fn source(&self) -> String {
        match self.0.host() {
            Some(Host::Ipv6(_)) => format!("{}:", self.0.scheme()),
            _ => self.0.origin().ascii_serialization(),
        }
    }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_unregistrable(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Some(Host::Ipv6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        None => false,
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_over_https_or_within_the_own_network() {
        for (text, host, source) in [
            (
                "https://shop.example/wp?btcpay-settings-callback",
                "shop.example",
                "https://shop.example",
            ),
            (
                "https://shop.example:8443/#x",
                "shop.example:8443",
                "https://shop.example:8443",
            ),
            (
                "http://localhost:8080/",
                "localhost:8080",
                "http://localhost:8080",
            ),
            ("http://192.168.1.7/", "192.168.1.7", "http://192.168.1.7"),
            ("http://shop.local/", "shop.local", "http://shop.local"),
            ("http://[::1]:81/", "[::1]:81", "http:"),
            (
                "https://xn--shp-fma.example/",
                "xn--shp-fma.example",
                "https://xn--shp-fma.example",
            ),
            (
                "https://sh\u{f6}p.example/",
                "xn--shp-tna.example",
                "https://xn--shp-tna.example",
            ),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!((&*target.host(), &*target.source()), (host, source));
            assert!(!target.url().contains('#'));
        }
        for text in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "//shop.example",
            "/desk",
            "ftp://shop.example/",
            "http://shop.example/",
            "http://203.0.113.7/",
            "http://[2001:db8::1]/",
            "http://localhost.evil.example/",
            "https://user:secret@shop.example/",
            "https://localhost@evil.example/",
        ] {
            assert_eq!(Target::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_insisted_on_must_be_there() {
        let to = ("redirect", "https://shop.example/");
        let ask = |name| ("permissions", name);
        let view = "btcpay.store.canviewinvoices";
        let read =
            |fields: &[(&'static str, &'static str)]| PairingRequest::read(fields.iter().copied());
        let sound = read(&[to, ask(view), ask(view), ask("x")]).unwrap();
        assert_eq!(sound.permissions, [StorePermission::ViewInvoices]);
        assert_eq!(sound.left_out, ["x"]);
        assert_eq!(sound.shop, ShopId::DEFAULT);
        let strict = ("strict", "true");
        assert_eq!(
            read(&[to, ask(view), ask("x"), strict]),
            Err(PairingError::Permission("x".to_owned()))
        );
        assert_eq!(read(&[to]), Err(PairingError::NoPermission));
        assert_eq!(read(&[ask(view)]), Err(PairingError::Target));
        let named = read(&[to, ask("btcpay.store.canviewinvoices:tea"), strict]);
        assert_eq!(named.unwrap().shop, "tea");
    }
}
