//! `getinfo`: a small regtest node with one channel, of the version whose exchanges the sandbox follows.

use std::path::Path;
use std::sync::Arc;

use super::command::{Command, Outcome};
use crate::node::{Node, height};
use crate::params::{Param, read};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[];

/// `getinfo`.
pub(super) const COMMAND: Command = Command {
    name: "getinfo",
    params: PARAMS,
    check: parse,
    run,
};

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    parse(params)?;
    let id = node.id();
    let height = height(node.books()?.ledger());
    let directory = node.rpc_file().parent().unwrap_or(Path::new("."));
    let features = Object::new()
        .with("init", "800898880a8a59a1")
        .with("node", "808898880a8a59a1")
        .with("channel", "")
        .with("invoice", "024100");
    let info = Object::new()
        .with("id", id.as_str())
        .with("alias", "sandbox")
        .with("color", id.get(..6).unwrap_or_default())
        .with("num_peers", 1u64)
        .with("num_pending_channels", 0u64)
        .with("num_active_channels", 1u64)
        .with("num_inactive_channels", 0u64)
        .with("address", Vec::<Value>::new())
        .with("binding", Vec::<Value>::new())
        .with("version", "v26.06.6")
        .with("blockheight", u64::from(height))
        .with("network", "regtest")
        .with("fees_collected_msat", 0u64)
        .with("lightning-dir", directory.to_string_lossy().into_owned())
        .with("our_features", features);
    let syncing = node.liquidity().syncing;
    let info = match syncing {
        Some(syncing) => info.with(syncing.name(), syncing.text()),
        None => info,
    };
    Ok(Outcome::Done(Ok(info.into())))
}

fn parse(params: &Token<'_>) -> Result<(), RpcError> {
    read(params, PARAMS, |_, _| Ok(()))
}
