//! `xpay` of one of the node's own invoices. Paying a paid invoice is an error.

use super::command::{Command, Outcome};
use super::pay::parse;
use crate::params::{Param, optional, required};
use crate::payment::{OwnAmount, execute, order};
use crate::reply::Object;

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
        let (invstring, amount_msat) = parse(params, PARAMS)?;
        let payment = execute(node, &order(&invstring, amount_msat, OwnAmount::Refused)?)?;
        let paid = Object::new()
            .with("payment_preimage", payment.payment_preimage)
            .with("amount_msat", payment.amount_msat)
            .with("amount_sent_msat", payment.amount_sent_msat)
            .with("failed_parts", 0u64)
            .with("successful_parts", 1u64);
        Ok(Outcome::Done(Ok(paid.into())))
    },
};
