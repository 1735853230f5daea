//! The node away, slow, refusing or talking nonsense: what a visitor sees, and that it passes by itself.

use facture_sandbox::{CallFault, Calls, Hold, SandboxNode, Syncing};
use reqwest::StatusCode;

use crate::{
    contract::{self, World, path_of},
    world::{Sandbox, socket_path},
};

#[tokio::test]
async fn a_server_without_a_node_starts_and_works_once_the_node_is_there() {
    let (path, _directory) = socket_path();
    let server = contract::live_server(&path, &[]).await;
    let page = server
        .open("/check_invoice/facture_0123456789abcdef0123456789abcdef")
        .await;
    assert_eq!(
        page.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "it may be on the node"
    );
    assert_eq!(page.header("retry-after"), "5");
    assert_eq!(page.text_of("h1"), "The Lightning node is not available");
    assert!(
        page.text.contains("content=\"0; url=?refresh\"")
            && page.attribute("script", "src").is_some(),
        "a waiting buyer need not do anything"
    );
    let again = server
        .open("/check_invoice/facture_0123456789abcdef0123456789abcdef?refresh&lang=de")
        .await;
    assert_eq!(again.header("refresh"), "5", "without script neither");
    assert!(!again.text.contains("http-equiv"), "once is enough");
    contract::making_an_invoice_waits_for_the_node(&server).await;
    let _node = SandboxNode::start(&path).await.expect("a node");
    server.create("1", "at last").await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
}

#[tokio::test]
async fn a_node_that_stops_and_comes_back() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let invoice = server.create("5", "before").await;
    sandbox.node.stop().await;
    contract::while_the_node_is_away(&server, &invoice).await;
    sandbox.node.restart().await.expect("it starts");
    let path = path_of(&invoice);
    server.json_until(&path, |answer| *answer == invoice).await;
}

#[tokio::test]
async fn a_node_that_hangs() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("NODE__DEADLINE_SECONDS", "1")]).await;
    let invoice = server.create("5", "before").await;
    let hanging = sandbox.node.faults().hang(Calls::All, Hold::Answer);
    contract::while_the_node_is_away(&server, &invoice).await;
    hanging.release();
    server
        .json_until(&path_of(&invoice), |answer| *answer == invoice)
        .await;
}

#[tokio::test]
async fn a_node_that_refuses_or_talks_nonsense() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let refusal = CallFault::Fail {
        code: -32602,
        message: "secret of the node".to_owned(),
    };
    for (fault, code) in [
        (refusal, "node_refused"),
        (CallFault::NoResult, "node_malformed"),
    ] {
        sandbox.node.faults().once(Calls::of("invoice"), fault);
        let (status, answer) = server.submit_json(&[("amount", "5")]).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (StatusCode::SERVICE_UNAVAILABLE, &code.into())
        );
        assert!(
            !answer.to_string().contains("secret"),
            "the node's words are for the log"
        );
    }
    server.create("5", "and on").await;
}

#[tokio::test]
async fn a_lost_answer_is_one_invoice_and_one_page() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    server.create("1", "opens a connection").await;
    sandbox
        .node
        .faults()
        .once(Calls::of("invoice"), CallFault::CloseAfter);
    let invoice = server.create("2", "lost").await;
    assert_eq!(sandbox.node.invoice_count(), 2);
    assert_eq!(server.open(&path_of(&invoice)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_node_that_is_still_syncing_is_not_ready() {
    for syncing in [Syncing::Bitcoind, Syncing::Lightningd] {
        let sandbox = Sandbox::start().await;
        sandbox.node.set_syncing(Some(syncing));
        let server = sandbox.server(&[]).await;
        let unready = server
            .json_until("/readyz", |answer| answer["code"] == "node_syncing")
            .await;
        assert_eq!(unready["status"], "unready");
        assert!(
            unready["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains("syncing"))
        );
        // Invoices can be made: wallets try again.
        server.create("1", "meanwhile").await;
        sandbox.node.set_syncing(None);
        server
            .json_until("/readyz", |answer| answer["status"] == "ready")
            .await;
    }
}

#[tokio::test]
async fn private_channels_are_named_as_configured() {
    let sandbox = Sandbox::start().await;
    for (channels, status) in [
        ("auto", StatusCode::CREATED),
        ("always", StatusCode::CREATED),
        ("never", StatusCode::CREATED),
        // It has none of these.
        ("103x1x0,104x2x1", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let server = sandbox
            .server(&[("INVOICE__EXPOSE_PRIVATE_CHANNELS", channels)])
            .await;
        let (answered, answer) = server.submit_json(&[("amount", "5")]).await;
        assert_eq!(answered, status, "{channels}: {answer}");
    }
}
