//! What a BOLT 12 string says (`decode`).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, read};
use crate::cln::{error::Error, method::Method};
use facture_domain::{
    Msat, Network,
    payment_string::{Bolt12, Bolt12Fields, Bolt12Reading},
};

/// lightningd's code for bad parameters: the string cannot be decoded.
const INVALID_PARAMS: i32 = -32602;

/// The expiry of an invoice that does not say so, in seconds (BOLT 12).
const DEFAULT_EXPIRY: u64 = 7200;

/// The most decimals that a currency has (ISO 4217).
const MAX_MINOR_UNIT: u32 = 4;

/// What we need of an answer of `decode` about a BOLT 12 string. An invoice repeats the fields of its request and of its
/// offer.
#[derive(Deserialize)]
struct Decoded {
    valid: bool,
    #[serde(default)]
    offer_chains: Option<Vec<String>>,
    offer_currency: Option<String>,
    currency_minor_unit: Option<u32>,
    offer_amount: Option<u64>,
    offer_amount_msat: Option<u64>,
    offer_description: Option<String>,
    offer_issuer: Option<String>,
    offer_absolute_expiry: Option<u64>,
    offer_issuer_id: Option<String>,
    invreq_chain: Option<String>,
    invreq_amount_msat: Option<u64>,
    invreq_payer_id: Option<String>,
    invoice_amount_msat: Option<u64>,
    invoice_created_at: Option<u64>,
    invoice_relative_expiry: Option<u64>,
    invoice_payment_hash: Option<String>,
    invoice_node_id: Option<String>,
}

impl Client {
    /// Reads a BOLT 12 string (`decode`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub async fn decode(&self, text: &Bolt12) -> Result<Bolt12Reading, Error> {
        let request = json!({ "string": text.as_str() });
        let answer: Value = match self.call(Method::Decode, &request).await {
            Ok(answer) => answer,
            Err(Error::Forbidden { .. } | Error::TooOld { .. }) => {
                return Ok(Bolt12Reading::Unavailable);
            }
            Err(Error::Rejected {
                code: INVALID_PARAMS,
                message,
                ..
            }) => return Ok(Bolt12Reading::Invalid(message)),
            Err(error) => return Err(error),
        };
        let warning = warning(&answer);
        let decoded: Decoded = read(Method::Decode, answer)?;
        Ok(match decoded.valid {
            true => Bolt12Reading::Read(Box::new(decoded.into())),
            false => Bolt12Reading::Invalid(warning.unwrap_or_default()),
        })
    }
}

/// Why it is not valid: the first member that says so.
fn warning(answer: &Value) -> Option<String> {
    let mut members = answer.as_object()?.iter();
    let (_, text) = members.find(|(name, _)| name.starts_with("warning_"))?;
    text.as_str().map(str::to_owned)
}

impl From<Decoded> for Bolt12Fields {
    fn from(decoded: Decoded) -> Self {
        let amount = decoded
            .invoice_amount_msat
            .or(decoded.invreq_amount_msat)
            .or(decoded.offer_amount_msat);
        Self {
            amount: amount.and_then(Msat::from_msat),
            price: decoded.price(),
            expires_at: decoded.expires_at(),
            network: decoded.network(),
            payment_hash: decoded
                .invoice_payment_hash
                .and_then(|hash| hash.parse().ok()),
            description: decoded.offer_description,
            issuer: decoded.offer_issuer,
            destination: decoded
                .invoice_node_id
                .or(decoded.offer_issuer_id)
                .or(decoded.invreq_payer_id),
        }
    }
}

impl Decoded {
    /// The amount in another currency, of which lightningd gives the digits without the point.
    fn price(&self) -> Option<String> {
        let (currency, amount) = (self.offer_currency.as_ref()?, self.offer_amount?);
        Some(match self.currency_minor_unit? {
            0 => format!("{amount} {currency}"),
            places @ 1..=MAX_MINOR_UNIT => {
                let per_unit = 10_u64.pow(places);
                let (whole, part) = (amount / per_unit, amount % per_unit);
                format!("{whole}.{part:0width$} {currency}", width = places as usize)
            }
            _ => return None,
        })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        let seconds = match self.invoice_created_at {
            Some(created) => {
                let expiry = self.invoice_relative_expiry.unwrap_or(DEFAULT_EXPIRY);
                created.saturating_add(expiry)
            }
            None => self.offer_absolute_expiry?,
        };
        let seconds = i64::try_from(seconds).ok();
        let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        Some(time.unwrap_or(Timestamp::MAX))
    }

    /// The chain: without one it is bitcoin's (BOLT 12). Of several, the first that we know.
    fn network(&self) -> Option<Network> {
        match (&self.invreq_chain, &self.offer_chains) {
            (Some(chain), _) => Network::of_chain_hash(chain),
            (None, Some(chains)) => chains
                .iter()
                .find_map(|chain| Network::of_chain_hash(chain)),
            (None, None) => Some(Network::Bitcoin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(answer: Value) -> Bolt12Fields {
        serde_json::from_value::<Decoded>(answer).unwrap().into()
    }

    #[test]
    fn an_offer_in_another_currency_has_a_price() {
        let offer = json!({
            "type": "bolt12 offer", "valid": true, "offer_currency": "EUR", "currency_minor_unit": 2,
            "offer_amount": 1205, "offer_description": "tea", "offer_absolute_expiry": u64::MAX,
        });
        let read = fields(offer);
        assert_eq!(read.price.as_deref(), Some("12.05 EUR"));
        assert_eq!((read.amount, read.expires_at), (None, Some(Timestamp::MAX)));
        assert_eq!(read.network, Some(Network::Bitcoin));
    }

    #[test]
    fn an_invoice_has_the_last_word() {
        let invoice = json!({
            "type": "bolt12 invoice", "valid": true, "offer_amount_msat": 1, "invreq_amount_msat": 2, "invoice_amount_msat": 3,
            "invoice_created_at": 100, "invoice_payment_hash": "07".repeat(32), "invoice_node_id": "02ab",
            "invreq_chain": "06226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188910f",
        });
        let read = fields(invoice);
        assert_eq!(read.amount, Msat::from_msat(3));
        assert_eq!(read.expires_at.map(Timestamp::as_second), Some(7300));
        assert_eq!(read.network, Some(Network::Regtest));
        assert!(read.payment_hash.is_some());
    }
}
