//! Files that are not as the node left them: torn, damaged, missing.

use std::fs;
use std::io::ErrorKind;

use serde_json::json;

use super::{Home, leave};

#[tokio::test]
async fn a_torn_last_line_is_ignored() {
    let home = Home::new();
    let node = home.start().await;
    home.invoice("x", 1000, 3600).await;
    let before = home.seen().await;
    leave(node).await;
    let whole = fs::read_to_string(home.ledger()).unwrap();
    // Longer than what will be written over it, and once complete but for the newline.
    for torn in [&*"{\"made\":".repeat(1000), whole.trim_end(), "\u{0}"] {
        fs::write(home.ledger(), format!("{whole}{torn}")).unwrap();
        let node = home.start().await;
        assert_eq!(home.seen().await, before);
        home.invoice("y", 1000, 3600).await;
        let after = home.seen().await;
        leave(node).await;
        let node = home.start().await;
        assert_eq!(home.seen().await, after);
        leave(node).await;
    }
}

#[tokio::test]
async fn a_damaged_line_is_refused() {
    let home = Home::new();
    let node = home.start().await;
    for label in ["x", "y", "z"] {
        home.invoice(label, 1000, 3600).await;
    }
    home.call("delinvoice", json!(["z", "unpaid"])).await;
    leave(node).await;
    let whole = fs::read_to_string(home.ledger()).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let place = |line: u64| format!("{}: line {line}: ", home.ledger().display());
    let out_of_place = "it does not follow from what is before it";
    for (text, line, what) in [
        (
            whole.replacen("{\"made\":", "{\"nade\":", 1),
            1,
            "no record of a ledger, at byte ",
        ),
        (
            whole.replacen("\"y\"", "\"y", 1),
            2,
            "no record of a ledger, at byte ",
        ),
        (
            whole.replacen("\"preimage\"", "\"else\":1,\"preimage\"", 1),
            1,
            "no record of a ledger, at byte ",
        ),
        (
            format!("{}\n\n{}\n", lines[0], lines[1]),
            2,
            "no record of a ledger, at byte ",
        ),
        (
            format!("{whole}{{\"made\":\n"),
            5,
            "no record of a ledger, at byte ",
        ),
        (format!("{whole}{}\n", lines[3]), 5, out_of_place),
        (format!("{}\n{}\n", lines[0], lines[0]), 2, out_of_place),
        (format!("{}\n", lines[3]), 1, out_of_place),
    ] {
        fs::write(home.ledger(), &text).unwrap();
        let (kind, error) = home.refusal().await;
        assert_eq!(kind, ErrorKind::InvalidData);
        assert!(error.starts_with(&(place(line) + what)), "{error}");
        assert_eq!(
            fs::read_to_string(home.ledger()).unwrap(),
            text,
            "left as it was"
        );
    }
    fs::write(home.ledger(), whole).unwrap();
    home.start().await;
}

#[tokio::test]
async fn a_key_that_is_damaged_or_missing_is_refused() {
    let home = Home::new();
    let node = home.start().await;
    let id = node.id();
    home.invoice("x", 1000, 3600).await;
    leave(node).await;
    let path = home.kept().join("sandbox-key");
    let key = fs::read(&path).unwrap();
    for damaged in [&b""[..], &key[1..], &[b'0'; 64], b"\xff"] {
        fs::write(&path, damaged).unwrap();
        let (kind, text) = home.refusal().await;
        assert_eq!(kind, ErrorKind::InvalidData);
        assert!(text.starts_with(&format!("{}: ", path.display())), "{text}");
    }
    fs::remove_file(&path).unwrap();
    let (kind, text) = home.refusal().await;
    assert_eq!(kind, ErrorKind::InvalidData);
    assert!(
        text.ends_with("the key of the ledger beside it is missing"),
        "{text}"
    );
    fs::write(&path, key).unwrap();
    assert_eq!(home.start().await.id(), id);
}
