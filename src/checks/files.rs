//! The data directory, and the files that let us in at the node: who may use them.

use std::{
    fs::Metadata,
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

use super::finding::{Check, Finding};
use crate::{
    app,
    config::{NodeConfig, NodeTransport},
};

/// What others may not be allowed: anything, and to write.
const ANY: u32 = 0o077;
const WRITE: u32 = 0o022;

/// The number of root, who may use everything.
const ROOT: u32 = 0;

/// Whether facture can use its data directory, and nobody else.
pub(super) fn data_directory(data_dir: &Path) -> Finding {
    let place = data_dir.display();
    let found = match data_dir.metadata() {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return missing(data_dir),
        Err(error) => {
            return Finding::problem(
                Check::DataDirectory,
                format!("{place} cannot be looked at: {error}"),
                "name another directory by store.data_dir or --data-dir.",
            );
        }
    };
    usable(data_dir, &found).unwrap_or_else(|| {
        Finding::ok(
            Check::DataDirectory,
            format!("{place} is facture's alone and can be written."),
        )
    })
}

/// What is wrong with a directory that is there.
fn usable(data_dir: &Path, found: &Metadata) -> Option<Finding> {
    let place = data_dir.display();
    let problem = |message: String, advice: String| {
        Some(Finding::problem(Check::DataDirectory, message, advice))
    };
    if !found.is_dir() {
        return problem(
            format!("{place} is not a directory."),
            "name a directory by store.data_dir or --data-dir.".to_owned(),
        );
    }
    let us = rustix::process::geteuid().as_raw();
    if us != ROOT && found.uid() != us {
        return problem(
            format!("{place} belongs to another user."),
            "run this command, and the server, as the user who owns it.".to_owned(),
        );
    }
    if access(data_dir, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return problem(
            format!("{place} cannot be written."),
            format!("run `chmod 700 {place}`, or see whether its disk is read-only."),
        );
    }
    if found.permissions().mode() & WRITE != 0 {
        return problem(
            format!("other users can write to {place}."),
            format!("run `chmod 700 {place}`."),
        );
    }
    let exposed = exposed_file(data_dir)?;
    let exposed = exposed.display();
    problem(
        format!("other users can access {exposed}."),
        format!("run `chmod 600 {exposed}`."),
    )
}

/// A file in it that others may use.
fn exposed_file(data_dir: &Path) -> Option<PathBuf> {
    let files = data_dir.read_dir().ok()?.filter_map(Result::ok);
    let mut exposed = files.filter(|file| {
        let name = file.file_name();
        let is_secret = name
            .to_str()
            .is_some_and(|name| name.starts_with("facture.db") || name == "label.key");
        is_secret
            && file
                .metadata()
                .is_ok_and(|found| found.permissions().mode() & ANY != 0)
    });
    exposed.next().map(|file| file.path())
}

/// It is made at the first start, if its place can be written.
fn missing(data_dir: &Path) -> Finding {
    let place = data_dir.display();
    let above = existing(data_dir);
    let can_be_made = above.is_dir() && access(above, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    match can_be_made {
        true => Finding::ok(
            Check::DataDirectory,
            format!("{place} does not exist yet: the first start makes it."),
        ),
        false => Finding::problem(
            Check::DataDirectory,
            format!(
                "{place} does not exist and cannot be made: {} cannot be written.",
                above.display()
            ),
            "make it for the user of the server, or name another one by store.data_dir or --data-dir.",
        ),
    }
}

/// The nearest place above that exists.
pub(super) fn existing(path: &Path) -> &Path {
    let mut ancestors = path
        .ancestors()
        .filter(|place| !place.as_os_str().is_empty());
    ancestors
        .find(|place| place.exists())
        .unwrap_or(Path::new("."))
}

/// Whether what lets us in at the node is not for everybody.
pub(super) fn credentials(node: &NodeConfig) -> Finding {
    match node.transport() {
        Err(error) => Finding::problem(
            Check::Credentials,
            format!("{error}"),
            "correct that key or that file; docs/install.md says how the node is reached.",
        ),
        Ok(NodeTransport::Socket(rpc_file)) => socket(&rpc_file),
        // Its file was read, which is refused where others can read it.
        Ok(NodeTransport::Rest { .. }) => {
            Finding::ok(Check::Credentials, "the rune is not for other users.")
        }
        Ok(NodeTransport::Lnd { macaroon_file, .. }) => macaroon(&macaroon_file),
    }
}

fn socket(rpc_file: &Path) -> Finding {
    match app::is_open_socket(rpc_file) {
        true => Finding::warning(
            Check::Credentials,
            format!(
                "every user of this machine can use the node by {}.",
                rpc_file.display()
            ),
            "set rpc-file-mode=0660 or 0600 in lightningd's configuration and restart it.",
        ),
        false => Finding::ok(
            Check::Credentials,
            "lightningd's socket is not for every user of this machine.",
        ),
    }
}

fn macaroon(file: &Path) -> Finding {
    let place = file.display();
    match file.metadata() {
        Err(error) => Finding::problem(
            Check::Credentials,
            format!("node.macaroon_file: {place}: {error}"),
            "`facture lnd-macaroon` prints the command that makes one.",
        ),
        Ok(found) if found.permissions().mode() & 0o007 != 0 => Finding::warning(
            Check::Credentials,
            format!("every user of this machine can read {place}."),
            format!("run `chmod o= {place}`."),
        ),
        Ok(_) => Finding::ok(Check::Credentials, "the macaroon is not for other users."),
    }
}
