//! Where the socket is.

use std::{
    fs::File,
    io,
    os::{fd::AsRawFd, unix::net::SocketAddr},
    path::{Path, PathBuf},
};

/// The name of the socket in the data directory.
const NAME: &str = "control.sock";

/// A path that a socket can have, whatever the data directory's length: a socket's path has 107 bytes at most.
#[derive(Debug)]
pub(super) struct SocketPath {
    pub(super) path: PathBuf,
    /// What a shorter path leads by.
    _directory: Option<File>,
}

/// Where it is, for people.
pub(super) fn path(directory: &Path) -> PathBuf {
    directory.join(NAME)
}

impl SocketPath {
    pub(super) fn of(directory: &Path) -> io::Result<Self> {
        let path = path(directory);
        if SocketAddr::from_pathname(&path).is_ok() {
            return Ok(Self {
                path,
                _directory: None,
            });
        }
        // By a descriptor of the directory (proc(5)).
        let opened = File::open(directory)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{NAME}", opened.as_raw_fd()));
        Ok(Self {
            path,
            _directory: Some(opened),
        })
    }
}
