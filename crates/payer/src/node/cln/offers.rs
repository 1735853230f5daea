//! Offers: lightningd reads them, and asks their owners for invoices.

use std::time::Duration;

use facture_domain::{Msat, NodeId, PaymentHash};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    calls::{json_of, session_with},
    client::Cln,
    method::Method,
    session::Session,
};
use crate::node::{
    error::{NodeError, within},
    offer::{Offer, OfferError, OfferInvoice, OfferPrice, OfferQuantity},
};

/// How long the owner of an offer may take to answer, in seconds. Requests are dropped in silence where there are too many, so it
/// is better to ask again than to wait.
const TIMEOUT: u64 = 15;

/// How long an invoice of BOLT 12 is good that does not say it, in seconds.
const DEFAULT_EXPIRY: i64 = 7200;

const NO_SUCH_METHOD: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const EXPIRED: i32 = 1002;
const NO_ROUTE: i32 = 1003;
const REFUSED: i32 = 1004;
const NO_ANSWER: i32 = 1005;

/// How the owner's lightningd begins when it refuses: then the request, which is long, a colon and the reason.
const REFUSED_REQUEST: &str = "Failed invreq";

/// A string of BOLT 12 as `decode` shows it, as far as we look at it.
#[derive(Deserialize)]
struct Decoded {
    r#type: String,
    valid: bool,
    offer_id: Option<String>,
    offer_issuer_id: Option<String>,
    #[serde(default)]
    offer_paths: Vec<OfferPath>,
    offer_amount_msat: Option<u64>,
    offer_currency: Option<String>,
    offer_quantity_max: Option<u64>,
    offer_recurrence: Option<Value>,
    invoice_node_id: Option<String>,
    invoice_payment_hash: Option<String>,
    invoice_amount_msat: Option<u64>,
    invoice_created_at: Option<i64>,
    invoice_relative_expiry: Option<i64>,
}

#[derive(Deserialize)]
struct OfferPath {
    #[serde(default)]
    path: Vec<Hop>,
}

#[derive(Deserialize)]
struct Hop {
    blinded_node_id: Option<String>,
}

#[derive(Deserialize)]
struct Fetched {
    invoice: String,
}

impl Cln {
    pub(in crate::node) async fn offer(
        &self,
        node: &NodeId,
        text: &str,
    ) -> Result<Offer, OfferError> {
        let asked = async {
            let mut session = session_with(self, node).await?;
            decode(&mut session, text).await
        };
        let decoded = within(self.deadline, asked).await.map_err(error)?;
        decoded.offer()
    }

    pub(in crate::node) async fn offer_invoice(
        &self,
        node: &NodeId,
        text: &str,
        amount: Msat,
        quantity: OfferQuantity,
    ) -> Result<OfferInvoice, OfferError> {
        let mut params = json!({
            "offer": text,
            "amount_msat": amount.msat(),
            "timeout": TIMEOUT,
        });
        if quantity == OfferQuantity::Required {
            params["quantity"] = 1.into();
        }
        let asked = async {
            let mut session = session_with(self, node).await?;
            let fetched = session.call(Method::Fetchinvoice, &params).await?;
            let Fetched { invoice } = json_of(fetched)?;
            let decoded = decode(&mut session, &invoice).await?;
            Ok((invoice, decoded))
        };
        let time = Duration::from_secs(TIMEOUT) + self.deadline;
        let (invoice, decoded) = within(time, asked).await.map_err(error)?;
        decoded.invoice(invoice)
    }
}

async fn decode(session: &mut Session, text: &str) -> Result<Decoded, NodeError> {
    let params = json!({ "string": text });
    json_of(session.call(Method::Decode, &params).await?)
}

fn invalid(message: &str) -> OfferError {
    OfferError::Invalid(message.to_owned())
}

impl Decoded {
    fn offer(self) -> Result<Offer, OfferError> {
        if self.r#type != "bolt12 offer" || !self.valid {
            return Err(invalid("It is not a valid offer."));
        }
        if self.offer_recurrence.is_some() {
            let reason = "It is an offer to be paid again and again.";
            return Err(OfferError::Unsupported(reason.to_owned()));
        }
        let price = match (self.offer_currency, self.offer_amount_msat) {
            (Some(currency), _) => OfferPrice::InCurrency(currency),
            (None, Some(msat)) => OfferPrice::Exact(
                Msat::from_msat(msat).ok_or_else(|| invalid("It asks too much."))?,
            ),
            (None, None) => OfferPrice::Any,
        };
        let last = |path: OfferPath| path.path.into_iter().last()?.blinded_node_id;
        Ok(Offer {
            id: self.offer_id.ok_or_else(|| invalid("It has no id."))?,
            issuer: self.offer_issuer_id,
            ends: self.offer_paths.into_iter().filter_map(last).collect(),
            price,
            quantity: match self.offer_quantity_max {
                Some(_) => OfferQuantity::Required,
                None => OfferQuantity::One,
            },
        })
    }

    fn invoice(self, text: String) -> Result<OfferInvoice, OfferError> {
        if self.r#type != "bolt12 invoice" || !self.valid {
            return Err(invalid(
                "Its owner gave something that is not a valid invoice.",
            ));
        }
        let said = || {
            let expiry = self.invoice_relative_expiry.unwrap_or(DEFAULT_EXPIRY);
            let expires_at = self.invoice_created_at?.checked_add(expiry)?;
            let hash: PaymentHash = self.invoice_payment_hash?.parse().ok()?;
            Some(OfferInvoice {
                text,
                offer_id: self.offer_id?,
                node: self.invoice_node_id?,
                payment_hash: hash,
                amount: Msat::from_msat(self.invoice_amount_msat?)?,
                expires_at: Timestamp::from_second(expires_at).ok()?,
            })
        };
        said().ok_or_else(|| invalid("Its owner gave an invoice that lacks something."))
    }
}

/// What lightningd's refusal means (`common/jsonrpc_errors.h`; observed with v26.06.6).
fn error(error: NodeError) -> OfferError {
    let (code, message) = match error {
        NodeError::Refused {
            code,
            message,
            detail,
        } => (code, detail.map_or(message, |said| owners_reason(&said))),
        NodeError::Forbidden(reason) => return OfferError::Unsupported(reason),
        other => return other.into(),
    };
    match code {
        INVALID_PARAMS if message.contains("wrong chain") => OfferError::OtherNetwork,
        INVALID_PARAMS => OfferError::Invalid(message),
        EXPIRED => OfferError::Expired,
        REFUSED => OfferError::Refused(message),
        NO_ROUTE | NO_ANSWER => OfferError::NoAnswer(message),
        NO_SUCH_METHOD => OfferError::Unsupported(message),
        // Its own refusal: asked again, but not each second.
        _ => OfferError::NoAnswer(format!("{message} ({code})")),
    }
}

/// The reason in the words of an offer's owner.
fn owners_reason(said: &str) -> String {
    let reason = match said.strip_prefix(REFUSED_REQUEST) {
        Some(rest) => rest.split_once(": ").map_or(said, |(_, reason)| reason),
        None => said,
    };
    reason.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owners_reason_is_told_whole_and_without_the_request() {
        for (said, reason) in [
            ("Failed invreq lnr1qq: Offer expired", "Offer expired"),
            (
                "Failed invreq lnr1qq: not now: we are closed",
                "not now: we are closed",
            ),
            ("Failed invreq: no", "no"),
            ("Sold out: come back later", "Sold out: come back later"),
        ] {
            assert_eq!(owners_reason(said), reason);
        }
    }
}
