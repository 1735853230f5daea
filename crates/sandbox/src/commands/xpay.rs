//! `xpay`: of one of the node's own invoices, or of one of a node that it was connected to. Paying a paid invoice is an
//! error.

use super::command::Command;
use super::pay::{PayParams, parse, pay};
use crate::params::{Param, optional, required};
use crate::payment::Payment;
use crate::reply::{Object, Value};

const PARAMS: &[Param] = &[
    required("invstring"),
    optional("amount_msat"),
    optional("maxfee"),
    optional("layers"),
    optional("retry_for"),
    optional("partial_msat"),
    optional("maxdelay"),
    optional("payer_note"),
];

/// `xpay`.
pub(super) const COMMAND: Command = Command {
    name: "xpay",
    params: PARAMS,
    check: |params| parse(params, PARAMS).map(drop),
    run: |node, params| {
        let params: PayParams = parse(params, PARAMS)?;
        pay(node, params, |_, payment| paid(payment))
    },
};

fn paid(payment: Payment) -> Value {
    Object::new()
        .with("payment_preimage", payment.payment_preimage)
        .with("amount_msat", payment.amount_msat)
        .with("amount_sent_msat", payment.amount_sent_msat)
        .with("failed_parts", 0u64)
        .with("successful_parts", 1u64)
        .into()
}
