//! A cashier scans the code on the owner's screen, chooses a PIN, and signs in by it from then on, without script.

use serde_json::json;

use crate::{
    audit::{Axe, layout},
    chromium::{Browser, Scheme, Screen, Scripts},
    counter::Cafe,
    keyboard,
    qr::read,
};

const SCREENS: [Screen; 2] = [Screen::PHONE, Screen::DESKTOP];

/// What must hold for the page that is open: on both screens, in both colours.
async fn check(browser: &Browser, axe: &Axe, page: &str) {
    axe.enter(browser).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        for screen in SCREENS.map(|screen| screen.scheme(scheme)) {
            browser.look(screen).await;
            assert_eq!(layout(browser).await, [""; 0], "{page} {screen}");
        }
        let complaints = axe.complaints(browser).await;
        assert_eq!(complaints, [""; 0], "{page} {scheme:?}");
    }
    let complaints = keyboard::complaints(browser).await;
    assert_eq!(complaints, [""; 0], "{page}");
}

async fn fill(browser: &Browser, field: &str, text: &str) {
    let focus = format!("document.querySelector('{field}').focus()");
    browser.evaluate(&focus).await;
    browser.insert(text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cashier_scans_the_code_on_the_owners_screen_and_types_a_pin() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let (cafe, axe) = (Cafe::open(&browser).await, Axe::find());
    for language in ["en", "ar"] {
        browser.scripts(Scripts::On).await;
        let at = |path: &str| cafe.shop.at(&format!("{path}?lang={language}"));
        cafe.sign_in(&browser).await;
        browser.open(&at("/desk/users")).await;
        check(&browser, &axe, &format!("users-{language}")).await;
        browser
            .click("[action*='/desk/users/device?'] button, [action$='/desk/users/device'] button")
            .await;
        browser.until_there(".card .qr svg").await;
        check(&browser, &axe, &format!("code-{language}")).await;
        let mut links = Vec::new();
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.look(Screen::of(1280, 1600).scheme(scheme)).await;
            links.push(read(&browser.picture(json!({ "format": "png" })).await));
        }
        assert!(links[0].starts_with(&cafe.shop.at("/desk/device/")));
        assert_eq!(links[0], links[1]);

        // Another browser, at the counter.
        browser
            .command("Network.clearBrowserCookies", json!({}))
            .await;
        let link = format!("{}?lang={language}", links[0]);
        browser.open(&link).await;
        check(&browser, &axe, &format!("device-{language}")).await;
        browser.scripts(Scripts::Off).await;
        browser.open(&link).await;
        fill(&browser, "#pin", "1234").await;
        fill(&browser, "#again", "1234").await;
        browser.click("main [type=submit]").await;
        browser.until_there("#pin-error").await;
        fill(&browser, "#pin", "2580").await;
        fill(&browser, "#again", "2580").await;
        browser.click("main [type=submit]").await;
        browser.until_there(".till").await;
        let sections = "document.querySelectorAll('.sections a').length";
        assert_eq!(browser.evaluate(sections).await, 1);
        browser.click(".leave button").await;
        browser.until_there("#pin").await;
        fill(&browser, "#pin", "0852").await;
        browser.click("[action*='/desk/login/pin'] button").await;
        browser.until_there("[role=alert]").await;
        browser.scripts(Scripts::On).await;
        browser.open(&at("/desk/login")).await;
        check(&browser, &axe, &format!("login-{language}")).await;
        browser.scripts(Scripts::Off).await;
        browser.open(&at("/desk/login")).await;
        fill(&browser, "#pin", "2580").await;
        browser.click("[action*='/desk/login/pin'] button").await;
        browser.until_there(".till").await;
    }
}
