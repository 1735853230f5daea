//! An invoice, and what a merchant asks for before there is one.

use jiff::Timestamp;

use crate::{
    amount::{Amount, Msat},
    bolt11::{Bolt11, PaymentHash},
    description::Description,
    expiry::Expiry,
    hold::{Hold, NewHold},
    hook::Hook,
    label::Label,
    lnurl_metadata::LnurlMetadata,
    offer::OfferPayment,
    order::Order,
    rate::FixedPrice,
    receipt::ReceiptNumber,
    status::{Status, StatusName},
    valuation::Valuation,
};

/// A request for an invoice that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvoice {
    /// The amount that the buyer has to pay.
    pub amount: Amount,
    /// The description; goes into the BOLT 11 string, unless a hash does.
    pub description: Description,
    /// Of an invoice for an LNURL: what was shown to the wallet, whose hash goes into the BOLT 11 string. The description is
    /// its text.
    pub lnurl_metadata: Option<LnurlMetadata>,
    /// How long it stays payable.
    pub expiry: Expiry,
    /// The shop's own data.
    pub order: Order,
    /// The webhooks that receive its events.
    pub webhooks: Vec<Hook>,
    /// Whether its payment is held until the shop decides; `None`: it is taken at once.
    pub hold: Option<NewHold>,
}

/// One invoice as lightningd has it, and what we know besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Our identifier, lightningd's `label`.
    pub label: Label,
    /// The requested amount.
    pub amount: Amount,
    /// Its description. Free text: lightningd may hold descriptions that [`Description`] would refuse.
    pub description: String,
    /// What the buyer was given to pay.
    pub kind: InvoiceKind,
    /// The hash whose preimage proves the payment.
    pub payment_hash: PaymentHash,
    /// Its number in the order in which the node created its invoices, from 1; 0 when the node no longer has it.
    pub number: u64,
    /// When the node created it.
    pub created_at: Timestamp,
    /// When it stops being payable.
    pub expires_at: Timestamp,
    /// Its state.
    pub status: Status,
    /// When it was taken back: its status is expired then, and its state [`StatusName::Cancelled`].
    pub cancelled_at: Option<Timestamp>,
    /// When it became certain that it was paid although the node does not have the payment: somebody showed its preimage,
    /// or the node said so as it deleted it. What arrived, and when, is not known; nobody is to pay it any more.
    pub payment_proven_at: Option<Timestamp>,
    /// The invoice that replaced it after it had expired.
    pub renewed_by: Option<Label>,
    /// Of a hold invoice: what was agreed and decided about its payment.
    pub hold: Option<Hold>,
    /// How much of it was paid back; `None`: nothing.
    pub refunded: Option<Msat>,
    /// What its payment was worth in the currency of its price; `None`: it has no such price, or that is not known.
    pub valuation: Option<Valuation>,
    /// The number of the payment's receipt; `None`: it is not paid, or was paid before there were numbers.
    pub receipt: Option<ReceiptNumber>,
    /// The shop's own data; empty in what lightningd tells.
    pub order: Order,
}

/// What the buyer of an invoice was given to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvoiceKind {
    /// A payment request of its own.
    Bolt11(Bolt11),
    /// An offer: the node made the invoice when the payer asked for it. It is ours once it is paid.
    OfOffer(OfferPayment),
}

impl NewInvoice {
    /// The same at a price that was fixed by a rate.
    #[must_use]
    pub fn with_price(self, FixedPrice { amount, rate }: FixedPrice) -> Self {
        Self {
            amount: Amount::Exact(amount),
            order: Order {
                rate: Some(rate),
                ..self.order
            },
            ..self
        }
    }
}

impl Invoice {
    /// The payment request to show to the buyer; `None` when it is the payment of an offer.
    pub fn bolt11(&self) -> Option<&Bolt11> {
        match &self.kind {
            InvoiceKind::Bolt11(bolt11) => Some(bolt11),
            InvoiceKind::OfOffer(_) => None,
        }
    }

    /// Of which offer it is the payment.
    pub fn offer(&self) -> Option<&OfferPayment> {
        match &self.kind {
            InvoiceKind::Bolt11(_) => None,
            InvoiceKind::OfOffer(payment) => Some(payment),
        }
    }

    /// Where it stands, as everybody is told: an invoice that was taken back is cancelled, unless it was paid all the same.
    pub fn state(&self) -> StatusName {
        match (
            self.status.name(),
            self.cancelled_at,
            self.payment_proven_at,
        ) {
            (StatusName::Expired, Some(_), None) => StatusName::Cancelled,
            (name, ..) => name,
        }
    }
}
