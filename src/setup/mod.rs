//! `facture setup`: asks what it cannot find, tries each answer at once, and writes the configuration.
//!
//! | File | Owns |
//! | --- | --- |
//! | `dialog.rs` | asking somebody at a terminal, or nobody |
//! | `node.rs`, `found.rs` | which node: given, found or typed |
//! | `address.rs` | by which address buyers come |
//! | `blockers.rs` | what must not be wrong |
//! | `answers.rs` | what was answered, and the keys that it sets |
//! | `file.rs` | the configuration file |
//! | `proxy.rs` | the lines for a proxy in front |
//! | `outcome.rs` | what is shown at the end |

mod address;
mod answers;
mod blockers;
mod dialog;
mod file;
mod found;
mod node;
mod outcome;
mod proxy;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use directories::ProjectDirs;

use self::{
    answers::{Answers, DeskAnswer, absolute},
    dialog::{Dialog, complain},
    file::Existing,
    outcome::Outcome,
};
use crate::{
    checks::{self, Selection},
    cli::{ConfigSource, setup::SetupArgs},
};

/// Carries out the command.
///
/// # Errors
/// Why nothing was written.
pub async fn run(source: &ConfigSource, args: &SetupArgs) -> anyhow::Result<()> {
    let dialog = Dialog::new(args.yes)?;
    let target = target(source)?;
    let existing = existing(&target, args, dialog)?;
    let node = node::ask(args, dialog).await?;
    let mut answers = Answers {
        data_dir: source.data_dir.as_deref().map(absolute),
        ..Answers::of_node(node)
    };
    answers.public_url = address::ask(args, &answers, dialog).await?;
    answers.name = name(args, &answers, dialog)?;
    answers.desk = desk(args, &answers, dialog)?;
    let text = file::text(&answers);
    let config = file::parse(&text)?;
    let data_dir = config.store.directory();
    let data_dir = data_dir.context("there is no home directory: use --data-dir")?;
    let findings = checks::run(&config, &data_dir, &Selection::All).await;
    if let Some(complaint) = blockers::complaint(&findings) {
        bail!("nothing was written:\n{complaint}");
    }
    file::write(&target, &text, existing)?;
    Outcome::new(target, &config, &data_dir, findings).print(args.json)
}

/// Where the file is to be.
fn target(source: &ConfigSource) -> anyhow::Result<PathBuf> {
    if let Some(file) = &source.config {
        return Ok(file.clone());
    }
    let places = ProjectDirs::from("", "", "facture");
    let places = places.context("there is no home directory: name the file by --config")?;
    Ok(places.config_dir().join("config.toml"))
}

/// One that is there is not replaced unless that is wanted.
fn existing(target: &Path, args: &SetupArgs, dialog: Dialog) -> anyhow::Result<Existing> {
    if !target.exists() {
        return Ok(Existing::Keep);
    }
    let place = target.display();
    let question = format!("{place} is there. Replace it?");
    match args.force || dialog.confirm(&question, false)? {
        true => Ok(Existing::Replace),
        false => bail!("{place} is there and was left as it is: --force replaces it"),
    }
}

fn name(args: &SetupArgs, answers: &Answers, dialog: Dialog) -> anyhow::Result<String> {
    let mut given = args.name.clone();
    loop {
        let name = match given.take() {
            Some(name) => name,
            None => dialog.text("The shop's name", "facture")?,
        };
        let named = Answers {
            name: name.clone(),
            ..answers.clone()
        };
        match (file::parse(&file::text(&named)), dialog) {
            (Ok(_), _) => return Ok(name),
            (Err(error), Dialog::Silent) => return Err(error),
            (Err(error), Dialog::Terminal) => complain(&error)?,
        }
    }
}

/// A desk is offered where its passwords would not cross a network in the clear.
fn desk(args: &SetupArgs, answers: &Answers, dialog: Dialog) -> anyhow::Result<DeskAnswer> {
    if args.desk {
        return Ok(DeskAnswer::On);
    }
    let with_desk = Answers {
        desk: DeskAnswer::On,
        ..answers.clone()
    };
    if dialog == Dialog::Silent || file::parse(&file::text(&with_desk)).is_err() {
        return Ok(DeskAnswer::Off);
    }
    let question = "Switch on the desk, where the shop's people sign in?";
    Ok(match dialog.confirm(question, true)? {
        true => DeskAnswer::On,
        false => DeskAnswer::Off,
    })
}
