//! What the web alone decides: routes, methods, headers, static files, the sandbox's button.

use facture::locale::Language;
use facture_sandbox::CapacityWarning;
use reqwest::{Method, StatusCode, header};
use serde_json::json;

use crate::{
    api::Shop,
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
        (Method::PUT, "/create_invoice", "GET,HEAD,POST"),
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
        assert_eq!(answer.text_of("h1"), "This page can’t be opened directly");
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
    // For who sees no SVG.
    let png = format!("{}/qr.png", path_of(&invoice));
    assert!(page.text.contains(&format!("<noscript><img src=\"{png}\"")));
    let answer = server.request(Method::GET, &png).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/png");
    let bytes = answer.bytes().await.expect("a body");
    let text = crate::charge::checkout::read(&bytes);
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    assert_eq!(text, format!("LIGHTNING:{}", bolt11.to_uppercase()));
    sandbox.node.pay(bolt11, None).expect("paid");
    for code in ["qr.png", "qr.svg"] {
        let gone = server.open(&format!("{}/{code}", path_of(&invoice))).await;
        assert_eq!(gone.status, StatusCode::GONE, "{code}");
    }
}

/// Who loads again what a form was sent to, after an error or from the history, comes to the page with the form.
#[tokio::test]
async fn what_was_posted_leads_back_to_its_page() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.sandbox_server().await;
    let invoice = server.create("1", "again").await;
    let page = path_of(&invoice);
    let pay = page.replace("check_invoice", "sandbox");
    for (posted, leads_to) in [
        ("/create_invoice".to_owned(), "/"),
        (format!("{page}/proof"), page.as_str()),
        (format!("{page}/renew"), &page),
        (format!("{pay}/pay"), &page),
    ] {
        for query in ["", "?lang=fr"] {
            let answer = server.open(&format!("{posted}{query}")).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (StatusCode::SEE_OTHER, &*format!("{leads_to}{query}")),
                "{posted}"
            );
        }
        let program = server
            .request(Method::GET, &posted)
            .header(header::ACCEPT, "application/json");
        let program = Page::read(program.send().await).await;
        assert_eq!(program.status, StatusCode::METHOD_NOT_ALLOWED, "{posted}");
        assert_eq!(program.header("allow"), "POST");
    }
    let unknown = "/check_invoice/facture_0123456789abcdef0123456789abcdef/proof";
    let answer = server.open(unknown).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "the page says it");
    assert_eq!(server.json(&page).await.1["status"], "unpaid");
}

#[tokio::test]
async fn the_frame_tells_how_it_stands_and_only_we_may_frame_it() {
    let sandbox = Sandbox::start().await;
    let shop = [("EMBED__ORIGINS", "https://shop.example")];
    let (alone, framed) = (sandbox.server(&[]).await, sandbox.server(&shop).await);
    for (server, ancestors) in [
        (&alone, "frame-ancestors 'self'"),
        (&framed, "frame-ancestors 'self' https://shop.example"),
    ] {
        let invoice = server.create("1", "framed").await;
        let frame = format!("{}/status", path_of(&invoice));
        let inside = server.open(&frame).await;
        let policy = inside.header("content-security-policy");
        assert!(policy.ends_with(ancestors), "{policy}");
        let around = server.open(&path_of(&invoice)).await;
        let policy = around.header("content-security-policy");
        assert!(policy.contains("frame-src 'self';"), "{policy}");
        assert!(!policy.contains("frame-ancestors 'self'"), "{policy}");
    }
    let none = "/check_invoice/facture_0123456789abcdef0123456789abcdef/status";
    assert_eq!(alone.open(none).await.status, StatusCode::NOT_FOUND);
    let expiring = sandbox.server(&[("INVOICE__EXPIRY_SECONDS", "1")]).await;
    let expired = expiring.create("1", "late").await;
    sandbox.let_a_second_pass().await;
    let path = path_of(&expired);
    expiring
        .json_until(&path, |answer| answer["status"] == "expired")
        .await;
    let inside = expiring.open(&format!("{path}/status?lang=de")).await;
    assert_eq!(inside.text_of("p.expired"), "Abgelaufen Seite neu laden");
    assert_eq!(
        inside.attribute("a", "href"),
        Some(format!("{path}?lang=de"))
    );
    // While nothing can be told it says so, and asks again.
    let (nowhere, _directory) = crate::world::socket_path();
    let lonely = crate::contract::live_server(&nowhere, &[]).await;
    let inside = lonely.open(none).await;
    assert_eq!(inside.status, StatusCode::OK);
    assert_eq!(
        inside.text_of("p.waiting"),
        "The Lightning node is not available"
    );
    assert_eq!(inside.header("refresh"), "10");
}

/// Who made the invoice is told what the node warned of, and the buyer is not.
#[tokio::test]
async fn who_made_an_invoice_is_told_what_the_node_warned_of() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let quiet = server.submit(&[("amount", "5")]).await;
    assert!(!quiet.header("location").contains("created"));
    sandbox.node.set_warning(Some(CapacityWarning::DeadEnds));
    let made = server.submit(&[("amount", "6")]).await;
    let location = made.header("location").to_owned();
    let path = location.strip_suffix("?created").expect("it says so");
    let page = server.open(&location).await;
    let words = Language::English.say("node-warns");
    assert!(page.text_of(".notice[role=alert]").starts_with(&*words));
    assert!(!page.texts(".notice li").is_empty());
    assert!(server.open(path).await.texts(".notice").is_empty());
    let (_, shown) = server.json(path).await;
    assert!(shown["warnings"].is_null(), "{shown}");
    let german = server
        .request(Method::POST, "/create_invoice?lang=de")
        .form(&[("amount", "7")]);
    let german = Page::read(german.send().await).await;
    assert!(german.header("location").ends_with("?lang=de&created"));
    let (status, made) = server.submit_json(&[("amount", "8")]).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(made["warnings"][0]["code"], "warning_deadends");
    // Later the address may be the buyer's.
    let bolt11 = page.text_of("#bolt11");
    sandbox.node.pay(&bolt11, None).expect("paid");
    assert!(server.open(&location).await.texts(".notice").is_empty());
}

#[tokio::test]
async fn wallet_links_never_take_the_place_of_a_page_in_a_frame() {
    let shop = Shop::open().await;
    let invoice = shop.create(&json!({ "amount_sat": 5 })).await;
    let label = invoice["label"].as_str().expect("a label");
    for path in [path_of(&invoice), format!("/checkout/{label}")] {
        let page = shop.server.open(&path).await;
        let links = page.attributes(".state a", "href");
        let targets = page.attributes(".state a", "target");
        let outside: Vec<_> = links.iter().filter(|link| !link.starts_with('/')).collect();
        assert_eq!(outside.len(), 12, "{path}: {links:?}");
        assert_eq!(targets.len(), outside.len(), "{path}: each has one");
        for (link, target) in outside.iter().zip(&targets) {
            let window = link.starts_with("https:");
            assert_eq!(target, if window { "_blank" } else { "_top" }, "{link}");
        }
    }
}

#[tokio::test]
async fn what_the_shop_cancelled_says_so() {
    let shop = Shop::open().await;
    let invoice = shop.create(&json!({ "amount_sat": 5 })).await;
    let label = invoice["label"].as_str().expect("a label");
    let cancel = format!("/api/v1/invoices/{label}/cancel");
    assert_eq!(shop.post(&cancel, &json!({})).await.0, StatusCode::OK);
    for path in [path_of(&invoice), format!("/checkout/{label}")] {
        let page = shop.server.open(&path).await;
        assert_eq!(page.text_of(".state.cancelled h1"), "Cancelled", "{path}");
        assert!(page.text_of("title").starts_with("Cancelled"), "{path}");
        let inside = shop.server.open(&format!("{path}/status")).await;
        assert!(
            inside.text_of("p.cancelled").starts_with("Cancelled"),
            "{path}"
        );
    }
    let page = shop.server.open(&path_of(&invoice)).await;
    assert!(
        page.texts("form[action$=renew]").is_empty(),
        "nothing to renew"
    );
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
        ("shop.local:8080", "http://shop.local:8080"),
        // Where it listens.
        ("", visited.origin.as_str()),
    ] {
        let request = visited
            .request(Method::POST, "/create_invoice")
            .header(header::ACCEPT, "application/json")
            .header(header::HOST, host);
        let answer = Page::read(request.form(&[("amount", "1")]).send().await).await;
        let invoice = serde_json::from_str(&answer.text).expect("JSON");
        let expected = format!("{expected}/check_invoice/");
        assert!(url(&invoice).starts_with(&expected), "{host}: {invoice}");
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
        let cut = tokio::time::timeout(crate::harness::TIMEOUT, reading).await;
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
    tokio::time::timeout(crate::harness::TIMEOUT, server.stop())
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
