//! What the desk's handlers have in common: whose forms it takes, what its cookie is called, how often somebody may try to
//! sign in.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use facture_domain::desk::UserName;
use jiff::tz::TimeZone;

use super::cookie::CookieRules;
use crate::{
    config::{Config, DatevConfig, PublicUrl},
    web::{
        error::Problem,
        extract::client::Client,
        limits::rate::Rate,
        middleware::cross_site::{CrossSitePolicy, OtherSites},
        mode::Mode,
    },
};
use axum::http::HeaderMap;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Settings>);

struct Settings {
    is_enabled: bool,
    has_demo: bool,
    is_apart: bool,
    /// There are sales that never were.
    has_samples: AtomicBool,
    datev: Option<DatevConfig>,
    zone: TimeZone,
    policy: CrossSitePolicy,
    cookie: CookieRules,
    device_cookie: CookieRules,
    by_account: Rate<UserName>,
    by_client: Rate<Client>,
}

impl Desk {
    pub(crate) fn new(config: &Config, mode: &Mode) -> Self {
        let desk = &config.desk;
        let url = desk.url(&config.server);
        let is_https = matches!(url, PublicUrl::Fixed(url) if url.scheme() == "https");
        Self(Arc::new(Settings {
            is_enabled: desk.enabled,
            has_demo: desk.enabled && matches!(mode, Mode::Sandbox(_)),
            is_apart: desk.listen.is_some(),
            has_samples: AtomicBool::new(false),
            datev: Some(&config.datev)
                .filter(|datev| datev.is_enabled())
                .cloned(),
            zone: desk.time_zone.zone().clone(),
            policy: CrossSitePolicy::of_desk(url),
            cookie: CookieRules::new(is_https),
            device_cookie: CookieRules::of_device(is_https),
            by_account: Rate::per_minute(desk.tries_per_account_per_minute.value()),
            by_client: Rate::per_minute(desk.tries_per_client_per_minute.value()),
        }))
    }

    /// Whether there is a desk.
    pub(crate) fn is_enabled(&self) -> bool {
        self.0.is_enabled
    }

    /// Whether it is a sandbox's, where the only user needs no password.
    pub(crate) fn has_demo(&self) -> bool {
        self.0.has_demo
    }

    /// Whether it has a listener of its own, and is on no other.
    pub(crate) fn is_apart(&self) -> bool {
        self.0.is_apart
    }

    /// Says on all pages from now on that there are sales that never were.
    pub(crate) fn say_samples(&self) {
        self.0.has_samples.store(true, Ordering::Relaxed);
    }

    /// Whether there are sales that never were.
    pub(super) fn has_samples(&self) -> bool {
        self.0.has_samples.load(Ordering::Relaxed)
    }

    /// The shop's time zone.
    pub(crate) fn zone(&self) -> &TimeZone {
        &self.0.zone
    }

    /// The accounts of the DATEV export; `None`: there is none.
    pub(super) fn datev(&self) -> Option<&DatevConfig> {
        self.0.datev.as_ref()
    }

    /// How its cookie is set and read.
    pub(super) fn cookie(&self) -> CookieRules {
        self.0.cookie
    }

    /// The same of the cookie by which a device at the counter is known.
    pub(super) fn device_cookie(&self) -> CookieRules {
        self.0.device_cookie
    }

    /// Refuses forms that a page of another site sends.
    ///
    /// # Errors
    /// [`Problem::CrossSite`].
    pub(super) fn check_origin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        self.0.policy.check(headers, OtherSites::Nobody)
    }

    /// Counts one more attempt of somebody who is signed in to prove who they are, as an attempt to sign in.
    ///
    /// # Errors
    /// [`Problem::RateLimited`].
    pub(super) fn admit_again(&self, name: &UserName) -> Result<(), Problem> {
        self.0.by_account.check(name)
    }

    /// Counts one more attempt to sign in.
    ///
    /// # Errors
    /// [`Problem::RateLimited`].
    pub(super) fn admit(&self, client: &Client, name: &str) -> Result<(), Problem> {
        self.0.by_client.check(client)?;
        // Nobody has another name, so there is nothing to guess.
        match UserName::parse(name) {
            Ok(name) => self.0.by_account.check(&name),
            Err(_) => Ok(()),
        }
    }
}
