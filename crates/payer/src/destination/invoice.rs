//! A BOLT 11 invoice as its payer reads it: signature included, for it names who is paid.

use std::time::Duration;

use facture_domain::{Msat, NodeId, PaymentHash, payout::FailureCode};
use jiff::Timestamp;
use lightning_invoice::{Bolt11Invoice, Bolt11InvoiceDescriptionRef, Currency};

use crate::node::NodeInfo;

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// The string, in lower case.
    pub text: String,
    /// Its payment hash.
    pub payment_hash: PaymentHash,
    /// What it asks for; `None` leaves it to the payer.
    pub amount: Option<Msat>,
    /// Who is paid.
    pub payee: NodeId,
    /// What the invoices of its network begin with, behind `ln`.
    pub network: &'static str,
    /// When it can no longer be paid.
    pub expires_at: Timestamp,
    /// What it says that it is for.
    pub description: Option<String>,
    /// SHA-256 of what it is for, in its place.
    pub description_hash: Option<[u8; 32]>,
}

/// Why an invoice is not paid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvoiceError {
    /// For programs.
    pub code: FailureCode,
    /// For people.
    pub message: String,
}

impl InvoiceError {
    pub(crate) fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// With the usual words for this code.
    pub(crate) fn of(code: FailureCode) -> Self {
        Self::new(code, code.explanation())
    }
}

impl Invoice {
    /// Reads an invoice, with or without `lightning:` before it, and checks its signature.
    ///
    /// # Errors
    /// [`FailureCode::DestinationInvalid`] with the reason.
    pub fn parse(text: &str) -> Result<Self, InvoiceError> {
        let invalid =
            |reason: &str| InvoiceError::new(FailureCode::DestinationInvalid, reason.to_owned());
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("lightning:").unwrap_or(&text).to_owned();
        let parsed: Bolt11Invoice = text
            .parse()
            .map_err(|error| invalid(&format!("not a BOLT 11 invoice: {error}")))?;
        let amount = match parsed.amount_milli_satoshis() {
            None => None,
            Some(msat) => {
                let amount = Msat::from_msat(msat);
                Some(amount.ok_or_else(|| invalid("more than 21 million bitcoin"))?)
            }
        };
        let expires = parsed.expires_at().unwrap_or(Duration::MAX).as_secs();
        let expires = i64::try_from(expires).ok();
        let expires_at = expires.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let (description, description_hash) = match parsed.description() {
            Bolt11InvoiceDescriptionRef::Direct(text) => (Some(text.to_string()), None),
            Bolt11InvoiceDescriptionRef::Hash(hash) => {
                let bytes: &[u8] = hash.0.as_ref();
                (None, bytes.try_into().ok())
            }
        };
        Ok(Self {
            payment_hash: PaymentHash::from(*parsed.payment_hash()),
            amount,
            payee: NodeId::new(parsed.get_payee_pub_key().to_string()),
            network: match parsed.currency() {
                Currency::Bitcoin => "bc",
                Currency::BitcoinTestnet => "tb",
                Currency::Regtest => "bcrt",
                Currency::Simnet => "sb",
                Currency::Signet => "tbs",
            },
            expires_at: expires_at.unwrap_or(Timestamp::MAX),
            description,
            description_hash,
            text,
        })
    }

    /// Whether this node can pay it now.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, node: &NodeInfo, now: Timestamp) -> Result<(), InvoiceError> {
        let refused = |code| Err(InvoiceError::of(code));
        if self.network != node.network {
            return refused(FailureCode::WrongNetwork);
        }
        if self.payee == node.id {
            return refused(FailureCode::OwnInvoice);
        }
        if self.expires_at <= now {
            return refused(FailureCode::InvoiceExpired);
        }
        Ok(())
    }

    /// The amount that is paid when so much was ordered.
    ///
    /// # Errors
    /// [`FailureCode::AmountMissing`], [`FailureCode::AmountNotAllowed`].
    pub fn amount_for(&self, ordered: Option<Msat>) -> Result<Msat, InvoiceError> {
        match (self.amount, ordered) {
            (None, None) => Err(InvoiceError::of(FailureCode::AmountMissing)),
            (Some(asked), Some(ordered)) if asked != ordered => Err(InvoiceError::new(
                FailureCode::AmountNotAllowed,
                format!(
                    "The invoice asks for {} msat, and {} msat were ordered.",
                    asked.msat(),
                    ordered.msat()
                ),
            )),
            (Some(amount), _) | (None, Some(amount)) if amount.msat() == 0 => {
                Err(InvoiceError::of(FailureCode::AmountNotAllowed))
            }
            (Some(amount), _) | (None, Some(amount)) => Ok(amount),
        }
    }
}
