//! `waitinvoice`: waits until one invoice is paid, expires or is deleted.

use std::sync::Arc;

use super::command::{Command, Outcome};
use crate::ledger::{End, Wait};
use crate::node::Node;
use crate::params::{Param, label, read, required};
use crate::reply::{Reply, RpcError};
use crate::token::Token;

const PARAMS: &[Param] = &[required("label")];

/// `waitinvoice`.
pub(super) const COMMAND: Command = Command {
    name: "waitinvoice",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let label = parse(params)?;
    let wait = node.books()?.wait_invoice(&label);
    match wait {
        None => Err(RpcError::new(-1, "Label not found")),
        Some(Wait::Now(end)) => Ok(Outcome::Done(reply(end))),
        Some(Wait::Later(end)) => Ok(Outcome::Later(Box::pin(async move {
            end.await.ok().map(reply)
        }))),
    }
}

fn reply(end: End) -> Reply {
    match end {
        End::Paid(members) => Ok(members.into()),
        End::Expired(members) => {
            Err(RpcError::new(903, "invoice expired during wait").with_data(members))
        }
        End::Deleted | End::Cancelled => Err(RpcError::new(-1, "Invoice deleted during wait")),
    }
}

fn parse(params: &Token<'_>) -> Result<String, RpcError> {
    let mut wanted = String::new();
    read(params, PARAMS, |name, token| {
        wanted = label(name, token)?;
        Ok(())
    })?;
    Ok(wanted)
}
