//! `check`: whether another command would accept these parameters. Nothing is carried out; what only the ledger knows
//! (a label that is taken) is not looked at.

use super::command::{Command, Outcome, find};
use crate::params::{INVALID_PARAMS, Param, required};
use crate::reply::{Object, RpcError, unknown_command};
use crate::token::Token;

/// What `check` reads.
pub(super) const PARAMS: &[Param] = &[required("command_to_check")];

/// `check`, of one of these commands.
pub(super) fn run(commands: &[Command], params: &Token<'_>) -> Result<Outcome, RpcError> {
    let name = parse(commands, params)?;
    Ok(Outcome::Done(Ok(Object::new()
        .with("command_to_check", name)
        .into())))
}

/// Which command, once its own parameters were read.
pub(super) fn parse(commands: &[Command], params: &Token<'_>) -> Result<String, RpcError> {
    let Some((name, rest)) = params.split_off(PARAMS[0].name) else {
        return Err(RpcError::new(
            INVALID_PARAMS,
            "missing required parameter: command_to_check",
        ));
    };
    let command = find(commands, name.text()).ok_or_else(|| unknown_command(name.text()))?;
    (command.check)(&rest)?;
    Ok(name.text().to_owned())
}
