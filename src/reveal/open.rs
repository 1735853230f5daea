//! `facture reveal`: opens what was bought with the preimage that the wallet keeps. It needs neither a shop nor a node.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::Context;
use facture_domain::Preimage;

use super::sealed;
use crate::cli::reveal::{OpenArgs, RevealAction};

/// Carries out the command. Without a place to write to, the content goes to standard output.
///
/// # Errors
/// What went wrong, for people. A file that is there is never written over.
pub fn run(action: RevealAction) -> anyhow::Result<()> {
    match action {
        RevealAction::Open(args) => open(&args),
    }
}

fn open(args: &OpenArgs) -> anyhow::Result<()> {
    let preimage = Preimage::parse(&args.preimage).context("the preimage")?;
    let file = args.file.display();
    let bytes = fs::read(&args.file).with_context(|| format!("cannot read {file}"))?;
    let opened = sealed::open(&preimage, &bytes).with_context(|| format!("cannot open {file}"))?;
    match &args.output {
        None => io::stdout().write_all(&opened.bytes)?,
        Some(output) => {
            // A directory: as the shop called it.
            let output = match output.is_dir() {
                true => output.join(opened.name.as_str()),
                false => output.clone(),
            };
            write_new(&output, &opened.bytes)
                .with_context(|| format!("cannot write {}", output.display()))?;
            writeln!(io::stdout(), "{}", output.display())?;
        }
    }
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
