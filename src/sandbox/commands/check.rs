//! `check`: whether another command would accept these parameters. Nothing is carried out; what only the ledger knows
//! (a label that is taken) is not looked at.

use super::{Command, Outcome, find, unknown};
use crate::sandbox::params::{INVALID_PARAMS, Param, required};
use crate::sandbox::reply::{Object, RpcError};
use crate::sandbox::token::Token;

const PARAMS: &[Param] = &[required("command_to_check")];

/// `check`.
pub(super) const COMMAND: Command = Command {
    name: "check",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run: |_, params| {
        let name = parse(params)?;
        Ok(Outcome::Done(Ok(Object::new()
            .with("command_to_check", name)
            .into())))
    },
};

fn parse(params: &Token<'_>) -> Result<String, RpcError> {
    let Some((name, rest)) = params.split_off(PARAMS[0].name) else {
        return Err(RpcError::new(
            INVALID_PARAMS,
            "missing required parameter: command_to_check",
        ));
    };
    let command = find(name.text()).ok_or_else(|| unknown(name.text()))?;
    (command.check)(&rest)?;
    Ok(name.text().to_owned())
}
