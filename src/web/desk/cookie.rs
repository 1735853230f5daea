//! The cookies of a session and of a device at the counter. Over https their names begin with `__Host-`, which browsers take only
//! with `Secure`, for this host and for all paths. Over plain http, which is only for loopback and Tor, they have no prefix: browsers refuse `Secure` there.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::web::error::Problem;
use facture_domain::desk::SecretText;

/// How a cookie is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CookieRules {
    name: &'static str,
    flags: &'static str,
}

const SECURE: CookieRules = CookieRules {
    name: "__Host-facture_desk",
    flags: "; Path=/; HttpOnly; SameSite=Lax; Secure",
};

const PLAIN: CookieRules = CookieRules {
    name: "facture_desk",
    flags: "; Path=/; HttpOnly; SameSite=Lax",
};

/// Browsers keep it for so long at most: 400 days.
const SECURE_DEVICE: CookieRules = CookieRules {
    name: "__Host-facture_till",
    flags: "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=34560000",
};

const PLAIN_DEVICE: CookieRules = CookieRules {
    name: "facture_till",
    flags: "; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000",
};

impl CookieRules {
    /// Of a session. It ends with the browser or with the session, whichever is first.
    pub(super) fn new(is_https: bool) -> Self {
        match is_https {
            true => SECURE,
            false => PLAIN,
        }
    }

    /// Of a device, which outlives the browser.
    pub(super) fn of_device(is_https: bool) -> Self {
        match is_https {
            true => SECURE_DEVICE,
            false => PLAIN_DEVICE,
        }
    }

    /// What is in the cookie of a request.
    pub(super) fn read(self, headers: &HeaderMap) -> Option<SecretText> {
        let lines = headers.get_all(header::COOKIE).iter();
        lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| {
                (name == self.name).then(|| SecretText::new(value.to_owned()))
            })
    }

    /// The header that sets it.
    pub(super) fn set(self, secret: &SecretText) -> Result<HeaderValue, Problem> {
        let Self { name, flags } = self;
        let mut value = HeaderValue::from_str(&format!("{name}={}{flags}", secret.expose()))
            .map_err(|_| Problem::Internal)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The header that removes it.
    pub(super) fn clear(self) -> Result<HeaderValue, Problem> {
        let Self { name, flags } = self;
        HeaderValue::from_str(&format!("{name}={flags}; Max-Age=0")).map_err(|_| Problem::Internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_for_this_host_alone_and_is_found_among_others() {
        let secret = SecretText::random();
        let set = CookieRules::new(true).set(&secret).unwrap();
        let text = set.to_str().unwrap();
        let expected = format!(
            "__Host-facture_desk={}; Path=/; HttpOnly; SameSite=Lax; Secure",
            secret.expose()
        );
        assert_eq!(text, expected);
        let mut headers = HeaderMap::new();
        let line = format!("a=b; __Host-facture_desk={}; c=d", secret.expose());
        headers.append(header::COOKIE, "x=y".parse().unwrap());
        headers.append(header::COOKIE, line.parse().unwrap());
        let read = |rules: CookieRules| rules.read(&headers).map(|text| text.hash());
        assert_eq!(read(CookieRules::new(true)), Some(secret.hash()));
        // One that was set over plain http is not taken for the other.
        assert_eq!(read(CookieRules::new(false)), None);
    }
}
