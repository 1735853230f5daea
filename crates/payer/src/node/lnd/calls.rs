//! The calls: what is asked, and what the answers mean.

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use facture_domain::{NodeId, PaymentHash, payout::FailureCode};
use serde::Deserialize;
use serde_json::json;

use super::{
    client::Lnd,
    connection::{Stream, error_of},
    method::Method,
    payment::{Line, Payment},
};
use crate::node::{
    error::{NodeError, same, within},
    payment::{Answer, Instruction, NodeInfo, Tracked},
};

/// gRPC's "not found" and "already exists".
const NOT_FOUND: i32 = 5;
const ALREADY_EXISTS: i32 = 6;

#[derive(Deserialize)]
struct Info {
    identity_pubkey: String,
    chains: Vec<Chain>,
}

#[derive(Deserialize)]
struct Chain {
    network: String,
}

impl Lnd {
    pub(in crate::node) async fn info(&self) -> Result<NodeInfo, NodeError> {
        let asked = async {
            let answer = self.request(Method::GetInfo, "", None).await?;
            answer.whole().await
        };
        let answer = within(self.deadline, asked).await?;
        let info: Info = serde_json::from_slice(&answer).map_err(NodeError::lost)?;
        let chain = info.chains.into_iter().next();
        let chain = chain.ok_or_else(|| NodeError::not_sent("it is on no chain"))?;
        Ok(NodeInfo {
            id: NodeId::new(info.identity_pubkey),
            network: chain.network,
        })
    }

    pub(in crate::node) async fn track(
        &self,
        node: &NodeId,
        hash: PaymentHash,
    ) -> Result<Tracked, NodeError> {
        same(node, self.info().await?.id)?;
        let hash_in_path = URL_SAFE.encode(hash.to_bytes());
        let asked = async {
            let mut stream = self
                .request(Method::TrackPaymentV2, &hash_in_path, None)
                .await?;
            // The first line is how it stands now.
            payment(&mut stream).await
        };
        match within(self.deadline, asked).await {
            Ok(payment) => payment.tracked(hash),
            Err(NodeError::Refused {
                code: NOT_FOUND, ..
            }) => Ok(Tracked::Nothing),
            Err(error) => Err(error),
        }
    }

    pub(in crate::node) async fn pay(&self, instruction: &Instruction) -> Answer {
        // Nothing that spends is sent before this.
        match self.info().await {
            Ok(info) => match same(&instruction.node, info.id) {
                Ok(()) => {}
                Err(error) => return Answer::NotSent(error),
            },
            Err(error) => return Answer::NotSent(error),
        }
        let mut body = json!({
            "payment_request": instruction.invoice,
            "fee_limit_msat": instruction.max_fee.msat().to_string(),
            "timeout_seconds": instruction.retry_for.as_secs(),
            "no_inflight_updates": true,
        });
        if let Some(amount) = instruction.amount {
            body["amt_msat"] = amount.msat().to_string().into();
        }
        let sent = async {
            let body = Some(body.to_string());
            let mut stream = self.request(Method::SendPaymentV2, "", body).await?;
            payment(&mut stream).await
        };
        let time = instruction.retry_for + self.deadline;
        match within(time, sent).await {
            Ok(payment) => ended(&payment, instruction.payment_hash),
            Err(NodeError::Refused { code, message, .. }) => refused(code, message),
            Err(NodeError::Forbidden(reason)) => {
                Answer::Refused(FailureCode::LimitExceeded, reason)
            }
            Err(error @ (NodeError::NotSent(_) | NodeError::OtherNode { .. })) => {
                Answer::NotSent(error)
            }
            Err(NodeError::Lost(reason)) => Answer::InDoubt(reason),
        }
    }
}

async fn payment(stream: &mut Stream) -> Result<Payment, NodeError> {
    let line = stream.line().await?;
    let line = line.ok_or_else(|| NodeError::lost("the stream ended"))?;
    match serde_json::from_slice(&line).map_err(NodeError::lost)? {
        Line::Result(payment) => Ok(payment),
        Line::Error(refusal) => Err(error_of(refusal)),
    }
}

fn ended(payment: &Payment, hash: PaymentHash) -> Answer {
    match payment.tracked(hash) {
        Ok(Tracked::Paid(settled)) => Answer::Paid(settled),
        Ok(Tracked::Failed(_, Some((code, message)))) => Answer::Refused(code, message),
        Ok(_) => Answer::InDoubt("the payment is under way".to_owned()),
        Err(error) => Answer::InDoubt(error.to_string()),
    }
}

/// What LND said before it began.
fn refused(code: i32, message: String) -> Answer {
    let says = |part: &str| message.contains(part);
    let failure = if code == ALREADY_EXISTS {
        return Answer::InDoubt(message);
    } else if says("invoice expired") {
        FailureCode::InvoiceExpired
    } else if says("self-payments not allowed") {
        FailureCode::OwnInvoice
    } else if says("not for current active network") || says("invoice not for") {
        FailureCode::WrongNetwork
    } else if says("amount must be specified") {
        FailureCode::AmountMissing
    } else if says("amount must not be specified") {
        FailureCode::AmountNotAllowed
    } else {
        FailureCode::NodeUnavailable
    };
    Answer::Refused(failure, message)
}
