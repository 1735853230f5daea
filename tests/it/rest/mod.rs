//! The node by its plugin clnrest, from another machine: the whole contract, whom we trust, what the rune allows, and
//! what becomes of answers that are none. What `client.rs` tests holds for this transport, too.

mod canned;
pub(crate) mod tls;
pub(crate) mod transport;

use facture::web::Mode;
use facture_node::cln::{Error, Method};
use facture_sandbox::{CallFault, Calls, Hold, Rune};
use reqwest::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use self::{
    canned::{Answer, Canned, http},
    tls::Good,
    transport::{ClnrestSandbox, RUNE, client, rune},
};
use crate::{
    contract::{self, World, path_of},
    harness::{Server, TIMEOUT, config},
    program::{program, run, run_beside},
    world::{Sandbox, all_calls},
};

/// This shows that what the rune allows is enough, and that none of it is too much.
#[tokio::test]
async fn the_contract_holds() {
    let behind = ClnrestSandbox::start().await;
    let mut allowed = rune().methods;
    allowed.sort_unstable();
    assert_eq!(all_calls(&behind, &behind.sandbox.node).await, allowed);
}

#[tokio::test]
async fn what_the_rune_does_not_allow_is_left_out() {
    let behind = ClnrestSandbox::start().await;
    let client = client(behind.transport());
    assert_eq!(client.receivable().await.expect("left out"), None);
    let refused = client.retention().await;
    assert!(
        matches!(
            refused,
            Err(Error::Forbidden {
                method: Method::AutocleanStatus,
                ..
            })
        ),
        "{refused:?}"
    );
    assert_eq!(
        behind.sandbox.node.called(),
        ["getinfo"],
        "nothing else came so far as the node"
    );
}

#[tokio::test]
async fn a_rune_that_is_refused_is_named_and_not_shown() {
    let foreign = Rune {
        text: "AnotherNodesRune=".to_owned(),
        ..rune()
    };
    let behind = ClnrestSandbox::of(Sandbox::start().await, Good::Always, foreign).await;
    let refused = client(behind.transport())
        .getinfo()
        .await
        .expect_err("refused");
    assert!(matches!(refused, Error::Forbidden { .. }), "{refused:?}");
    for shown in [refused.to_string(), format!("{refused:?}")] {
        assert!(!shown.contains(RUNE), "{shown}");
    }
    let told = refused.to_string();
    assert!(
        told.contains("node.rune") && told.contains("facture rune"),
        "{told}"
    );
    assert!(behind.sandbox.node.called().is_empty());

    let server = behind.server(&[]).await;
    let (status, answer) = server.submit_json(&[("amount", "5")]).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"node_refused".into())
    );
    contract::making_an_invoice_waits_for_the_node(&server).await;
}

#[tokio::test]
async fn a_rune_that_allows_too_little_says_for_what() {
    let behind = ClnrestSandbox::without("invoice").await;
    let server = behind.server(&[]).await;
    let (_, answer) = server.submit_json(&[("amount", "5")]).await;
    assert_eq!(answer["error"]["code"], "node_refused", "{answer}");
    assert_eq!(behind.sandbox.node.calls("invoice"), 0);
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
}

/// Runes from before facture asked for payments.
#[tokio::test]
async fn a_rune_without_payments_misses_none() {
    let behind = ClnrestSandbox::without("waitanyinvoice").await;
    let server = behind.server(&[]).await;
    let invoice = server.create("5", "by an older rune").await;
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    behind.pay(bolt11, None).await;
    server
        .json_until(&path_of(&invoice), |read| read["status"] == "paid")
        .await;
    assert_eq!(behind.sandbox.node.calls("waitanyinvoice"), 0);
}

#[tokio::test]
async fn only_the_authority_of_the_file_is_trusted() {
    let behind = ClnrestSandbox::start().await;
    let another = ClnrestSandbox::start().await;
    let expired = ClnrestSandbox::of(Sandbox::start().await, Good::UntilLongAgo, rune()).await;
    let (its_file, other_file) = (behind.tls.ca_file(), another.tls.ca_file());
    let by_address = format!("https://127.0.0.1:{}", behind.tls.port);
    for (what, behind, ca_file, url, expected) in [
        (
            "a foreign authority",
            &behind,
            &other_file,
            behind.tls.url(),
            "certificate",
        ),
        ("another name", &behind, &its_file, by_address, "name"),
        (
            "its time is over",
            &expired,
            &expired.tls.ca_file(),
            expired.tls.url(),
            "expired",
        ),
    ] {
        let config = behind.config(&[
            ("NODE__CA_FILE", ca_file.to_str().expect("plain")),
            ("NODE__REST_URL", &url),
        ]);
        let refused = client(transport::transport(&config)).getinfo().await;
        let refused = refused.expect_err(what);
        assert!(
            matches!(refused, Error::Unreachable(_)),
            "{what}: {refused:?}"
        );
        let told = refused.to_string().to_lowercase();
        assert!(told.contains(expected), "{what}: {told}");
        assert!(behind.sandbox.node.called().is_empty(), "{what}");
    }
    // This system does not know it either.
    let config = behind.config(&[("NODE__CA_FILE", "")]);
    let refused = client(transport::transport(&config)).getinfo().await;
    assert!(matches!(refused, Err(Error::Unreachable(_))), "{refused:?}");
}

#[tokio::test]
async fn another_node_at_the_address_is_not_used() {
    let behind = ClnrestSandbox::start().await;
    let server = behind.server(&[]).await;
    let invoice = server.create("5", "ours").await;
    let other = Sandbox::start().await;
    behind.swap(&other.node);
    behind.sandbox.node.close_connections().await;
    let (status, answer) = server.submit_json(&[("amount", "5")]).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"node_replaced".into())
    );
    assert_eq!(other.node.invoice_count(), 0);
    behind.swap(&behind.sandbox.node);
    server
        .json_until(&path_of(&invoice), |answer| *answer == invoice)
        .await;
}

#[tokio::test]
async fn a_node_that_stops_and_comes_back() {
    let behind = ClnrestSandbox::start().await;
    let server = behind.server(&[]).await;
    let invoice = server.create("5", "before").await;
    behind.sandbox.node.stop().await;
    contract::while_the_node_is_away(&server, &invoice).await;
    behind.sandbox.node.restart().await.expect("it starts");
    server
        .json_until(&path_of(&invoice), |answer| *answer == invoice)
        .await;
}

#[tokio::test]
async fn a_node_that_hangs() {
    let behind = ClnrestSandbox::start().await;
    let server = behind.server(&[("NODE__DEADLINE_SECONDS", "1")]).await;
    let invoice = server.create("5", "before").await;
    let faults = behind.sandbox.node.faults();
    let hanging = faults.hang(Calls::All, Hold::Answer);
    contract::while_the_node_is_away(&server, &invoice).await;
    hanging.release();
    server
        .json_until(&path_of(&invoice), |answer| *answer == invoice)
        .await;
}

#[tokio::test]
async fn a_lost_answer_is_one_invoice_and_one_page() {
    for fault in [
        CallFault::CloseBefore,
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
    ] {
        let behind = ClnrestSandbox::start().await;
        let server = behind.server(&[]).await;
        server.create("1", "opens a connection").await;
        let faults = behind.sandbox.node.faults();
        faults.once(Calls::of("invoice"), fault.clone());
        let invoice = server.create("2", "lost").await;
        assert_eq!(behind.sandbox.node.invoice_count(), 2, "{fault:?}");
        let page = server.open(&path_of(&invoice)).await;
        assert_eq!(page.status, StatusCode::OK, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_none_says_what_it_is() {
    let echo = json!({ "code": -1, "message": format!("no {RUNE}"), "data": RUNE }).to_string();
    let elsewhere = "location: /v1/elsewhere\r\n";
    type Is = fn(&Error) -> bool;
    let cases: [(Answer, &str, Is); 8] = [
        (
            Answer::Bytes(b"lightningd is not well\r\n\r\n".to_vec()),
            "",
            |error| matches!(error, Error::Lost { .. }),
        ),
        (http("302 Found", elsewhere, ""), "302", |error| {
            matches!(error, Error::Lost { .. })
        }),
        (http("502 Bad Gateway", "", "<h1>no</h1>"), "502", |error| {
            matches!(error, Error::Lost { .. })
        }),
        (http("200 OK", "", "<h1>hello</h1>"), "", |error| {
            matches!(error, Error::Unreadable { .. })
        }),
        (http("201 Created", "", "{}"), "updated", |error| {
            matches!(error, Error::Malformed { .. })
        }),
        (Answer::Endless, "longer", |error| {
            matches!(error, Error::Unreadable { .. })
        }),
        (
            http("401 Unauthorized", "", "<h1>who?</h1>"),
            "node.rune",
            |error| matches!(error, Error::Forbidden { .. }),
        ),
        (
            http("500 Internal Server Error", "", &echo),
            "no …",
            |error| matches!(error, Error::Rejected { code: -1, .. }),
        ),
    ];
    for (answer, words, is) in cases {
        let mut there = Canned::start(answer).await;
        let error = there.client().updated_index().await.expect_err("no answer");
        let told = format!("{error} {error:?}");
        assert!(is(&error) && told.contains(words), "{told}");
        assert!(!told.contains(RUNE), "{told}");
        let heard: Vec<_> = std::iter::from_fn(|| there.heard.try_recv().ok()).collect();
        let expected = ["getinfo", "wait"].map(|method| format!("POST /v1/{method} HTTP/1.1"));
        assert_eq!(heard, expected, "no redirect, and nothing twice");
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_closes_its_connection() {
    let mut there = Canned::start(Answer::Silence).await;
    let client = there.client();
    given_up(client.updated_index(), &mut there).await;
    let waiter = client.waiter().await.expect("a connection");
    given_up(waiter.updated(1), &mut there).await;
}

/// Gives a call up when it was heard.
async fn given_up<T>(call: impl Future<Output = T>, there: &mut Canned) {
    let heard = async {
        while !there
            .heard
            .recv()
            .await
            .expect("it listens")
            .contains("wait")
        {}
    };
    tokio::select! {
        _ = call => panic!("there is no answer"),
        heard = timeout(TIMEOUT, heard) => heard.expect("in time"),
    }
    let closed = timeout(TIMEOUT, there.closed.recv()).await;
    assert_eq!(closed.expect("in time"), Some(()));
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_at_the_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("ca.pem");
    std::fs::write(&file, "no certificate").expect("written");
    let config = config(&[
        ("NODE__RUNE", RUNE),
        ("NODE__REST_URL", "https://localhost:1"),
        ("NODE__CA_FILE", file.to_str().expect("plain")),
    ]);
    let refused = Server::start(config, Mode::Live).await.stop().await;
    let told = format!("{:#}", refused.expect_err("refused"));
    assert!(told.contains("node.ca_file"), "{told}");
}

#[tokio::test]
async fn the_program_never_tells_the_rune() {
    let behind = ClnrestSandbox::start().await;
    let (output, printed, complaints) = run_beside(with_rune(&behind, &["config"])).await;
    assert!(output.status.success(), "{complaints}");
    assert!(
        printed.contains("rest_url = \"https://localhost:"),
        "{printed}"
    );
    let (output, report, log) = run_beside(with_rune(&behind, &["reconcile"])).await;
    assert!(output.status.success(), "{log}");
    assert!(log.contains("TRACE"), "all there is: {log}");
    for told in [printed, complaints, report, log] {
        assert!(!told.contains(RUNE), "{told}");
    }
}

fn with_rune(behind: &ClnrestSandbox, args: &[&str]) -> std::process::Command {
    let mut command = program(args);
    command
        .env("FACTURE_LOG__FILTER", "trace")
        .env("FACTURE_NODE__RUNE", RUNE)
        .env("FACTURE_NODE__REST_URL", behind.tls.url())
        .env("FACTURE_NODE__CA_FILE", behind.tls.ca_file())
        .env(
            "FACTURE_STORE__DATA_DIR",
            behind.tls.ca_file().with_file_name("records"),
        );
    command
}

#[test]
fn the_command_for_a_rune_is_printed() {
    let methods = "\"method=getinfo\",\"method=invoice\",\"method=listinvoices\",\
         \"method=wait\",\"method=waitanyinvoice\",\"method=delinvoice\",\"method=decode\",\"method=offer\",\
         \"method=listoffers\",\"method=disableoffer\",\"method=listcurrencyrates\"";
    let holds = "\"method=facture-hold-create\",\"method=facture-hold-settle\",\"method=facture-hold-cancel\",\
         \"method=facture-hold-list\",\"method=facture-hold-wait\"";
    for (args, expected) in [
        (&["rune"][..], methods.to_owned()),
        (&["rune", "--hold"], format!("{methods},{holds}")),
    ] {
        let (output, printed, _) = run(&mut program(args));
        assert!(output.status.success());
        let command = format!("lightning-cli createrune restrictions='[[{expected}]]'\n");
        assert_eq!(printed, command);
    }
}
