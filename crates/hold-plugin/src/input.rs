//! Standard input that says when it has ended: then lightningd is gone, or wants us to go. cln-plugin tells that only to who
//! listens at that moment.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    sync::watch,
};

/// An input, watched for its end.
#[derive(Debug)]
pub(crate) struct Watched<R> {
    inner: R,
    ended: watch::Sender<bool>,
}

impl<R> Watched<R> {
    /// The input, and what becomes true at its end.
    pub(crate) fn new(inner: R) -> (Self, watch::Receiver<bool>) {
        let (ended, end) = watch::channel(false);
        (Self { inner, ended }, end)
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Watched<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut self.inner).poll_read(context, buffer));
        if read.is_err() || buffer.filled().len() == before {
            self.ended.send_replace(true);
        }
        Poll::Ready(read)
    }
}
