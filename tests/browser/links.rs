//! Payment links: from the link's page to the shop's thanks, on every screen, with scripts and without.

use facture::{
    app::{Checkout, make_sample_links},
    web::Mode,
};
use facture_sandbox::SandboxNode;
use reqwest::Url;

use crate::{
    audit::{Axe, layout},
    chromium::{Browser, Scheme, Screen, Scripts},
    harness::{Server, config_on},
    shop::Shop,
};

/// The narrowest phone, a usual one and a desktop.
const SCREENS: [Screen; 3] = [Screen::of(320, 640), Screen::PHONE, Screen::DESKTOP];

/// A shop without a form, with a sandbox's links.
async fn open() -> Shop {
    let directory = tempfile::Builder::new().prefix("facture-").tempdir();
    let directory = directory.expect("a directory");
    let socket = directory.path().join("lightning-rpc");
    let node = SandboxNode::start(&socket).await.expect("a sandbox node");
    let config = config_on(socket, &[("FORM__ENABLED", "false")]);
    let records = tempfile::tempdir().expect("a directory");
    let opened = Checkout::open(&config, records.path(), Mode::Live).await;
    let checkout = opened.expect("it opens");
    let made = make_sample_links(checkout.links()).await;
    made.expect("the links are made");
    Shop {
        server: Server::serve(async { Ok((checkout, records)) }).await,
        node,
        directory,
    }
}

impl Shop {
    /// The buyer pays the invoice whose page is open.
    async fn pays_the_order(&self, browser: &Browser) {
        browser
            .until("location.pathname.startsWith('/check_invoice/')")
            .await;
        let url = Url::parse(&browser.url().await).expect("an address");
        let (_, invoice) = self.server.json(url.path()).await;
        self.pay(&invoice, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_links_fits_every_screen_and_axe_finds_nothing() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let (shop, axe) = (open().await, Axe::find());
    for path in ["/", "/l/coffee", "/l/donation", "/l/coffee/poster"] {
        for language in ["en", "ar", "de", "ja"] {
            browser
                .open(&shop.at(&format!("{path}?lang={language}")))
                .await;
            axe.enter(&browser).await;
            for scheme in [Scheme::Light, Scheme::Dark] {
                for screen in SCREENS.map(|screen| screen.scheme(scheme)) {
                    browser.look(screen).await;
                    assert_eq!(layout(&browser).await, [""; 0], "{path} {language}");
                }
                let complaints = axe.complaints(&browser).await;
                assert_eq!(complaints, [""; 0], "{path} {language}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_orders_pays_and_is_thanked() {
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(browser) = Browser::start().await else {
            return;
        };
        let shop = open().await;
        browser.scripts(scripts).await;
        browser.open(&shop.at("/")).await;
        browser.click(".shop a").await;
        browser.until_there("form button").await;
        browser.click("form button").await;
        shop.pays_the_order(&browser).await;
        if scripts == Scripts::Off {
            browser.reload().await;
        }
        browser.until_there(".state.paid .sold").await;
    }
}
