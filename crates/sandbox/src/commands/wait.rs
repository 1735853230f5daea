//! `wait`: a counter's value, at once or when it has got that far. Only invoices change in the sandbox; lightningd's
//! other subsystems stay at 0 for ever.

use std::sync::Arc;

use super::command::{Command, Outcome};
use super::listinvoices::index;
use crate::ledger::{Index, Wait};
use crate::node::Node;
use crate::params::{self, Param, bad, read, required};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[
    required("subsystem"),
    required("indexname"),
    required("nextvalue"),
];

const INVOICES: &str = "invoices";
const SUBSYSTEMS: [&str; 7] = [
    INVOICES,
    "forwards",
    "sendpays",
    "htlcs",
    "chainmoves",
    "channelmoves",
    "networkevents",
];

/// `wait`.
pub(super) const COMMAND: Command = Command {
    name: "wait",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

#[derive(Debug)]
struct Awaited {
    subsystem: &'static str,
    index: Index,
    next_value: u64,
}

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let awaited = parse(params)?;
    let index = awaited.index;
    let wait = match (awaited.subsystem, awaited.next_value) {
        (INVOICES, value) => node.books()?.wait_index(index, value),
        (_, 0) => Wait::Now((0, Object::new())),
        _ => return Ok(Outcome::Later(Box::pin(std::future::pending()))),
    };
    let answer = move |value: u64| {
        Object::new()
            .with("subsystem", awaited.subsystem)
            .with(index.name(), value)
    };
    Ok(match wait {
        Wait::Now((value, _)) => Outcome::Done(Ok(answer(value).into())),
        Wait::Later(change) => Outcome::Later(Box::pin(async move {
            let (value, details) = change.await.ok()?;
            Some(Ok(Value::from(answer(value).with(INVOICES, details))))
        })),
    })
}

fn parse(params: &Token<'_>) -> Result<Awaited, RpcError> {
    let mut awaited = Awaited {
        subsystem: INVOICES,
        index: Index::Created,
        next_value: 0,
    };
    read(params, PARAMS, |name, token| {
        match name {
            "subsystem" => awaited.subsystem = subsystem(name, token)?,
            "indexname" => awaited.index = index(name, token)?,
            _ => awaited.next_value = params::u64(name, token)?,
        }
        Ok(())
    })?;
    Ok(awaited)
}

fn subsystem(name: &str, token: &Token<'_>) -> Result<&'static str, RpcError> {
    SUBSYSTEMS
        .into_iter()
        .find(|subsystem| *subsystem == token.text())
        .ok_or_else(|| bad(name, token, "unknown subsystem"))
}
