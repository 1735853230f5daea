//! More at once than the node takes.

use facture_sandbox::{Calls, Hold};
use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use reqwest::{Method, StatusCode};
use tokio::time::timeout;

use crate::{
    contract::{World, path_of},
    faults::Shop,
    harness::{Page, TIMEOUT},
    world::Sandbox,
};

#[tokio::test]
async fn whoever_does_not_fit_into_the_queue_is_told_at_once() {
    let sandbox = Sandbox::start().await;
    let server = sandbox
        .server(&[
            ("NODE__CONNECTIONS", "1"),
            ("NODE__QUEUE", "1"),
            ("NODE__DEADLINE_SECONDS", "60"),
        ])
        .await;
    let before = server.create("1", "before").await;
    let hanging = sandbox.node.faults().hang(Calls::of("invoice"), Hold::Call);
    let mut creating: FuturesUnordered<_> = (0..6)
        .map(|_| async {
            let request = server
                .request(Method::POST, "/create_invoice")
                .header("accept", "application/json")
                .form(&[("amount", "1")]);
            Page::read(request.send().await).await
        })
        .collect();
    // One is with the node, one waits. The node hangs for as long as the test likes.
    for _ in 0..4 {
        let refused = timeout(TIMEOUT, creating.next()).await;
        let refused = refused.expect("at once").expect("an answer");
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.header("retry-after"), "5");
        assert!(refused.text.contains("\"node_busy\""), "{}", refused.text);
    }
    let (status, _) = server.json(&path_of(&before)).await;
    assert_eq!(status, StatusCode::OK, "who has an invoice sees it");
    hanging.release();
    while let Some(made) = creating.next().await {
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    }
    assert_eq!(sandbox.invoices().await, 3, "nothing is lost or made twice");
}

/// However many ask about the node, it is asked once, and new invoices have their places.
#[tokio::test]
async fn who_asks_about_the_node_takes_no_place_of_new_invoices() {
    let sandbox = Sandbox::start().await;
    let token = "a-token-for-the-tests-of-queues";
    let server = sandbox
        .server(&[
            ("NODE__CONNECTIONS", "1"),
            ("NODE__QUEUE", "0"),
            ("NODE__DEADLINE_SECONDS", "60"),
            ("API_TOKEN", token),
        ])
        .await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    // It has a connection from now on, and the answer that all share is no longer shared.
    server.create("1", "before").await;
    sandbox.node.close_connections().await;
    server.create("2", "before, too").await;
    let asked = sandbox.node.calls("getinfo");
    let hanging = sandbox
        .node
        .faults()
        .hang(Calls::of("getinfo"), Hold::Answer);
    let crowd = (0..100).map(|number| {
        let (path, server) = (["/readyz", "/info", "/api/v1/node"][number % 3], &server);
        async move {
            let request = server.request(Method::GET, path);
            let request = match path {
                "/info" => request.basic_auth("api-token", Some(token)),
                _ => request.bearer_auth(token),
            };
            Page::read(request.send().await).await
        }
    });
    let meanwhile = async {
        timeout(TIMEOUT, hanging.reached(1)).await.expect("asked");
        for _ in 0..5 {
            server.create("3", "meanwhile").await;
        }
        drop(hanging);
    };
    let (answers, ()) = tokio::join!(join_all(crowd), meanwhile);
    for answer in answers {
        assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!answer.text.contains("node_busy"), "{}", answer.text);
    }
    // One for all, and one for each connection that was made anew.
    let calls = sandbox.node.calls("getinfo") - asked;
    assert!(calls <= 10, "{calls} calls for 100 who asked");
}

#[tokio::test]
async fn whoever_asks_again_and_again_does_not_fill_the_log() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start(shop.command()).await;
    shop.node().stop().await;
    let before = shop.log().lines().count();
    let unknown = "/check_invoice/facture_0123456789abcdef0123456789abcdef";
    let asking = (0..200).map(|number| {
        let path = if number % 2 == 0 { "/readyz" } else { unknown };
        visitor.json(path)
    });
    for answer in join_all(asking).await {
        answer.expect("an answer");
    }
    let posting = (0..200).map(|_| visitor.submit("5", "nobody is there"));
    for answer in join_all(posting).await {
        answer.expect("an answer");
    }
    assert!(running.terminate().await.success());
    let lines = shop.log().lines().count() - before;
    // 400 requests, some of them for two lines.
    assert!(lines < 300, "{lines} lines");
    let log = shop.log();
    let ready = log.lines().filter(|line| line.contains("/readyz")).count();
    assert!(
        ready <= 5,
        "{ready} lines for who asks whether we are ready"
    );
}
