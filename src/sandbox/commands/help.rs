//! `help`: how the commands are called.

use std::sync::Arc;

use super::{COMMANDS, Command, Outcome, find};
use crate::sandbox::node::Node;
use crate::sandbox::params::{Param, optional, read};
use crate::sandbox::reply::{Object, RpcError, Value};
use crate::sandbox::token::Token;

const PARAMS: &[Param] = &[optional("command")];

/// `help`.
pub(super) const COMMAND: Command = Command {
    name: "help",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

fn run(_: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let described = match parse(params)? {
        Some(name) => {
            let command = find(&name)
                .ok_or_else(|| RpcError::new(-32601, format!("Unknown command {name}")))?;
            vec![describe(command)]
        }
        None => COMMANDS.iter().map(describe).collect(),
    };
    Ok(Outcome::Done(Ok(Object::new()
        .with("help", described)
        .with("format-hint", "simple")
        .into())))
}

fn describe(command: &Command) -> Value {
    Object::new().with("command", command.usage()).into()
}

fn parse(params: &Token<'_>) -> Result<Option<String>, RpcError> {
    let mut command = None;
    read(params, PARAMS, |_, token| {
        command = Some(token.text().to_owned());
        Ok(())
    })?;
    Ok(command)
}
