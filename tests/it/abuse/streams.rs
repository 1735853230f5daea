//! Connections and streams that stay open, and bodies that never come.

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::net::TcpSocket;

use super::{Wire, raw, seconds};
use crate::{
    api::{Shop, TOKEN},
    contract::{World, path_of},
    harness::{Page, TIMEOUT},
    world::Sandbox,
};

const GET: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn streams_are_bounded_for_each_client_and_come_free_again() {
    let sandbox = Sandbox::start().await;
    let settings = [
        ("LIMITS__STREAMS_PER_CLIENT", "2"),
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let server = sandbox.server(&settings).await;
    let invoice = server.create("1", "watched").await;
    let path = path_of(&invoice);
    let ask = async |kind: &str, client: &str| {
        let request = server
            .request(Method::GET, &format!("{path}/{kind}"))
            .header("accept", "application/json")
            .header("x-forwarded-for", client);
        request.send().await.expect("an answer")
    };
    let first = ask("events", "8.8.8.8").await;
    let second = ask("events", "8.8.8.8").await;
    for kind in ["events", "wait"] {
        let refused = Page::read(Ok(ask(kind, "8.8.8.8").await)).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(seconds(refused.header("retry-after")).as_secs() >= 1);
    }
    let other = ask("events", "8.8.4.4").await;
    assert_eq!(other.status(), StatusCode::OK);
    // One that its reader leaves, and one that ends by itself.
    drop(first);
    let again = async {
        while ask("events", "8.8.8.8").await.status() != StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(TIMEOUT, again).await.expect("a place");
    sandbox
        .pay(invoice["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    second.text().await.expect("it ends");
    let after = async {
        while ask("wait", "8.8.8.8").await.status() != StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(TIMEOUT, after).await.expect("a place");
}

#[tokio::test]
async fn streams_are_bounded_in_all() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("LIMITS__STREAMS", "1")]).await;
    let path = path_of(&server.create("1", "watched").await);
    let open = server.request(Method::GET, &format!("{path}/events"));
    let _open = open.send().await.expect("a stream");
    let (status, error) = server.json(&format!("{path}/events")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(error["error"]["code"], "overloaded");
    let page = server.open(&path).await;
    assert_eq!(page.status, StatusCode::OK, "the page itself still comes");
}

/// A new route that stays open is added here.
#[tokio::test]
async fn whatever_stays_open_takes_a_place() {
    let shop = Shop::with(&[("LIMITS__STREAMS", "1")]).await;
    let invoice = shop.create(&json!({"amount_sat": 1})).await;
    let label = invoice["label"].as_str().expect("a label");
    let page = format!("/check_invoice/{label}");
    let open = shop.call(Method::GET, &format!("{page}/events"));
    let _open = open.send().await.expect("a stream");
    for path in [format!("{page}/events"), format!("{page}/wait")] {
        let (status, error) = shop.server.json(&path).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(error["error"]["code"], "overloaded", "{path}");
    }
    for path in [
        "/api/v1/events/stream".to_owned(),
        format!("/api/v1/invoices/{label}/wait"),
    ] {
        let (status, error) = shop.get(&path).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(error["error"]["code"], "overloaded", "{path}");
    }
    for path in [
        format!("/invoice/{label}/wait"),
        format!("/checkout/{label}/wait"),
        "/payment-stream".to_owned(),
        "/ws".to_owned(),
    ] {
        let request = shop.server.request(Method::GET, &path);
        let refused = request.basic_auth("api-token", Some(TOKEN)).send().await;
        let refused = Page::read(refused).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
}

#[tokio::test]
async fn connections_are_bounded_with_an_answer() {
    let sandbox = Sandbox::start().await;
    for (setting, expected) in [
        ("LIMITS__CONNECTIONS", "HTTP/1.1 503 "),
        ("LIMITS__CONNECTIONS_PER_CLIENT", "HTTP/1.1 429 "),
    ] {
        let server = sandbox.server(&[(setting, "1")]).await;
        let mut open = Wire::to(&server).await;
        open.send(GET).await;
        open.until("\r\n\r\n").await;
        let refused = raw(&server, GET).await;
        assert!(refused.starts_with(expected), "{refused}");
        assert!(refused.contains("Retry-After: 5\r\n"), "{refused}");
        let (head, body) = refused.split_once("\r\n\r\n").expect("a body");
        assert!(head.contains(&format!("Content-Length: {}", body.len())));
        drop(open);
        let again = async {
            let asked = GET.replace("Host: x", "Host: x\r\nConnection: close");
            while !raw(&server, &asked).await.starts_with("HTTP/1.1 200 ") {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(TIMEOUT, again).await.expect("a place");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let sandbox = Sandbox::start().await;
    let server = sandbox
        .server(&[("SERVER__BODY_PATIENCE_SECONDS", "1")])
        .await;
    let mut wire = Wire::to(&server).await;
    wire.send(
        "POST /create_invoice HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\namount=",
    )
    .await;
    let answer = wire.until("</html>").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert_eq!(sandbox.invoices().await, 0);
}

#[tokio::test]
async fn heads_are_bounded() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let many = "X-Header: 1\r\n".repeat(200);
    let large = format!("X-Header: {}\r\n", "x".repeat(64 * 1024));
    for headers in [many, large] {
        let answer = raw(
            &server,
            &format!("GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n"),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn who_does_not_read_an_answer_is_cut() {
    const TOKEN: &str = "a-token-for-the-tests-of-streams";
    let sandbox = Sandbox::start().await;
    let server = sandbox
        .server(&[
            ("API_TOKEN", TOKEN),
            // The visitor's, who makes the invoices, and one more.
            ("LIMITS__CONNECTIONS", "2"),
            ("SERVER__ANSWER_PATIENCE_SECONDS", "1"),
            // It is not its silence that ends it.
            ("SERVER__HEAD_PATIENCE_SECONDS", "300"),
        ])
        .await;
    for _ in 0..20 {
        server.create("1", &"x".repeat(600)).await;
    }
    let address = server.origin.trim_start_matches("http://");
    for path in ["/", "/api/v1/events/stream?after=0"] {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(2048).expect("a small window");
        let stuck = socket.connect(address.parse().expect("an address"));
        let mut stuck = Wire(stuck.await.expect("a connection"));
        stuck
            .send(&format!(
                "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
            ))
            .await;
        let status = stuck.until("\r\n").await;
        assert_eq!(status, "HTTP/1.1 200 OK\r\n");
        let again = async {
            let asked = GET.replace("Host: x", "Host: x\r\nConnection: close");
            while !raw(&server, &asked).await.starts_with("HTTP/1.1 200 ") {
                tokio::task::yield_now().await;
            }
        };
        let again = tokio::time::timeout(TIMEOUT, again).await;
        again.unwrap_or_else(|_| panic!("{path} has its place for ever"));
    }
}
