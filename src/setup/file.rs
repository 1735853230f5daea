//! The configuration file: its text with the comments of `config.example.toml`, and how it gets onto the disk.

use std::{
    collections::HashMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

use super::answers::{Answers, Setting};
use crate::config::Config;

/// Every key with its comment.
const EXAMPLE: &str = include_str!("../../config.example.toml");

const HEAD: &str = "\
# facture's configuration, written by `facture setup`. All other keys have their defaults; config.example.toml lists every key.
";

/// What becomes of a file that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Existing {
    Keep,
    Replace,
}

/// The text of the file.
pub(super) fn text(answers: &Answers) -> String {
    let mut text = HEAD.to_owned();
    let mut section = "";
    for setting in answers.settings() {
        if setting.section != section {
            section = setting.section;
            text += &format!("\n[{section}]\n");
        }
        text += comment(&setting);
        text += &format!("{} = {}\n", setting.key, setting.value);
    }
    text
}

/// The comment above a key of the example; it ends with a line's end, or is empty.
fn comment(setting: &Setting) -> &'static str {
    let section = format!("\n[{}]\n", setting.section);
    let Some((_, keys)) = EXAMPLE.split_once(&section) else {
        return "";
    };
    let key = format!("{} = ", setting.key);
    // Where the comment begins, if the lines just before were one, and where this line does.
    let (mut begin, mut here) = (0, 0);
    for line in keys.split_inclusive('\n') {
        if line.starts_with('[') {
            return "";
        }
        if line.starts_with(&key) {
            return &keys[begin..here];
        }
        here += line.len();
        if !line.starts_with('#') {
            begin = here;
        }
    }
    ""
}

/// The configuration that a text is.
///
/// # Errors
/// The complaint about a key.
pub(super) fn parse(text: &str) -> anyhow::Result<Config> {
    let mut file = NamedTempFile::new()?;
    file.write_all(text.as_bytes())?;
    Ok(Config::load(Some(file.path()), HashMap::new())?)
}

/// Writes the file, which only its owner can read.
///
/// # Errors
/// When it is there and is to be kept, or cannot be written.
pub(super) fn write(file: &Path, text: &str, existing: Existing) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", file.display());
    let directory = match file.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&directory).with_context(cannot)?;
    // Of mode 0600.
    let mut written = NamedTempFile::new_in(&directory).with_context(cannot)?;
    written.write_all(text.as_bytes()).with_context(cannot)?;
    written.as_file().sync_all().with_context(cannot)?;
    let persisted = match existing {
        Existing::Keep => written.persist_noclobber(file),
        Existing::Replace => written.persist(file),
    };
    match persisted {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there meanwhile: nothing was written", file.display())
        }
        Err(error) => Err(error.error).with_context(cannot),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::answers::{DeskAnswer, NodeAnswer};

    #[test]
    fn every_key_that_is_written_has_its_comment_and_is_allowed() {
        let nodes = [
            NodeAnswer::Socket("/run/lightning-rpc".into()),
            NodeAnswer::Rest {
                url: "https://node.example:3010".to_owned(),
                rune_file: "/etc/facture/rune".into(),
                ca_file: Some("/etc/facture/ca.pem".into()),
            },
            NodeAnswer::Lnd {
                url: "https://localhost:8080".to_owned(),
                tls_cert_file: "~/.lnd/tls.cert".into(),
                macaroon_file: "a \"quoted\" name".into(),
            },
        ];
        for (node, public_url) in nodes.iter().zip([
            "https://shop.example",
            "http://shopshopshop.onion",
            "http://shop.example",
        ]) {
            let answers = Answers {
                public_url: public_url.to_owned(),
                name: "Ann's \"corner\"".to_owned(),
                desk: DeskAnswer::Off,
                data_dir: Some("/var/lib/facture".into()),
                ..Answers::of_node(node.clone())
            };
            let config = parse(&text(&answers)).unwrap();
            assert_eq!(config.server.public_url.to_string(), public_url);
            assert_eq!(config.site.name.as_str(), "Ann's \"corner\"");
            for setting in answers.settings() {
                let above = comment(&setting);
                // The comment above the key before is for these, too.
                let shares = ["rune_file", "connections_per_client", "streams_per_client"];
                let has_own = above.starts_with("# ");
                assert_ne!(has_own, shares.contains(&setting.key), "{setting:?}");
            }
        }
    }

    #[test]
    fn what_is_there_is_kept_unless_it_is_to_be_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("below/config.toml");
        write(&file, "first", Existing::Keep).unwrap();
        let refused = write(&file, "second", Existing::Keep).unwrap_err();
        assert!(refused.to_string().contains("nothing was written"));
        assert_eq!(fs::read_to_string(&file).unwrap(), "first");
        write(&file, "third", Existing::Replace).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "third");
    }
}
