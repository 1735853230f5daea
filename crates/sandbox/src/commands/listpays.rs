//! `listpays`: the payments that the node made to others, or tried.

use bitcoin::hashes::Hash;

use super::command::{Command, Outcome};
use crate::bolt11;
use crate::ledger::invoice::string_name;
use crate::node::Node;
use crate::outgoing::{OutgoingPayment, OutgoingStatus};
use crate::params::{Param, bad, hex32, optional, read};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[
    optional("bolt11"),
    optional("payment_hash"),
    optional("status"),
    optional("index"),
    optional("start"),
    optional("limit"),
];

/// `listpays`.
pub(super) const COMMAND: Command = Command {
    name: "listpays",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run: |node, params| Ok(Outcome::Done(Ok(run(node, &parse(params)?)))),
};

#[derive(Default)]
struct Wanted {
    payment_hash: Option<[u8; 32]>,
    status: Option<String>,
}

fn run(node: &Node, wanted: &Wanted) -> Value {
    let payments = match wanted.payment_hash {
        Some(hash) => node.outgoing.payment(&hash).into_iter().collect(),
        None => node.outgoing.payments(),
    };
    let pays: Vec<Value> = payments
        .iter()
        .filter(|payment| {
            let status = wanted.status.as_deref();
            status.is_none_or(|status| status == name(payment))
        })
        .map(|payment| show(payment).into())
        .collect();
    Object::new().with("pays", pays).into()
}

fn name(payment: &OutgoingPayment) -> &'static str {
    match payment.status {
        OutgoingStatus::Pending => "pending",
        OutgoingStatus::Complete(_) => "complete",
        OutgoingStatus::Failed(_) => "failed",
    }
}

fn show(payment: &OutgoingPayment) -> Object {
    let object = Object::new()
        .with(string_name(&payment.bolt11), payment.bolt11.as_str())
        .with("destination", payment.destination.as_str())
        .with("payment_hash", payment.payment_hash.as_str())
        .with("status", name(payment))
        .with("created_at", payment.created_at);
    let sent = payment.amount_msat.saturating_add(payment.fee_msat);
    match &payment.status {
        OutgoingStatus::Complete(preimage) => object
            .with("completed_at", payment.created_at)
            .with("preimage", preimage.as_str())
            .with("amount_msat", payment.amount_msat)
            .with("amount_sent_msat", sent),
        OutgoingStatus::Pending => object
            .with("amount_msat", payment.amount_msat)
            .with("amount_sent_msat", sent),
        OutgoingStatus::Failed(_) => object.with("amount_sent_msat", 0u64),
    }
}

fn parse(params: &Token<'_>) -> Result<Wanted, RpcError> {
    let mut wanted = Wanted::default();
    read(params, PARAMS, |name, token| {
        match name {
            "bolt11" => {
                let invoice = bolt11::read(bolt11::canonical(token.text()))
                    .map_err(|error| bad(name, token, &error.to_string()))?;
                let hash = invoice.raw_invoice().payment_hash();
                wanted.payment_hash = hash.map(|hash| hash.0.to_byte_array());
            }
            "payment_hash" => {
                let hash = hex32(name, token, "should be a 32 byte hex value")?;
                wanted.payment_hash = Some(hash);
            }
            "status" => wanted.status = Some(token.text().to_owned()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(wanted)
}
