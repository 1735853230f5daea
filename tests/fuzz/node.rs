//! What is at the node's transport and answers anything: no panic, no wait beyond the deadline, and no more is read than fits.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use facture_domain::LabelPrefix;
use facture_node::cln::{Client, Options, Rest, Transport};
use proptest::{collection::vec, prelude::*, sample::select};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpStream, UnixListener},
    runtime::Runtime,
    time::timeout,
};
use tokio_rustls::server::TlsStream;

use super::{
    bytes, fuzz,
    harness::TIMEOUT,
    text,
    tls::{Good, Tls},
    value,
};

/// What is asked.
#[derive(Clone, Copy, Debug)]
enum Call {
    UpdatedIndex,
    InvoiceByLabel,
    Receivable,
    Retention,
}

impl Call {
    const ALL: [Self; 4] = [
        Self::UpdatedIndex,
        Self::InvoiceByLabel,
        Self::Receivable,
        Self::Retention,
    ];

    /// By a client of its own. What comes of it does not matter.
    async fn ask(self, transport: Transport, deadline: Duration) {
        let client = Client::new(Options {
            transport,
            deadline,
            connections: 1,
            queue: 1,
            node: None,
        });
        match self {
            Self::UpdatedIndex => drop(client.updated_index().await),
            Self::InvoiceByLabel => {
                let label = LabelPrefix::default().random_label();
                drop(client.invoice_by_label(&label).await);
            }
            Self::Receivable => drop(client.receivable().await),
            Self::Retention => drop(client.retention().await),
        }
    }
}

/// What is on the node's socket answers `getinfo` and then this.
#[test]
fn answers_of_the_node() {
    let runtime = Runtime::new().expect("a runtime");
    let frame = prop_oneof![
        value().prop_map(|value| format!("{{\"id\":2,\"jsonrpc\":\"2.0\",\"result\":{value}}}\n\n").into_bytes()),
        value().prop_map(|value| format!("{{\"id\":2,\"jsonrpc\":\"2.0\",\"error\":{value}}}\n\n").into_bytes()),
        value().prop_map(|value| format!(
            "{{\"id\":2,\"result\":{{\"invoices\":[{{\"label\":\"x\",\"status\":{value},\"expires_at\":{value},\
             \"amount_msat\":{value},\"payment_hash\":{value},\"created_index\":1}}]}}}}\n\n"
        ).into_bytes()),
        bytes(),
    ];
    fuzz(frame, |frame| {
        runtime.block_on(async {
            let directory = tempfile::Builder::new()
                .prefix("facture-")
                .tempdir()
                .unwrap();
            let path = directory.path().join("lightning-rpc");
            let listener = UnixListener::bind(&path).unwrap();
            let node = tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (read, mut write) = stream.into_split();
                    let mut lines = BufReader::new(read).lines();
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line.contains("\"getinfo\"") {
                            let id = "02".repeat(33);
                            let info = format!("{{\"id\":1,\"result\":{{\"id\":\"{id}\"}}}}\n\n");
                            let _ = write.write_all(info.as_bytes()).await;
                        } else if !line.is_empty() {
                            let _ = write.write_all(&frame).await;
                            break;
                        }
                    }
                }
            });
            for call in Call::ALL {
                let asked = call.ask(Transport::Socket(path.clone()), TIMEOUT);
                timeout(TIMEOUT * 2, asked).await.expect("it ends");
            }
            // Its socket is closed: there are thousands of these.
            node.abort();
        });
        Ok(())
    });
}

/// What is at clnrest's address answers with this.
#[derive(Clone, Debug)]
struct Answer {
    bytes: Vec<u8>,
    then: AfterResponse,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum AfterResponse {
    Close,
    /// It neither says more nor ends.
    Hang,
    /// The last of it again and again.
    Repeat,
}

/// More than an answer may have (16 MiB) and what is on the way in buffers.
const TOO_MUCH: usize = 48 << 20;

fn answer() -> impl Strategy<Value = Answer> {
    let version = select(vec!["HTTP/1.1", "HTTP/1.0", "HTTP/2", "ICY"]);
    let status = select(vec![
        "100", "101", "200", "201", "204", "304", "307", "400", "401", "403", "429", "500", "503",
        "999", "x",
    ]);
    let name = select(vec![
        "Content-Length",
        "Transfer-Encoding",
        "Content-Encoding",
        "Content-Type",
        "Connection",
        "Location",
        "Upgrade",
    ]);
    let known = select(vec![
        "chunked",
        "gzip",
        "identity",
        "close",
        "0",
        "1",
        "18446744073709551616",
    ]);
    let said = prop_oneof![3 => known.prop_map(str::to_owned), 1 => text()];
    let head = (
        prop_oneof![9 => Just("HTTP/1.1"), 1 => version],
        status,
        vec((name, said), 0..4),
    );
    let chunk = (text(), bytes())
        .prop_map(|(size, data)| [size.as_bytes(), b"\r\n", &data, b"\r\n"].concat());
    let right_chunk = bytes()
        .prop_map(|data| [format!("{:x}\r\n", data.len()).as_bytes(), &data, b"\r\n"].concat());
    let body = prop_oneof![
        value().prop_map(|value| value.to_string().into_bytes()),
        value().prop_map(|value| format!("{{\"code\":{value},\"message\":\"x\"}}").into_bytes()),
        value().prop_map(|value| format!(
            "{{\"invoices\":[{{\"label\":\"x\",\"status\":{value},\"payment_hash\":{value},\"created_index\":1}}]}}"
        ).into_bytes()),
        vec(prop_oneof![chunk, right_chunk], 0..6).prop_map(|chunks| chunks.concat()),
        bytes().prop_map(|rest| [&[0x1f, 0x8b, 8, 0], &rest[..]].concat()),
        bytes(),
    ];
    let sound = (head, body).prop_map(|((version, status, headers), body)| {
        let mut head = format!("{version} {status} x\r\n");
        for (name, said) in headers {
            head.push_str(&format!("{name}: {said}\r\n"));
        }
        [head.as_bytes(), b"\r\n", &body].concat()
    });
    let then = prop_oneof![8 => Just(AfterResponse::Close), 1 => Just(AfterResponse::Hang), 1 => Just(AfterResponse::Repeat)];
    (prop_oneof![9 => sound, 1 => bytes()], then).prop_map(|(bytes, then)| Answer { bytes, then })
}

/// Who asks learns first who the node is: some are told so, others get the answer already then.
#[test]
fn answers_of_clnrest() {
    let runtime = Runtime::new().expect("a runtime");
    let answering: Arc<Mutex<(Answer, bool)>> = Arc::new(Mutex::new((
        Answer {
            bytes: Vec::new(),
            then: AfterResponse::Close,
        },
        false,
    )));
    let sent: Arc<AtomicUsize> = Arc::default();
    let tls = runtime.block_on(Tls::start(Good::Always, {
        let (answering, sent) = (Arc::clone(&answering), Arc::clone(&sent));
        move |stream| {
            let (answer, introduced) = answering.lock().expect("no panic").clone();
            tokio::spawn(speak(stream, answer, introduced, Arc::clone(&sent)));
        }
    }));
    let url = tls.url().parse().expect("an address");
    let authority = std::fs::read(tls.ca_file()).expect("readable");
    let rest = Rest::new(&url, "a-rune".into(), Some(&authority)).expect("it can be used");
    fuzz(
        (answer(), any::<bool>(), select(Call::ALL.to_vec())),
        |(answer, introduced, call)| {
            let deadline = match answer.then {
                AfterResponse::Hang => Duration::from_millis(50),
                // Long enough to take too much.
                AfterResponse::Repeat => TIMEOUT / 4,
                AfterResponse::Close => TIMEOUT,
            };
            *answering.lock().expect("no panic") = (answer, introduced);
            sent.store(0, Ordering::Relaxed);
            let asked = call.ask(Transport::Rest(rest.clone()), deadline);
            let in_time = async { timeout(TIMEOUT * 3, asked).await };
            runtime.block_on(in_time).expect("it ends");
            let sent = sent.load(Ordering::Relaxed);
            prop_assert!(sent < TOO_MUCH, "{sent} bytes were taken");
            Ok(())
        },
    );
}

async fn speak(
    stream: TlsStream<TcpStream>,
    answer: Answer,
    introduced: bool,
    sent: Arc<AtomicUsize>,
) {
    let mut stream = BufReader::new(stream);
    while let Ok(line) = request(&mut stream).await {
        if introduced && line.contains("/v1/getinfo") {
            let info = format!("{{\"id\":\"{}\"}}", "02".repeat(33));
            let length = info.len();
            let info = format!("HTTP/1.1 201 x\r\nContent-Length: {length}\r\n\r\n{info}");
            if stream.write_all(info.as_bytes()).await.is_err() {
                return;
            }
            continue;
        }
        let mut taken = stream.write_all(&answer.bytes).await;
        match answer.then {
            AfterResponse::Close => return drop(stream.shutdown().await),
            AfterResponse::Hang => {}
            AfterResponse::Repeat => {
                let start = answer.bytes.len().saturating_sub(20);
                let more = answer.bytes[start..].repeat(1 << 12);
                while taken.is_ok() && !more.is_empty() {
                    taken = stream.write_all(&more).await;
                    sent.fetch_add(more.len(), Ordering::Relaxed);
                }
            }
        }
        // Whatever else comes, until the client closes.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}

/// The first line of a request, which is read whole.
async fn request(stream: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<String> {
    let (mut first, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().expect("a number");
        }
        if first.is_empty() {
            first = line;
        }
    }
    stream.read_exact(&mut vec![0; length]).await?;
    Ok(first)
}
