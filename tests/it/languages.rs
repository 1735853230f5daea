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
    assert_eq!(language_of("/", "nl, pt-PT;q=0.7, de;q=0.2").await, "pt-PT");
    assert_eq!(language_of("/?lang=zh-TW", "pt").await, "zh-Hant");
    assert_eq!(language_of("/?lang=nl", "pt").await, "pt-BR");
    assert_eq!(language_of("/?lang=%22%3E%3Cb%3E", "").await, "ja");
}

#[tokio::test]
async fn browsers_get_the_variant_of_their_region() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("SITE__LANGUAGE", "ja")]).await;
    for (accepted, tag) in [
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("en-GB,en-US;q=0.9,en;q=0.8", "en-GB"),
        ("en-AU", "en-GB"),
        ("pt", "pt-BR"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("pt-PT,pt;q=0.9,en;q=0.8", "pt-PT"),
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("nl", "ja"),
    ] {
        let page = open_as(&server, "/", accepted).await;
        let found = page.attribute("html", "lang");
        assert_eq!(found.as_deref(), Some(tag), "{accepted}");
        // The menu has all the others, by their own names.
        let others = Language::ALL.into_iter().filter(|one| one.tag() != tag);
        let (tags, names): (Vec<_>, Vec<_>) = others.map(|one| (one.tag(), one.name())).unzip();
        assert_eq!(page.attributes(".languages a", "hreflang"), tags);
        assert_eq!(page.texts(".languages a"), names);
    }
}

#[tokio::test]
async fn the_configured_language_may_be_any_tag_of_ours_or_of_a_region() {
    let sandbox = Sandbox::start().await;
    let tags = Language::ALL.map(|language| (language.tag(), language.tag()));
    let regions = [("pt", "pt-BR"), ("zh", "zh-Hans"), ("zh-TW", "zh-Hant")];
    for (configured, tag) in tags.into_iter().chain(regions) {
        let server = sandbox.server(&[("SITE__LANGUAGE", configured)]).await;
        let page = open_as(&server, "/", "nl").await;
        let found = page.attribute("html", "lang");
        assert_eq!(found.as_deref(), Some(tag), "{configured}");
    }
}

/// On the page of an unpaid invoice.
#[tokio::test]
async fn amounts_and_dates_are_written_as_the_region_writes_them() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let path = path_of(&server.create("1234567", "Tea").await);
    for (tag, amount, moment) in [
        ("en", "1,234,567", "%b %-d, %Y, %-I:%M\u{202f}%p UTC"),
        ("en-GB", "1,234,567", "%-d %b %Y, %H:%M UTC"),
        ("pt-PT", "1\u{a0}234\u{a0}567", "%d/%m/%Y, %H:%M UTC"),
        ("zh-Hans", "1,234,567", "%Y年%-m月%-d日 %H:%M（UTC）"),
        ("pt-BR", "1.234.567", ""),
    ] {
        let page = open_as(&server, &path, tag).await;
        let language: Language = tag.parse().expect("a language");
        let sat = language.say("sat");
        assert_eq!(page.text_of(".amount"), format!("{amount} {sat}"), "{tag}");
        let until = page.attribute(".when time", "datetime").expect("a time");
        let until: jiff::Timestamp = until.parse().expect("a time");
        let zoned = until.to_zoned(jiff::tz::TimeZone::UTC);
        let shown = page.text_of(".when time");
        if moment.is_empty() {
            let (day, rest) = (
                zoned.strftime("%-d de "),
                zoned.strftime(" de %Y, %H:%M UTC"),
            );
            assert!(shown.starts_with(&day.to_string()), "{shown}");
            assert!(shown.ends_with(&rest.to_string()), "{shown}");
        } else {
            assert_eq!(shown, zoned.strftime(moment).to_string(), "{tag}");
        }
    }
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
async fn programs_get_errors_in_english() {
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
        "The amount must be a whole number of satoshis from 1 to 100000000."
    );
    assert_eq!(answer["error"]["code"], "amount_invalid");
}
