//! Forms that other sites' pages send in a visitor's name (CSRF).

use facture::http::Mode;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    api::{Shop, TOKEN},
    contract::{World, path_of},
    harness::{Page, Server, config},
    world::Sandbox,
};

async fn post(server: &Server, path: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = server.request(Method::POST, path).form(&[("amount", "1")]);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Page::read(request.send().await).await
}

#[tokio::test]
async fn every_form_is_refused_when_another_site_sends_it() {
    let sandbox = Sandbox::start().await;
    let server = Server::start(
        config(&[("API_TOKEN", TOKEN)]),
        Mode::Sandbox(sandbox.node.clone()),
    )
    .await;
    let invoice = server.create("1", "mine").await;
    let path = path_of(&invoice);
    let label = invoice["label"].as_str().expect("a label");
    for path in [
        "/create_invoice".to_owned(),
        format!("{path}/renew"),
        format!("{path}/proof"),
        format!("/sandbox/{label}/pay"),
        "/invoice".to_owned(),
        format!("/invoice/{label}/webhook"),
    ] {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[
                ("origin", "https://evil.example"),
                ("x-forwarded-host", "evil.example"),
            ],
        ] {
            let page = post(&server, &path, headers).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(page.text_of("h1"), "Sent from another site", "{path}");
        }
    }
    assert_eq!(sandbox.invoices().await, 1);
    let (_, unchanged) = server.json(&path).await;
    assert_eq!(unchanged, invoice, "nobody paid it");
}

#[tokio::test]
async fn our_own_forms_and_programs_get_through() {
    let sandbox = Sandbox::start().await;
    let settings = [
        ("SERVER__PUBLIC_URL", "https://pay.example"),
        ("EMBED__ORIGINS", "https://shop.example"),
    ];
    let server = sandbox.server(&settings).await;
    let origin = server.origin.clone();
    for headers in [
        &[][..],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
        &[("sec-fetch-site", "none")],
        &[("origin", origin.as_str())],
        // Behind a proxy that says another host.
        &[("origin", "https://pay.example")],
        &[
            ("origin", "https://shop.example"),
            ("sec-fetch-site", "cross-site"),
        ],
    ] {
        let page = post(&server, "/create_invoice", headers).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
    let page = server.open("/").await;
    assert_eq!(
        page.header("referrer-policy"),
        "same-origin",
        "with none at all, old browsers and those without TLS would send our forms as from nowhere"
    );
}

#[tokio::test]
async fn callers_with_a_token_are_not_asked() {
    let shop = Shop::open().await;
    let request = shop
        .call(Method::POST, "/api/v1/invoices")
        .header("origin", "https://shop.example")
        .header("sec-fetch-site", "cross-site")
        .json(&json!({ "amount_sat": 1 }));
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::CREATED);
}
