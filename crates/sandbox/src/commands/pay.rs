//! `pay` of one of the node's own invoices. Paying a paid invoice succeeds again, without another payment.

use std::sync::Arc;

use super::command::{Command, Outcome};
use crate::node::Node;
use crate::params::{self, Param, bad, optional, read, required};
use crate::payment::{OwnAmount, PayError, Payment, execute, order, payment_of};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[
    required("bolt11"),
    optional("amount_msat"),
    optional("label"),
    optional("riskfactor"),
    optional("maxfeepercent"),
    optional("retry_for"),
    optional("maxdelay"),
    optional("exemptfee"),
    optional("localinvreqid"),
    optional("exclude"),
    optional("maxfee"),
    optional("description"),
    optional("partial_msat"),
];

/// `pay`.
pub(super) const COMMAND: Command = Command {
    name: "pay",
    params: PARAMS,
    check: |params| parse(params, PARAMS).map(drop),
    run,
};

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let (invstring, amount_msat) = parse(params, PARAMS)?;
    let order = order(&invstring, amount_msat, OwnAmount::Refused)?;
    let paid = match execute(node, &order) {
        Ok(payment) => {
            let now = node.clock.now();
            Object::new()
                .with("payment_preimage", payment.payment_preimage.as_str())
                .with("amount_msat", payment.amount_msat)
                .with("amount_sent_msat", payment.amount_sent_msat)
                .with("parts", 1u64)
                .with("destination", node.id())
                .with("payment_hash", payment.payment_hash)
                .with("status", "complete")
                .with(
                    "created_at",
                    Value::Raw(format!("{}.{:09}", now.as_secs(), now.subsec_nanos())),
                )
        }
        Err(PayError::AlreadyPaid) => {
            let payment = node
                .books()?
                .ledger()
                .by_hash(&order.payment_hash)
                .and_then(payment_of);
            again(node, payment.ok_or(PayError::Refused)?)
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Outcome::Done(Ok(paid.into())))
}

fn again(node: &Node, payment: Payment) -> Object {
    Object::new()
        .with("payment_preimage", payment.payment_preimage)
        .with("status", "complete")
        .with("amount_msat", payment.amount_msat)
        .with("amount_sent_msat", payment.amount_sent_msat)
        .with("destination", node.id())
        .with("payment_hash", payment.payment_hash)
        .with("created_at", payment.paid_at)
        .with("parts", 1u64)
}

/// The invoice and the amount; everything else is accepted and has no effect.
pub(super) fn parse(
    params: &Token<'_>,
    spec: &'static [Param],
) -> Result<(String, Option<u64>), RpcError> {
    let invoice = spec.first().map_or("", |param| param.name);
    let mut invstring = String::new();
    let mut amount_msat = None;
    read(params, spec, |name, token| {
        if name == invoice {
            invstring = token.text().to_owned();
        } else if name == "amount_msat" {
            let amount = params::msat(token)
                .ok_or_else(|| bad(name, token, "should be a millisatoshi amount"))?;
            amount_msat = Some(amount);
        }
        Ok(())
    })?;
    Ok((invstring, amount_msat))
}

impl From<PayError> for RpcError {
    fn from(error: PayError) -> Self {
        RpcError::new(error.code(), error.to_string())
    }
}
