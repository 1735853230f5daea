//! Each command becomes calls of the API, under the key of the command.

use std::sync::Arc;

use facture_domain::payment_string::{PaymentString, Way};
use facture_sidecar::{ApiError, Server, path_of};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    call::{read, written},
    frames::DecodedJson,
    payout::Payouts,
};
use crate::{
    answer::{Failure, Outcome},
    command::{Action, Command, Dialect, Named},
};

/// What carries out commands.
#[derive(Clone)]
pub(crate) struct Actor {
    server: Arc<Server>,
    payouts: Payouts,
}

/// It cannot be carried out now.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct NotNow {
    /// For people.
    pub(crate) reason: String,
    /// Whether it may already be written down as an order: then nobody may be told that it failed.
    pub(crate) may_be_ordered: bool,
}

/// An invoice, as far as answers need it.
#[derive(Deserialize)]
struct InvoiceJson {
    label: String,
    bolt11: String,
}

impl Actor {
    /// One that asks this server.
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self {
            payouts: Payouts::new(Arc::clone(&server)),
            server,
        }
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// [`NotNow`]: the same command may be tried again.
    pub(crate) async fn carry_out(&self, command: &Command) -> Result<Outcome, NotNow> {
        let key = command.request.replay_key.idempotency_key();
        let dialect = command.request.dialect;
        let done = match &command.action {
            Action::Decode(text) => self.decode(text, dialect).await,
            Action::Create(new) => self.create(new, &key, dialect).await,
            Action::Pay(order) => self.payouts.pay(order, &key, dialect).await,
            Action::Lookup(named) => self.named(named, Operation::Lookup).await,
            Action::Cancel(named) => self.named(named, Operation::Cancel).await,
        };
        match done {
            Ok(outcome) => Ok(outcome),
            Err(ApiError::Refused {
                code,
                message,
                field,
            }) => {
                let failure = Failure::refused(code, message, field);
                Ok(Outcome::failed(&failure, None))
            }
            Err(error @ (ApiError::Unavailable(_) | ApiError::Unauthorized(_))) => Err(NotNow {
                reason: error.to_string(),
                may_be_ordered: matches!(command.action, Action::Pay(_)),
            }),
        }
    }

    async fn decode(&self, text: &str, dialect: Dialect) -> Result<Outcome, ApiError> {
        match dialect {
            // What a frame asks for is in the string itself.
            Dialect::Frame => Ok(match PaymentString::parse(text).map(|read| read.way) {
                Ok(Way::Bolt11(request)) => {
                    let subject = request.decoded.payment_hash.to_string();
                    Outcome::success(&DecodedJson::of(&request), Some(subject))
                }
                Ok(_) => string_invalid("is not a BOLT 11 payment request"),
                Err(error) => string_invalid(&error.to_string()),
            }),
            Dialect::Json => {
                let body = serde_json::json!({ "string": text }).to_string();
                let read = self.server.post("/decode", None, body.into_bytes()).await?;
                Ok(Outcome::success(&read, None))
            }
        }
    }

    async fn create(
        &self,
        new: &Map<String, Value>,
        key: &str,
        dialect: Dialect,
    ) -> Result<Outcome, ApiError> {
        let body = written(new)?;
        let made = self.server.post("/invoices", Some(key), body).await?;
        let InvoiceJson { label, bolt11 } = read(&made)?;
        Ok(match dialect {
            Dialect::Frame => Outcome::success(&bolt11, Some(label)),
            Dialect::Json => Outcome::success(&made, Some(label)),
        })
    }

    async fn named(&self, named: &Named, operation: Operation) -> Result<Outcome, ApiError> {
        let (path, subject) = match named {
            Named::Invoice(label) => (path_of("invoices", label), label.clone()),
            Named::Payout(id) => (format!("/payouts/{id}"), id.to_string()),
        };
        let answer = match operation {
            Operation::Lookup => self.server.get(&path).await?,
            Operation::Cancel => {
                let path = format!("{path}/cancel");
                self.server.post(&path, None, Vec::new()).await?
            }
        };
        Ok(Outcome::success(&answer, Some(subject)))
    }
}

/// What can be done with something that exists.
#[derive(Clone, Copy)]
enum Operation {
    Lookup,
    Cancel,
}

fn string_invalid(reason: &str) -> Outcome {
    let message = format!("The string {reason}.");
    let field = Some("payment_request".to_owned());
    Outcome::failed(
        &Failure::refused("string_invalid".to_owned(), message, field),
        None,
    )
}
