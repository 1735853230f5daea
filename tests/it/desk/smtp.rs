//! A small SMTP server on this machine (RFC 5321, RFC 4954): it takes mail, or refuses a password or a mailbox.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufStream},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::harness::TIMEOUT;

/// The user whom it lets in, and the mailbox that it does not have.
pub(super) const USER: &str = "shop";
pub(super) const NOBODY: &str = "nobody@shop.example";

/// It stops listening when it is dropped.
pub(super) struct SmtpServer {
    pub(super) address: SocketAddr,
    inner: Inner,
    task: JoinHandle<()>,
}

/// A mail that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mail {
    pub(super) to: String,
    /// Headers and body, with long lines put together again.
    pub(super) text: String,
}

#[derive(Clone)]
struct Inner {
    mails: Arc<watch::Sender<Vec<Mail>>>,
    password: Arc<Mutex<String>>,
}

impl SmtpServer {
    pub(super) async fn start(password: &str) -> Self {
        let inner = Inner {
            mails: Arc::new(watch::Sender::new(Vec::new())),
            password: Arc::new(Mutex::new(password.to_owned())),
        };
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), inner).await
    }

    /// It is gone: connections are refused. What comes back is another one at the same address, with what came so far.
    pub(super) async fn stop(&mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }

    pub(super) async fn restart(&mut self) {
        *self = Self::listen(self.address, self.inner.clone()).await;
    }

    /// All that came so far.
    pub(super) fn mails(&self) -> Vec<Mail> {
        self.inner.mails.borrow().clone()
    }

    /// Waits until so many mails came.
    pub(super) async fn wait_for(&self, count: usize) -> Vec<Mail> {
        let mut mails = self.inner.mails.subscribe();
        let came = timeout(TIMEOUT, mails.wait_for(|mails| mails.len() >= count)).await;
        let came = came.unwrap_or_else(|_| panic!("only {:?} came", self.mails()));
        came.expect("it listens").clone()
    }

    async fn listen(address: SocketAddr, inner: Inner) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let serving = inner.clone();
        let task = tokio::spawn(async move {
            let mut sessions = JoinSet::new();
            loop {
                let (connection, _) = listener.accept().await.expect("a connection");
                let inner = serving.clone();
                sessions.spawn(async move { session(connection, inner).await });
            }
        });
        Self {
            address,
            inner,
            task,
        }
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Mail {
    pub(super) fn header(&self, name: &str) -> String {
        let mut lines = self.text.lines();
        let found = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
        found.unwrap_or_default().to_owned()
    }
}

async fn session(connection: TcpStream, inner: Inner) -> Option<()> {
    let mut stream = BufStream::new(connection);
    say(&mut stream, "220 test").await?;
    let mut to = String::new();
    loop {
        let line = hear(&mut stream).await?;
        let answer = match line.split([' ', ':']).next()?.to_ascii_uppercase().as_str() {
            "EHLO" => "250-test\r\n250 AUTH PLAIN",
            "AUTH" => {
                let password = inner.password.lock().expect("no panic").clone();
                let right = STANDARD.encode(format!("\0{USER}\0{password}"));
                match line.ends_with(&right) {
                    true => "235 2.7.0 welcome",
                    false => "535 5.7.8 wrong password",
                }
            }
            "RCPT" if line.contains(NOBODY) => "550 5.1.1 no such box",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
                "250 2.1.5 fine"
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let mut text = String::new();
                loop {
                    let line = hear(&mut stream).await?;
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push('\n');
                }
                let text = text.replace("=\n", "").replace("=3D", "=");
                let to = to.clone();
                inner
                    .mails
                    .send_modify(|mails| mails.push(Mail { to, text }));
                "250 2.0.0 queued as 17"
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return Some(());
            }
            _ => "250 fine",
        };
        say(&mut stream, answer).await?;
    }
}

async fn say(stream: &mut BufStream<TcpStream>, line: &str) -> Option<()> {
    stream.write_all(line.as_bytes()).await.ok()?;
    stream.write_all(b"\r\n").await.ok()?;
    stream.flush().await.ok()
}

async fn hear(stream: &mut BufStream<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
