//! Commands that set something on a real lightningd and are only accepted here: the sandbox sends no notifications
//! and has no database to commit to.

use super::command::{Command, Outcome};
use crate::params::{Param, boolean, read, required};
use crate::reply::{Object, RpcError};
use crate::token::Token;

const PARAMS: &[Param] = &[required("enable")];

/// `batching`.
pub(super) const BATCHING: Command = Command {
    name: "batching",
    params: PARAMS,
    check: parse,
    run: |_, params| parse(params).map(|()| Outcome::Done(Ok(Object::new().into()))),
};

/// `notifications`.
pub(super) const NOTIFICATIONS: Command = Command {
    name: "notifications",
    ..BATCHING
};

fn parse(params: &Token<'_>) -> Result<(), RpcError> {
    read(params, PARAMS, |name, token| boolean(name, token).map(drop))
}
