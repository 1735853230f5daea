//! What the node knows of a payment whose end is not known here, and what is reported of it.

use std::time::Duration;

use facture_domain::{Msat, NodeId, PaymentHash, payout::FailureCode};
use facture_runtime::clock;
use jiff::Timestamp;

use crate::{
    node::{Node, NodeError, Settled, Tracked},
    wire::Report,
};

/// The node may begin another attempt for as long as it was told, and a little longer.
pub(crate) const GRACE: Duration = Duration::from_secs(15);

/// What the node knows of a payment whose end is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It is made.
    Paid(Settled),
    /// It failed, and is not tried again.
    Failed(FailureCode, String),
    /// It is under way, or may be tried again by the node.
    UnderWay,
    /// The node knows nothing of it: it never made it, or has made and forgotten it.
    Nothing,
}

/// What the node knows of a payment that was last heard of at this time.
pub(crate) async fn resolution(
    node: &Node,
    id: &NodeId,
    hash: PaymentHash,
    since: Timestamp,
    now: Timestamp,
    retry_for: Duration,
) -> Result<Resolution, NodeError> {
    let over = now >= clock::after(since, retry_for + GRACE);
    Ok(match node.track(id, hash).await? {
        Tracked::Paid(settled) => Resolution::Paid(settled),
        Tracked::Pending => Resolution::UnderWay,
        Tracked::Failed(..) if !over => Resolution::UnderWay,
        Tracked::Failed(_, why) => {
            let (code, message) = why.unwrap_or_else(failed);
            Resolution::Failed(code, message)
        }
        Tracked::Nothing => Resolution::Nothing,
    })
}

/// A failure of which the node says no more.
pub(crate) fn failed() -> (FailureCode, String) {
    let message = "The node tried to pay it and could not.".to_owned();
    (FailureCode::NoRoute, message)
}

impl Resolution {
    /// What is reported of a payout that was ordered, or begun, with this amount; `None` while the node does not know enough.
    pub(crate) fn report(&self, amount: Option<Msat>) -> Option<Report> {
        match self {
            Self::Paid(settled) => Some(Report::Paid {
                preimage: settled.preimage.clone(),
                amount: settled.amount.or(amount)?,
                fee: settled.fee,
            }),
            Self::Failed(code, message) => Some(Report::Failed(*code, message.clone())),
            Self::UnderWay | Self::Nothing => None,
        }
    }
}
