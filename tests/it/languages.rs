//! Every page in every language, and how a visitor gets theirs.

use facture::locale::Language;
use reqwest::{Method, StatusCode, header};

use crate::{
    contract::{World, path_of},
    harness::{Page, Server},
    world::Sandbox,
};

async fn open_as(server: &Server, path: &str, accept_language: &str) -> Page {
    let request = server
        .request(Method::GET, path)
        .header(header::ACCEPT_LANGUAGE, accept_language);
    Page::read(request.send().await).await
}

#[tokio::test]
async fn every_state_speaks_every_language() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let expiring = sandbox.server(&[("INVOICE__EXPIRY_SECONDS", "1")]).await;
    let unpaid = server.create("1234567", "Tea").await;
    let paid = server.create("1234567", "Tea").await;
    sandbox
        .pay(paid["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    let expired = expiring.create("1234567", "Tea").await;
    sandbox.let_a_second_pass().await;
    let expired = path_of(&expired);
    expiring
        .json_until(&expired, |answer| answer["status"] == "expired")
        .await;
    for language in Language::ALL {
        for (path, title) in [
            ("/".to_owned(), "form-title"),
            (path_of(&unpaid), "pay-title"),
            (path_of(&paid), "paid-title"),
            (expired.clone(), "expired-title"),
            ("/nowhere".to_owned(), "trouble-not-found.title"),
        ] {
            let whose = if path == expired { &expiring } else { &server };
            let page = open_as(whose, &path, language.tag()).await;
            let shown = page.text_of("title");
            assert!(
                shown.starts_with(&*language.say(title)),
                "{path} in {language:?}: {shown}"
            );
            assert_eq!(
                page.attribute("html", "lang").as_deref(),
                Some(language.tag())
            );
            assert_eq!(
                page.attribute("html", "dir").as_deref(),
                Some(language.direction())
            );
            assert_eq!(
                page.header("vary")
                    .split(", ")
                    .filter(|name| name.starts_with("accept"))
                    .take(2)
                    .collect::<Vec<_>>(),
                ["accept", "accept-language"],
                "{path}"
            );
            if title == "paid-title" {
                let amount = facture_domain::Msat::from_sat(1_234_567).expect("an amount");
                assert_eq!(
                    page.text_of(".amount"),
                    format!("{} {}", language.sat(amount), language.say("sat"))
                );
            }
        }
    }
}

#[tokio::test]
async fn the_link_wins_over_the_browser_and_the_browser_over_the_configuration() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("SITE__LANGUAGE", "ja")]).await;
    let language_of = async |path: &str, accepted: &str| {
        let page = open_as(&server, path, accepted).await;
        page.attribute("html", "lang").expect("a language")
    };
    assert_eq!(language_of("/", "nl").await, "ja");
    assert_eq!(language_of("/", "nl, pt-BR;q=0.7, de;q=0.2").await, "pt");
    assert_eq!(language_of("/?lang=zh-TW", "pt").await, "zh-Hant");
    assert_eq!(language_of("/?lang=nl", "pt").await, "pt");
    assert_eq!(language_of("/?lang=%22%3E%3Cb%3E", "").await, "ja");
}

#[tokio::test]
async fn the_language_of_the_link_is_kept_from_page_to_page() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.sandbox_server().await;
    let form = server.open("/?lang=fr").await;
    let action = form.attribute("main form", "action").expect("a form");
    assert_eq!(action, "/create_invoice?lang=fr");
    let bad = server
        .request(Method::POST, &action)
        .form(&[("amount", "x")]);
    let bad = Page::read(bad.send().await).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        bad.text_of("#amount-error"),
        Language::French.say("amount-not-digits")
    );
    let made = server
        .request(Method::POST, &action)
        .form(&[("amount", "5")]);
    let made = Page::read(made.send().await).await;
    let path = made.header("location").to_owned();
    assert!(path.ends_with("?lang=fr"), "{path}");
    let page = server.open(&path).await;
    assert_eq!(
        page.attribute("header a", "href").as_deref(),
        Some("/?lang=fr")
    );
    let pay = page
        .attribute("form[action^='/sandbox']", "action")
        .expect("the sandbox's button");
    let paid = Page::read(server.request(Method::POST, &pay).send().await).await;
    assert_eq!(paid.header("location"), path);
    assert_eq!(
        server.open(&path).await.text_of("h1"),
        Language::French.say("paid-title")
    );
}

#[tokio::test]
async fn programs_are_told_in_english() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("SITE__LANGUAGE", "de")]).await;
    let request = server
        .request(Method::POST, "/create_invoice?lang=fr")
        .header(header::ACCEPT, "application/json")
        .header(header::ACCEPT_LANGUAGE, "ar");
    let answer = Page::read(request.form(&[("amount", "x")]).send().await).await;
    let answer: serde_json::Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(
        answer["error"]["message"],
        *Language::English.say("amount-not-digits")
    );
    assert_eq!(answer["error"]["code"], "amount_invalid");
}
