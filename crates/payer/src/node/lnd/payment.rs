//! A payment as LND writes it (`lnrpc.Payment`), in our words.

use facture_domain::{Msat, PaymentHash, Preimage, payout::FailureCode};
use facture_lnd_rest::Refusal;
use serde::Deserialize;

use crate::node::{
    error::NodeError,
    payment::{Retrying, Settled, Tracked},
};

/// A line of a stream.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Result(Payment),
    Error(Refusal),
}

#[derive(Deserialize)]
pub(super) struct Payment {
    status: Status,
    payment_preimage: String,
    value_msat: String,
    fee_msat: String,
    failure_reason: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    Unknown,
    Initiated,
    InFlight,
    Succeeded,
    Failed,
}

impl Payment {
    /// How it stands.
    pub(super) fn tracked(&self, hash: PaymentHash) -> Result<Tracked, NodeError> {
        match self.status {
            Status::Unknown => Err(NodeError::lost("a payment of an unknown status")),
            Status::Initiated | Status::InFlight => Ok(Tracked::Pending),
            Status::Failed => Ok(Tracked::Failed(Retrying::No, Some(self.failure()))),
            Status::Succeeded => self.settled(hash).map(Tracked::Paid),
        }
    }

    fn settled(&self, hash: PaymentHash) -> Result<Settled, NodeError> {
        let preimage = Preimage::parse(&self.payment_preimage).map_err(NodeError::lost)?;
        if preimage.payment_hash() != hash {
            return Err(NodeError::lost("it has the preimage of another payment"));
        }
        let msat = |text: &str| {
            let msat = text.parse().ok().and_then(Msat::from_msat);
            msat.ok_or_else(|| NodeError::lost("an amount that is none"))
        };
        Ok(Settled {
            preimage,
            amount: Some(msat(&self.value_msat)?),
            fee: msat(&self.fee_msat)?,
        })
    }

    fn failure(&self) -> (FailureCode, String) {
        let code = match self.failure_reason.as_str() {
            "FAILURE_REASON_TIMEOUT" | "FAILURE_REASON_CANCELED" => FailureCode::Timeout,
            "FAILURE_REASON_INCORRECT_PAYMENT_DETAILS" => FailureCode::DestinationRefused,
            "FAILURE_REASON_INSUFFICIENT_BALANCE" => FailureCode::InsufficientFunds,
            _ => FailureCode::NoRoute,
        };
        let message = match code {
            // LND does not tell the two apart.
            FailureCode::NoRoute => {
                "The node found no way to the destination for this amount within the fee limit."
            }
            FailureCode::DestinationRefused => "The destination refused the payment.",
            code => code.explanation(),
        };
        (code, format!("{message} ({})", self.failure_reason))
    }
}
