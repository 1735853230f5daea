//! The calls: what is asked, and what the answers mean.

use facture_domain::{Msat, NodeId, PaymentHash, Preimage, payout::FailureCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{client::Cln, method::Method, refusal, session::Session};
use crate::node::{
    error::{NodeError, same, within},
    payment::{Answer, Instruction, NodeInfo, Retrying, Settled, Tracked},
};

#[derive(Deserialize)]
struct Info {
    id: String,
    network: String,
}

#[derive(Deserialize)]
struct Pays {
    pays: Vec<Pay>,
}

/// A payment in `listpays`. There may be several of one hash: one for each command that tried.
#[derive(Deserialize)]
struct Pay {
    status: Status,
    preimage: Option<String>,
    amount_msat: Option<u64>,
    amount_sent_msat: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Pending,
    Complete,
    Failed,
}

#[derive(Deserialize)]
struct Paid {
    payment_preimage: String,
    amount_msat: u64,
    amount_sent_msat: u64,
}

impl Cln {
    pub(in crate::node) async fn info(&self) -> Result<NodeInfo, NodeError> {
        let asked = async {
            let mut session = self.place.open().await?;
            info(&mut session).await
        };
        let info = within(self.deadline, asked).await?;
        Ok(NodeInfo {
            id: NodeId::new(info.id),
            network: info.network,
        })
    }

    pub(in crate::node) async fn track(
        &self,
        node: &NodeId,
        hash: PaymentHash,
    ) -> Result<Tracked, NodeError> {
        let asked = async {
            let mut session = session_with(self, node).await?;
            let params = json!({ "payment_hash": hash.to_string() });
            session.call(Method::Listpays, &params).await
        };
        let pays: Pays = json_of(within(self.deadline, asked).await?)?;
        tracked(pays, hash)
    }

    pub(in crate::node) async fn pay(&self, instruction: &Instruction) -> Answer {
        let opened = within(self.deadline, session_with(self, &instruction.node));
        let mut session = match opened.await {
            Ok(session) => session,
            // Nothing that spends was sent on it.
            Err(error) => return Answer::NotSent(error),
        };
        let seconds = instruction.retry_for.as_secs();
        let mut params = json!({
            "invstring": instruction.invoice,
            "maxfee": instruction.max_fee.msat(),
            "retry_for": seconds,
        });
        if let Some(amount) = instruction.amount {
            params["amount_msat"] = amount.msat().into();
        }
        let time = instruction.retry_for + self.deadline;
        match timeout(time, session.call(Method::Xpay, &params)).await {
            Err(_) => Answer::InDoubt(format!("no answer within {} seconds", time.as_secs())),
            Ok(Ok(answer)) => paid(answer, instruction.payment_hash),
            Ok(Err(NodeError::Refused { code, message, .. })) => refusal::read(code, message),
            Ok(Err(error @ (NodeError::NotSent(_) | NodeError::OtherNode { .. }))) => {
                Answer::NotSent(error)
            }
            Ok(Err(NodeError::Forbidden(reason))) => {
                Answer::Refused(FailureCode::LimitExceeded, reason)
            }
            Ok(Err(NodeError::Lost(reason))) => Answer::InDoubt(reason),
        }
    }
}

/// A connection to this node and no other.
pub(super) async fn session_with(cln: &Cln, node: &NodeId) -> Result<Session, NodeError> {
    let mut session = cln.place.open().await?;
    let found = info(&mut session).await?;
    same(node, NodeId::new(found.id))?;
    Ok(session)
}

async fn info(session: &mut Session) -> Result<Info, NodeError> {
    json_of(session.call(Method::Getinfo, &json!({})).await?)
}

/// The answer as it should be.
pub(super) fn json_of<T: DeserializeOwned>(answer: Value) -> Result<T, NodeError> {
    serde_json::from_value(answer).map_err(NodeError::lost)
}

fn paid(answer: Value, hash: PaymentHash) -> Answer {
    let paid: Paid = match json_of(answer) {
        Ok(paid) => paid,
        Err(error) => return Answer::InDoubt(error.to_string()),
    };
    let (amount, sent) = (Some(paid.amount_msat), Some(paid.amount_sent_msat));
    match settled(&paid.payment_preimage, amount, sent, hash) {
        Ok(settled) => Answer::Paid(settled),
        Err(error) => Answer::InDoubt(error.to_string()),
    }
}

fn tracked(pays: Pays, hash: PaymentHash) -> Result<Tracked, NodeError> {
    let with = |status| pays.pays.iter().find(|pay| pay.status == status);
    if let Some(pay) = with(Status::Complete) {
        let preimage = pay.preimage.as_deref().unwrap_or_default();
        let settled = settled(preimage, pay.amount_msat, pay.amount_sent_msat, hash)?;
        return Ok(Tracked::Paid(settled));
    }
    Ok(if with(Status::Pending).is_some() {
        Tracked::Pending
    } else if with(Status::Failed).is_some() {
        // xpay goes on trying when its caller has gone.
        Tracked::Failed(Retrying::InItsTime, None)
    } else {
        Tracked::Nothing
    })
}

fn settled(
    preimage: &str,
    amount_msat: Option<u64>,
    sent_msat: Option<u64>,
    hash: PaymentHash,
) -> Result<Settled, NodeError> {
    let preimage = Preimage::parse(preimage).map_err(NodeError::lost)?;
    if preimage.payment_hash() != hash {
        return Err(NodeError::lost("it has the preimage of another payment"));
    }
    let amount = amount_msat.and_then(Msat::from_msat);
    // Without the amount the fee cannot be told; lightningd leaves it out for payments that others made.
    let sent = sent_msat.and_then(Msat::from_msat).or(amount);
    let fee = match (sent, amount) {
        (Some(sent), Some(amount)) => sent.msat().saturating_sub(amount.msat()),
        _ => 0,
    };
    Ok(Settled {
        preimage,
        amount,
        fee: Msat::from_msat(fee).unwrap_or(Msat::MAX),
    })
}
