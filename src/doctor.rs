//! `facture doctor`: checks an installation, whether its server runs or not, and says what to do.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Context, bail};

use crate::{
    checks::{self, Check, Finding, Selection},
    cli::doctor::DoctorArgs,
    config::Config,
};

/// Carries out the command. `config`: the configuration, or why it cannot be used; `payer`: the same of what the payer's comes
/// to, if it was named.
///
/// # Errors
/// How many problems there are, if there are some; a check that was named and does not exist.
pub async fn run(
    args: &DoctorArgs,
    config: anyhow::Result<Config>,
    payer: Option<anyhow::Result<String>>,
) -> anyhow::Result<()> {
    let selection = selection(args)?;
    let mut findings = findings(args, config, &selection).await;
    findings.extend(payer.map(payers));
    let findings = selection.of(findings);
    let mut out = io::stdout();
    match args.json {
        true => writeln!(out, "{}", serde_json::to_string_pretty(&findings)?)?,
        false => {
            for finding in &findings {
                writeln!(out, "{finding}")?;
            }
        }
    }
    let failed = findings
        .iter()
        .filter(|finding| selection.is_failed_by(finding))
        .count();
    match (failed, &selection) {
        (0, _) => Ok(()),
        (_, Selection::Only(_)) => bail!("not all of these checks are ok"),
        (1, Selection::All) => bail!("there is a problem"),
        (problems, Selection::All) => bail!("there are {problems} problems"),
    }
}

fn selection(args: &DoctorArgs) -> anyhow::Result<Selection> {
    if args.only.is_empty() {
        return Ok(Selection::All);
    }
    let named = args.only.iter().map(|name| name.parse());
    Ok(Selection::Only(named.collect::<Result<_, _>>()?))
}

async fn findings(
    args: &DoctorArgs,
    config: anyhow::Result<Config>,
    selection: &Selection,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    match checked(args, config) {
        Ok((config, data_dir)) => {
            findings.push(Finding::ok(
                Check::Configuration,
                "the configuration can be read, and its values are allowed.",
            ));
            findings.extend(checks::run(&config, &data_dir, selection).await);
        }
        // Nothing else can be said: where the records and the node are is not known.
        Err(error) => findings.push(Finding::problem(
            Check::Configuration,
            format!("{error:#}"),
            "correct it: config.example.toml lists every key with what it may be.",
        )),
    }
    findings
}

/// The configuration with its flags, and the data directory.
fn checked(args: &DoctorArgs, config: anyhow::Result<Config>) -> anyhow::Result<(Config, PathBuf)> {
    let mut config = config?;
    if let Some(rpc_file) = &args.rpc_file {
        config.node.use_socket(rpc_file.clone());
    }
    let data_dir = config.store.directory();
    let data_dir = data_dir.context("there is no home directory: set store.data_dir")?;
    Ok((config, data_dir))
}

fn payers(said: anyhow::Result<String>) -> Finding {
    match said {
        Ok(said) => Finding::ok(Check::Payer, said),
        Err(error) => Finding::problem(
            Check::Payer,
            format!("{error:#}"),
            "correct the payer's configuration: payer.example.toml lists every key.",
        ),
    }
}
