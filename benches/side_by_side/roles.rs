//! The processes of a row that are this program in another role: what facture is compared with, and the sandbox's node. Each
//! ends with its standard input.

use std::{
    fs::File,
    io::{self, Write},
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::ListenerExt,
};
use clap::Subcommand;
use facture::web;
use facture_sandbox::SandboxNode;
use serde_json::json;
use tokio::{runtime::Runtime, sync::oneshot};

use crate::{machine::DISK, node::Caller};

/// What this program does when it is one of the processes of a row.
#[derive(Clone, Debug, Subcommand)]
#[command(hide = true)]
pub(crate) enum Role {
    /// Answers every `GET /` with the same bytes.
    BareRoute { status: u16, bytes: usize },
    /// The same after one question to the node, which all share who wait.
    BareBarrier { rpc_file: PathBuf, bytes: usize },
    /// Makes an invoice for every `POST /`.
    BareTill { rpc_file: PathBuf },
    /// The sandbox's node alone.
    Node { rpc_file: PathBuf },
}

/// Plays a role until standard input ends.
pub(crate) fn play(role: &Role) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    // Sockets and tasks belong to it.
    let _inside = runtime.enter();
    match role {
        Role::BareRoute { status, bytes } => {
            let status = StatusCode::from_u16(*status)?;
            serve(&runtime, bare_route(status, *bytes))
        }
        Role::BareBarrier { rpc_file, bytes } => {
            let caller = runtime.block_on(Caller::open(rpc_file))?;
            serve(&runtime, bare_barrier(caller, *bytes))
        }
        Role::BareTill { rpc_file } => serve(&runtime, bare_till(rpc_file)?),
        Role::Node { rpc_file } => {
            let node = runtime.block_on(SandboxNode::start(rpc_file))?;
            announce("ready")?;
            // Whatever is asked, the calls so far are the answer.
            for _line in io::stdin().lines() {
                let calls: u64 = CALLS.iter().map(|method| node.calls(method)).sum();
                announce(&calls.to_string())?;
            }
            Ok(())
        }
    }
}

/// What a server may call for a reader.
const CALLS: [&str; 4] = ["getinfo", "listinvoices", "listpeerchannels", "wait"];

fn announce(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

fn serve(runtime: &Runtime, router: Router) -> anyhow::Result<()> {
    // As facture does, so that a crowd finds both as open.
    let listener = web::listen((Ipv4Addr::LOCALHOST, 0).into())?;
    announce(&listener.local_addr()?.to_string())?;
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    runtime.spawn(async move { axum::serve(listener, router).await });
    io::stdin().lines().for_each(drop);
    Ok(())
}

fn bare_route(status: StatusCode, bytes: usize) -> Router {
    let body = Bytes::from(vec![b'x'; bytes]);
    let route = get(async move || ([(header::CONTENT_TYPE, "text/html")], body));
    let route = if status == StatusCode::NOT_MODIFIED {
        get(async || StatusCode::NOT_MODIFIED)
    } else {
        route
    };
    Router::new().route("/", route)
}

/// A server that shows nothing that is over, and does nothing else: clients that come while a question is under way wait for the
/// next one. It knows nothing of what it shows.
fn bare_barrier(mut caller: Caller, bytes: usize) -> Router {
    let body = Bytes::from(vec![b'x'; bytes]);
    let (readers, mut arrivals) = tokio::sync::mpsc::unbounded_channel::<oneshot::Sender<()>>();
    tokio::spawn(async move {
        let mut waiting = Vec::new();
        while arrivals.recv_many(&mut waiting, usize::MAX).await > 0 {
            let index = json!({ "subsystem": "invoices", "indexname": "updated", "nextvalue": 0 });
            if caller.call("wait", index).await.is_err() {
                return;
            }
            for reader in waiting.drain(..) {
                let _ = reader.send(());
            }
        }
    });
    let route = get(async move || {
        let (passes, passed) = oneshot::channel();
        let _ = readers.send(passes);
        match passed.await {
            Ok(()) => ([(header::CONTENT_TYPE, "text/html")], body).into_response(),
            Err(_) => StatusCode::BAD_GATEWAY.into_response(),
        }
    });
    Router::new().route("/", route)
}

/// A server that loses nothing it has shown, and does nothing else: asks the node, has the answer on the disk, tells it. It
/// checks nothing, knows nobody, and finds nothing again.
fn bare_till(rpc_file: &Path) -> anyhow::Result<Router> {
    let till = Arc::new(Till {
        rpc_file: rpc_file.to_owned(),
        idle: Mutex::default(),
        journal: journal()?,
    });
    let make = async move |body: Bytes| match till.make(&body).await {
        Ok(bolt11) => (StatusCode::CREATED, bolt11).into_response(),
        Err(error) => failed(&error),
    };
    Ok(Router::new().route("/", post(make)))
}

struct Till {
    rpc_file: PathBuf,
    idle: Mutex<Vec<Caller>>,
    journal: mpsc::Sender<Entry>,
}

/// A line, and who waits until it is on the disk.
type Entry = (String, oneshot::Sender<io::Result<()>>);

impl Till {
    async fn make(&self, name: &[u8]) -> anyhow::Result<String> {
        let label = format!("bare-till-{}", String::from_utf8_lossy(name));
        let idle = self.idle().pop();
        let mut caller = match idle {
            Some(caller) => caller,
            None => Caller::open(&self.rpc_file).await?,
        };
        let bolt11 = caller.invoice(&label).await?;
        self.idle().push(caller);
        let (written, done) = oneshot::channel();
        self.journal
            .send((format!("{label} {bolt11}\n"), written))?;
        done.await??;
        Ok(bolt11)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Caller>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes lines to a file, all that are there at once.
fn journal() -> io::Result<mpsc::Sender<Entry>> {
    let mut file = tempfile::tempfile_in(DISK)?;
    let (journal, entries) = mpsc::channel::<Entry>();
    thread::spawn(move || {
        while let Ok(first) = entries.recv() {
            let (lines, waiting): (Vec<_>, Vec<_>) =
                std::iter::once(first).chain(entries.try_iter()).unzip();
            let written = on_disk(&mut file, &lines.concat());
            for waits in waiting {
                let told = written
                    .as_ref()
                    .map(|&()| ())
                    .map_err(|error| error.kind().into());
                let _ = waits.send(told);
            }
        }
    });
    Ok(journal)
}

fn on_disk(file: &mut File, lines: &str) -> io::Result<()> {
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}

fn failed(error: &anyhow::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response()
}
