//! What a buyer's wallet does: pays one of the node's invoices. The rules of acceptance are the ledger's; here is what
//! the payer checks beforehand and what it hears afterwards.

use bitcoin::hashes::Hash;
use bitcoin::hex::DisplayHex;
use lightning_invoice::SignedRawBolt11Invoice;
use tokio::sync::oneshot;

use super::bolt11;
use super::bolt12::{self, Bolt12};
use super::journal::Unwritten;
use super::ledger::{End, PayRefusal};
use super::node::{Node, height};
use super::offering::EXPIRY;
use crate::ledger::invoice::{Invoice, State};

/// A payment that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The label of the paid invoice: raw JSON text, without its quotes.
    pub label: String,
    /// In lower case hexadecimal.
    pub payment_hash: String,
    /// In lower case hexadecimal; its SHA-256 is the payment hash.
    pub payment_preimage: String,
    /// What the payee received, in millisatoshi.
    pub amount_msat: u64,
    /// What the payer sent, fees included, in millisatoshi; the sandbox takes no fees.
    pub amount_sent_msat: u64,
    /// Counts the node's paid invoices from 1.
    pub pay_index: u64,
    /// When it was paid, in seconds since 1970 by the node's clock.
    pub paid_at: u64,
}

/// What a payment became at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayOutcome {
    /// It arrived.
    Paid(Payment),
    /// It is held: it will be taken or sent back.
    Held,
}

/// Why a payment did not arrive. The texts are lightningd's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayError {
    /// The string is no invoice.
    #[error("Invalid bolt11 invoice: Bad bech32 string")]
    Unreadable,
    /// The invoice belongs to another network; its prefix.
    #[error("Invalid bolt11 invoice: Prefix {0} is not for regtest")]
    OtherNetwork(&'static str),
    /// The invoice leaves the amount to the payer, and none was given.
    #[error("amount_msat required")]
    AmountRequired,
    /// The invoice says the amount, and one was given.
    #[error("amount_msat unnecessary")]
    AmountUnnecessary,
    /// The invoice expired so many seconds ago.
    #[error("Invoice expired {0} seconds ago")]
    Expired(u64),
    /// The invoice is paid already.
    #[error("Already paid this invoice successfully")]
    AlreadyPaid,
    /// The payee does not know the invoice, or the amount is less than asked or more than twice as much.
    #[error("Destination said it doesn't know invoice: incorrect_or_unknown_payment_details")]
    Refused,
    /// The invoice belongs to another node; its id.
    #[error("Failed: Unknown destination node {0}")]
    UnknownDestination(String),
    /// The payment is held, and it is not known yet whether it will be taken.
    #[error("Timed out while waiting for the payment")]
    Held,
    /// The node is paying the invoice already.
    #[error(
        "Unexpected injectpaymentonion error 200: Already have payment in progress for this hash, still in progress"
    )]
    InProgress,
    /// The time for it is over; it may be under way all the same.
    #[error("Timed out after 60 seconds")]
    GaveUp,
    /// Every way costs more than it may.
    #[error("Failed: Could not find route without excessive cost")]
    TooExpensive,
    /// What a test wants.
    #[error("{1}")]
    Other(i32, String),
    /// The node is stopped.
    #[error("Failed: We could not find a usable set of paths.")]
    NoPath,
    /// The node cannot write the payment down, so it did not take it; the reason.
    #[error("{0}")]
    Unwritten(String),
}

impl PayError {
    /// lightningd's error code.
    pub fn code(&self) -> i32 {
        match self {
            Self::Unreadable
            | Self::OtherNetwork(_)
            | Self::AmountRequired
            | Self::AmountUnnecessary => -32602,
            Self::Unwritten(_) => -1,
            Self::Held => 200,
            Self::Refused => 203,
            Self::UnknownDestination(_) | Self::NoPath | Self::TooExpensive => 205,
            Self::InProgress => -3,
            Self::GaveUp => 209,
            Self::Other(code, _) => *code,
            Self::Expired(_) => 207,
            Self::AlreadyPaid => 219,
        }
    }
}

/// An invoice that the payer has read and found payable with this amount.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// Of the invoice.
    pub(super) payment_hash: [u8; 32],
    pub(super) msat: u64,
    pub(super) expires_at: u64,
    pub(super) payee: String,
}

/// What an amount beside a fixed amount means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnAmount {
    /// The payer pays that much instead.
    Allowed,
    /// `pay` and `xpay` refuse it.
    Refused,
}

/// Reads an invoice as its payer.
pub(super) fn order(
    text: &str,
    amount_msat: Option<u64>,
    own: OwnAmount,
) -> Result<Order, PayError> {
    if let Some(invoice) = bolt12::read(bolt11::canonical(text)) {
        return order_of_offer(&invoice, amount_msat);
    }
    let invoice = bolt11::read(text).map_err(|_| PayError::Unreadable)?;
    if bolt11::prefix(&invoice) != "bcrt" {
        return Err(PayError::OtherNetwork(bolt11::prefix(&invoice)));
    }
    let msat = match (bolt11::amount_msat(&invoice), amount_msat) {
        (Some(_), Some(_)) if own == OwnAmount::Refused => return Err(PayError::AmountUnnecessary),
        (None, None) => return Err(PayError::AmountRequired),
        (_, Some(given)) => given,
        (Some(asked), None) => asked,
    };
    let raw = invoice.raw_invoice();
    let payment_hash = raw
        .payment_hash()
        .ok_or(PayError::Unreadable)?
        .0
        .to_byte_array();
    let expiry = raw.expiry_time().map_or(3600, |expiry| expiry.as_seconds());
    Ok(Order {
        payment_hash,
        msat,
        expires_at: raw
            .data
            .timestamp
            .as_unix_timestamp()
            .saturating_add(expiry),
        payee: payee(&invoice)?,
    })
}

/// The same with an invoice that somebody gave for an offer.
fn order_of_offer(invoice: &Bolt12, amount_msat: Option<u64>) -> Result<Order, PayError> {
    if amount_msat.is_some() {
        return Err(PayError::AmountUnnecessary);
    }
    let of_invoice = || {
        let payment_hash = invoice.bytes(168)?.try_into().ok()?;
        let expiry = invoice.number(166).unwrap_or(EXPIRY);
        Some(Order {
            payment_hash,
            msat: invoice.number(170)?,
            expires_at: invoice.number(164)?.saturating_add(expiry),
            payee: invoice.bytes(176)?.to_lower_hex_string(),
        })
    };
    of_invoice().ok_or(PayError::Unreadable)
}

/// What came of a payment at once.
pub(super) enum Progress {
    /// It arrived.
    Paid(Payment),
    /// It is held; how it ends is told here.
    Held(oneshot::Receiver<End>),
}

/// Pays an invoice that takes payments at once, as all of lightningd's do.
pub(super) fn execute(node: &Node, order: &Order) -> Result<Payment, PayError> {
    match begin(node, order)? {
        Progress::Paid(payment) => Ok(payment),
        Progress::Held(_) => Err(PayError::Held),
    }
}

/// Pays.
pub(super) fn begin(node: &Node, order: &Order) -> Result<Progress, PayError> {
    if order.payee != node.id() {
        return Err(PayError::UnknownDestination(order.payee.clone()));
    }
    if !node.is_running() {
        return Err(PayError::NoPath);
    }
    let now = node.clock.now().as_secs();
    let mut books = node.books()?;
    if books.ledger().hold_by_hash(&order.payment_hash).is_some() {
        let height = height(books.ledger());
        let accepted = books.accept(&order.payment_hash, order.msat, now, height)?;
        return Err(match accepted {
            Ok(()) => PayError::Held,
            Err(PayRefusal::AlreadyPaid) => PayError::AlreadyPaid,
            Err(_) if order.expires_at <= now => PayError::Expired(now - order.expires_at),
            Err(_) => PayError::Refused,
        });
    }
    match books.pay(&order.payment_hash, order.msat, now)? {
        Ok(invoice) => match payment_of(invoice) {
            Some(payment) => Ok(Progress::Paid(payment)),
            None => books
                .wait_hash(&order.payment_hash)
                .map(Progress::Held)
                .ok_or(PayError::Refused),
        },
        Err(PayRefusal::AlreadyPaid) => Err(PayError::AlreadyPaid),
        Err(_) if order.expires_at <= now => Err(PayError::Expired(now - order.expires_at)),
        Err(PayRefusal::Unknown | PayRefusal::Expired | PayRefusal::Amount) => {
            Err(PayError::Refused)
        }
    }
}

impl From<Unwritten> for PayError {
    fn from(error: Unwritten) -> Self {
        Self::Unwritten(error.to_string())
    }
}

/// The payment of a paid invoice.
pub(super) fn payment_of(invoice: &Invoice) -> Option<Payment> {
    let State::Paid(settlement) = invoice.state() else {
        return None;
    };
    Some(Payment {
        label: invoice.label().to_owned(),
        payment_hash: invoice.payment_hash().to_lower_hex_string(),
        payment_preimage: invoice.preimage()?.to_lower_hex_string(),
        amount_msat: settlement.received_msat,
        amount_sent_msat: settlement.received_msat,
        pay_index: settlement.pay_index,
        paid_at: settlement.paid_at,
    })
}

fn payee(invoice: &SignedRawBolt11Invoice) -> Result<String, PayError> {
    match invoice.raw_invoice().payee_pub_key() {
        Some(key) => Ok(key.0.to_string()),
        None => Ok(invoice
            .recover_payee_pub_key()
            .map_err(|_| PayError::Unreadable)?
            .0
            .to_string()),
    }
}
