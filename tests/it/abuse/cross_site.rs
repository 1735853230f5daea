//! Forms that other sites' pages send in a visitor's name (CSRF).

use facture::web::Mode;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Wire, raw};
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
        Mode::Sandbox(sandbox.node.clone().into()),
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

/// One request of a browser, to whatever host; the status.
async fn asked(server: &Server, line: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    if line.starts_with("POST") {
        let length = body.len();
        request += &format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
        );
    }
    let answer = raw(server, &format!("{request}\r\n{body}")).await;
    answer.get(9..12).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_name_that_somebody_else_points_at_us_is_not_ours() {
    let sandbox = Sandbox::start().await;
    for settings in [&[][..], &[("SERVER__PUBLIC_URL", "https://pay.example")]] {
        let server = sandbox.server(settings).await;
        for (host, origin, site, expected) in [
            ("evil.example", "http://evil.example", "", "403"),
            ("evil.example", "http://evil.example", "same-origin", "403"),
            (
                "evil.example:9112",
                "http://evil.example:9112",
                "same-origin",
                "403",
            ),
            ("evil.example", "", "same-origin", "403"),
            ("evil.example", "null", "same-origin", "403"),
            (
                "localhost.evil.example",
                "http://localhost.evil.example",
                "",
                "403",
            ),
            (
                "127.0.0.1.evil.example",
                "http://127.0.0.1.evil.example",
                "",
                "403",
            ),
            ("127.0.0.1:9112", "http://evil.example", "", "403"),
            // A program.
            ("evil.example", "", "", "303"),
            (
                "127.0.0.1:9112",
                "http://127.0.0.1:9112",
                "same-origin",
                "303",
            ),
            (
                "localhost:9112",
                "http://localhost:9112",
                "same-origin",
                "303",
            ),
            ("[::1]:9112", "http://[::1]:9112", "", "303"),
            ("umbrel.local", "https://umbrel.local", "", "303"),
            ("facture:9112", "http://facture:9112", "", "303"),
        ] {
            let mut headers = vec![("Host", host)];
            headers.extend(
                [("Origin", origin)]
                    .into_iter()
                    .filter(|_| !origin.is_empty()),
            );
            headers.extend(
                [("Sec-Fetch-Site", site)]
                    .into_iter()
                    .filter(|_| !site.is_empty()),
            );
            let status = asked(&server, "POST /create_invoice", &headers, "amount=1").await;
            assert_eq!(status, expected, "{settings:?} {headers:?}");
        }
    }
}

#[tokio::test]
async fn what_a_browser_sends_with_its_own_credentials_must_come_from_no_other_page() {
    let sandbox = Sandbox::start().await;
    let settings = [
        ("API_TOKEN", TOKEN),
        ("SERVER__PUBLIC_URL", "https://pay.example"),
        ("EMBED__ORIGINS", "https://shop.example"),
        ("API__ALLOW_ORIGINS", "https://desk.example"),
    ];
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config(&settings), mode).await;
    let invoice = server.create("1", "mine").await;
    let label = invoice["label"].as_str().expect("a label");
    use base64::{Engine, prelude::BASE64_STANDARD};
    let basic = format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("api-token:{TOKEN}"))
    );
    let bearer = format!("Bearer {TOKEN}");
    let socket = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let ask = async |path: &str, credentials: &str, more: &[(&str, &str)]| {
        let mut wire = Wire::to(&server).await;
        let mut request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (name, value) in [("Authorization", credentials)].iter().chain(more) {
            request += &format!("{name}: {value}\r\n");
        }
        if path == "/ws" {
            for (name, value) in socket {
                request += &format!("{name}: {value}\r\n");
            }
        }
        wire.send(&format!("{request}\r\n")).await;
        wire.until("\r\n")
            .await
            .get(9..12)
            .unwrap_or_default()
            .to_owned()
    };
    let invoice = format!("/invoice/{label}");
    for (path, credentials, ok) in [
        ("/ws", &basic, "101"),
        ("/payment-stream", &basic, "200"),
        ("/invoices", &basic, "200"),
        ("/info", &basic, "200"),
        (invoice.as_str(), &basic, "200"),
        ("/api/v1/events/stream", &bearer, "200"),
    ] {
        for refused in [
            &[("Origin", "https://evil.example")][..],
            &[
                ("Origin", "https://evil.example"),
                ("Sec-Fetch-Site", "cross-site"),
            ],
            &[("Sec-Fetch-Site", "cross-site")],
            &[("Sec-Fetch-Site", "same-site")],
            &[("Origin", "null")],
            // It may show our pages, and does not know the password.
            &[
                ("Origin", "https://shop.example"),
                ("Sec-Fetch-Site", "cross-site"),
            ],
        ] {
            assert_eq!(
                ask(path, credentials, refused).await,
                "403",
                "{path} {refused:?}"
            );
        }
        for taken in [
            &[][..],
            &[
                ("Origin", "https://pay.example"),
                ("Sec-Fetch-Site", "same-origin"),
            ],
            &[("Origin", "http://127.0.0.1")],
            &[("Sec-Fetch-Site", "same-origin")],
            &[("Sec-Fetch-Site", "none")],
        ] {
            assert_eq!(ask(path, credentials, taken).await, ok, "{path} {taken:?}");
        }
    }
    let desk = [
        ("Origin", "https://desk.example"),
        ("Sec-Fetch-Site", "cross-site"),
    ];
    assert_eq!(ask("/api/v1/events/stream", &bearer, &desk).await, "200");
    assert_eq!(ask("/payment-stream", &basic, &desk).await, "403");
}
