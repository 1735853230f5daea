//! The body of a detached stream, written in chunks (RFC 9112 §7.1).

use std::io;

use axum::body::Body;
use futures_util::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The maximum number of ready pieces written at once, as in hyper.
const MAX_READY_PIECES: usize = 16;

/// The maximum number of bytes that a client may send to a stream. Beyond it, the stream is cut.
const MAX_IGNORED_BYTES: usize = 32 * 1024;

/// The end of a chunked body.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Writes a body and ends the connection. Data from the client is ignored.
///
/// # Errors
/// If the client does not accept the data, or the body fails. The end is then omitted, so that the client notices.
pub(super) async fn write(mut stream: TcpStream, body: Body) -> io::Result<()> {
    let (mut from, mut to) = stream.split();
    let mut pieces = body.into_data_stream().ready_chunks(MAX_READY_PIECES);
    let (mut ignored, mut buffer) = (0, [0; 64]);
    loop {
        let ready = tokio::select! {
            ready = pieces.next() => ready,
            read = from.read(&mut buffer) => match read? {
                0 => return Ok(()),
                _ if ignored > MAX_IGNORED_BYTES => return Ok(()),
                more => {
                    ignored += more;
                    continue;
                }
            },
        };
        let Some(ready) = ready else {
            to.write_all(LAST_CHUNK).await?;
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

fn add_chunk(chunks: &mut Vec<u8>, data: &[u8]) {
    // An empty chunk would mark the end.
    if !data.is_empty() {
        chunks.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
        chunks.extend_from_slice(data);
        chunks.extend_from_slice(b"\r\n");
    }
}
