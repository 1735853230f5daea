//! Rows and what they mean. An invoice has the same fields in its table and, as JSON, in the event log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::Error;
use crate::invoice::{
    Amount, Bolt11, EventKind, Invoice, InvoiceEvent, Label, Metadata, Msat, Order, OrderId, Quote,
    RedirectUrl, Settlement, Status,
};

/// An invoice as SQL and the event log have it. SQL knows signed integers only.
#[derive(Debug, Deserialize, FromRow, Serialize)]
pub(super) struct InvoiceRow {
    pub(super) label: String,
    pub(super) created_index: i64,
    pub(super) amount_msat: Option<i64>,
    pub(super) description: String,
    pub(super) bolt11: String,
    pub(super) payment_hash: String,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) status: String,
    pub(super) amount_received_msat: Option<i64>,
    pub(super) paid_at: Option<i64>,
    pub(super) pay_index: Option<i64>,
    // Events from before there were these lack them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cancelled_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) order_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) metadata: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) redirect_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quote_currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quote_amount: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) renewal_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first_expired_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) renewed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) warnings: Option<String>,
}

/// An event.
#[derive(Debug, FromRow)]
pub(super) struct EventRow {
    sequence: i64,
    kind: String,
    recorded_at: i64,
    invoice: String,
}

impl InvoiceRow {
    pub(super) fn of(invoice: &Invoice) -> Result<Self, Error> {
        let settlement = match &invoice.status {
            Status::Paid(settlement) => Some(settlement),
            Status::Unpaid | Status::Expired => None,
        };
        let order = &invoice.order;
        Ok(Self {
            label: invoice.label.to_string(),
            created_index: to_sql(invoice.created_index)?,
            amount_msat: match invoice.amount {
                Amount::Exact(amount) => Some(to_sql(amount.msat())?),
                Amount::Any => None,
            },
            description: invoice.description.clone(),
            bolt11: invoice.bolt11.as_str().to_owned(),
            payment_hash: invoice.payment_hash.to_string(),
            created_at: invoice.created_at.as_second(),
            expires_at: invoice.expires_at.as_second(),
            status: invoice.status.as_str().to_owned(),
            amount_received_msat: settlement
                .map(|paid| to_sql(paid.amount_received.msat()))
                .transpose()?,
            paid_at: settlement.map(|paid| paid.paid_at.as_second()),
            pay_index: settlement.map(|paid| to_sql(paid.pay_index)).transpose()?,
            cancelled_at: invoice.cancelled_at.map(Timestamp::as_second),
            order_id: order.order_id.as_ref().map(|id| id.as_str().to_owned()),
            metadata: order.metadata.as_ref().map(|json| json.as_str().to_owned()),
            redirect_url: order
                .redirect_url
                .as_ref()
                .map(|url| url.as_str().to_owned()),
            quote_currency: order.quote.as_ref().map(|quote| quote.currency.clone()),
            quote_amount: order.quote.as_ref().map(|quote| quote.amount.clone()),
            renewal_of: order.renewal_of.as_ref().map(Label::to_string),
            first_expired_at: order.first_expired_at.map(Timestamp::as_second),
            renewed_by: invoice.renewed_by.as_ref().map(Label::to_string),
            warnings: match order.warnings.as_slice() {
                [] => None,
                some => Some(json(some)?),
            },
        })
    }

    pub(super) fn read(self) -> Result<Invoice, Error> {
        Ok(Invoice {
            label: Label::stored(self.label),
            amount: self
                .amount_msat
                .map_or(Ok(Amount::Any), |msat| amount(msat).map(Amount::Exact))?,
            description: self.description,
            bolt11: Bolt11::stored(self.bolt11),
            payment_hash: self
                .payment_hash
                .parse()
                .map_err(|_| Error::Damaged("payment hash"))?,
            created_index: from_sql(self.created_index)?,
            created_at: timestamp(self.created_at)?,
            expires_at: timestamp(self.expires_at)?,
            status: match (
                self.status.as_str(),
                self.amount_received_msat,
                self.paid_at,
                self.pay_index,
            ) {
                ("unpaid", None, None, None) => Status::Unpaid,
                ("expired", None, None, None) => Status::Expired,
                ("paid", Some(received), Some(paid_at), Some(pay_index)) => {
                    Status::Paid(Settlement {
                        amount_received: amount(received)?,
                        paid_at: timestamp(paid_at)?,
                        pay_index: from_sql(pay_index)?,
                    })
                }
                _ => return Err(Error::Damaged("status")),
            },
            cancelled_at: self.cancelled_at.map(timestamp).transpose()?,
            renewed_by: self.renewed_by.map(Label::stored),
            order: Order {
                order_id: self
                    .order_id
                    .map(OrderId::parse)
                    .transpose()
                    .map_err(|_| Error::Damaged("order number"))?,
                metadata: self.metadata.map(Metadata::stored),
                redirect_url: self.redirect_url.map(RedirectUrl::stored),
                quote: match (self.quote_currency, self.quote_amount) {
                    (Some(currency), Some(amount)) => Some(Quote { currency, amount }),
                    _ => None,
                },
                renewal_of: self.renewal_of.map(Label::stored),
                first_expired_at: self.first_expired_at.map(timestamp).transpose()?,
                warnings: self
                    .warnings
                    .map_or(Ok(Vec::new()), |json| serde_json::from_str(&json))
                    .map_err(|_| Error::Damaged("warning"))?,
            },
        })
    }
}

impl EventRow {
    pub(super) fn read(self) -> Result<InvoiceEvent, Error> {
        let invoice: InvoiceRow =
            serde_json::from_str(&self.invoice).map_err(|_| Error::Damaged("event"))?;
        Ok(InvoiceEvent {
            sequence: from_sql(self.sequence)?,
            kind: EventKind::parse(&self.kind).ok_or(Error::Damaged("kind of event"))?,
            recorded_at: timestamp(self.recorded_at)?,
            invoice: invoice.read()?,
        })
    }
}

pub(super) fn to_sql(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::Damaged("number"))
}

pub(super) fn from_sql(number: i64) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Damaged("number"))
}

fn amount(msat: i64) -> Result<Msat, Error> {
    Msat::from_msat(from_sql(msat)?).ok_or(Error::Damaged("amount"))
}

pub(super) fn timestamp(seconds: i64) -> Result<Timestamp, Error> {
    Timestamp::from_second(seconds).map_err(|_| Error::Damaged("time"))
}

/// As one text: a column, or a parameter whose rows `json_each` makes again.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::Damaged("value"))
}
