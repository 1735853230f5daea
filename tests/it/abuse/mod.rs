//! What strangers try: too much of everything, other people's forms, and requests that are none.

mod cross_site;
mod form;
mod limits;
mod memory;
mod queue;
mod raw;
mod secrets;
mod streams;
mod webhooks;

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::harness::{Server, TIMEOUT};

/// A connection on which anything can be sent.
struct Wire(TcpStream);

impl Wire {
    async fn to(server: &Server) -> Self {
        let address = server.origin.trim_start_matches("http://");
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    async fn send(&mut self, text: &str) {
        // A server that has closed already has said why.
        let _ = self.0.write_all(text.as_bytes()).await;
    }

    /// All that comes until the server closes.
    async fn answer(mut self) -> String {
        let mut bytes = Vec::new();
        let reading = self.0.read_to_end(&mut bytes);
        let _ = timeout(TIMEOUT, reading).await.expect("it ends in time");
        String::from_utf8(bytes).expect("text")
    }

    /// What comes until `end`.
    async fn until(&mut self, end: &str) -> String {
        let mut text = String::new();
        let reading = async {
            while !text.contains(end) {
                let byte = self.0.read_u8().await.expect("more");
                text.push(char::from(byte));
            }
        };
        timeout(TIMEOUT, reading).await.expect("it comes in time");
        text
    }
}

/// Sends one request as it is; the whole answer.
async fn raw(server: &Server, request: &str) -> String {
    let mut wire = Wire::to(server).await;
    wire.send(request).await;
    wire.answer().await
}

/// The seconds of a `Retry-After`.
fn seconds(text: &str) -> Duration {
    Duration::from_secs(text.parse().expect("seconds"))
}
