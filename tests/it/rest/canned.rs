//! Something at clnrest's address that is not clnrest: it says who it is, then answers every call with the same bytes.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};
use tokio_rustls::server::TlsStream;

use super::{
    tls::{Good, Tls},
    transport::{RUNE, client, transport},
};
use crate::harness::config;
use facture_node::cln::Client;

/// What comes after a call was read.
#[derive(Clone)]
pub(super) enum Answer {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A body that does not end.
    Endless,
    /// Nothing.
    Silence,
}

pub(super) struct Canned {
    tls: Tls,
    /// The first line of every request, in order.
    pub(super) heard: mpsc::UnboundedReceiver<String>,
    /// Tells of every connection that the client has closed.
    pub(super) closed: mpsc::UnboundedReceiver<()>,
}

impl Canned {
    pub(super) async fn start(answer: Answer) -> Self {
        let (hear, heard) = mpsc::unbounded_channel();
        let (tell, closed) = mpsc::unbounded_channel();
        let tls = Tls::start(Good::Always, move |stream| {
            let (answer, hear, tell) = (answer.clone(), hear.clone(), tell.clone());
            tokio::spawn(async move {
                speak(stream, &answer, &hear).await;
                let _ = tell.send(());
            });
        });
        Self {
            tls: tls.await,
            heard,
            closed,
        }
    }

    pub(super) fn client(&self) -> Client {
        let ca_file = self.tls.ca_file();
        client(transport(&config(&[
            ("NODE__RUNE", RUNE),
            ("NODE__REST_URL", &self.tls.url()),
            ("NODE__CA_FILE", ca_file.to_str().expect("plain")),
        ])))
    }
}

/// The head of an answer, and its body.
pub(super) fn http(status: &str, head: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Bytes(
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{head}\r\n{body}").into_bytes(),
    )
}

/// Goes on until the client does not.
async fn speak(
    mut stream: TlsStream<TcpStream>,
    answer: &Answer,
    hear: &mpsc::UnboundedSender<String>,
) {
    let mut read = Vec::new();
    while let Some(line) = request(&mut stream, &mut read).await {
        let asks_who = line.contains("/v1/getinfo");
        let _ = hear.send(line);
        let info = json!({ "id": "02".repeat(33) }).to_string();
        let Answer::Bytes(info) = http("201 Created", "", &info) else {
            return;
        };
        let sent = match answer {
            _ if asks_who => stream.write_all(&info).await,
            Answer::Bytes(bytes) => stream.write_all(bytes).await,
            Answer::Silence => Ok(()),
            Answer::Endless => endless(&mut stream).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn endless(stream: &mut TlsStream<TcpStream>) -> std::io::Result<()> {
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head).await?;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    loop {
        stream.write_all(chunk.as_bytes()).await?;
    }
}

/// The first line of the next request, which is read whole.
async fn request(stream: &mut TlsStream<TcpStream>, read: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                let length = name.eq_ignore_ascii_case("content-length");
                length.then(|| value.parse::<usize>().expect("a number"))
            });
            if body.len() >= length.unwrap_or(0) {
                read.clear();
                return head.lines().next().map(str::to_owned);
            }
        }
        match stream.read_buf(read).await {
            Ok(0) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
