//! A reader of server-sent events, event by event, that parses no more than it needs.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::http;

/// An open stream.
pub(crate) struct Events {
    stream: TcpStream,
    /// What was read of the present events.
    buffer: Vec<u8>,
}

impl Events {
    /// Asks for a stream and reads the head of the answer.
    pub(crate) async fn open(
        address: SocketAddr,
        path: &str,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(&http::get(path, headers)).await?;
        let mut this = Self {
            stream,
            buffer: Vec::with_capacity(1024),
        };
        let head = this.until(b"\r\n\r\n").await?;
        if !head.starts_with(b"HTTP/1.1 200 ") {
            bail!("no stream: {}", String::from_utf8_lossy(&head));
        }
        Ok(this)
    }

    /// The next event of this kind as it was sent, chunk sizes and all. Comments and other events are passed over.
    pub(crate) async fn next(&mut self, kind: &str) -> anyhow::Result<String> {
        let line = format!("event: {kind}");
        loop {
            let event = String::from_utf8(self.until(b"\n\n").await?)?;
            if event.contains(&line) {
                return Ok(event);
            }
        }
    }

    async fn until(&mut self, end: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut searched = 0;
        loop {
            let rest = self.buffer.get(searched..).unwrap_or_default();
            if let Some(place) = rest.windows(end.len()).position(|part| part == end) {
                let after = self.buffer.split_off(searched + place + end.len());
                return Ok(std::mem::replace(&mut self.buffer, after));
            }
            searched = self.buffer.len().saturating_sub(end.len());
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the stream ended");
            }
        }
    }
}

/// The label of the invoice in an event.
pub(crate) fn label(event: &str) -> anyhow::Result<&str> {
    let (_, rest) = event
        .split_once(r#""label":""#)
        .context("an event without a label")?;
    let (label, _) = rest.split_once('"').context("a label without an end")?;
    Ok(label)
}
