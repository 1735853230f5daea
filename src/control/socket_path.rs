//! Where the sockets are.

use std::{
    fs::File,
    io,
    os::{fd::AsRawFd, unix::net::SocketAddr},
    path::{Path, PathBuf},
};

/// Which socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketName {
    /// For commands, which need no token: `control.sock`.
    Control,
    /// For programs that use the API: `api.sock`.
    Api,
}

/// A path that a socket can have, whatever the data directory's length: a socket's path has 107 bytes at most.
#[derive(Debug)]
pub(super) struct SocketPath {
    pub(super) path: PathBuf,
    /// What a shorter path leads by.
    _directory: Option<File>,
}

/// Where it is, for people.
pub(super) fn path(directory: &Path, name: SocketName) -> PathBuf {
    directory.join(name.as_str())
}

impl SocketName {
    fn as_str(self) -> &'static str {
        match self {
            Self::Control => "control.sock",
            Self::Api => "api.sock",
        }
    }
}

impl SocketPath {
    pub(super) fn of(directory: &Path, name: SocketName) -> io::Result<Self> {
        let path = path(directory, name);
        if SocketAddr::from_pathname(&path).is_ok() {
            return Ok(Self {
                path,
                _directory: None,
            });
        }
        // By a descriptor of the directory (proc(5)).
        let opened = File::open(directory)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", opened.as_raw_fd()));
        let path = path.join(name.as_str());
        Ok(Self {
            path,
            _directory: Some(opened),
        })
    }
}
