//! Requests as no client sends them: hosts, targets and headers that want to be believed.

use reqwest::StatusCode;

use super::raw;
use crate::{
    api::{Shop, TOKEN},
    contract::{World, path_of},
    harness::{Page, Server},
    world::Sandbox,
};

async fn create(server: &Server, head: &str) -> String {
    let request = format!(
        "POST /create_invoice HTTP/1.1\r\n{head}\r\nConnection: close\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\namount=1"
    );
    raw(server, &request).await
}

#[tokio::test]
async fn links_use_the_configured_address_whatever_host_is_asked_for() {
    let sandbox = Sandbox::start().await;
    let server = sandbox
        .server(&[("SERVER__PUBLIC_URL", "https://pay.example")])
        .await;
    for head in [
        "Host: evil.example",
        "Host: pay.example\r\nX-Forwarded-Host: evil.example",
        "Host: pay.example\r\nForwarded: host=evil.example;proto=http",
        "Host: ",
    ] {
        let answer = create(&server, head).await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{head}: {answer}");
        assert!(!answer.contains("evil"), "{head}: {answer}");
        assert!(
            answer.contains("\"status_url\":\"https://pay.example/check_invoice/"),
            "{head}: {answer}"
        );
    }
}

#[tokio::test]
async fn without_one_a_host_that_is_none_is_not_repeated() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    for host in [
        "evil.example/x?",
        "user@evil.example",
        "a b",
        "<script>",
        "[::1",
        "",
        "x:y",
    ] {
        let answer = create(&server, &format!("Host: {host}")).await;
        let refused = answer.starts_with("HTTP/1.1 400 ");
        let own = format!("\"status_url\":\"{}/check_invoice/", server.origin);
        let plain = answer.contains(&own);
        assert!(refused || plain, "{host}: {answer}");
    }
    let answer = create(
        &server,
        "Host: shop.example\r\nX-Forwarded-Host: evil.example",
    )
    .await;
    assert!(
        answer.contains("\"http://shop.example/check_invoice/"),
        "{answer}"
    );
    assert!(!answer.contains("evil"), "{answer}");
}

#[tokio::test]
async fn two_hosts_are_one_too_many() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let answer = create(&server, "Host: a.example\r\nHost: b.example").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let answer = create(&server, "X-No-Host: 1").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(sandbox.invoices().await, 0);
}

#[tokio::test]
async fn a_whole_address_as_the_target_is_no_other_site() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let answer = raw(
        &server,
        "GET http://evil.example/healthz HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(!answer.contains("evil"), "{answer}");
    for target in ["CONNECT evil.example:443", "GET evil.example", "GET *"] {
        let request = format!("{target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = raw(&server, &request).await;
        let status = answer.get(9..12).unwrap_or_default();
        assert!(
            ["400", "404", "405"].contains(&status),
            "{target}: {answer}"
        );
    }
}

#[tokio::test]
async fn nothing_from_outside_becomes_a_header_or_a_line_of_the_log() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    for target in [
        "/%0d%0aSet-Cookie:%20a=b",
        "/check_invoice/facture_%0d%0aX-Injected:%201",
        "/?lang=de%0d%0aX-Injected:%201",
        "/static/x%0d%0aX-Injected:%201",
        "/check_invoice/x/events?%0d%0aX-Injected:%201",
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = raw(&server, &request).await;
        let (head, _) = answer.split_once("\r\n\r\n").expect("a head");
        let head = head.to_lowercase();
        assert!(
            !head.contains("x-injected") && !head.contains("set-cookie"),
            "{head}"
        );
    }
    // A number of the visitor's own choice would be written into the log.
    let answer = raw(
        &server,
        "GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(!answer.contains("mine"), "{answer}");
    // Two requests in one: lengths that disagree.
    let answer = raw(
        &server,
        "POST /create_invoice HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    )
    .await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}

#[tokio::test]
async fn no_path_leads_out_of_the_static_files() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    for path in [
        "/static/../Cargo.toml",
        "/static/..%2fCargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/static//etc/passwd",
        "/static/..\\..\\etc\\passwd",
        "/static/checkout.js%00.css",
        "/static/",
        "/static/.",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = raw(&server, &request).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
    }
}

#[tokio::test]
async fn unknown_and_foreign_labels_look_alike() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    sandbox.foreign_invoice("order-17").await;
    sandbox
        .foreign_invoice("facture_0123456789abcdef0123456789abcdeZ")
        .await;
    let known = path_of(&server.create("1", "ours").await);
    let mut answers = Vec::new();
    for label in [
        "facture_0123456789abcdef0123456789abcdef",
        "order-17",
        "facture_0123456789abcdef0123456789abcdeZ",
        "x",
    ] {
        for (method, rest) in [
            (reqwest::Method::GET, ""),
            (reqwest::Method::GET, "/events"),
            (reqwest::Method::GET, "/wait"),
            (reqwest::Method::GET, "/qr.svg"),
            (reqwest::Method::POST, "/renew"),
        ] {
            let path = format!("/check_invoice/{label}{rest}");
            let request = server
                .request(method, &path)
                .header("accept", "application/json");
            let (status, mut error) = crate::harness::json(request.send().await).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            error["error"]["request_id"] = "".into();
            answers.push(error);
        }
        let mut page = server.open(&format!("/check_invoice/{label}")).await;
        let id = page.text_of(".problem .hash");
        page.text = page.text.replace(&id, "").replace(label, "");
        answers.push(page.text.into());
    }
    let kinds = answers.len() / 4;
    for (index, answer) in answers.iter().enumerate() {
        assert_eq!(*answer, answers[index % kinds]);
    }
    assert_eq!(server.open(&known).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stream_ends_in_the_form_that_its_client_knows() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("1", "told").await;
    let bolt11 = invoice["bolt11"].as_str().expect("a string");
    sandbox.node.pay(bolt11, None).expect("the buyer pays");
    let path = path_of(&invoice);
    server
        .json_until(&path, |answer| answer["status"] == "paid")
        .await;
    let ask = |method: &str, version: &str| {
        format!("{method} {path}/events {version}\r\nHost: x\r\n\r\n")
    };

    let chunked = raw(&server, &ask("GET", "HTTP/1.1")).await;
    let (head, body) = chunked.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    assert_eq!(body.matches("event: invoice.").count(), 2, "{body}");
    assert!(body.ends_with("\r\n0\r\n\r\n"), "{body}");

    // An old client knows no chunks.
    let plain = raw(&server, &ask("GET", "HTTP/1.0")).await;
    let (head, body) = plain.split_once("\r\n\r\n").expect("a head");
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert!(body.starts_with("id: "), "{body}");
    assert!(body.ends_with("\n\n"), "{body}");

    let none = format!("{}{}", ask("HEAD", "HTTP/1.1"), ask("GET", "HTTP/1.1"));
    let answers = raw(&server, &none).await;
    let (head, answers) = answers.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains("text/event-stream"), "{head}");
    assert!(answers.starts_with("HTTP/1.1 200"), "{answers}");
    assert!(answers.ends_with("\r\n0\r\n\r\n"), "{answers}");

    // What comes after a stream is not answered, and does not spoil it.
    let more = ask("GET", "HTTP/1.1").repeat(3);
    let answers = raw(&server, &more).await;
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 1, "{answers}");
    assert!(answers.ends_with("\r\n0\r\n\r\n"), "{answers}");
}

#[tokio::test]
async fn a_header_that_means_one_thing_is_there_once() {
    let shop = Shop::open().await;
    let other = "Bearer facture_token_of_somebody_else";
    for (name, first, second) in [
        ("Authorization", format!("Bearer {TOKEN}"), other.to_owned()),
        (
            "Authorization",
            format!("Bearer {TOKEN}"),
            format!("Bearer {TOKEN}"),
        ),
        (
            "Idempotency-Key",
            "order-1".to_owned(),
            "order-2".to_owned(),
        ),
        (
            "Content-Type",
            "application/json".to_owned(),
            "text/plain".to_owned(),
        ),
        (
            "Origin",
            "https://a.example".to_owned(),
            "https://b.example".to_owned(),
        ),
        ("Host", "a.example".to_owned(), "b.example".to_owned()),
        ("Last-Event-ID", "first".to_owned(), "second".to_owned()),
    ] {
        let mut head =
            format!("POST /api/v1/invoices HTTP/1.1\r\n{name}: {first}\r\n{name}: {second}\r\n");
        for (other, value) in [
            ("Host", "x".to_owned()),
            ("Authorization", format!("Bearer {TOKEN}")),
            ("Content-Type", "application/json".to_owned()),
        ] {
            if other != name {
                head += &format!("{other}: {value}\r\n");
            }
        }
        let body = "{\"amount_sat\":1}";
        let request = format!(
            "{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = raw(&shop.server, &request).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{name}: {answer}");
        assert!(answer.contains("\"code\":\"header_repeated\""), "{answer}");
        assert!(
            answer.contains(&format!("\"field\":\"{name}\"")),
            "{answer}"
        );
        assert!(
            name == "Content-Type" || !answer.contains(&first),
            "{answer}"
        );
    }
    assert_eq!(shop.sandbox.invoices().await, 0);
    // Lists may come in several lines.
    let answer = raw(
        &shop.server,
        "GET /healthz HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept: */*\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn a_page_about_an_unknown_path_links_to_no_other_host_and_does_not_repeat_it() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let long = format!("/{}", "long".repeat(1000));
    for path in [
        "//other.example/x",
        "///other.example/x",
        "/\\other.example/x",
        "//other.example/check_invoice/x/qr.svg",
        "http://x//other.example/x",
        &long,
    ] {
        for language in ["", "?lang=fr"] {
            let request = format!(
                "GET {path}{language} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
            );
            let answer = raw(&server, &request).await;
            let (_, text) = answer.split_once("\r\n\r\n").expect("a page");
            let refused = answer.starts_with("HTTP/1.1 400 ");
            assert!(refused || answer.starts_with("HTTP/1.1 404 "), "{answer}");
            assert!(
                !answer.contains("other.example") && !answer.contains("longlong"),
                "{answer}"
            );
            if refused {
                continue;
            }
            let page = Page {
                status: StatusCode::NOT_FOUND,
                headers: Default::default(),
                text: text.to_owned(),
            };
            let links = page.attributes(".languages a", "href");
            assert!(links.contains(&"?lang=de".to_owned()), "{links:?}");
            for link in page.attributes("[href]", "href") {
                assert!(!link.starts_with("//") && !link.contains(':'), "{link}");
            }
        }
    }
}
