//! What is shown at the end.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::proxy::ProxyLines;
use crate::{app, checks::Finding, config::Config};

/// What was done, and what is to be done.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    /// The file that was written.
    config: PathBuf,
    /// What was found.
    findings: Vec<Finding>,
    /// Lines for a proxy, where one is needed.
    proxy: Option<ProxyLines>,
    /// The command that starts the server.
    start: String,
    /// The file into which the first start writes the owner's one-time link, if the desk is on.
    owner_link_file: Option<PathBuf>,
}

impl Outcome {
    pub(super) fn new(
        file: PathBuf,
        config: &Config,
        data_dir: &Path,
        findings: Vec<Finding>,
    ) -> Self {
        let desk = config.desk.enabled;
        Self {
            start: format!("facture serve --config {}", file.display()),
            config: file,
            findings,
            proxy: ProxyLines::of(&config.server),
            owner_link_file: desk.then(|| app::first_owner_file(data_dir)),
        }
    }

    /// On standard output.
    pub(super) fn print(&self, json: bool) -> anyhow::Result<()> {
        let mut out = io::stdout();
        if json {
            return Ok(writeln!(out, "{}", serde_json::to_string_pretty(self)?)?);
        }
        for finding in &self.findings {
            writeln!(out, "{finding}")?;
        }
        if let Some(ProxyLines { caddy, nginx }) = &self.proxy {
            writeln!(out, "\nA proxy with TLS goes in front. Caddy:\n\n{caddy}")?;
            writeln!(
                out,
                "Or nginx, in a server with your certificate:\n\n{nginx}"
            )?;
        }
        writeln!(out, "\nwritten: {}", self.config.display())?;
        writeln!(out, "start:   {}", self.start)?;
        if let Some(file) = &self.owner_link_file {
            let file = file.display();
            writeln!(
                out,
                "desk:    the first start writes the owner's one-time link into {file}"
            )?;
        }
        Ok(())
    }
}
