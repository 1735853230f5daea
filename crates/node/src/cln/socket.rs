//! lightningd's socket: JSON-RPC 2.0, an empty line after each request and each answer. The frames are `cln_rpc`'s. Its
//! client is not used: it takes an answer of any length, and one to another call.

use std::path::Path;

use cln_rpc::{RpcError, codec::JsonCodec};
use futures_util::StreamExt;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    io::{self, AsyncWriteExt},
    net::UnixStream,
};
use tokio_util::{
    bytes::BytesMut,
    codec::{Decoder, FramedRead},
};

use super::call_error::{CallError, MAX_ANSWER_BYTES};
use crate::cln::method::Method;

pub(super) struct SocketConnection {
    answers: FramedRead<UnixStream, Bounded>,
    calls: u64,
}

/// Answers that fit into [`MAX_ANSWER_BYTES`].
#[derive(Default)]
struct Bounded(JsonCodec);

impl SocketConnection {
    pub(super) async fn open(rpc_file: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(rpc_file).await?;
        Ok(Self {
            answers: FramedRead::new(stream, Bounded::default()),
            calls: 0,
        })
    }

    pub(super) async fn call<P: Serialize>(
        &mut self,
        method: Method,
        params: &P,
    ) -> Result<Value, CallError> {
        self.calls += 1;
        let call = json!({ "jsonrpc": "2.0", "id": self.calls, "method": method.name(), "params": params });
        let frame = format!("{call}\n\n");
        let sent = self.answers.get_mut().write_all(frame.as_bytes()).await;
        sent.map_err(|error| CallError::Lost(error.to_string()))?;
        let mut answer = match self.answers.next().await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => return Err(CallError::Unreadable(error.to_string())),
            None => return Err(CallError::Lost("the connection was closed".to_owned())),
        };
        if answer["id"] != self.calls {
            return Err(CallError::Unreadable("it answers another call".to_owned()));
        }
        if let Some(result) = answer.get_mut("result") {
            return Ok(result.take());
        }
        let error = answer.get_mut("error").map(Value::take);
        match error.map(serde_json::from_value::<RpcError>) {
            Some(Ok(refusal)) => Err(refusal.into()),
            Some(Err(error)) => Err(CallError::Malformed(format!("its error: {error}"))),
            None => Err(CallError::Malformed(
                "it has neither result nor error".to_owned(),
            )),
        }
    }
}

impl Decoder for Bounded {
    type Item = Value;
    type Error = cln_rpc::Error;

    fn decode(&mut self, read: &mut BytesMut) -> Result<Option<Value>, cln_rpc::Error> {
        match self.0.decode(read)? {
            None if read.len() > MAX_ANSWER_BYTES => {
                let reason = format!("it is longer than {MAX_ANSWER_BYTES} bytes");
                Err(io::Error::new(io::ErrorKind::InvalidData, reason).into())
            }
            decoded => Ok(decoded),
        }
    }
}
