//! A stream goes on without hyper once the head of its answer is written: hyper has two buffers of 8 KiB for a connection
//! as long as that lives, and a stream lives for hours. What is left is a socket, and the body in chunks (RFC 9112 §7.1).

use std::{
    convert::Infallible,
    future::poll_fn,
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::FromRequestParts,
    http::{HeaderValue, Method, Version, header, request::Parts},
    response::Response,
};
use futures_util::StreamExt;
use hyper::{
    body::Frame,
    rt::{Read, ReadBufCursor, Write},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Where a connection's answer leaves the body that goes on without hyper. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Handover(Arc<Parted>);

#[derive(Default)]
struct Parted {
    body: Mutex<Option<Body>>,
    /// What hyper wrote waits until the client takes more.
    stuck: AtomicBool,
}

/// What an answer without an end may do.
pub(crate) enum Leave {
    /// It leaves hyper once its head is written.
    Detached(Handover),
    /// It stays, and is the last one of its connection all the same.
    Attached,
    /// It is not in chunks: the protocol or the method does not have them.
    Whole,
}

/// The socket that hyper has meanwhile.
pub(crate) struct Socket {
    stream: TokioIo<TcpStream>,
    handover: Handover,
}

/// In place of the body, until hyper asks for it: then the head is written.
struct StandIn {
    handover: Handover,
    body: Option<Body>,
}

/// So many pieces leave at once where they are there already, as with hyper.
const AT_ONCE: usize = 16;

/// Whoever sends more than this to a stream is cut.
const UNHEARD_BYTES: usize = 32 * 1024;

/// After the last chunk.
const END: &[u8] = b"0\r\n\r\n";

impl Handover {
    /// A connection's socket.
    pub(crate) fn socket(&self, stream: TcpStream) -> Socket {
        Socket {
            stream: TokioIo::new(stream),
            handover: self.clone(),
        }
    }

    /// Serves the connection to its end, or until the head of such an answer is written: then there is its body.
    pub(crate) async fn left_by(&self, mut connection: impl Future + Unpin) -> Option<Body> {
        poll_fn(|cx| match Pin::new(&mut connection).poll(cx) {
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => self
                .left()
                .map_or(Poll::Pending, |body| Poll::Ready(Some(body))),
        })
        .await
    }

    /// Once all that was written before is on its way.
    fn left(&self) -> Option<Body> {
        let Self(parted) = self;
        match parted.stuck.load(Ordering::Relaxed) {
            true => None,
            false => self.lock().take(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Body>> {
        let Self(parted) = self;
        parted.body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Sync> FromRequestParts<S> for Leave {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let in_chunks = parts.method == Method::GET && parts.version == Version::HTTP_11;
        Ok(match (in_chunks, parts.extensions.get::<Handover>()) {
            (true, Some(handover)) => Self::Detached(handover.clone()),
            (true, None) => Self::Attached,
            (false, _) => Self::Whole,
        })
    }
}

impl Leave {
    /// An answer whose length nobody knows. It is the last one of its connection.
    pub(crate) fn with(self, response: Response) -> Response {
        let (mut head, body) = response.into_parts();
        let close = HeaderValue::from_static("close");
        let handover = match self {
            Self::Detached(handover) => handover,
            Self::Attached => {
                head.headers.insert(header::CONNECTION, close);
                return Response::from_parts(head, body);
            }
            Self::Whole => return Response::from_parts(head, body),
        };
        head.headers.insert(header::CONNECTION, close);
        let stand_in = StandIn {
            handover,
            body: Some(body),
        };
        Response::from_parts(head, Body::new(stand_in))
    }
}

impl HttpBody for StandIn {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(body) = self.body.take() {
            *self.handover.lock() = Some(body);
        }
        // The connection is looked at right after this, and taken.
        Poll::Pending
    }
}

impl Socket {
    /// Sends what is left of an answer, and ends the connection. What the client sends meanwhile is not heard.
    ///
    /// # Errors
    /// When the client does not take it, or the body fails: then without an end, so that the client knows.
    pub(crate) async fn go_on(self, body: Body) -> io::Result<()> {
        let mut stream = self.stream.into_inner();
        let (mut from, mut to) = stream.split();
        let mut pieces = body.into_data_stream().ready_chunks(AT_ONCE);
        let (mut unheard, mut buffer) = (0, [0; 64]);
        loop {
            let ready = tokio::select! {
                ready = pieces.next() => ready,
                read = from.read(&mut buffer) => match read? {
                    0 => return Ok(()),
                    _ if unheard > UNHEARD_BYTES => return Ok(()),
                    more => {
                        unheard += more;
                        continue;
                    }
                },
            };
            let Some(ready) = ready else {
                to.write_all(END).await?;
                return to.shutdown().await;
            };
            let mut chunks = Vec::new();
            let failed = ready
                .into_iter()
                .try_for_each(|piece| piece.map(|data| add_chunk(&mut chunks, &data)));
            to.write_all(&chunks).await?;
            failed.map_err(io::Error::other)?;
        }
    }
}

fn add_chunk(chunks: &mut Vec<u8>, data: &[u8]) {
    // An empty one would be the end.
    if !data.is_empty() {
        chunks.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
        chunks.extend_from_slice(data);
        chunks.extend_from_slice(b"\r\n");
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, data);
        self.written(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, data);
        self.written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Socket {
    /// Hyper goes on writing until nothing is left or this says that it must wait.
    fn written(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let Handover(parted) = &self.handover;
        parted.stuck.store(written.is_pending(), Ordering::Relaxed);
        written
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use futures_util::stream;
    use hyper::{server::conn::http1, service::service_fn};
    use tokio::{net::TcpListener, sync::mpsc, time::timeout};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// Both ends of a connection.
    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, server) = tokio::join!(client, listener.accept());
        (client.unwrap(), server.unwrap().0)
    }

    /// Sends this body.
    async fn send(server: TcpStream, body: Body) -> io::Result<()> {
        Handover::default().socket(server).go_on(body).await
    }

    #[tokio::test]
    async fn a_body_that_fails_has_no_end() {
        let (mut client, server) = pair().await;
        let pieces = [Ok("one"), Err(io::Error::other("it broke"))];
        let failed = send(server, Body::from_stream(stream::iter(pieces))).await;
        assert!(failed.is_err());
        let mut read = String::new();
        client.read_to_string(&mut read).await.unwrap();
        assert_eq!(read, "3\r\none\r\n");
    }

    #[tokio::test]
    async fn whoever_goes_on_talking_is_cut() {
        let (mut client, server) = pair().await;
        let never = Body::from_stream(stream::pending::<io::Result<Bytes>>());
        let talking = async { while client.write_all(&[b'x'; 1024]).await.is_ok() {} };
        let both = async { tokio::join!(send(server, never), talking) };
        let (ended, ()) = timeout(PATIENCE, both).await.expect("an end");
        ended.unwrap();
    }

    #[tokio::test]
    async fn what_was_written_before_comes_first() {
        let (mut client, server) = pair().await;
        // The client reads nothing yet: the head of the answer does not fit.
        server.writable().await.unwrap();
        let mut before = 0;
        while let Ok(written) = server.try_write(&[b'x'; 4096]) {
            before += written;
        }
        let (asked, mut heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let handover = Handover::default();
            let leave = handover.clone();
            let service = service_fn(move |_| {
                let _ = asked.send(());
                let pieces = ["one", "", "two"].map(Ok::<_, Infallible>);
                let body = Body::from_stream(stream::iter(pieces));
                let answer = Leave::Detached(leave.clone()).with(Response::new(body));
                async { Ok::<_, Infallible>(answer) }
            });
            let socket = handover.socket(server);
            let mut connection = http1::Builder::new().serve_connection(socket, service);
            let body = handover.left_by(&mut connection).await.expect("a body");
            connection.into_parts().io.go_on(body).await.unwrap();
        });
        client
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        // What comes of it happens before anything else here: there is one thread.
        heard.recv().await.unwrap();
        let mut read = Vec::new();
        timeout(PATIENCE, client.read_to_end(&mut read))
            .await
            .expect("an end")
            .unwrap();
        assert!(read[..before].iter().all(|byte| *byte == b'x'));
        let answer = std::str::from_utf8(&read[before..]).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        for header in ["connection: close", "transfer-encoding: chunked"] {
            assert!(head.contains(header), "{head}");
        }
        assert_eq!(body, "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    }
}
