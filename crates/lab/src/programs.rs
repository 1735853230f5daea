//! The programs that a lab needs, and which of them are missing.

use std::{ffi::OsStr, fmt, os::unix::fs::PermissionsExt, path::Path};

use crate::state::Kind;

/// A program that somebody else makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Keeps the chain.
    Bitcoind,
    /// Asks it.
    BitcoinCli,
    /// A node.
    Lightningd,
    /// Asks it.
    LightningCli,
    /// A node.
    Lnd,
    /// Asks it.
    Lncli,
}

impl Program {
    /// What is on PATH.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bitcoind => "bitcoind",
            Self::BitcoinCli => "bitcoin-cli",
            Self::Lightningd => "lightningd",
            Self::LightningCli => "lightning-cli",
            Self::Lnd => "lnd",
            Self::Lncli => "lncli",
        }
    }

    /// What it is for, and the project that releases it.
    pub fn purpose(self) -> (&'static str, &'static str) {
        match self {
            Self::Bitcoind => ("keeps the regtest chain", "Bitcoin Core"),
            Self::BitcoinCli => ("mines blocks", "Bitcoin Core"),
            Self::Lightningd => ("the node itself", "Core Lightning"),
            Self::LightningCli => ("talks to lightningd", "Core Lightning"),
            Self::Lnd => ("the node itself", "LND, the Lightning Network Daemon"),
            Self::Lncli => ("talks to lnd", "LND, the Lightning Network Daemon"),
        }
    }

    /// What a lab of this kind needs.
    pub fn needed(kind: Kind) -> Vec<Self> {
        let mut needed = vec![Self::Bitcoind, Self::BitcoinCli];
        if kind != Kind::Lnd {
            needed.extend([Self::Lightningd, Self::LightningCli]);
        }
        if kind != Kind::Cln {
            needed.extend([Self::Lnd, Self::Lncli]);
        }
        needed
    }
}

/// The programs that are not there; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    programs: Vec<Program>,
    kind: Kind,
}

impl std::error::Error for Missing {}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "not found on PATH:")?;
        for program in &self.programs {
            let (purpose, project) = program.purpose();
            writeln!(
                formatter,
                "  {:<14} {purpose}; part of {project}",
                program.name()
            )?;
        }
        write!(
            formatter,
            "Install the projects named here, from your system's packages or from their own releases, and add the \
             directory of their programs to PATH."
        )?;
        let other = match self.kind {
            Kind::Cln => "lnd",
            Kind::Lnd => "cln",
            Kind::Mixed => "cln` or `--node lnd",
        };
        write!(formatter, " `--node {other}` needs other programs.")
    }
}

impl Missing {
    /// In one line, for tests that are skipped.
    pub fn in_short(&self) -> String {
        let names: Vec<_> = self.programs.iter().map(|program| program.name()).collect();
        format!("{} not on PATH", names.join(", "))
    }
}

/// Checks that what a lab of this kind needs is on PATH.
///
/// # Errors
/// [`Missing`].
pub fn missing(kind: Kind) -> Result<(), Missing> {
    missing_in(kind, &std::env::var_os("PATH").unwrap_or_default())
}

fn missing_in(kind: Kind, path: &OsStr) -> Result<(), Missing> {
    let is_there = |program: &Program| {
        std::env::split_paths(path).any(|dir| is_program(&dir.join(program.name())))
    };
    let mut programs = Program::needed(kind);
    programs.retain(|program| !is_there(program));
    match programs.is_empty() {
        true => Ok(()),
        false => Err(Missing { programs, kind }),
    }
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_project() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().as_os_str();
        for (kind, count) in [(Kind::Cln, 4), (Kind::Lnd, 4), (Kind::Mixed, 6)] {
            let missing = missing_in(kind, path).unwrap_err();
            assert_eq!(missing.programs.len(), count);
        }
        for (program, mode) in [("bitcoind", 0o755), ("bitcoin-cli", 0o755), ("lnd", 0o644)] {
            let file = dir.path().join(program);
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        }
        // A directory of that name is no program.
        fs::create_dir(dir.path().join("lncli")).unwrap();
        let missing = missing_in(Kind::Lnd, path).unwrap_err();
        assert_eq!(missing.in_short(), "lnd, lncli not on PATH");
        let text = missing.to_string();
        assert!(
            text.contains("lnd            the node itself; part of LND"),
            "{text}"
        );
        assert!(text.contains("`--node cln`"), "{text}");
        assert!(!text.contains("http"), "{text}");
    }

    #[test]
    fn nothing_is_missing_where_all_is_there() {
        let dir = tempfile::tempdir().unwrap();
        for program in Program::needed(Kind::Mixed) {
            let file = dir.path().join(program.name());
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for kind in [Kind::Cln, Kind::Lnd, Kind::Mixed] {
            assert_eq!(missing_in(kind, dir.path().as_os_str()), Ok(()));
        }
        assert!(missing_in(Kind::Cln, OsStr::new("")).is_err());
    }
}
