//! A client of HTTP/1.1 that costs next to nothing, since it shares the machine with what it measures: one connection
//! kept alive, one request at a time, no more parsing than it takes to find the end of an answer.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, as long as the next one is not there.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a [u8],
    pub(crate) body: &'a [u8],
}

/// Where the parts of an answer end.
struct Shape {
    status: u16,
    head: usize,
    whole: usize,
}

/// More headers than any answer has.
const HEADERS: usize = 64;

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
        })
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let shape = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(shape) = Shape::of(&self.buffer)? {
                break shape;
            }
        };
        // What is chunked is whole when its shape is known.
        while self.buffer.len() < shape.whole {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection within an answer");
            }
        }
        Ok(Answer {
            status: shape.status,
            head: self.buffer.get(..shape.head).unwrap_or_default(),
            body: self.buffer.get(shape.head..shape.whole).unwrap_or_default(),
        })
    }
}

impl Shape {
    fn of(bytes: &[u8]) -> anyhow::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head) = response.parse(bytes)? else {
            return Ok(None);
        };
        let status = response.code.context("an answer without a status")?;
        let length = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let body = match (status, length) {
            (204 | 304, _) => 0,
            (_, Some(length)) => std::str::from_utf8(length.value)?.parse()?,
            (_, None) => match chunks(bytes.get(head..).unwrap_or_default())? {
                Some(length) => length,
                None => return Ok(None),
            },
        };
        Ok(Some(Self {
            status,
            head,
            whole: head + body,
        }))
    }
}

/// The length of a body in chunks (RFC 9112 §7.1), without trailers; `None` while it is not whole.
fn chunks(body: &[u8]) -> anyhow::Result<Option<usize>> {
    let mut place = 0;
    loop {
        let rest = body.get(place..).unwrap_or_default();
        match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete((size, chunk))) => {
                // The line end after each.
                place += size + usize::try_from(chunk)? + 2;
                if chunk == 0 {
                    return Ok((place <= body.len()).then_some(place));
                }
            }
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => bail!("an answer without a length"),
        }
    }
}

impl Answer<'_> {
    /// The body, where the status is this one.
    pub(crate) fn expect(&self, status: u16) -> anyhow::Result<&[u8]> {
        if self.status != status {
            let body: String = String::from_utf8_lossy(self.body)
                .chars()
                .take(300)
                .collect();
            bail!("{} in place of {status}: {body}", self.status);
        }
        Ok(self.body)
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = std::str::from_utf8(self.head).ok()?;
        head.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
    }
}

/// The bytes of a `GET`.
pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    request("GET", path, headers, None)
}

/// The bytes of a `POST` of this type.
pub(crate) fn post(
    path: &str,
    headers: &[(&str, &str)],
    content_type: &str,
    body: &str,
) -> Vec<u8> {
    request("POST", path, headers, Some((content_type, body)))
}

/// The bytes of a `PUT` of this type.
pub(crate) fn put(path: &str, headers: &[(&str, &str)], content_type: &str, body: &str) -> Vec<u8> {
    request("PUT", path, headers, Some((content_type, body)))
}

fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    content: Option<(&str, &str)>,
) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let (content_type, body) = content.unwrap_or_default();
    if content.is_some() {
        let length = body.len();
        text.push_str(&format!(
            "content-type: {content_type}\r\ncontent-length: {length}\r\n"
        ));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}
