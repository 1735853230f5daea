//! An input that says when it has ended. A plugin's standard input ends when lightningd is gone, or wants it to go; cln-plugin
//! tells that only to who already listens.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::sync::CancellationToken;

/// An input that cancels a token at its end.
#[derive(Debug)]
pub struct WatchedInput<R> {
    inner: R,
    ended: CancellationToken,
}

impl<R> WatchedInput<R> {
    /// `ended` is cancelled at the end of `inner`, or when it cannot be read.
    pub fn new(inner: R, ended: CancellationToken) -> Self {
        Self { inner, ended }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for WatchedInput<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut self.inner).poll_read(context, buffer));
        if read.is_err() || buffer.filled().len() == before {
            self.ended.cancel();
        }
        Poll::Ready(read)
    }
}
