//! `facture backup` and `facture restore`: the commands around the crate that does both. Neither asks a running server; why is
//! in that crate.

mod keys;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf, absolute},
};

use anyhow::Context;
use facture_backup::{Encryption, LastBackup, Made};
use tokio::task::spawn_blocking;

use crate::cli::backup::{BackupArgs, RestoreArgs};

/// The name that means standard input or output.
const STANDARD: &str = "-";

/// Makes a backup of this data directory, or checks one.
///
/// # Errors
/// Why there is none, or what is wrong with it.
pub async fn backup(args: BackupArgs, data_dir: PathBuf) -> anyhow::Result<()> {
    let done = spawn_blocking(move || match args.verify {
        true => verify(&args),
        false => make(&args, &data_dir),
    });
    done.await?
}

/// Puts a backup into this data directory.
///
/// # Errors
/// Why it was not done. Then there are no records in the directory.
pub async fn restore(args: RestoreArgs, data_dir: PathBuf) -> anyhow::Result<()> {
    let done = spawn_blocking(move || {
        let decryption = keys::decryption(&args.keys)?;
        let restored = facture_backup::restore(input(&args.file)?, &decryption, &data_dir);
        let manifest = restored.with_context(|| refused(&args.file))?;
        writeln!(
            io::stdout(),
            "restored: {}\n{manifest}\n\n\
             The node remains the source of truth. Start facture with this node: what was paid or expired since the backup is\n\
             read from it, and the next receipt begins a new series of numbers. Only one facture may use these records: make\n\
             sure that the one they come from no longer runs.",
            data_dir.display()
        )?;
        Ok(())
    });
    done.await?
}

fn make(args: &BackupArgs, data_dir: &Path) -> anyhow::Result<()> {
    let encryption = keys::encryption(args)?;
    if args.file == Path::new(STANDARD) {
        let made = facture_backup::write_stream(data_dir, io::stdout().lock(), &encryption)?;
        // Standard output has the backup.
        note(data_dir, &made, "standard output".to_owned())?;
        let note = "not read again: keep what was written and run `facture backup --verify` on it";
        return report(io::stderr(), &made, "standard output", note);
    }
    let made = facture_backup::write_file(data_dir, &args.file, &encryption)?;
    note(data_dir, &made, absolute(&args.file)?.display().to_string())?;
    let note = match encryption {
        Encryption::None => "verified: all of it was read again",
        #[cfg(feature = "age")]
        Encryption::Passphrase(_) => "verified: all of it was read again",
        #[cfg(feature = "age")]
        Encryption::Recipients(_) => {
            "verified: the file is on the disk as it was written; only its recipients can open it"
        }
    };
    report(io::stdout(), &made, &args.file.display().to_string(), note)
}

/// Notes the backup for `facture doctor`. It is good without that.
fn note(data_dir: &Path, made: &Made, place: String) -> anyhow::Result<()> {
    let last = LastBackup {
        created_at: made.manifest.created_at,
        place,
    };
    if let Err(error) = last.note(data_dir) {
        writeln!(
            io::stderr(),
            "the backup is complete, but that could not be noted for `facture doctor`: {error}"
        )?;
    }
    Ok(())
}

fn report(mut out: impl Write, made: &Made, place: &str, note: &str) -> anyhow::Result<()> {
    let Made {
        manifest,
        bytes,
        sha256,
    } = made;
    Ok(writeln!(
        out,
        "backup: {place} ({bytes} bytes, SHA-256 {sha256})\n{manifest}\n{note}"
    )?)
}

fn verify(args: &BackupArgs) -> anyhow::Result<()> {
    let decryption = keys::decryption(&args.keys)?;
    let verified = facture_backup::verify(input(&args.file)?, &decryption);
    let manifest = verified.with_context(|| refused(&args.file))?;
    let place = args.file.display();
    Ok(writeln!(
        io::stdout(),
        "verified: {place} can be restored\n{manifest}"
    )?)
}

fn input(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file == Path::new(STANDARD) {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

fn refused(file: &Path) -> String {
    format!("cannot use the backup {}", file.display())
}
