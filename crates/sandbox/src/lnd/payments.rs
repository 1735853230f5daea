//! Paying: `SendPaymentV2` and `TrackPaymentV2`, streams of how a payment stands.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    body::{Body, path_hash, query_switch},
    refusal::Refusal,
};
use crate::{
    node::Node,
    outgoing::{Failure, OutgoingPayment, OutgoingStatus},
    paying::{self, Wish},
    payment::{self, OwnAmount, PayError},
};

/// gRPC's "already exists".
const ALREADY_EXISTS: i32 = 6;

/// What may stand in the body of `SendPaymentV2`; what is not used here is accepted.
const MEMBERS: &[&str] = &[
    "payment_request",
    "amt",
    "amt_msat",
    "fee_limit_sat",
    "fee_limit_msat",
    "timeout_seconds",
    "no_inflight_updates",
    "max_parts",
    "allow_self_payment",
    "cancelable",
];

/// How a payment stands, each time that it changes, until it has ended.
pub(super) struct Payments {
    node: Arc<Node>,
    hash: [u8; 32],
    changes: watch::Receiver<u64>,
    told: Option<&'static str>,
    quiet: bool,
}

impl Payments {
    /// Begins to pay.
    pub(super) fn send(node: &Arc<Node>, body: &[u8]) -> Result<Self, Refusal> {
        let body = Body::read(body, MEMBERS)?;
        let bolt11 = body.text("payment_request")?;
        let amount = match (body.unsigned("amt_msat")?, body.unsigned("amt")?) {
            (0, 0) => None,
            (0, sat) => Some(sat.saturating_mul(1000)),
            (msat, _) => Some(msat),
        };
        // Not said is 0, and 0 is a limit.
        let fee = match (
            body.integer("fee_limit_msat")?,
            body.integer("fee_limit_sat")?,
        ) {
            (0, sat) => sat.saturating_mul(1000),
            (msat, _) => msat,
        };
        let order = payment::order(&bolt11, amount, OwnAmount::Refused).map_err(refusal)?;
        if order.payee == node.id() {
            return Err(Refusal::unknown("self-payments not allowed"));
        }
        let wish = Wish {
            bolt11,
            // Below 0 is no limit.
            max_fee_msat: u64::try_from(fee).ok(),
        };
        let hash = order.payment_hash;
        let quiet = body.switch("no_inflight_updates")?;
        let mut payments = Self::of(node, hash, quiet);
        match paying::send(node, order.clone(), wish.clone()) {
            // It goes on without the answer to lightningd's caller.
            Ok(_) => {}
            Err(error @ (PayError::AlreadyPaid | PayError::InProgress | PayError::Expired(_))) => {
                return Err(refusal(error));
            }
            // LND writes it down before it looks for a way.
            Err(error) => {
                let draft = paying::draft(&order, wish, node.clock.now().as_secs());
                node.outgoing.fail(draft, paying::failure(&error));
            }
        }
        payments.changes.mark_changed();
        Ok(payments)
    }

    /// Follows one that was begun.
    pub(super) fn track(node: &Arc<Node>, path: &str, query: &str) -> Result<Self, Refusal> {
        let hash = path_hash(path)?;
        if node.outgoing.payment(&hash).is_none() {
            return Err(Refusal::not_found("payment isn't initiated"));
        }
        Ok(Self::of(
            node,
            hash,
            query_switch(query, "no_inflight_updates")?,
        ))
    }

    fn of(node: &Arc<Node>, hash: [u8; 32], quiet: bool) -> Self {
        Self {
            node: Arc::clone(node),
            hash,
            changes: node.outgoing.changes(),
            told: None,
            quiet,
        }
    }

    /// The next event; `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Value> {
        loop {
            if self.told.is_some_and(|status| status != "IN_FLIGHT") {
                return None;
            }
            self.changes.borrow_and_update();
            let payment = self.node.outgoing.payment(&self.hash)?;
            let status = status(&payment);
            let silent = self.quiet && status == "IN_FLIGHT";
            if self.told != Some(status) && !silent {
                self.told = Some(status);
                return Some(to_json(&payment));
            }
            self.changes.changed().await.ok()?;
        }
    }
}

fn refusal(error: PayError) -> Refusal {
    match error {
        PayError::AlreadyPaid => Refusal::new(ALREADY_EXISTS, "invoice is already paid"),
        PayError::InProgress => Refusal::new(ALREADY_EXISTS, "payment is in transition"),
        PayError::Expired(_) => Refusal::unknown("invoice expired. Valid until then"),
        PayError::AmountRequired => {
            Refusal::unknown("amount must be specified when paying a zero amount invoice")
        }
        PayError::AmountUnnecessary => {
            Refusal::unknown("amount must not be specified when paying a non-zero amount invoice")
        }
        PayError::OtherNetwork(_) => {
            Refusal::unknown("invoice not for current active network 'regtest'")
        }
        other => Refusal::unknown(other.to_string()),
    }
}

fn status(payment: &OutgoingPayment) -> &'static str {
    match payment.status {
        OutgoingStatus::Pending => "IN_FLIGHT",
        OutgoingStatus::Complete(_) => "SUCCEEDED",
        OutgoingStatus::Failed(_) => "FAILED",
    }
}

fn to_json(payment: &OutgoingPayment) -> Value {
    let (preimage, reason) = match &payment.status {
        OutgoingStatus::Pending => ("0".repeat(64), "FAILURE_REASON_NONE"),
        OutgoingStatus::Complete(preimage) => (preimage.clone(), "FAILURE_REASON_NONE"),
        OutgoingStatus::Failed(failure) => ("0".repeat(64), reason(failure)),
    };
    let (value, fee) = (payment.amount_msat, payment.fee_msat);
    json!({
        "payment_hash": payment.payment_hash,
        "value": (value / 1000).to_string(),
        "creation_date": payment.created_at.to_string(),
        "fee": (fee / 1000).to_string(),
        "payment_preimage": preimage,
        "value_sat": (value / 1000).to_string(),
        "value_msat": value.to_string(),
        "payment_request": payment.bolt11,
        "status": status(payment),
        "fee_sat": (fee / 1000).to_string(),
        "fee_msat": fee.to_string(),
        "htlcs": [],
        "payment_index": "1",
        "failure_reason": reason,
        "first_hop_custom_records": {},
    })
}

/// A test says LND's number; what the sandbox says by itself has lightningd's code.
fn reason(failure: &Failure) -> &'static str {
    match failure.code {
        1 | 209 => "FAILURE_REASON_TIMEOUT",
        3 => "FAILURE_REASON_ERROR",
        4 | 203 => "FAILURE_REASON_INCORRECT_PAYMENT_DETAILS",
        5 => "FAILURE_REASON_INSUFFICIENT_BALANCE",
        _ => "FAILURE_REASON_NO_ROUTE",
    }
}
