//! `help`: how the commands are called.

use super::command::{Command, Outcome, find};
use crate::params::{Param, optional, read};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

/// What `help` reads.
pub(super) const PARAMS: &[Param] = &[optional("command")];

/// `help`, of these commands.
pub(super) fn run(commands: &[Command], params: &Token<'_>) -> Result<Outcome, RpcError> {
    let described = match parse(params)? {
        Some(name) => {
            let command = find(commands, &name)
                .ok_or_else(|| RpcError::new(-32601, format!("Unknown command {name}")))?;
            vec![describe(command)]
        }
        None => commands.iter().map(describe).collect(),
    };
    Ok(Outcome::Done(Ok(Object::new()
        .with("help", described)
        .with("format-hint", "simple")
        .into())))
}

fn describe(command: &Command) -> Value {
    Object::new().with("command", command.usage()).into()
}

/// Which command it is about.
pub(super) fn parse(params: &Token<'_>) -> Result<Option<String>, RpcError> {
    let mut command = None;
    read(params, PARAMS, |_, token| {
        command = Some(token.text().to_owned());
        Ok(())
    })?;
    Ok(command)
}
