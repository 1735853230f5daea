//! The shop's own look, and who may show it in a frame.

use reqwest::StatusCode;

use crate::{
    contract::{World, path_of},
    world::Sandbox,
};

#[tokio::test]
async fn the_shop_brings_its_own_look() {
    let files = tempfile::tempdir().expect("a directory");
    let logo = files.path().join("Shop.SVG");
    let style = files.path().join("own.css");
    std::fs::write(&logo, "<svg xmlns='http://www.w3.org/2000/svg'/>").expect("written");
    std::fs::write(&style, "h1 { letter-spacing: 1px }").expect("written");
    let sandbox = Sandbox::start().await;
    let server = sandbox
        .server(&[
            ("SITE__NAME", "Café Löwen"),
            ("SITE__LOGO", logo.to_str().expect("text")),
            ("SITE__STYLESHEET", style.to_str().expect("text")),
            ("SITE__ACCENT", "#f7931a"),
            ("SITE__FOOTER", "Main Street 1 · VAT <7>"),
        ])
        .await;
    let page = server.open("/").await;
    assert_eq!(page.text_of("header"), "Café Löwen");
    assert_eq!(page.text_of("footer p"), "Main Street 1 · VAT <7>");
    let link = page.attribute("header img", "src").expect("a logo");
    let image = server.open(&link).await;
    assert_eq!(image.header("content-type"), "image/svg+xml");
    assert!(image.header("cache-control").contains("immutable"));
    assert_eq!(page.attribute("link[rel=icon]", "href"), Some(link));

    let link = page
        .attribute("link[rel=stylesheet]", "href")
        .expect("a stylesheet");
    let css = server.open(&link).await.text;
    let (ours, own) = (
        css.find("--button: #f7931a"),
        css.find("letter-spacing: 1px"),
    );
    assert!(ours.is_some() && ours < own, "theirs has the last word");
    assert!(!page.text.contains("style="), "nothing inline");

    let plain = sandbox.server(&[]).await.open("/").await;
    assert_ne!(
        plain.attribute("link[rel=stylesheet]", "href"),
        Some(link),
        "another content has another address"
    );
    assert!(plain.texts("header img").is_empty() && plain.texts("footer p").is_empty());
}

#[tokio::test]
async fn a_look_that_cannot_be_shown_is_refused_at_the_start() {
    let files = tempfile::tempdir().expect("a directory");
    let text = files.path().join("logo.txt");
    std::fs::write(&text, "no image").expect("written");
    let sandbox = Sandbox::start().await;
    for (key, path, word) in [
        ("SITE__LOGO", "/nowhere/logo.svg", "site.logo"),
        ("SITE__LOGO", text.to_str().expect("text"), ".svg"),
        ("SITE__STYLESHEET", "/nowhere/own.css", "site.stylesheet"),
    ] {
        let server = sandbox.server(&[(key, path)]).await;
        let error = server.stop().await.expect_err("it does not start");
        assert!(format!("{error:#}").contains(word), "{error:#}");
    }
}

#[tokio::test]
async fn only_the_configured_shops_may_frame_the_pages() {
    let sandbox = Sandbox::start().await;
    let server = sandbox
        .server(&[(
            "EMBED__ORIGINS",
            "https://shop.example, http://localhost:8080/",
        )])
        .await;
    let invoice = server.create("1", "framed").await;
    for path in ["/", &path_of(&invoice), "/nowhere"] {
        let page = server.open(path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.ends_with("frame-ancestors https://shop.example http://localhost:8080"),
            "{path}: {policy}"
        );
    }
    let page = server.open(&path_of(&invoice)).await;
    assert_eq!(
        page.attribute("meta[name=facture]", "data-origins")
            .as_deref(),
        Some("https://shop.example http://localhost:8080"),
        "they alone are told"
    );
    let script = server.open("/static/embed.js").await;
    assert_eq!(
        (script.status, script.header("content-type")),
        (StatusCode::OK, "text/javascript; charset=utf-8")
    );
}
