//! More at once than the node takes.

use facture::sandbox::{Calls, Hold};
use futures_util::{StreamExt, stream::FuturesUnordered};
use reqwest::{Method, StatusCode};
use tokio::time::timeout;

use crate::{
    contract::{World, path_of},
    harness::{PATIENCE, Page},
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
        let refused = timeout(PATIENCE, creating.next()).await;
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
