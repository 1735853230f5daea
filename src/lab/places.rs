//! Where labs are.

use std::path::{Path, PathBuf};

use anyhow::Context;
use directories::ProjectDirs;

/// The directory of a lab, and how a command names it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its directory.
    pub(super) dir: PathBuf,
    /// Whether a command must name it.
    is_named: bool,
}

impl Place {
    /// The named one, or the platform's place for state.
    pub(super) fn of(named: Option<PathBuf>) -> anyhow::Result<Self> {
        let is_named = named.is_some();
        let dir = named.or_else(usual);
        let dir = dir.context("there is no home directory: choose a directory with --dir")?;
        Ok(Self { dir, is_named })
    }

    /// What to type for an action in this lab.
    pub(super) fn command(&self, action: &str) -> String {
        match self.is_named {
            true => format!("facture lab --dir {} {action}", quoted(&self.dir)),
            false => format!("facture lab {action}"),
        }
    }
}

fn usual() -> Option<PathBuf> {
    let places = ProjectDirs::from("", "", "facture")?;
    // Not every platform has one for state.
    let state = places.state_dir().unwrap_or(places.data_local_dir());
    Some(state.join("lab"))
}

/// For a shell, if it needs that.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+~".contains(c);
    match text.chars().all(is_plain) {
        true => text,
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_a_lab_that_is_not_the_usual_one() {
        let usual = Place::of(None).unwrap();
        assert!(usual.dir.ends_with("facture/lab"), "{usual:?}");
        assert_eq!(usual.command("down"), "facture lab down");
        for (dir, expected) in [
            ("/tmp/a", "facture lab --dir /tmp/a down"),
            ("/tmp/a b", "facture lab --dir '/tmp/a b' down"),
            ("/tmp/it's", r"facture lab --dir '/tmp/it'\''s' down"),
        ] {
            let place = Place::of(Some(dir.into())).unwrap();
            assert_eq!(place.command("down"), expected);
        }
    }
}
