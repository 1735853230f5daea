//! Starting, stopping, restarting; the socket file.

use std::io::ErrorKind;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};

use facture_sandbox::{PayError, SandboxNode};
use serde_json::json;
use tokio::net::UnixStream;

use super::support::Bench;

#[tokio::test]
async fn the_socket_is_the_owners_only() {
    let bench = Bench::start().await;
    let metadata = std::fs::symlink_metadata(bench.rpc_file()).unwrap();
    assert!(metadata.file_type().is_socket());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    let names: Vec<_> = std::fs::read_dir(bench.rpc_file().parent().unwrap())
        .unwrap()
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[tokio::test]
async fn a_live_socket_is_not_taken_over() {
    let bench = Bench::start().await;
    let error = SandboxNode::start(&bench.rpc_file()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(bench.call("getinfo", json!({})).await["result"].is_object());
}

#[tokio::test]
async fn a_dead_socket_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lightning-rpc");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let node = SandboxNode::start(&path).await.unwrap();
    assert!(UnixStream::connect(node.rpc_file()).await.is_ok());
}

#[tokio::test]
async fn what_is_no_socket_stays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lightning-rpc");
    std::fs::write(&path, "dear diary").unwrap();
    assert_eq!(
        SandboxNode::start(&path).await.unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear diary");
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(
        SandboxNode::start(&link).await.unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    let missing = directory.path().join("nowhere").join("lightning-rpc");
    assert_eq!(
        SandboxNode::start(&missing).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn a_stopped_node_is_as_recorded() {
    let bench = Bench::start().await;
    let bolt11 = bench.invoice("x", 1000).await;
    let mut waiting = bench.connect().await;
    waiting
        .ask("W", "waitanyinvoice", json!({"lastpay_index": 0}))
        .await;
    bench.node.stop().await;
    assert_eq!(waiting.next().await, None);
    assert!(waiting.rest().is_empty());
    let refused = UnixStream::connect(bench.rpc_file()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert!(bench.rpc_file().exists());
    assert_eq!(bench.node.pay(&bolt11, None), Err(PayError::NoPath));
}

#[tokio::test]
async fn a_restarted_node_is_the_same_node() {
    let bench = Bench::start().await;
    let bolt11 = bench.invoice("x", 1000).await;
    let before = bench.call("getinfo", json!({})).await;
    bench.node.restart().await.unwrap();
    assert_eq!(bench.call("getinfo", json!({})).await, before);
    bench.node.pay(&bolt11, None).unwrap();
    let listed = bench.call("listinvoices", json!({})).await;
    assert_eq!(listed["result"]["invoices"][0]["status"], "paid");
    bench.node.stop().await;
    bench.node.restart().await.unwrap();
    assert_eq!(bench.node.invoice_count(), 1);
    assert_eq!(bench.invoice("y", 1000).await.get(..6), Some("lnbcrt"));
}

#[tokio::test]
async fn a_node_that_refuses_connections_goes_on() {
    let bench = Bench::start().await;
    let bolt11 = bench.invoice("x", 1000).await;
    let mut open = bench.connect().await;
    bench.node.refuse_connections().await;
    let refused = UnixStream::connect(bench.rpc_file()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    bench.node.pay(&bolt11, None).unwrap();
    assert_eq!(
        open.call("wait", json!(["invoices", "updated", 0])).await["result"]["updated"],
        1
    );
    bench.node.accept_connections().await.unwrap();
    assert_eq!(
        bench.call("wait", json!(["invoices", "updated", 0])).await["result"]["updated"],
        1
    );
    bench.node.close_connections().await;
    assert_eq!(open.next().await, None);
}

#[tokio::test]
async fn the_last_handle_ends_the_node() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lightning-rpc");
    let node = SandboxNode::start(&path).await.unwrap();
    let other = node.clone();
    drop(node);
    let mut stream = UnixStream::connect(&path).await.unwrap();
    drop(other);
    let mut bytes = Vec::new();
    let end = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut bytes);
    tokio::time::timeout(super::support::DEADLINE, end)
        .await
        .unwrap()
        .unwrap();
    assert!(bytes.is_empty());
}
