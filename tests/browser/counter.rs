//! The counter, from the keypad to the green screen: on phone and desktop, by touch and by keyboard, with script and without, and without a
//! connection.

use facture::{
    app::{Checkout, make_sample_items},
    users::NewPassword,
    web::Mode,
};
use facture_domain::desk::{Actor, Role, SecretText, UserName};
use facture_sandbox::SandboxNode;
use facture_test_support::report::measured;
use reqwest::Url;
use serde_json::{Value, json};

use crate::{
    audit::{Axe, layout},
    chromium::{Browser, Key, Scheme, Screen, Scripts},
    harness::{Server, config_on},
    keyboard::{self, tab_to},
    shop::Shop,
};

/// The narrowest phone, a usual one and a desktop.
const SCREENS: [Screen; 3] = [Screen::of(320, 640), Screen::PHONE, Screen::DESKTOP];

const COUNTER: &str = "/desk/counter";

/// A button of an item, and what makes the invoice.
const ESPRESSO: &str = "[data-add]";
const CHARGE: &str = ".till [type=submit]";

/// A shop with a sandbox's items and a cashier, `carla`, whose owner is signed in.
pub(crate) struct Cafe {
    pub(crate) shop: Shop,
    cookie: SecretText,
}

impl Cafe {
    pub(crate) async fn open(browser: &Browser) -> Self {
        let directory = tempfile::Builder::new().prefix("facture-").tempdir();
        let directory = directory.expect("a directory");
        let socket = directory.path().join("lightning-rpc");
        let node = SandboxNode::start(&socket).await.expect("a sandbox node");
        let config = config_on(socket, &[("DESK__ENABLED", "true")]);
        let records = tempfile::tempdir().expect("a directory");
        let opened = Checkout::open(&config, records.path(), Mode::Live).await;
        let checkout = opened.expect("it opens");
        let made = make_sample_items(checkout.counter()).await;
        made.expect("the items are made");
        let cookie = owner(&checkout).await;
        let cafe = Self {
            shop: Shop {
                server: Server::serve(async { Ok((checkout, records)) }).await,
                node,
                directory,
            },
            cookie,
        };
        cafe.sign_in(browser).await;
        cafe
    }

    pub(crate) async fn sign_in(&self, browser: &Browser) {
        let cookie = json!({
            "url": self.shop.at("/"), "name": "facture_desk", "value": self.cookie.expose(), "httpOnly": true,
        });
        browser.command("Network.setCookie", cookie).await;
    }

    /// The invoice of the sale that is open in the browser.
    async fn invoice(&self, browser: &Browser) -> Value {
        browser
            .until("location.pathname.startsWith('/desk/counter/sales/')")
            .await;
        let url = Url::parse(&browser.url().await).expect("an address");
        let label = url.path().rsplit('/').next().expect("a label");
        let (_, invoice) = self
            .shop
            .server
            .json(&format!("/check_invoice/{label}"))
            .await;
        invoice
    }

    async fn paid(&self, browser: &Browser) {
        let invoice = self.invoice(browser).await;
        self.shop.pay(&invoice, None);
    }
}

/// A new owner's session.
async fn owner(checkout: &Checkout) -> SecretText {
    let users = checkout.users();
    let name = UserName::parse("ada").expect("a name");
    let link = users.add(name.clone(), Role::Owner, &Actor::Console).await;
    let Ok(password) = NewPassword::parse("correct horse battery".to_owned(), &name) else {
        panic!("a good password");
    };
    let here = "127.0.0.1".to_owned();
    let link = link.expect("a link").secret;
    let accepted = users.accept(&link, password, here, "test".to_owned()).await;
    let carla = UserName::parse("carla").expect("a name");
    let carla = users.add(carla, Role::Cashier, &Actor::Console).await;
    carla.expect("a cashier");
    accepted.expect("readable").expect("a session").cookie
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_counter_fits_every_screen_and_axe_finds_nothing() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let (cafe, axe) = (Cafe::open(&browser).await, Axe::find());
    browser.open(&cafe.shop.at(COUNTER)).await;
    browser.click(ESPRESSO).await;
    browser.click(CHARGE).await;
    cafe.paid(&browser).await;
    browser.until_there(".green h1").await;
    let paid = browser.url().await;
    browser.click("#next").await;
    browser.until_there(".till").await;
    browser.click(ESPRESSO).await;
    browser.click(CHARGE).await;
    browser.until_there(".code svg").await;
    let open = browser.url().await;
    let items = cafe.shop.at("/desk/counter/items");
    let offline = cafe.shop.at("/desk/counter-offline");
    for page in [cafe.shop.at(COUNTER), open, paid, items, offline] {
        for language in ["en", "ar", "de", "ja"] {
            browser.open(&format!("{page}?lang={language}")).await;
            axe.enter(&browser).await;
            for scheme in [Scheme::Light, Scheme::Dark] {
                for screen in SCREENS.map(|screen| screen.scheme(scheme)) {
                    browser.look(screen).await;
                    assert_eq!(
                        layout(&browser).await,
                        [""; 0],
                        "{page} {language} {screen}"
                    );
                }
                let complaints = axe.complaints(&browser).await;
                assert_eq!(complaints, [""; 0], "{page} {language} {scheme:?}");
            }
            let complaints = keyboard::complaints(&browser).await;
            assert_eq!(complaints, [""; 0], "{page} {language}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_menu_is_a_line_and_leaves_the_screen_to_the_counter() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let cafe = Cafe::open(&browser).await;
    browser.look(Screen::PHONE).await;
    let mut heights = Vec::new();
    for language in ["en", "de", "ar", "ja"] {
        browser
            .open(&cafe.shop.at(&format!("{COUNTER}?lang={language}")))
            .await;
        let height = "Math.round(document.querySelector('header').getBoundingClientRect().height)";
        let height = browser.evaluate(height).await.as_u64();
        heights.push(height.expect("a height"));
        let here = "(() => { const { left, right } = document.querySelector('.sections [aria-current]').getBoundingClientRect(); \
                    return left > -1 && right < innerWidth + 1; })()";
        assert_eq!(browser.evaluate(here).await, true, "{language}");
    }
    measured(&format!(
        "the menu above the counter on a phone of 780 px: {heights:?} px"
    ));
    let highest = heights.into_iter().max();
    assert!(highest <= Some(780 / 8), "{highest:?}");
}

/// Notes the time at which the green screen was painted.
const WATCH: &str = "(() => {
    window.painted = null;
    window.begun = performance.now();
    const green = () => document.querySelector('.green')?.checkVisibility();
    const look = () => green() ? requestAnimationFrame(() => setTimeout(() => window.painted = performance.now())) : requestAnimationFrame(look);
    look();
})()";

#[tokio::test(flavor = "multi_thread")]
async fn two_taps_and_the_screen_is_green_as_soon_as_it_is_paid() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let cafe = Cafe::open(&browser).await;
    browser.look(Screen::PHONE).await;
    browser.open(&cafe.shop.at(COUNTER)).await;
    let mut times = Vec::new();
    for _ in 0..7 {
        browser.until_there(".till").await;
        browser.click(ESPRESSO).await;
        browser.click(CHARGE).await;
        let invoice = cafe.invoice(&browser).await;
        let followed = "performance.getEntriesByType('resource').some((one) => one.name.endsWith('/events')) || document.querySelector('[data-events]')";
        browser.until(followed).await;
        browser.evaluate(WATCH).await;
        cafe.shop.pay(&invoice, None);
        browser.until("window.painted").await;
        let time = browser.evaluate("Math.round(painted - begun)").await;
        times.push(time.as_u64().expect("milliseconds"));
        browser.until_there("#next").await;
        assert_eq!(browser.evaluate("document.activeElement.id").await, "next");
        browser.press(Key::Enter).await;
    }
    times.sort_unstable();
    let middle = times[times.len() / 2];
    let (first, last) = (times[0], times[times.len() - 1]);
    measured(&format!(
        "from the sandbox's payment to the green screen of the counter: {middle} ms ({first} to {last})"
    ));
    browser.until_there(".latest li").await;
    let sales = browser
        .evaluate("document.querySelectorAll('.latest li').length")
        .await;
    assert_eq!(sales, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_made_by_keyboard_alone() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let cafe = Cafe::open(&browser).await;
    browser.look(Screen::DESKTOP).await;
    browser.open(&cafe.shop.at(COUNTER)).await;
    tab_to(&browser, ESPRESSO).await;
    browser.press(Key::Enter).await;
    browser.press(Key::Enter).await;
    tab_to(&browser, "#amount").await;
    browser.insert("100").await;
    let total = "document.getElementById('total').textContent";
    let pieces = browser
        .evaluate("document.querySelector('[data-coins]').value")
        .await;
    assert_eq!(pieces, "2");
    let shown = browser.evaluate(total).await;
    browser.press(Key::Enter).await;
    let invoice = cafe.invoice(&browser).await;
    let sat = invoice["amount_msat"].as_u64().expect("a number") / 1000;
    let digits: String = shown
        .as_str()
        .expect("a text")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(digits, sat.to_string(), "{shown}");
    cafe.shop.pay(&invoice, None);
    browser.until_there("#next").await;
    browser.press(Key::Enter).await;
    browser.until_there(".till").await;
    assert_eq!(cafe.shop.node.invoice_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_the_form_sells_too() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let cafe = Cafe::open(&browser).await;
    browser.scripts(Scripts::Off).await;
    browser.open(&cafe.shop.at(COUNTER)).await;
    assert_eq!(
        browser
            .evaluate("document.querySelector('.keys').checkVisibility()")
            .await,
        false
    );
    browser
        .evaluate("document.querySelector('[data-coins]').focus()")
        .await;
    browser.insert("2").await;
    browser.click(CHARGE).await;
    cafe.paid(&browser).await;
    // It is loaded again by itself.
    browser.until_there(".green h1").await;
    browser.click("#next").await;
    browser.until_there(".latest li").await;
    browser.scripts(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_installable_and_says_so_when_the_server_is_away() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let cafe = Cafe::open(&browser).await;
    browser.open(&cafe.shop.at(COUNTER)).await;
    let ready = "navigator.serviceWorker.ready.then((ready) => ready.active.state)";
    browser.promised(ready).await;
    browser.until("navigator.serviceWorker.controller").await;
    let errors = browser
        .command("Page.getInstallabilityErrors", json!({}))
        .await;
    assert_eq!(errors["installabilityErrors"], json!([]), "{errors}");
    let manifest = browser.command("Page.getAppManifest", json!({})).await;
    assert_eq!(manifest["errors"], json!([]), "{manifest}");
    let kept = "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys())))) \
                .then((kept) => kept.flat().map((one) => new URL(one.url).pathname))";
    let kept = browser.promised(kept).await;
    let kept: Vec<_> = kept
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        kept,
        [
            "/desk/counter-offline",
            "/static/facture.css",
            "/static/desk.css",
            "/static/icon.svg"
        ]
    );
    let Shop {
        server,
        node,
        directory,
    } = cafe.shop;
    let counter = format!("{}{COUNTER}", server.origin);
    server.stop().await.expect("it stops");
    browser.click(ESPRESSO).await;
    browser.click(CHARGE).await;
    browser
        .until("!document.getElementById('offline').hidden")
        .await;
    browser.open(&counter).await;
    browser.until_there("h1").await;
    assert_eq!(
        browser
            .evaluate("document.querySelector('h1').textContent")
            .await,
        "No connection"
    );
    let look = browser
        .evaluate("getComputedStyle(document.querySelector('main')).borderRadius")
        .await;
    assert_ne!(look, "0px", "its looks are kept, too");
    assert_eq!(node.invoice_count(), 0);
    drop(directory);
}
