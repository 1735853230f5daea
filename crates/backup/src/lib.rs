//! Backups: one file with everything of a data directory that cannot be had from the node again, and the way back.
//!
//! The file is a tar, compressed with gzip, and encrypted with age if that is asked for; the programs `tar`, `gzip` and `age`
//! can open it. First in it is `manifest.json`, which says what is there, then `label.key` and `facture.db`. Not in it: the
//! configuration, the journals of the payer and of the plugin that holds payments, which must never be put back, and the node,
//! which has a backup of its own.
//!
//! # A backup never harms a running server
//!
//! It is made by a process of its own, which reads the database beside the server, as SQLite allows any number of processes
//! (`snapshot.rs` in the store). The server is not asked, and its lock is not taken: it lends neither processor nor memory, it
//! may be stopped, started or killed meanwhile, and a backup can be made of records whose server does not start. What a reader
//! could do to it is bounded there: a copy is given up before SQLite's log or the copy itself fills the disk.
//!
//! | File | Owns |
//! | --- | --- |
//! | `create.rs` | making a backup, and reading it again |
//! | `restore.rs` | checking one, and putting it into an empty data directory |
//! | `archive.rs`, `unpack.rs` | the file: written, and read |
//! | `manifest.rs` | what it says of itself |
//! | `encryption.rs`, `decryption.rs` | the only two that know age (feature `age`) |
//! | `last.rs` | what a data directory knows of its last backup |
//! | `staging.rs` | the directory where parts lie meanwhile |
//! | `digest.rs` | SHA-256 of what passes by |

mod archive;
mod create;
mod decryption;
mod digest;
mod encryption;
mod error;
mod last;
mod manifest;
mod restore;
mod staging;
#[cfg(test)]
mod tests;
mod unpack;

pub use self::{
    create::{Made, write_file, write_stream},
    decryption::Decryption,
    encryption::Encryption,
    error::BackupError,
    last::LastBackup,
    manifest::{Manifest, Member, MemberName},
    restore::{restore, verify},
};
#[cfg(feature = "age")]
pub use self::{decryption::IdentitiesFile, encryption::Recipient};
