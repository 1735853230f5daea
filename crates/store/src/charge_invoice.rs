//! An invoice of Lightning Charge, as far as its database makes sense, and what is left out of it.

use std::fmt;

use jiff::Timestamp;

use facture_domain::{Hook, Label, Metadata, Msat, Quote};

/// An invoice as Lightning Charge left it, as far as that makes sense.
#[derive(Clone, Debug)]
pub struct ChargeInvoice {
    /// Its id, which is its label on the node.
    pub label: Label,
    /// The BOLT 11 string that it showed.
    pub bolt11: String,
    /// What it was for.
    pub description: Option<String>,
    /// When it was created, and when it stopped being payable.
    pub times: Option<(Timestamp, Timestamp)>,
    /// The shop's metadata.
    pub metadata: Option<Metadata>,
    /// The price the shop set.
    pub quote: Option<Quote>,
    /// The payment, if it knew of one.
    pub payment: Option<ChargePayment>,
    /// Webhooks that were not sent: addresses that do not know of the payment yet.
    pub untold: Vec<Hook>,
    /// What of it is left out.
    pub left_out: Vec<SkippedItem>,
}

/// A payment that Lightning Charge knew of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargePayment {
    /// Its place among all payments of the node.
    pub pay_index: u64,
    /// When it came.
    pub paid_at: Timestamp,
    /// The amount received; older versions did not record it.
    pub received: Option<Msat>,
}

/// Part of an invoice that is not imported, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedItem {
    /// The invoice's id, safe to print.
    pub id: String,
    /// Which part of it.
    pub what: SkippedPart,
    /// Why.
    pub reason: String,
}

/// The part of an invoice that is not imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkippedPart {
    /// All of it.
    Invoice,
    /// The address of a webhook that was not sent yet.
    Webhook,
    /// The shop's metadata.
    Metadata,
    /// What it was for.
    Description,
    /// The price the shop set.
    Price,
    /// The BOLT 11 string.
    Bolt11,
    /// The payment.
    Payment,
}

impl fmt::Display for SkippedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invoice => "invoice",
            Self::Webhook => "webhook",
            Self::Metadata => "metadata",
            Self::Description => "description",
            Self::Price => "price",
            Self::Bolt11 => "BOLT 11 string",
            Self::Payment => "payment",
        })
    }
}

impl SkippedItem {
    /// The longest id that is shown.
    const SHOWN: usize = 64;

    /// Part of the invoice with this id, and why it is not imported.
    pub fn new(id: &[u8], part: SkippedPart, reason: &str) -> Self {
        let id = String::from_utf8_lossy(id);
        let id: String = id.chars().take(Self::SHOWN).collect();
        Self {
            id: id.escape_debug().to_string(),
            what: part,
            reason: reason.to_owned(),
        }
    }
}
