//! The pictures in `docs/screenshots`, which the README and the book show:
//! `cargo test --test browser pictures -- --ignored` draws them anew.

use std::{fs, path::Path};

use serde_json::json;

use crate::{
    chromium::{Browser, Scheme, Screen},
    desk_shop::Desk,
    states::Town,
};

/// Which state, on which screen, in which file.
const PICTURES: &[(&str, Screen, &str)] = &[
    ("form", Screen::PHONE, "form"),
    ("unpaid", Screen::PHONE, "unpaid"),
    ("paid", Screen::PHONE, "paid"),
    ("expired", Screen::PHONE, "expired"),
    ("node away, not known", Screen::PHONE, "node-away"),
    (
        "unpaid",
        Screen::DESKTOP.scheme(Scheme::Dark),
        "unpaid-dark-desktop",
    ),
];

/// Where somebody at the desk works.
const TABLET: Screen = Screen::of(1000, 860);

/// High enough for a sale with its refund.
const HIGH: Screen = Screen::of(1000, 1330);

/// Writes what is on the screen into this file.
async fn draw(browser: &Browser, name: &str) {
    let small = json!({ "format": "webp", "quality": 80 });
    let picture = browser.picture(small).await;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screenshots");
    fs::create_dir_all(&directory).expect("a directory");
    fs::write(directory.join(format!("{name}.webp")), picture).expect("it is written");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes docs/screenshots"]
async fn pictures() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let town = Town::build().await;
    for &(state, screen, name) in PICTURES {
        browser.look(screen).await;
        town.state(state).bring(&browser).await;
        draw(&browser, name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes docs/screenshots"]
async fn pictures_of_the_desk_and_a_link() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let desk = Desk::open().await;
    let sale = desk.morning().await;
    desk.sign_in(&browser).await;
    let hidden = json!({ "hidden": true });
    browser
        .command("Emulation.setScrollbarsHidden", hidden)
        .await;
    desk.refund(&browser, &sale).await;
    for (path, screen, name) in [
        ("/desk", TABLET, "desk-today"),
        (sale.as_str(), HIGH, "desk-sale"),
        ("/desk/closing", TABLET, "desk-closing"),
    ] {
        browser.look(screen).await;
        browser.open(&desk.shop.at(path)).await;
        draw(&browser, name).await;
    }
    browser.look(Screen::PHONE).await;
    browser.open(&desk.shop.at("/l/coffee")).await;
    draw(&browser, "link").await;
}
