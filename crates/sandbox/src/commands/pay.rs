//! `pay`: of one of the node's own invoices, or of one of a node that it was connected to. Paying a paid invoice succeeds
//! again, without another payment.

use std::sync::Arc;

use super::command::{Command, Outcome};
use crate::bolt11;
use crate::node::Node;
use crate::outgoing::OutgoingStatus;
use crate::params::{self, Param, bad, optional, read, required};
use crate::paying::{self, Wish};
use crate::payment::{Order, OwnAmount, PayError, Payment, execute, order, payment_of};
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
    let params = parse(params, PARAMS)?;
    let order = params.order()?;
    let payee = order.payee.clone();
    match pay(node, params, move |node, payment| {
        paid(node, payee, payment)
    }) {
        Err(error) if error.code == PayError::AlreadyPaid.code() => {
            let before = before(node, &order.payment_hash)?;
            let before = before.ok_or(PayError::Refused)?;
            Ok(Outcome::Done(Ok(again(order.payee, before).into())))
        }
        outcome => outcome,
    }
}

fn paid(node: &Node, payee: String, payment: Payment) -> Value {
    let now = node.clock.now();
    Object::new()
        .with("payment_preimage", payment.payment_preimage.as_str())
        .with("amount_msat", payment.amount_msat)
        .with("amount_sent_msat", payment.amount_sent_msat)
        .with("parts", 1u64)
        .with("destination", payee)
        .with("payment_hash", payment.payment_hash)
        .with("status", "complete")
        .with(
            "created_at",
            Value::Raw(format!("{}.{:09}", now.as_secs(), now.subsec_nanos())),
        )
        .into()
}

/// Pays an invoice of this node at once, one of another in its time.
pub(super) fn pay(
    node: &Arc<Node>,
    params: PayParams,
    show: impl FnOnce(&Node, Payment) -> Value + Send + 'static,
) -> Result<Outcome, RpcError> {
    let order = params.order()?;
    if order.payee == node.id() {
        let payment = execute(node, &order)?;
        return Ok(Outcome::Done(Ok(show(node, payment))));
    }
    let wish = Wish {
        bolt11: bolt11::canonical(&params.invstring).to_lowercase(),
        max_fee_msat: params.max_fee_msat,
    };
    let ended = paying::send(node, order, wish)?;
    let node = Arc::clone(node);
    Ok(Outcome::Later(Box::pin(async move {
        let ended = ended.await.ok()?;
        Some(match ended {
            Ok(payment) => Ok(show(&node, payment)),
            Err(error) => Err(error.into()),
        })
    })))
}

/// The payment of an invoice that is paid, the node's own or another's.
fn before(node: &Node, payment_hash: &[u8; 32]) -> Result<Option<Payment>, RpcError> {
    let own = node
        .books()?
        .ledger()
        .by_hash(payment_hash)
        .and_then(payment_of);
    let of_others = || {
        let payment = node.outgoing.payment(payment_hash)?;
        let OutgoingStatus::Complete(payment_preimage) = payment.status else {
            return None;
        };
        Some(Payment {
            label: String::new(),
            payment_hash: payment.payment_hash,
            payment_preimage,
            amount_msat: payment.amount_msat,
            amount_sent_msat: payment.amount_msat.saturating_add(payment.fee_msat),
            pay_index: 0,
            paid_at: payment.created_at,
        })
    };
    Ok(own.or_else(of_others))
}

fn again(payee: String, payment: Payment) -> Object {
    Object::new()
        .with("payment_preimage", payment.payment_preimage)
        .with("status", "complete")
        .with("amount_msat", payment.amount_msat)
        .with("amount_sent_msat", payment.amount_sent_msat)
        .with("destination", payee)
        .with("payment_hash", payment.payment_hash)
        .with("created_at", payment.paid_at)
        .with("parts", 1u64)
}

/// What is to be paid; everything else is accepted and has no effect.
pub(super) struct PayParams {
    invstring: String,
    amount_msat: Option<u64>,
    max_fee_msat: Option<u64>,
}

impl PayParams {
    fn order(&self) -> Result<Order, PayError> {
        order(&self.invstring, self.amount_msat, OwnAmount::Refused)
    }
}

/// Reads the parameters.
pub(super) fn parse(params: &Token<'_>, spec: &'static [Param]) -> Result<PayParams, RpcError> {
    let invoice = spec.first().map_or("", |param| param.name);
    let mut parsed = PayParams {
        invstring: String::new(),
        amount_msat: None,
        max_fee_msat: None,
    };
    read(params, spec, |name, token| {
        let amount = || {
            params::msat(token).ok_or_else(|| bad(name, token, "should be a millisatoshi amount"))
        };
        if name == invoice {
            parsed.invstring = token.text().to_owned();
        } else if name == "amount_msat" {
            parsed.amount_msat = Some(amount()?);
        } else if name == "maxfee" {
            parsed.max_fee_msat = Some(amount()?);
        }
        Ok(())
    })?;
    Ok(parsed)
}

impl From<PayError> for RpcError {
    fn from(error: PayError) -> Self {
        RpcError::new(error.code(), error.to_string())
    }
}
