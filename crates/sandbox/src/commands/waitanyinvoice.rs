//! `waitanyinvoice`: the first invoice paid after a given one. Its timeout runs in real time, not by the node's clock.

use std::sync::Arc;
use std::time::Duration;

use super::command::{Command, Outcome};
use crate::ledger::Wait;
use crate::node::Node;
use crate::params::{self, Param, optional, read};
use crate::reply::{RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[optional("lastpay_index"), optional("timeout")];

/// Longer timeouts are as good as none.
const LONGEST_TIMEOUT: u64 = 10 * 365 * 24 * 3600;

/// `waitanyinvoice`.
pub(super) const COMMAND: Command = Command {
    name: "waitanyinvoice",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let (after, timeout) = parse(params)?;
    let wait = node.books()?.wait_paid(after);
    let paid = match wait {
        Wait::Now(members) => return Ok(Outcome::Done(Ok(members.into()))),
        Wait::Later(paid) => paid,
    };
    Ok(Outcome::Later(Box::pin(async move {
        let timeout = timeout.map_or(LONGEST_TIMEOUT, |seconds| seconds.min(LONGEST_TIMEOUT));
        match tokio::time::timeout(Duration::from_secs(timeout), paid).await {
            Ok(members) => members.ok().map(|members| Ok(Value::from(members))),
            Err(_) => Some(Err(RpcError::new(
                904,
                "Timed out while waiting for invoice to be paid",
            ))),
        }
    })))
}

fn parse(params: &Token<'_>) -> Result<(u64, Option<u64>), RpcError> {
    let mut after = 0;
    let mut timeout = None;
    read(params, PARAMS, |name, token| {
        match name {
            "lastpay_index" => after = params::u64(name, token)?,
            _ => timeout = Some(params::u64(name, token)?),
        }
        Ok(())
    })?;
    Ok((after, timeout))
}
