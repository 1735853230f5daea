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
use http_body_util::BodyExt;
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
pub(super) struct Handover(Arc<Parted>);

#[derive(Default)]
struct Parted {
    body: Mutex<Option<Body>>,
    /// What hyper wrote waits until the client takes more.
    stuck: AtomicBool,
}

/// The connection's, for an answer that may leave hyper: one in chunks.
pub(super) struct Leave(Option<Handover>);

/// The socket that hyper has meanwhile.
pub(super) struct Socket {
    stream: TokioIo<TcpStream>,
    handover: Handover,
}

/// In place of the body, until hyper asks for it: then the head is written.
struct StandIn {
    handover: Handover,
    body: Option<Body>,
}

/// After the last chunk.
const END: &[u8] = b"0\r\n\r\n";

impl Handover {
    /// A connection's socket.
    pub(super) fn socket(&self, stream: TcpStream) -> Socket {
        Socket {
            stream: TokioIo::new(stream),
            handover: self.clone(),
        }
    }

    /// Serves the connection to its end, or until the head of such an answer is written: then there is its body.
    pub(super) async fn left_by(&self, mut connection: impl Future + Unpin) -> Option<Body> {
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
        let handover = parts.extensions.get().filter(|_| in_chunks);
        Ok(Self(handover.cloned()))
    }
}

impl Leave {
    /// An answer whose length nobody knows. It is the last one of its connection.
    pub(super) fn with(self, response: Response) -> Response {
        let Self(Some(handover)) = self else {
            return response;
        };
        let (mut head, body) = response.into_parts();
        let close = HeaderValue::from_static("close");
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
    /// When the client does not take it.
    pub(super) async fn go_on(self, mut body: Body) -> io::Result<()> {
        let mut stream = self.stream.into_inner();
        let (mut from, mut to) = stream.split();
        let mut unheard = [0; 64];
        loop {
            let frame = tokio::select! {
                frame = body.frame() => frame,
                read = from.read(&mut unheard) => match read? {
                    0 => return Ok(()),
                    _ => continue,
                },
            };
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) if !data.is_empty() => to.write_all(&chunk(&data)).await?,
                Some(Ok(_)) => {}
                // Without an end, so that the client knows.
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => {
                    to.write_all(END).await?;
                    return to.shutdown().await;
                }
            }
        }
    }
}

fn chunk(data: &[u8]) -> Vec<u8> {
    let size = format!("{:x}\r\n", data.len());
    [size.as_bytes(), data, b"\r\n"].concat()
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

    #[tokio::test]
    async fn what_was_written_before_comes_first() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (server, _) = listener.accept().await.unwrap();
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
                let answer = Leave(Some(leave.clone())).with(Response::new(body));
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
