//! `pay`: a payout is ordered, and waited for. The payer carries it out; nothing here can.

use std::{sync::Arc, time::Duration};

use facture_domain::payout::PayoutId;
use facture_sidecar::{ApiError, Server};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use tokio::time::{Instant, sleep};
use utoipa::ToSchema;

use super::{
    call::{read, written},
    frames::{PaidJson, Payment},
};
use crate::{
    answer::{Failure, Outcome},
    command::Dialect,
};

/// The first and the longest pause between two looks at a payout.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// How long a payment may take until its sender is told that it is under way. A payer has a minute to begin it.
const PAYMENT_WAIT: Duration = Duration::from_secs(70);

/// Somebody else's payment was made.
const ALREADY_PAID: &str = "already_paid";

/// What orders payouts.
#[derive(Clone)]
pub(super) struct Payouts {
    server: Arc<Server>,
}

/// A payout, as far as answers need it.
#[derive(Debug, Deserialize)]
struct PayoutJson {
    id: String,
    state: String,
    amount_msat: Option<u64>,
    fee_msat: Option<u64>,
    payment_hash: Option<String>,
    preimage: Option<String>,
    failure: Option<FailureJson>,
}

#[derive(Debug, Deserialize)]
struct FailureJson {
    code: String,
    message: String,
}

/// What is said of a payment that may still be made.
#[derive(Serialize, ToSchema)]
#[schema(as = PendingPayment)]
pub(super) struct PendingJson<'a> {
    /// The state of the payout, or why the API has none for this command.
    code: &'a str,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    payout: Option<&'a str>,
}

impl Payouts {
    pub(super) fn new(server: Arc<Server>) -> Self {
        Self { server }
    }

    /// Orders a payout and waits for its end, for a while.
    pub(super) async fn pay(
        &self,
        order: &Map<String, Value>,
        key: &str,
        dialect: Dialect,
    ) -> Result<Outcome, ApiError> {
        let begun = Instant::now();
        let ordered = self
            .server
            .post("/payouts", Some(key), written(order)?)
            .await;
        let mut answer = match ordered {
            Ok(answer) => answer,
            Err(ApiError::Refused { code, message, .. }) if code == "already_ordered" => {
                return self.ordered_before(&code, &message, dialect).await;
            }
            Err(ApiError::Refused {
                code,
                message,
                field,
            }) => return Ok(refused(code, message, field, dialect)),
            Err(error) => return Err(error),
        };
        let mut pause = PAUSES.0;
        loop {
            let payout: PayoutJson = read(&answer)?;
            if let Some(outcome) = ended(&payout, &answer, dialect) {
                return Ok(outcome);
            }
            if begun.elapsed() > PAYMENT_WAIT {
                return Ok(pending(&payout, &answer, dialect));
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
            answer = self.server.get(&format!("/payouts/{}", payout.id)).await?;
        }
    }

    /// Another command, or somebody else, ordered the same invoice before; the API names that payout. It is paid, or may still be.
    async fn ordered_before(
        &self,
        code: &str,
        message: &str,
        dialect: Dialect,
    ) -> Result<Outcome, ApiError> {
        let mut words = message.split(|each: char| !each.is_ascii_alphanumeric() && each != '_');
        if let Some(id) = words.find_map(PayoutId::parse) {
            let answer = self.server.get(&format!("/payouts/{id}")).await?;
            let payout: PayoutJson = read(&answer)?;
            if payout.state == "paid" {
                let message = "Another payout has paid this invoice.";
                return Ok(failed(
                    ALREADY_PAID,
                    message,
                    dialect,
                    payout.subject(dialect),
                ));
            }
        }
        Ok(Outcome::pending(&PendingJson { code, payout: None }, None))
    }
}

impl PayoutJson {
    /// What an answer is about.
    fn subject(&self, dialect: Dialect) -> Option<String> {
        Some(match (dialect, &self.payment_hash) {
            (Dialect::Frame, Some(hash)) => hash.clone(),
            _ => self.id.clone(),
        })
    }

    fn payment(&self) -> Payment {
        Payment {
            amount_msat: self.amount_msat,
            fee_msat: self.fee_msat,
            payment_hash: self.payment_hash.clone(),
            preimage: self.preimage.clone(),
        }
    }
}

/// The API does not write the order down. It is no failure of the payment where the key already has an order.
fn refused(code: String, message: String, field: Option<String>, dialect: Dialect) -> Outcome {
    match (code.as_str(), dialect) {
        ("idempotency_key_reused", _) => {
            let code = &code;
            Outcome::pending(&PendingJson { code, payout: None }, None)
        }
        ("invoice_expired" | "own_invoice", Dialect::Frame) => {
            Outcome::failed(&Failure::of_payout(&code), None)
        }
        _ => Outcome::failed(&Failure::refused(code, message, field), None),
    }
}

/// The answer to a payout that has ended.
fn ended(payout: &PayoutJson, answer: &RawValue, dialect: Dialect) -> Option<Outcome> {
    let subject = payout.subject(dialect);
    let failed = |code: &str, message: &str| failed(code, message, dialect, subject.clone());
    Some(match payout.state.as_str() {
        "paid" => match dialect {
            Dialect::Frame => Outcome::success(&PaidJson::of(payout.payment()), subject),
            Dialect::Json => Outcome::success(&answer, subject),
        },
        "failed" => match &payout.failure {
            Some(failure) => failed(&failure.code, &failure.message),
            None => failed("error", "The payment has failed."),
        },
        "cancelled" => failed("payout_cancelled", "The payout was cancelled."),
        "expired" => failed("no_payer", "No payer has begun the payout in time."),
        _ => return None,
    })
}

/// The answer to a payment that is not made, and will not be by this command.
fn failed(code: &str, message: &str, dialect: Dialect, subject: Option<String>) -> Outcome {
    let failure = match dialect {
        Dialect::Frame => Failure::of_payout(code),
        Dialect::Json => Failure::refused(code.to_owned(), message.to_owned(), None),
    };
    Outcome::failed(&failure, subject)
}

/// The answer to one that has not.
fn pending(payout: &PayoutJson, answer: &RawValue, dialect: Dialect) -> Outcome {
    let subject = Some(payout.id.clone());
    match dialect {
        Dialect::Json => Outcome::pending(&answer, subject),
        Dialect::Frame => {
            let content = PendingJson {
                code: &payout.state,
                payout: Some(&payout.id),
            };
            Outcome::pending(&content, subject)
        }
    }
}
