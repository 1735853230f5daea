//! Listing invoices: one by its label, or pages by index, and what an entry says.

use cln_rpc::{
    model::requests::{ListinvoicesIndex, ListinvoicesRequest},
    primitives::Sha256,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{client::Client, error::malformed, invoice_state::State};
use crate::cln::{error::Error, method::Method};
use facture_domain::{
    Amount, Bolt11, Channel, Decoded, Invoice, InvoiceKind, InvoiceRef, Label, LnurlMetadata, Msat,
    OfferId, OfferPayment, Order, PaymentHash, Settlement, Status, StatusName,
    payment_string::{Bolt12, Bolt12Kind},
};

#[derive(Deserialize)]
struct Page {
    invoices: Vec<Listed>,
}

/// One invoice as the node lists it, ours or another program's, not yet parsed: what we need of it. `cln_rpc`'s reader would
/// also take an amount as text, as lightningd wrote it before v23.05, and make another amount of one that is too long.
#[derive(Debug, Deserialize)]
pub struct Listed {
    label: String,
    description: Option<String>,
    bolt11: Option<String>,
    /// Of an offer's payment: instead of the BOLT 11 string.
    bolt12: Option<String>,
    local_offer_id: Option<Sha256>,
    invreq_payer_note: Option<String>,
    payment_hash: Sha256,
    amount_msat: Option<u64>,
    status: State,
    /// Seconds since 1970, as all times here.
    expires_at: u64,
    created_index: u64,
    updated_index: Option<u64>,
    amount_received_msat: Option<u64>,
    paid_at: Option<u64>,
    pay_index: Option<u64>,
}

const LIST: Method = Method::Listinvoices;

impl Client {
    /// Looks an invoice up (`listinvoices label`). `None` when the node has none of that label.
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub async fn invoice_by_label(&self, label: &Label) -> Result<Option<Invoice>, Error> {
        self.find(&label.clone().into()).await
    }

    /// The same of an invoice that the node may call otherwise.
    ///
    /// # Errors
    /// As [`Client::invoice_by_label`].
    pub async fn find(&self, invoice: &InvoiceRef) -> Result<Option<Invoice>, Error> {
        let request = ListinvoicesRequest {
            label: Some(invoice.on_node().to_owned()),
            ..everything()
        };
        let Page { invoices } = self.call(LIST, &request).await?;
        let found = invoices.first();
        found.map(|listed| listed.read(&invoice.label)).transpose()
    }

    /// A page of what was updated, in order, from the index `start` on (`listinvoices index=updated`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes. A label of another program with a raw control byte in it makes the whole answer
    /// unreadable: [`Error::Unreadable`].
    pub async fn updated_invoices(&self, start: u64, limit: u32) -> Result<Vec<Listed>, Error> {
        self.page(ListinvoicesIndex::UPDATED, start, limit).await
    }

    /// A page of what was created, in order, from the index `start` on (`listinvoices index=created`).
    ///
    /// # Errors
    /// As [`Client::updated_invoices`].
    pub async fn created_invoices(&self, start: u64, limit: u32) -> Result<Vec<Listed>, Error> {
        self.page(ListinvoicesIndex::CREATED, start, limit).await
    }

    async fn page(
        &self,
        index: ListinvoicesIndex,
        start: u64,
        limit: u32,
    ) -> Result<Vec<Listed>, Error> {
        let request = ListinvoicesRequest {
            index: Some(index),
            start: Some(start),
            limit: Some(limit),
            ..everything()
        };
        let Page { invoices } = self.call(LIST, &request).await?;
        Ok(invoices)
    }
}

impl Listed {
    /// Its label, which may be another program's.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The offer that it was made for.
    pub fn offer(&self) -> Option<OfferId> {
        let hash = PaymentHash::from(self.local_offer_id?);
        hash.to_string().parse().ok()
    }

    /// Whether it is paid.
    pub fn is_paid(&self) -> bool {
        matches!(self.status, State::Paid)
    }

    /// What finds it on the node, when the label is ours.
    pub fn reference(&self, label: Label) -> InvoiceRef {
        InvoiceRef {
            node_label: self.local_offer_id.map(|_| self.label.clone()),
            ..label.into()
        }
    }

    /// Its place among all that the node made.
    pub fn created_index(&self) -> u64 {
        self.created_index
    }

    /// Its place among all that the node updated; `None` while it is as it was made.
    pub fn updated_index(&self) -> Option<u64> {
        self.updated_index
    }

    /// What tells it apart from any other invoice and from itself in another state, in one text: the payment hash,
    /// lightningd's word for the state, and the pay index.
    pub fn fingerprint(&self) -> String {
        let hash = PaymentHash::from(self.payment_hash);
        let pay_index = self.pay_index.unwrap_or_default();
        format!(
            "{hash} {} {pay_index}",
            StatusName::from(self.status).as_str()
        )
    }

    /// The invoice, when the label is ours.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is not what `label` says or makes no sense.
    pub fn read(&self, label: &Label) -> Result<Invoice, Error> {
        let text = match self.offer() {
            Some(offer) => self.read_of_offer(offer)?,
            None if self.label != label.as_str() => {
                return Err(malformed(LIST, "it is about another label"));
            }
            None => self.read_bolt11()?,
        };
        let status = match self.status {
            State::Unpaid => Status::Unpaid,
            State::Expired => Status::Expired,
            State::Paid => {
                let (Some(received), Some(paid_at), Some(pay_index)) =
                    (self.amount_received_msat, self.paid_at, self.pay_index)
                else {
                    return Err(malformed(
                        LIST,
                        "a paid invoice without amount, time or pay index",
                    ));
                };
                Status::Paid(Settlement {
                    amount_received: amount(LIST, received)?,
                    paid_at: timestamp(LIST, paid_at)?,
                    pay_index,
                })
            }
        };
        Ok(Invoice {
            label: label.clone(),
            amount: self.amount_msat.map_or(Ok(Amount::Any), |asked| {
                amount(LIST, asked).map(Amount::Exact)
            })?,
            description: text.description,
            payment_hash: self.payment_hash.into(),
            number: self.created_index,
            created_at: text.created_at,
            expires_at: timestamp(LIST, self.expires_at)?,
            status,
            cancelled_at: None,
            payment_proven_at: None,
            renewed_by: None,
            refunded: None,
            valuation: None,
            receipt: None,
            hold: None,
            order: Order {
                channel: match text.kind {
                    InvoiceKind::OfOffer(_) => Some(Channel::Offer),
                    InvoiceKind::Bolt11(_) => None,
                },
                ..Order::default()
            },
            kind: text.kind,
        })
    }

    fn read_bolt11(&self) -> Result<Text, Error> {
        let bolt11 = self
            .bolt11
            .as_ref()
            .ok_or_else(|| malformed(LIST, "the invoice has no BOLT 11 string"))?;
        let decoded = decode(LIST, bolt11, self.payment_hash.into())?;
        let description = self.description.as_deref().unwrap_or_default();
        Ok(Text {
            description: LnurlMetadata::read_text(description, decoded.description_hash)
                .unwrap_or_else(|| description.to_owned()),
            kind: InvoiceKind::Bolt11(decoded.bolt11),
            created_at: decoded.created_at,
        })
    }

    /// Without an amount, a description or a note where there is none. When it was made is in its string.
    fn read_of_offer(&self, offer: OfferId) -> Result<Text, Error> {
        let created_at = self.bolt12.as_ref().and_then(|text| {
            Bolt12::stored(Bolt12Kind::Invoice, text.clone()).number(INVOICE_CREATED_AT)
        });
        let created_at = created_at
            .ok_or_else(|| malformed(LIST, "the invoice of an offer does not say its time"))?;
        Ok(Text {
            description: self.description.clone().unwrap_or_default(),
            kind: InvoiceKind::OfOffer(OfferPayment {
                offer,
                node_label: self.label.clone(),
                payer_note: self.invreq_payer_note.clone(),
            }),
            created_at: timestamp(LIST, created_at)?,
        })
    }
}

/// What an invoice's string and its offer say.
struct Text {
    description: String,
    kind: InvoiceKind,
    created_at: Timestamp,
}

/// The field of a BOLT 12 invoice that says when it was made.
const INVOICE_CREATED_AT: u64 = 164;

/// `listinvoices` without a selector. Never sent like this: with 100,000 invoices the answer stops the node for seconds.
fn everything() -> ListinvoicesRequest {
    ListinvoicesRequest {
        label: None,
        index: None,
        invstring: None,
        limit: None,
        offer_id: None,
        payment_hash: None,
        start: None,
    }
}

pub(super) fn decode(
    method: Method,
    text: &str,
    payment_hash: PaymentHash,
) -> Result<Decoded, Error> {
    let decoded = Bolt11::decode(text).map_err(|error| malformed(method, &error.to_string()))?;
    if decoded.payment_hash == payment_hash {
        Ok(decoded)
    } else {
        Err(malformed(
            method,
            "the BOLT 11 string has another payment hash",
        ))
    }
}

pub(super) fn amount(method: Method, msat: u64) -> Result<Msat, Error> {
    Msat::from_msat(msat).ok_or_else(|| malformed(method, "an amount above 21 million bitcoin"))
}

pub(super) fn timestamp(method: Method, seconds: u64) -> Result<Timestamp, Error> {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or_else(|| malformed(method, "a time too far in the future"))
}
