//! What the web alone decides: routes, methods, headers, static files, the sandbox's button.

use reqwest::{Method, StatusCode, header};

use crate::{
    contract::{World, path_of},
    harness::{Page, Server},
    world::Sandbox,
};

#[tokio::test]
async fn the_sandbox_says_so_and_is_paid_by_a_button() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.sandbox_server().await;
    let answer = server
        .submit(&[("amount", "21"), ("description", "play")])
        .await;
    let path = answer.header("location").to_owned();
    let page = server.open(&path).await;
    for page in [
        &page,
        &server.open("/").await,
        &server.open("/nowhere").await,
    ] {
        assert!(
            page.text_of(".sandbox").starts_with("Sandbox."),
            "{}",
            page.text
        );
    }
    assert_eq!(page.text_of("main form button"), "Pay (sandbox)");
    let action = page.attribute("main form", "action").expect("a form");
    for _twice in 0..2 {
        let paid = Page::read(server.request(Method::POST, &action).send().await).await;
        assert_eq!(
            (paid.status, paid.header("location")),
            (StatusCode::SEE_OTHER, path.as_str())
        );
    }
    assert_eq!(server.open(&path).await.text_of("h1"), "Paid");
    assert_eq!(sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn without_the_sandbox_there_is_no_button_and_no_route() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("1", "real").await;
    let page = server.open(&path_of(&invoice)).await;
    assert!(page.texts(".sandbox").is_empty());
    assert!(page.texts("main form").is_empty());
    let path = format!(
        "/sandbox/{}/pay",
        invoice["label"].as_str().unwrap_or_default()
    );
    let answer = Page::read(server.request(Method::POST, &path).send().await).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(server.json(&path_of(&invoice)).await.1["status"], "unpaid");
}

#[tokio::test]
async fn wrong_methods_types_and_sizes_are_refused_and_reach_no_node() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    for (method, path, allowed) in [
        (Method::GET, "/create_invoice", "POST"),
        (Method::PUT, "/create_invoice", "POST"),
        (Method::POST, "/", "GET,HEAD"),
        (Method::DELETE, "/check_invoice/x", "GET,HEAD"),
        (Method::POST, "/healthz", "GET,HEAD"),
    ] {
        let answer = Page::read(server.request(method.clone(), path).send().await).await;
        assert_eq!(
            answer.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path}"
        );
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
        assert_eq!(answer.text_of("h1"), "This address works differently");
    }
    for content_type in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "nonsense",
        "",
    ] {
        let request = server
            .request(Method::POST, "/create_invoice")
            .header(header::CONTENT_TYPE, content_type);
        let answer = Page::read(request.body("amount=5").send().await).await;
        assert_eq!(
            answer.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{content_type:?}"
        );
    }
    let form = "application/x-www-form-urlencoded";
    for (length, status) in [
        (64 * 1024, StatusCode::UNPROCESSABLE_ENTITY),
        (64 * 1024 + 1, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let body = format!("description={}", "x".repeat(length - "description=".len()));
        let request = server
            .request(Method::POST, "/create_invoice")
            .header(header::CONTENT_TYPE, form);
        assert_eq!(
            Page::read(request.body(body).send().await).await.status,
            status,
            "{length} bytes"
        );
    }
    assert_eq!(server.open("/nowhere").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        server.json("/nowhere").await.1["error"]["code"],
        "not_found"
    );
    assert_eq!(sandbox.node.calls("invoice"), 0);
}

#[tokio::test]
async fn a_form_with_a_charset_is_a_form() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let request = server.request(Method::POST, "/create_invoice").header(
        header::CONTENT_TYPE,
        "application/x-www-form-urlencoded; charset=UTF-8",
    );
    assert_eq!(
        Page::read(request.body("amount=+7+").send().await)
            .await
            .status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let request = server
        .request(Method::POST, "/create_invoice")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let page = Page::read(request.body("description=a%FFb").send().await).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text_of("#description-error").contains("UTF-8"));
}

#[tokio::test]
async fn a_link_can_fill_in_the_form() {
    let sandbox = Sandbox::start().await;
    let page = sandbox
        .server(&[])
        .await
        .open("/?amount=42&description=%22Tea%22+%26+cake&other=x")
        .await;
    assert_eq!(page.attribute("#amount", "value").as_deref(), Some("42"));
    assert_eq!(
        page.attribute("#description", "value").as_deref(),
        Some("\"Tea\" & cake")
    );
}

#[tokio::test]
async fn every_answer_keeps_to_itself() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("1", "headers").await;
    for path in [
        "/",
        &path_of(&invoice),
        "/nowhere",
        "/healthz",
        "/static/facture.css",
    ] {
        let page = server.open(path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("x-request-id").len(), 16, "{path}");
        if !path.starts_with("/static/") {
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
        }
    }
    let request = server
        .request(Method::GET, "/nowhere")
        .header("x-request-id", "mine");
    let page = Page::read(request.send().await).await;
    assert!(
        page.text.contains(page.header("x-request-id")),
        "the visitor can tell us the number"
    );
    assert_ne!(page.header("x-request-id"), "mine");
}

#[tokio::test]
async fn static_files_are_kept_by_the_browser_and_renewed_by_their_name() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let form = server.open("/").await;
    let link = form
        .attribute("link[rel=stylesheet]", "href")
        .expect("a stylesheet");
    let style = server.open(&link).await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (StatusCode::OK, "text/css; charset=utf-8")
    );
    assert_eq!(
        style.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        server
            .open("/static/facture.css")
            .await
            .header("cache-control"),
        "no-cache"
    );
    assert_eq!(
        server
            .open("/static/facture.css?v=old")
            .await
            .header("cache-control"),
        "no-cache"
    );
    let again = server
        .request(Method::GET, &link)
        .header(header::IF_NONE_MATCH, style.header("etag"));
    let again = Page::read(again.send().await).await;
    assert_eq!(
        (again.status, again.text.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    for path in [
        "/static/",
        "/static/none.css",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/%FF",
    ] {
        assert_eq!(
            server.open(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let icon = form.attribute("link[rel=icon]", "href").expect("an icon");
    assert_eq!(
        server.open(&icon).await.header("content-type"),
        "image/svg+xml"
    );
}

#[tokio::test]
async fn the_qr_code_stands_alone_too() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("1", "scan me").await;
    let qr = server.open(&format!("{}/qr.svg", path_of(&invoice))).await;
    assert_eq!(
        (qr.status, qr.header("content-type")),
        (StatusCode::OK, "image/svg+xml")
    );
    assert!(qr.text.starts_with("<svg "));
    let page = server.open(&path_of(&invoice)).await;
    assert!(page.text.contains(&qr.text), "the page shows the same");
}

#[tokio::test]
async fn status_links_use_the_configured_address_or_the_visited_one() {
    let sandbox = Sandbox::start().await;
    let fixed = sandbox
        .server(&[("SERVER__PUBLIC_URL", "https://shop.example/")])
        .await;
    let url = |invoice: &serde_json::Value| {
        invoice["status_url"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        url(&fixed.create("1", "a").await)
            .starts_with("https://shop.example/check_invoice/facture_")
    );
    let visited = sandbox.server(&[]).await;
    for (host, expected) in [
        ("shop.local:8080", "http://shop.local:8080/check_invoice/"),
        // None: the address where we listen.
        ("", &format!("{}/check_invoice/", visited.origin)),
    ] {
        let request = visited
            .request(Method::POST, "/create_invoice")
            .header(header::ACCEPT, "application/json")
            .header(header::HOST, host);
        let answer = Page::read(request.form(&[("amount", "1")]).send().await).await;
        let invoice = serde_json::from_str(&answer.text).expect("JSON");
        assert!(url(&invoice).starts_with(expected), "{host}: {invoice}");
        assert!(
            answer.header("location").starts_with("/check_invoice/"),
            "a path works from everywhere"
        );
    }
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let sandbox = Sandbox::start().await;
    let server: Server = sandbox.server(&[]).await;
    for (path, status) in [("/", StatusCode::OK), ("/nowhere", StatusCode::NOT_FOUND)] {
        let answer = Page::read(server.request(Method::HEAD, path).send().await).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, ""));
    }
}

#[tokio::test]
async fn a_client_that_never_finishes_its_request_is_cut_off() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let sandbox = Sandbox::start().await;
    let server = sandbox
        .server(&[("SERVER__HEAD_PATIENCE_SECONDS", "1")])
        .await;
    let address = server.origin.trim_start_matches("http://");
    let whole = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let begun = "GET / HTTP/1.1\r\nHost: x\r\nX-";
    // The last one is silent after an answer.
    for (sent, answers) in [(begun, 0), (&format!("{whole}{begun}"), 1), (whole, 1)] {
        let mut slow = tokio::net::TcpStream::connect(address)
            .await
            .expect("a connection");
        slow.write_all(sent.as_bytes()).await.expect("sent");
        let mut rest = String::new();
        let reading = slow.read_to_string(&mut rest);
        let cut = tokio::time::timeout(crate::harness::PATIENCE, reading).await;
        cut.expect("the server ends it").expect("text");
        assert_eq!(rest.matches("HTTP/1.1 200").count(), answers, "{rest}");
    }
}

#[tokio::test]
async fn a_form_that_never_ends_does_not_keep_the_server_from_stopping() {
    use tokio::io::AsyncWriteExt;
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let address = server.origin.trim_start_matches("http://");
    let mut slow = tokio::net::TcpStream::connect(address)
        .await
        .expect("a connection");
    let head = "POST /create_invoice HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\namount=";
    slow.write_all(head.as_bytes()).await.expect("sent");
    server.open("/").await;
    tokio::time::timeout(crate::harness::PATIENCE, server.stop())
        .await
        .expect("in time")
        .expect("in order");
    assert_eq!(sandbox.node.invoice_count(), 0);
}

#[tokio::test]
async fn a_form_that_comes_twice_makes_one_invoice() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let form = server.open("/").await;
    let once = form
        .attribute("input[name=once]", "value")
        .expect("its name");
    let other = server.open("/").await;
    assert_ne!(
        other.attribute("input[name=once]", "value"),
        Some(once.clone())
    );
    let send = async |amount| {
        let fields = [
            ("amount", amount),
            ("description", "twice"),
            ("once", &once),
        ];
        let answer = server.submit(&fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.header("location").to_owned()
    };
    let (first, second) = tokio::join!(send("5"), send("5"));
    assert_eq!(first, second);
    assert_eq!(sandbox.node.invoice_count(), 1);
    assert_ne!(
        send("6").await,
        first,
        "changed, it asks for something else"
    );
    assert_eq!(sandbox.node.invoice_count(), 2);

    sandbox.node.stop().await;
    let fields = [("amount", "7"), ("once", once.as_str())];
    let refused = server.submit(&fields).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.attribute("input[name=once]", "value"), Some(once));
}
