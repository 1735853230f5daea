//! For tests: a proxy between a store and the socket of a server, which cuts a connection off at a commit.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Where the next commit is cut off.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Cut {
    /// The server does not learn of it.
    BeforeRequest,
    /// The server does it, and its answer is lost.
    BeforeAnswer,
}

/// Stands between a store and the socket of a server.
pub(crate) struct Proxy {
    cut: Arc<Mutex<Option<Cut>>>,
}

impl Proxy {
    /// From a socket in one directory to that in another.
    pub(crate) fn start(here: &Path, there: &Path) -> Self {
        const SOCKET: &str = ".s.PGSQL.5432";
        let listener = UnixListener::bind(here.join(SOCKET)).unwrap();
        let (cut, there) = (Arc::new(Mutex::new(None)), there.join(SOCKET));
        let proxy = Self {
            cut: Arc::clone(&cut),
        };
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, cut) = (client.unwrap(), Arc::clone(&cut));
                let server = UnixStream::connect(&there).unwrap();
                thread::spawn(move || pass(client, server, &cut));
            }
        });
        proxy
    }

    /// Cuts the next commit off.
    pub(crate) fn cut_at_commit(&self, cut: Cut) {
        *self.cut.lock().unwrap() = Some(cut);
    }

    /// Whether that has happened.
    pub(crate) fn has_cut(&self) -> bool {
        self.cut.lock().unwrap().is_none()
    }
}

fn pass(mut client: UnixStream, mut server: UnixStream, cut: &Mutex<Option<Cut>>) {
    let is_cut = Arc::new(AtomicBool::new(false));
    let answers = thread::spawn({
        let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        let is_cut = Arc::clone(&is_cut);
        move || {
            let mut bytes = [0; 16 * 1024];
            while let Ok(length @ 1..) = from.read(&mut bytes) {
                if is_cut.load(Ordering::SeqCst) || to.write_all(&bytes[..length]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Both);
        }
    });
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = client.read(&mut bytes) {
        let is_commit = bytes[..length].windows(7).any(|part| part == b"COMMIT\0");
        // Connections that read end their transactions in the same words, but of those there are none here.
        let now = cut.lock().unwrap().take_if(|_| is_commit);
        is_cut.store(now == Some(Cut::BeforeAnswer), Ordering::SeqCst);
        if now == Some(Cut::BeforeRequest) || server.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = client.shutdown(Shutdown::Both);
    let _ = answers.join();
}
