//! A node that means harm, or something else on its socket: it must neither stop us nor make us grow, and no answer of
//! it is taken for another call's.

use std::{sync::Arc, time::Duration};

use facture_node::cln::{Client, Error, Options, Transport};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::watch,
};

use crate::world::socket_path;

/// More than an answer may have, by far.
const ENDLESS: usize = 200 * 1024 * 1024;

/// What it may have read before it gives up: the limit, and what is under way in buffers.
const TAKEN: usize = 20 * 1024 * 1024;

/// What comes instead of an answer; the number is that of the call.
type Answer = dyn Fn(&Value) -> Vec<u8> + Send + Sync;

/// A node that says who it is, and to everything else this.
struct Hostile {
    client: Client,
    written: watch::Receiver<usize>,
    _directory: TempDir,
}

impl Hostile {
    fn start(answer: impl Fn(&Value) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let (path, directory) = socket_path();
        let listener = UnixListener::bind(&path).expect("a socket");
        let answer: Arc<Answer> = Arc::new(answer);
        let (count, written) = watch::channel(0);
        let count = Arc::new(count);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&answer), Arc::clone(&count)));
            }
        });
        let client = Client::new(Options {
            transport: Transport::Socket(path),
            deadline: Duration::from_secs(20),
            connections: 1,
            queue: 1,
            node: None,
        });
        Self {
            client,
            written,
            _directory: directory,
        }
    }
}

async fn converse(stream: UnixStream, answer: Arc<Answer>, count: Arc<watch::Sender<usize>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let Ok(call) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        let bytes = match call["method"].as_str() {
            Some("getinfo") => frame(&json!({ "jsonrpc": "2.0", "id": call["id"],
                "result": { "id": format!("02{}", "ab".repeat(32)) } })),
            _ => answer(&call["id"]),
        };
        for piece in bytes.chunks(64 * 1024) {
            if write.write_all(piece).await.is_err() {
                return;
            }
            count.send_modify(|written| *written += piece.len());
        }
    }
}

fn frame(answer: &Value) -> Vec<u8> {
    format!("{answer}\n\n").into_bytes()
}

fn result(id: &Value, result: &str) -> Vec<u8> {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}\n\n").into_bytes()
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off() {
    for byte in [b' ', b'[', b'\n'] {
        let hostile = Hostile::start(move |_| {
            let mut bytes = vec![byte; ENDLESS];
            // Two ends of a line would be the end of an answer.
            if byte == b'\n' {
                bytes = b"\n ".repeat(ENDLESS / 2);
            }
            bytes
        });
        let error = hostile.client.updated_index().await.expect_err("no answer");
        assert!(matches!(error, Error::Unreadable { .. }), "{error}");
        assert!(error.to_string().contains("longer than"), "{error}");
        // A call that cannot be read is made once more where the connection may have been old; this one was new.
        let written = *hostile.written.borrow();
        assert!(written < TAKEN, "{written}");
    }
}

#[tokio::test]
async fn a_wait_for_news_is_bounded_too() {
    let hostile = Hostile::start(|_| vec![b'x'; ENDLESS]);
    let waiter = hostile.client.waiter().await.expect("a connection");
    let error = waiter.updated(1).await.expect_err("no answer");
    assert!(matches!(error, Error::Unreadable { .. }), "{error}");
    assert!(*hostile.written.borrow() < TAKEN);
}

#[tokio::test]
async fn the_answer_to_another_call_is_not_taken() {
    for other in [json!(0), json!(99), json!("1"), Value::Null, json!([1])] {
        let told = other.clone();
        let hostile = Hostile::start(move |_| result(&told, "{\"updated\":7}"));
        let error = hostile.client.updated_index().await.expect_err("no answer");
        assert!(
            matches!(error, Error::Unreadable { .. }),
            "{other}: {error}"
        );
        assert!(error.to_string().contains("another call"), "{error}");
    }
    // Two answers to one call: the second is not the next call's.
    let hostile = Hostile::start(|id| {
        [result(id, "{\"updated\":7}"), result(id, "{\"updated\":8}")].concat()
    });
    assert_eq!(hostile.client.updated_index().await.expect("an answer"), 7);
    // The first was read on a connection that is kept; what is left on it is found out, and asked again on another.
    assert_eq!(hostile.client.updated_index().await.expect("an answer"), 7);
}

#[tokio::test]
async fn what_makes_no_sense_is_an_error() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("[{}0]", "0,".repeat(1_000_000));
    for nonsense in [
        deep.as_str(),
        &wide,
        "{}",
        "null",
        "[]",
        "\"updated\"",
        "{\"updated\":-1}",
        "{\"updated\":1.5}",
        "{\"updated\":18446744073709551616}",
        "{\"updated\":1e999}",
        "{\"updated\":\"7\"}",
        "{\"updated\":{\"updated\":7}}",
        "{\"updated\":7,",
        "\u{0}",
    ] {
        let told = nonsense.to_owned();
        let hostile = Hostile::start(move |id| result(id, &told));
        let error = hostile.client.updated_index().await.expect_err(nonsense);
        let kind = matches!(error, Error::Unreadable { .. } | Error::Malformed { .. });
        assert!(kind, "{error}");
        let text = error.to_string();
        assert!(text.len() < 300, "{text}");
    }
    for bytes in [
        b"\xff\xfe\n\n".to_vec(),
        b"\n\n".to_vec(),
        b"HTTP/1.1 400 Bad Request\r\n\r\n\n\n".to_vec(),
        b"{\"id\":1}{\"id\":1}\n\n".to_vec(),
    ] {
        let hostile = Hostile::start(move |_| bytes.clone());
        let error = hostile.client.updated_index().await.expect_err("no answer");
        assert!(matches!(error, Error::Unreadable { .. }), "{error}");
    }
    for error in [
        "null",
        "7",
        "{}",
        "{\"code\":1e99,\"message\":\"\"}",
        "{\"code\":1}",
    ] {
        let told = error.to_owned();
        let hostile = Hostile::start(move |id| {
            format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{told}}}\n\n").into_bytes()
        });
        let told = hostile.client.updated_index().await.expect_err(error);
        assert!(matches!(told, Error::Malformed { .. }), "{error}: {told}");
    }
}

/// Some are too long for a number: what is left of them must not become an amount.
#[tokio::test]
async fn an_amount_that_is_no_number_is_an_error() {
    let page = async |member: &str, amount: &str| {
        let invoice = format!(
            "{{\"label\":\"x\",\"payment_hash\":\"{}\",\"status\":\"unpaid\",\"expires_at\":1,\
             \"created_index\":1,\"{member}\":{amount}}}",
            "ab".repeat(32)
        );
        let hostile =
            Hostile::start(move |id| result(id, &format!("{{\"invoices\":[{invoice}]}}")));
        hostile.client.created_invoices(1, 1).await
    };
    for amount in [
        "\"99999999999999999999msat\"",
        "\"18446744073709551615sat\"",
        "\"1msat\"",
        "\"1é\"",
        "18446744073709551616",
        "1.5",
        "-1",
    ] {
        for member in ["amount_msat", "amount_received_msat"] {
            assert_eq!(page(member, "1").await.expect("a number").len(), 1);
            let error = page(member, amount).await.expect_err(amount);
            assert!(matches!(error, Error::Malformed { .. }), "{error}");
        }
    }
}
