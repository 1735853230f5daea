//! The pictures of the states in `docs/screenshots`, which the README shows:
//! `cargo test --test browser pictures -- --ignored` draws them anew.

use std::{fs, path::Path};

use serde_json::json;

use crate::{
    chromium::{Browser, Scheme, Screen},
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

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes docs/screenshots"]
async fn pictures() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let town = Town::build().await;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screenshots");
    fs::create_dir_all(&directory).expect("a directory");
    for &(state, screen, name) in PICTURES {
        browser.look(screen).await;
        town.state(state).bring(&browser).await;
        let small = json!({ "format": "webp", "quality": 80 });
        let picture = browser.picture(small).await;
        let file = directory.join(format!("{name}.webp"));
        fs::write(file, picture).expect("it is written");
    }
}
