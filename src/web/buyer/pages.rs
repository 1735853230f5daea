//! Data common to all pages, computed once at startup.

use std::sync::Arc;

use crate::{
    config::{Config, Origins, ReceiptConfig},
    web::{assets::Assets, extract::visitor::DefaultLanguage, mode::Mode},
};

/// What all pages show and link to. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pages(Arc<Shared>);

struct Shared {
    site_name: String,
    footer: String,
    receipt: ReceiptConfig,
    /// Links to files in `/static/`.
    stylesheet: String,
    desk_stylesheet: String,
    desk_script: String,
    counter_script: String,
    icon: String,
    logo: Option<String>,
    refresh_script: String,
    checkout_script: String,
    charge_script: String,
    continue_script: String,
    money: Money,
    /// The sites that may show our pages in a frame.
    origins: Origins,
    onward: ReturnMode,
    codes: Codes,
    language: DefaultLanguage,
}

/// Whether the pages are about real money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Money {
    /// A node that holds real money.
    Real,
    /// The sandbox.
    Sandbox,
}

/// How the buyer of a paid invoice returns to the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReturnMode {
    /// By clicking a link.
    Click,
    /// Automatically after a few seconds, if scripts run.
    Itself,
}

/// Which codes an invoice's page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codes {
    /// That for Lightning wallets.
    Lightning,
    /// Another one for any wallet, too.
    AndAnyWallet,
}

impl Pages {
    /// Uses the configuration and these files; `logo` is the link to the shop's logo.
    pub(crate) fn new(config: &Config, assets: &Assets, logo: Option<String>, mode: &Mode) -> Self {
        Self(Arc::new(Shared {
            site_name: config.site.name.as_str().to_owned(),
            footer: config.site.footer.as_str().to_owned(),
            receipt: config.receipt.clone(),
            stylesheet: assets.link("facture.css"),
            desk_stylesheet: assets.link("desk.css"),
            desk_script: assets.link("desk.js"),
            counter_script: assets.link("counter.js"),
            icon: logo.clone().unwrap_or_else(|| assets.link("icon.svg")),
            logo,
            refresh_script: assets.link("refresh.js"),
            checkout_script: assets.link("checkout.js"),
            charge_script: assets.link("charge.js"),
            continue_script: assets.link("continue.js"),
            money: match mode {
                Mode::Live => Money::Real,
                Mode::Sandbox(_) => Money::Sandbox,
            },
            origins: config.embed.origins.clone(),
            onward: match config.site.redirect_automatically {
                true => ReturnMode::Itself,
                false => ReturnMode::Click,
            },
            codes: match config.site.any_wallet {
                true => Codes::AndAnyWallet,
                false => Codes::Lightning,
            },
            language: DefaultLanguage(config.site.language),
        }))
    }

    /// The name of the shop.
    pub(crate) fn site_name(&self) -> &str {
        &self.0.site_name
    }

    /// The footer line of every page; empty: none.
    pub(crate) fn footer(&self) -> &str {
        &self.0.footer
    }

    /// What receipts say of the seller.
    pub(crate) fn receipt(&self) -> &ReceiptConfig {
        &self.0.receipt
    }

    /// The link to the stylesheet.
    pub(crate) fn stylesheet(&self) -> &str {
        &self.0.stylesheet
    }

    /// The link to what the desk adds to it.
    pub(crate) fn desk_stylesheet(&self) -> &str {
        &self.0.desk_stylesheet
    }

    /// The link to the desk's script.
    pub(crate) fn desk_script(&self) -> &str {
        &self.0.desk_script
    }

    /// The link to the counter's script.
    pub(crate) fn counter_script(&self) -> &str {
        &self.0.counter_script
    }

    /// The link to the icon.
    pub(crate) fn icon(&self) -> &str {
        &self.0.icon
    }

    /// The link to the shop's logo.
    pub(crate) fn logo(&self) -> Option<&str> {
        self.0.logo.as_deref()
    }

    /// The link to the script that reloads a page after a delay.
    pub(crate) fn refresh_script(&self) -> &str {
        &self.0.refresh_script
    }

    /// The link to the script that follows an invoice.
    pub(crate) fn checkout_script(&self) -> &str {
        &self.0.checkout_script
    }

    /// The link to the script that sends the form of a page by itself.
    pub(crate) fn continue_script(&self) -> &str {
        &self.0.continue_script
    }

    /// The link to the script that reports the state of the page to the one embedding it.
    pub(crate) fn charge_script(&self) -> &str {
        &self.0.charge_script
    }

    /// Whether the pages are about real money.
    pub(crate) fn money(&self) -> Money {
        self.0.money
    }

    /// The sites that may show our pages in a frame, separated by spaces.
    pub(crate) fn origins(&self) -> String {
        self.0.origins.listed()
    }

    /// How the buyer of a paid invoice returns to the shop.
    pub(crate) fn onward(&self) -> ReturnMode {
        self.0.onward
    }

    /// Which codes an invoice's page has.
    pub(crate) fn codes(&self) -> Codes {
        self.0.codes
    }

    /// The language for visitors who request none that we have.
    pub(crate) fn language(&self) -> DefaultLanguage {
        self.0.language
    }
}
