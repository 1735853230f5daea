//! The web server's way to lightningd: a Unix socket that speaks lightningd's protocol, for the present web server's process
//! alone. Calls of methods in the list of the node's crate are passed on, others are refused here, as a rune refuses them;
//! answers are passed back as they are. Each connection has one of its own to lightningd, and both end together: that is how
//! a wait is given up.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream, unix::OwnedWriteHalf},
    time::sleep,
};
use tokio_util::{
    codec::{FramedRead, LinesCodec},
    sync::CancellationToken,
};

use super::call::{Call, NotPassed};

/// The socket's name, in the data directory.
pub(super) const NAME: &str = "node.sock";

/// The most bytes of a call.
const MAX_CALL_BYTES: usize = 1024 * 1024;

/// What is read of an answer at once.
const BUFFER_BYTES: usize = 16 * 1024;

/// The pause before another attempt, where accepting or connecting fails for the moment.
const RETRY_DELAY: Duration = Duration::from_millis(20);

/// The process that may use the gate.
#[derive(Clone, Debug, Default)]
pub(super) struct Admitted(Arc<AtomicU32>);

/// The socket, before anybody uses it.
#[derive(Debug)]
pub(super) struct Gate {
    path: PathBuf,
    listener: UnixListener,
    rpc_file: PathBuf,
    admitted: Admitted,
}

impl Admitted {
    /// From now on this process and no other; `None`: nobody.
    pub(super) fn set(&self, process: Option<u32>) {
        self.0.store(process.unwrap_or_default(), Ordering::SeqCst);
    }

    fn admits(&self, stream: &UnixStream) -> bool {
        let caller = stream.peer_cred().ok().and_then(|peer| peer.pid());
        let caller = caller.and_then(|pid| u32::try_from(pid).ok());
        caller.is_some_and(|pid| pid != 0 && pid == self.0.load(Ordering::SeqCst))
    }
}

impl Gate {
    /// Listens at `path`, of at most 107 bytes.
    ///
    /// # Errors
    /// When another plugin listens there, or the socket cannot be made.
    pub(super) fn open(path: PathBuf, rpc_file: PathBuf, admitted: Admitted) -> io::Result<Self> {
        if std::os::unix::net::UnixStream::connect(&path).is_ok() {
            return Err(io::Error::other(
                "another facture plugin uses this data directory",
            ));
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Self {
            path,
            listener,
            rpc_file,
            admitted,
        })
    }

    /// Passes calls until `stopping` is cancelled; then the socket and all connections are gone.
    pub(super) async fn run(self, stopping: CancellationToken) {
        let rpc_file: Arc<Path> = self.rpc_file.into();
        let accepting = async {
            loop {
                let Ok((stream, _)) = self.listener.accept().await else {
                    // Such as no descriptors left.
                    sleep(RETRY_DELAY).await;
                    continue;
                };
                if !self.admitted.admits(&stream) {
                    tracing::warn!(
                        "another process than the web server tried its socket to the node"
                    );
                    continue;
                }
                let relayed = relay(stream, Arc::clone(&rpc_file));
                let relayed = stopping.clone().run_until_cancelled_owned(relayed);
                tokio::spawn(async move {
                    if let Some(Err(error)) = relayed.await {
                        tracing::debug!(%error, "a connection to the node ended");
                    }
                });
            }
        };
        stopping.run_until_cancelled(accepting).await;
        let _ = fs::remove_file(self.path);
    }
}

/// Serves one connection until one of its ends is closed.
async fn relay(caller: UnixStream, rpc_file: Arc<Path>) -> io::Result<()> {
    let (calls, mut to_caller) = caller.into_split();
    // Our client writes a call in one line, and an empty one.
    let mut calls = FramedRead::new(calls, LinesCodec::new_with_max_length(MAX_CALL_BYTES));
    let (mut answers, mut to_node) = connect(&rpc_file).await?.into_split();
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        tokio::select! {
            call = calls.next() => match call {
                None => return Ok(()),
                Some(call) => pass(&call.map_err(io::Error::other)?, &mut to_node, &mut to_caller).await?,
            },
            read = answers.read(&mut buffer) => match read? {
                0 => return Ok(()),
                length => to_caller.write_all(&buffer[..length]).await?,
            },
        }
    }
}

/// Passes a call on, or refuses it.
async fn pass(
    line: &str,
    to_node: &mut OwnedWriteHalf,
    to_caller: &mut OwnedWriteHalf,
) -> io::Result<()> {
    if line.is_empty() {
        return Ok(());
    }
    match Call::permitted(line) {
        Ok(call) => to_node.write_all(call.frame()?.as_bytes()).await,
        Err(NotPassed::NotPermitted { method, answer }) => {
            tracing::error!(
                method,
                "the web server asked for a method that it may not use; the node was not asked"
            );
            to_caller.write_all(answer.as_bytes()).await
        }
        Err(NotPassed::Unreadable(error)) => Err(io::Error::other(error)),
    }
}

/// lightningd's backlog can be full while it is busy, which says nothing about the call.
async fn connect(rpc_file: &Path) -> io::Result<UnixStream> {
    loop {
        match UnixStream::connect(rpc_file).await {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => sleep(RETRY_DELAY).await,
            connected => return connected,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cln_rpc::ClnRpc;
    use facture_sandbox::SandboxNode;
    use serde_json::{Value, json};
    use tokio::{io::AsyncReadExt, time::timeout};

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(20);

    /// A node, and a gate to it that admits this process.
    struct Gated {
        node: SandboxNode,
        socket: PathBuf,
        admitted: Admitted,
        stop: CancellationToken,
        running: tokio::task::JoinHandle<()>,
        _directory: tempfile::TempDir,
    }

    impl Gated {
        async fn start() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let rpc_file = directory.path().join("lightning-rpc");
            let node = SandboxNode::start(&rpc_file).await.unwrap();
            let (socket, admitted) = (directory.path().join(NAME), Admitted::default());
            admitted.set(Some(std::process::id()));
            let gate = Gate::open(socket.clone(), rpc_file, admitted.clone()).unwrap();
            let stop = CancellationToken::new();
            Self {
                node,
                socket,
                admitted,
                running: tokio::spawn(gate.run(stop.clone())),
                stop,
                _directory: directory,
            }
        }

        async fn client(&self) -> ClnRpc {
            ClnRpc::new(&self.socket).await.unwrap()
        }
    }

    #[tokio::test]
    async fn what_is_not_in_the_list_is_refused_before_the_node_and_the_connection_goes_on() {
        let gated = Gated::start().await;
        let mut client = gated.client().await;
        for method in ["xpay", "pay", "withdraw", "stop", "createrune", "plugin"] {
            let refused = client.call_raw::<Value, _>(method, &json!({})).await;
            assert_eq!(refused.unwrap_err().code, Some(1502), "{method}");
        }
        assert_eq!(gated.node.called(), [""; 0]);
        let info: Value = client.call_raw("getinfo", &json!({})).await.unwrap();
        assert!(info["id"].is_string(), "{info}");
        assert_eq!(gated.node.called(), ["getinfo"]);
    }

    #[tokio::test]
    async fn a_wait_hangs_beside_other_calls_and_ends_with_its_connection() {
        let gated = Gated::start().await;
        let mut waiting = gated.client().await;
        let wait = tokio::spawn(async move {
            waiting
                .call_raw::<Value, _>("waitanyinvoice", &json!({}))
                .await
        });
        let mut client = gated.client().await;
        let new = json!({ "amount_msat": 1000, "label": "a", "description": "tea" });
        let invoice: Value = client.call_raw("invoice", &new).await.unwrap();
        gated
            .node
            .pay(invoice["bolt11"].as_str().unwrap(), None)
            .unwrap();
        let paid = timeout(TIMEOUT, wait).await.unwrap().unwrap().unwrap();
        assert_eq!(paid["label"], "a");

        // A node that ends takes its connections along.
        let mut stream = UnixStream::connect(&gated.socket).await.unwrap();
        gated.stop.cancel();
        timeout(TIMEOUT, gated.running).await.unwrap().unwrap();
        let end = timeout(TIMEOUT, stream.read(&mut [0])).await.unwrap();
        assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
        assert!(!gated.socket.exists());
    }

    #[tokio::test]
    async fn one_process_is_admitted_and_one_gate_is_open() {
        let gated = Gated::start().await;
        let again = Gate::open(
            gated.socket.clone(),
            PathBuf::from("lightning-rpc"),
            Admitted::default(),
        );
        let error = again.unwrap_err().to_string();
        assert!(error.contains("another facture plugin"), "{error}");
        for admitted in [None, Some(1)] {
            gated.admitted.set(admitted);
            let mut stream = UnixStream::connect(&gated.socket).await.unwrap();
            let end = timeout(TIMEOUT, stream.read(&mut [0])).await.unwrap();
            assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
        }
    }
}
