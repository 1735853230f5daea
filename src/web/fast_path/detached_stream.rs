//! Detaches a stream from hyper once the head of its response is written: hyper holds two buffers of 8 KiB for the
//! lifetime of a connection, and streams live for hours. What remains is a socket, and the body in chunks (RFC 9112
//! §7.1).
//!
//! This does not depend on the order in which hyper polls the body and writes the head: the socket itself sees the end
//! of the head, and only then is the connection taken apart.

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
use tokio::net::TcpStream;

use super::chunked_body;

/// The place where a response leaves its body, to be written without hyper. There is one per connection. Cheap to
/// clone.
#[derive(Clone, Default)]
pub(crate) struct Handover(Arc<Shared>);

#[derive(Default)]
struct Shared {
    body: Mutex<Option<Body>>,
    /// Data written by hyper waits until the client accepts more.
    blocked: AtomicBool,
    /// The response will be detached: its head is written next.
    head_due: AtomicBool,
    /// The head has been written.
    head_written: AtomicBool,
}

/// How an endless response is sent. An extractor.
pub(crate) enum StreamTransport {
    /// Without hyper once its head is written.
    Detached(Handover),
    /// By hyper. It is still the last one of its connection.
    Attached,
    /// By hyper, and not in chunks: the protocol or the method does not support them.
    Unchunked,
}

/// The socket used by hyper in the meantime.
pub(crate) struct HandoverSocket {
    stream: TokioIo<TcpStream>,
    handover: Handover,
    /// The last bytes written since the head became due.
    tail: [u8; END_OF_HEAD.len()],
}

/// The maximum number of pieces that are joined.
const MAX_READY_PIECES: usize = 64;

/// The end of a head. No body follows it: the placeholder is empty.
const END_OF_HEAD: [u8; 4] = *b"\r\n\r\n";

/// Stands in for the body until hyper polls it.
struct PlaceholderBody {
    handover: Handover,
    body: Option<Body>,
}

impl Handover {
    /// Wraps a connection's socket.
    pub(crate) fn socket(&self, stream: TcpStream) -> HandoverSocket {
        HandoverSocket {
            stream: TokioIo::new(stream),
            handover: self.clone(),
            tail: [0; END_OF_HEAD.len()],
        }
    }

    /// Serves the connection to its end, or until the head of a detached response is written; then returns its body.
    pub(crate) async fn until_handover(&self, mut connection: impl Future + Unpin) -> Option<Body> {
        poll_fn(|cx| match Pin::new(&mut connection).poll(cx) {
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => self
                .take()
                .map_or(Poll::Pending, |body| Poll::Ready(Some(body))),
        })
        .await
    }

    /// Returns the body, once the head and everything before it has been written.
    fn take(&self) -> Option<Body> {
        let Self(shared) = self;
        let written = shared.head_written.load(Ordering::Relaxed);
        match written && !shared.blocked.load(Ordering::Relaxed) {
            true => self.lock().take(),
            false => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Body>> {
        let Self(shared) = self;
        shared.body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Sync> FromRequestParts<S> for StreamTransport {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let in_chunks = parts.method == Method::GET && parts.version == Version::HTTP_11;
        Ok(match (in_chunks, parts.extensions.get::<Handover>()) {
            (true, Some(handover)) => Self::Detached(handover.clone()),
            (true, None) => Self::Attached,
            (false, _) => Self::Unchunked,
        })
    }
}

impl StreamTransport {
    /// Sends a response of unknown length. It is the last one of its connection.
    pub(crate) fn respond(self, response: Response) -> Response {
        let (mut head, body) = response.into_parts();
        let close = HeaderValue::from_static("close");
        let handover = match self {
            Self::Detached(handover) => handover,
            Self::Attached => {
                head.headers.insert(header::CONNECTION, close);
                return Response::from_parts(head, joined(body));
            }
            Self::Unchunked => return Response::from_parts(head, body),
        };
        head.headers.insert(header::CONNECTION, close);
        handover.0.head_written.store(false, Ordering::Relaxed);
        handover.0.head_due.store(true, Ordering::Relaxed);
        let placeholder = PlaceholderBody {
            handover,
            body: Some(body),
        };
        Response::from_parts(head, Body::new(placeholder))
    }
}

/// The same body in fewer pieces: those that are ready become one. Each would cost hyper a chunk, and its reader a turn.
fn joined(body: Body) -> Body {
    let pieces = body.into_data_stream().ready_chunks(MAX_READY_PIECES);
    Body::from_stream(pieces.map(|ready| {
        let ready: Vec<Bytes> = ready.into_iter().collect::<Result<_, _>>()?;
        Ok::<_, axum::Error>(Bytes::from(ready.concat()))
    }))
}

impl Drop for PlaceholderBody {
    /// Another response replaced it: the next stream of the connection waits for its own head.
    fn drop(&mut self) {
        if self.body.is_some() {
            let Handover(shared) = &self.handover;
            shared.head_due.store(false, Ordering::Relaxed);
            shared.head_written.store(false, Ordering::Relaxed);
        }
    }
}

impl HttpBody for PlaceholderBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(body) = self.body.take() {
            *self.handover.lock() = Some(body);
        }
        // The connection is taken apart before there can be more.
        Poll::Pending
    }
}

impl HandoverSocket {
    /// Writes the body of a response and ends the connection. Data from the client is ignored.
    ///
    /// # Errors
    /// If the client does not accept the data, or the body fails. The end is then omitted, so that the client notices.
    pub(crate) async fn write_body(self, body: Body) -> io::Result<()> {
        chunked_body::write(self.stream.into_inner(), body).await
    }
}

impl Read for HandoverSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl Write for HandoverSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, data);
        self.written(written, &[io::IoSlice::new(data)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, data);
        self.written(written, data)
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

impl HandoverSocket {
    /// Records how much of this data was written, and whether the client accepts more.
    fn written(
        &mut self,
        written: Poll<io::Result<usize>>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Handover(shared) = &self.handover;
        shared
            .blocked
            .store(written.is_pending(), Ordering::Relaxed);
        if let Poll::Ready(Ok(count)) = &written
            && shared.head_due.load(Ordering::Relaxed)
        {
            let bytes = data.iter().flat_map(|slice| slice.iter());
            for byte in bytes.take(*count) {
                self.tail.rotate_left(1);
                self.tail[END_OF_HEAD.len() - 1] = *byte;
            }
            if self.tail == END_OF_HEAD {
                shared.head_written.store(true, Ordering::Relaxed);
            }
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use futures_util::stream;
    use hyper::{server::conn::http1, service::service_fn};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        sync::mpsc,
        time::timeout,
    };

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(20);

    /// Both ends of a connection.
    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, server) = tokio::join!(client, listener.accept());
        (client.unwrap(), server.unwrap().0)
    }

    /// Sends this body.
    async fn send(server: TcpStream, body: Body) -> io::Result<()> {
        Handover::default().socket(server).write_body(body).await
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
    async fn a_client_that_goes_on_sending_is_cut() {
        let (mut client, server) = pair().await;
        let never = Body::from_stream(stream::pending::<io::Result<Bytes>>());
        let talking = async { while client.write_all(&[b'x'; 1024]).await.is_ok() {} };
        let both = async { tokio::join!(send(server, never), talking) };
        let (ended, ()) = timeout(TIMEOUT, both).await.expect("an end");
        ended.unwrap();
    }

    #[tokio::test]
    async fn what_was_written_before_comes_first() {
        let (mut client, server) = pair().await;
        // The client reads nothing yet: the head of the response does not fit.
        server.writable().await.unwrap();
        let mut before = 0;
        while let Ok(written) = server.try_write(&[b'x'; 4096]) {
            before += written;
        }
        let (asked, mut heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let handover = Handover::default();
            let at_connection = handover.clone();
            let service = service_fn(move |_| {
                let _ = asked.send(());
                let pieces = ["one", "", "two"].map(Ok::<_, Infallible>);
                let body = Body::from_stream(stream::iter(pieces));
                let answer =
                    StreamTransport::Detached(at_connection.clone()).respond(Response::new(body));
                async { Ok::<_, Infallible>(answer) }
            });
            let socket = handover.socket(server);
            let mut connection = http1::Builder::new().serve_connection(socket, service);
            let body = handover
                .until_handover(&mut connection)
                .await
                .expect("a body");
            connection.into_parts().io.write_body(body).await.unwrap();
        });
        client
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        // The consequences happen before anything else here: there is only one thread.
        heard.recv().await.unwrap();
        let mut read = Vec::new();
        timeout(TIMEOUT, client.read_to_end(&mut read))
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

    /// An HTTP library that works in a different order than hyper does today: it polls the body first, and writes the
    /// head later, in parts.
    #[tokio::test]
    async fn the_body_is_taken_only_after_the_head_was_written() {
        let (mut client, server) = pair().await;
        let handover = Handover::default();
        let mut socket = handover.socket(server);
        let transport = StreamTransport::Detached(handover.clone());
        let mut body = transport
            .respond(Response::new(Body::from("one")))
            .into_body();
        let mut parts = [
            "HTTP/1.1 200 OK\r\n",
            "transfer-encoding: chunked\r\n\r",
            "\n",
        ]
        .into_iter();
        let left = parts.len();
        let polls = std::cell::Cell::new(0);
        let library = poll_fn(|cx| {
            polls.set(polls.get() + 1);
            if polls.get() == 1 {
                assert!(Pin::new(&mut body).poll_frame(cx).is_pending());
            } else if let Some(part) = parts.next() {
                let data = [io::IoSlice::new(part.as_bytes())];
                let written = Pin::new(&mut socket).poll_write_vectored(cx, &data);
                assert!(matches!(written, Poll::Ready(Ok(count)) if count == part.len()));
            }
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        let taken = handover.until_handover(library).await.expect("a body");
        assert_eq!(polls.get(), 1 + left);
        socket.write_body(taken).await.unwrap();
        let mut read = String::new();
        client.read_to_string(&mut read).await.unwrap();
        let (_, body) = read.split_once("\r\n\r\n").expect("a head");
        assert_eq!(body, "3\r\none\r\n0\r\n\r\n");
    }
}
