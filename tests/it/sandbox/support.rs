//! A sandbox in a directory of its own and a raw connection to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use facture_sandbox::SandboxNode;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// No answer takes longer, unless it never comes.
pub(super) const DEADLINE: Duration = Duration::from_secs(20);

/// How long nothing must come where nothing may come. Silence has no other sign.
const SILENCE: Duration = Duration::from_millis(50);

/// A running sandbox; its directory goes with it.
pub(super) struct Bench {
    pub(super) node: SandboxNode,
    _directory: TempDir,
}

impl Bench {
    pub(super) async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let node = SandboxNode::start(&directory.path().join("lightning-rpc"))
            .await
            .unwrap();
        Self {
            node,
            _directory: directory,
        }
    }

    pub(super) fn rpc_file(&self) -> PathBuf {
        self.node.rpc_file().to_owned()
    }

    pub(super) async fn connect(&self) -> Raw {
        Raw::connect(self.node.rpc_file()).await
    }

    /// One call on a connection of its own.
    pub(super) async fn call(&self, method: &str, params: Value) -> Value {
        self.connect().await.call(method, params).await
    }

    /// Makes an invoice and gives its BOLT 11 string.
    pub(super) async fn invoice(&self, label: &str, amount: impl Into<Value>) -> String {
        let params =
            serde_json::json!({"amount_msat": amount.into(), "label": label, "description": "d"});
        let answer = self.call("invoice", params).await;
        answer["result"]["bolt11"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }
}

/// A connection on which bytes are sent and answers are read as they come.
pub(super) struct Raw {
    pub(super) stream: UnixStream,
    buffer: Vec<u8>,
}

impl Raw {
    pub(super) async fn connect(rpc_file: &Path) -> Self {
        Self {
            stream: UnixStream::connect(rpc_file).await.unwrap(),
            buffer: Vec::new(),
        }
    }

    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends a request without waiting for its answer.
    pub(super) async fn ask(&mut self, id: &str, method: &str, params: Value) {
        let request =
            serde_json::json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.send(request.to_string()).await;
    }

    pub(super) async fn call(&mut self, method: &str, params: Value) -> Value {
        self.ask("t", method, params).await;
        serde_json::from_str(&self.answer().await).unwrap()
    }

    /// The next answer, without its two newlines.
    pub(super) async fn answer(&mut self) -> String {
        self.next().await.expect("the connection was closed")
    }

    /// The next answer as JSON.
    pub(super) async fn json(&mut self) -> Value {
        serde_json::from_str(&self.answer().await).unwrap()
    }

    /// The next answer, or `None` at the end of the stream.
    pub(super) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let answer: Vec<u8> = self.buffer.drain(..end + 2).collect();
                return Some(String::from_utf8(answer[..end].to_vec()).unwrap());
            }
            let read = self.stream.read_buf(&mut self.buffer);
            match tokio::time::timeout(DEADLINE, read)
                .await
                .expect("no answer in time")
            {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Fails when anything comes, the end included.
    pub(super) async fn is_silent(&mut self, why: &str) {
        assert!(self.buffer.is_empty(), "{why}");
        let heard = tokio::time::timeout(SILENCE, self.stream.read_buf(&mut self.buffer)).await;
        assert!(heard.is_err(), "{why}: {heard:?}");
    }

    /// What came that is no whole answer.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer
    }
}
