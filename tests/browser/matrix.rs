//! Every state, on every screen, in both colours, with and without script.

use std::collections::BTreeMap;

use crate::{
    audit::{self, Axe},
    chromium::{Browser, Scheme, Screen, Scripts},
    keyboard,
    network::Exchange,
    states::{State, Town},
};

/// The narrowest phone, a usual one, a desktop at 200 % and at 100 %.
const SCREENS: [Screen; 4] = [
    Screen::of(320, 640),
    Screen::PHONE,
    Screen::of(640, 450).density(2),
    Screen::DESKTOP,
];

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_right_with_script() {
    every_state(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_right_without_script() {
    every_state(Scripts::Off).await;
}

async fn every_state(scripts: Scripts) {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let axe = Axe::find();
    let town = Town::build().await;
    let mut complaints = BTreeMap::<String, Vec<String>>::new();
    for state in &town.states {
        let mut complain = |about: &str, found: Vec<String>| {
            for what in found {
                let what = format!("{}: {what}", state.name);
                complaints.entry(what).or_default().push(about.to_owned());
            }
        };
        // The page before has had its last word.
        browser.open("about:blank").await;
        browser.exchanges().await;
        browser.log("browser").await;
        browser.scripts(scripts).await;
        state.bring(&browser).await;
        // Or it would load again while it is looked at.
        browser
            .command("Page.stopLoading", serde_json::json!({}))
            .await;
        // What the page could not do while it loaded it does not do any more; axe-core needs its timers.
        browser.scripts(Scripts::On).await;
        axe.enter(&browser).await;
        for scheme in [Scheme::Light, Scheme::Dark] {
            for screen in SCREENS.map(|screen| screen.scheme(scheme)) {
                browser.look(screen).await;
                complain(&screen.to_string(), audit::layout(&browser).await);
                if [Screen::PHONE.width, Screen::DESKTOP.width].contains(&screen.width) {
                    complain(&screen.to_string(), axe.complaints(&browser).await);
                }
            }
        }
        complain("keyboard", keyboard::complaints(&browser).await);
        complain("console", console(&browser, state).await);
        complain("network", network(&browser.exchanges().await, state));
    }
    assert!(complaints.is_empty(), "{scripts:?}: {complaints:#?}");
}

/// What the console has against the page; that its own status is an error is meant.
async fn console(browser: &Browser, state: &State) -> Vec<String> {
    let url = browser.url().await;
    let address = url.split('?').next().unwrap_or_default();
    let meant = format!("the server responded with a status of {} ", state.status);
    browser
        .log("browser")
        .await
        .into_iter()
        .map(|entry| format!("{} {}", entry.level, entry.message))
        .filter(|line| !line.contains(address) || !line.contains(&meant))
        .collect()
}

/// Requests to others, and the headers of the page that was asked for last.
fn network(exchanges: &[Exchange], state: &State) -> Vec<String> {
    let mut pages = exchanges
        .iter()
        .filter(|exchange| exchange.kind == "Document");
    let page = pages.next_back().expect("a page");
    let mut wrong = Vec::new();
    let home = origin(&page.url);
    for exchange in exchanges {
        if origin(&exchange.url) != home {
            wrong.push(format!("a request to {}", exchange.url));
        }
    }
    if page.status != Some(state.status) {
        wrong.push(format!("answered with {:?}", page.status));
    }
    let policy = page.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors "] {
        if !policy.contains(part) {
            wrong.push(format!("no {part} in {policy}"));
        }
    }
    if policy.contains("unsafe-") {
        wrong.push(policy.to_owned());
    }
    for (name, value) in [
        ("referrer-policy", "same-origin"),
        ("x-robots-tag", "noindex"),
    ] {
        if page.header(name) != value {
            wrong.push(format!("{name} is {}", page.header(name)));
        }
    }
    wrong
}

fn origin(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}
