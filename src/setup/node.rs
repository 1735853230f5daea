//! The question which node: what was given, what is found, what somebody types; each is tried at once.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{
    answers::{Answers, NodeAnswer, absolute},
    blockers,
    dialog::{Dialog, complain},
    file, found,
};
use crate::{checks, cli::setup::SetupArgs};

/// The ways to a node that was not found.
const OTHERS: [&str; 3] = [
    "lightningd by its socket, elsewhere on this machine",
    "lightningd by clnrest, also on another machine",
    "LND, also on another machine",
];

/// The node, tried out.
///
/// # Errors
/// When none can be used and nobody can be asked.
pub(super) async fn ask(args: &SetupArgs, dialog: Dialog) -> anyhow::Result<NodeAnswer> {
    if let Some(given) = given(args) {
        match (try_out(&given).await, dialog) {
            (Ok(()), _) => return Ok(given),
            (Err(complaint), Dialog::Silent) => bail!("{given} cannot be used:\n{complaint}"),
            (Err(complaint), Dialog::Terminal) => complain(&complaint)?,
        }
    }
    let mut usable = Vec::new();
    for node in found::nodes() {
        if try_out(&node).await.is_ok() {
            usable.push(node);
        }
    }
    if dialog == Dialog::Silent {
        return match usable.into_iter().next() {
            Some(node) => Ok(node),
            None => bail!(
                "no node was found on this machine: name one by --rpc-file, --rest-url or --lnd-url"
            ),
        };
    }
    loop {
        let node = choose(&usable, dialog)?;
        match try_out(&node).await {
            Ok(()) => return Ok(node),
            Err(complaint) => complain(&complaint)?,
        }
    }
}

/// What was given by flags.
fn given(args: &SetupArgs) -> Option<NodeAnswer> {
    if let Some(rpc_file) = &args.rpc_file {
        return Some(NodeAnswer::Socket(absolute(rpc_file)));
    }
    if let (Some(url), Some(rune_file)) = (&args.rest_url, &args.rune_file) {
        return Some(NodeAnswer::Rest {
            url: url.clone(),
            rune_file: absolute(rune_file),
            ca_file: args.ca_file.as_deref().map(absolute),
        });
    }
    let (Some(url), Some(tls_cert_file), Some(macaroon_file)) =
        (&args.lnd_url, &args.tls_cert_file, &args.macaroon_file)
    else {
        return None;
    };
    Some(NodeAnswer::Lnd {
        url: url.clone(),
        tls_cert_file: absolute(tls_cert_file),
        macaroon_file: absolute(macaroon_file),
    })
}

/// One that was found, or one that is typed.
fn choose(usable: &[NodeAnswer], dialog: Dialog) -> anyhow::Result<NodeAnswer> {
    let found = usable.iter().map(ToString::to_string);
    let choices: Vec<_> = found.chain(OTHERS.map(str::to_owned)).collect();
    let chosen = dialog.choose("Which node?", &choices)?;
    if let Some(node) = usable.get(chosen) {
        return Ok(node.clone());
    }
    let path = |question: &str, proposal: &str| {
        let typed = dialog.text(question, proposal)?;
        Ok::<_, anyhow::Error>(match typed.is_empty() {
            true => PathBuf::new(),
            false => absolute(Path::new(&typed)),
        })
    };
    match chosen - usable.len() {
        0 => {
            let usual = found::usual_socket();
            Ok(NodeAnswer::Socket(path(
                "lightningd's socket (its rpc-file)",
                &usual,
            )?))
        }
        1 => {
            let url = dialog.text("The address of clnrest", "https://localhost:3010")?;
            let rune_file = path(
                "The file with the rune (`facture rune` prints the command that makes one)",
                "/etc/facture/rune",
            )?;
            let ca_file = path("A copy of lightningd's ca.pem (empty: none)", "")?;
            let ca_file = Some(ca_file).filter(|file| !file.as_os_str().is_empty());
            Ok(NodeAnswer::Rest {
                url,
                rune_file,
                ca_file,
            })
        }
        _ => {
            let (url, certificate) = found::usual_lnd();
            Ok(NodeAnswer::Lnd {
                url: dialog.text("The address of LND's REST interface", url)?,
                tls_cert_file: path("LND's certificate", certificate)?,
                macaroon_file: path(
                    "The macaroon (`facture lnd-macaroon` prints the command that makes one)",
                    "/etc/facture/facture.macaroon",
                )?,
            })
        }
    }
}

/// Asks the node. An error says what is wrong and what to do.
async fn try_out(node: &NodeAnswer) -> Result<(), String> {
    let answers = Answers::of_node(node.clone());
    let config = file::parse(&file::text(&answers)).map_err(|error| format!("{error:#}"))?;
    let findings = checks::node(&config, None).await;
    match blockers::complaint(&findings) {
        None => Ok(()),
        Some(complaint) => Err(complaint),
    }
}
