//! Invoices as rows, and what columns mean. An invoice has the same fields in its table and, as JSON, in the event log.

use std::{borrow::Cow, mem};

use jiff::Timestamp;
use rusqlite::{Row, ToSql};
use serde::{Deserialize, Serialize};

use crate::{columns::parameter, error::Error, hold_json};
use facture_domain::{
    Amount, Bolt11, Channel, Held, Invoice, InvoiceKind, Label, Metadata, Msat, OfferPayment,
    Order, OrderId, Quote, RedirectUrl, Settlement, Status, StatusName,
};

/// The columns of an invoice, each spelled once: the row, the statements and the order of their parameters.
/// `key` and `fixed` ones are written when the invoice begins, `first` and `changing` ones may change later.
macro_rules! invoice_row {
    (
        $(#[$doc:meta])*
        struct $name:ident<$life:lifetime>;
        key $key:ident: $key_type:ty;
        fixed { $($(#[$fixed_meta:meta])* $fixed:ident: $fixed_type:ty,)+ }
        first $first:ident: $first_type:ty;
        changing { $($(#[$meta:meta])* $changing:ident: $changing_type:ty,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, Serialize)]
        pub(super) struct $name<$life> {
            pub(super) $key: $key_type,
            $($(#[$fixed_meta])* pub(super) $fixed: $fixed_type,)+
            pub(super) $first: $first_type,
            $($(#[$meta])* pub(super) $changing: $changing_type,)+
        }

        /// The beginning of a query for invoices.
        pub(super) const SELECT_INVOICES: &str = concat!(
            "SELECT ", stringify!($key) $(, ", ", stringify!($fixed))+,
            ", ", stringify!($first) $(, ", ", stringify!($changing))+, " FROM invoices",
        );

        /// One invoice by its label.
        pub(super) const SELECT_INVOICE: &str = concat!(
            "SELECT ", stringify!($key) $(, ", ", stringify!($fixed))+,
            ", ", stringify!($first) $(, ", ", stringify!($changing))+,
            " FROM invoices WHERE ", stringify!($key), " = ?1",
        );

        /// A new invoice; no row is changed when it is there already.
        pub(super) const INSERT_INVOICE: &str = concat!(
            "INSERT INTO invoices (", stringify!($key) $(, ", ", stringify!($fixed))+,
            ", ", stringify!($first) $(, ", ", stringify!($changing))+,
            ") VALUES (?" $(, parameter!($fixed))+, ", ?" $(, parameter!($changing))+,
            ") ON CONFLICT (", stringify!($key), ") DO NOTHING",
        );

        /// What may change of an invoice that is there.
        pub(super) const UPDATE_INVOICE: &str = concat!(
            "UPDATE invoices SET (", stringify!($first) $(, ", ", stringify!($changing))+,
            ") = (?" $(, parameter!($changing))+, ") WHERE ", stringify!($key), " = ?",
        );

        impl $name<'_> {
            /// A row of [`SELECT_INVOICES`] or [`SELECT_INVOICE`].
            pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or(usize::MAX);
                Ok(Self {
                    $key: row.get(next())?,
                    $($fixed: row.get(next())?,)+
                    $first: row.get(next())?,
                    $($changing: row.get(next())?,)+
                })
            }

            /// The parameters of [`INSERT_INVOICE`].
            pub(super) fn to_insert(&self) -> impl AsRef<[&dyn ToSql]> {
                [
                    &self.$key as &dyn ToSql,
                    $(&self.$fixed,)+
                    &self.$first,
                    $(&self.$changing,)+
                ]
            }

            /// The parameters of [`UPDATE_INVOICE`].
            pub(super) fn to_update(&self) -> impl AsRef<[&dyn ToSql]> {
                [&self.$first as &dyn ToSql, $(&self.$changing,)+ &self.$key]
            }
        }
    };
}

invoice_row! {
    /// An invoice as SQL and the event log have it. SQL knows signed integers only.
    struct InvoiceRow<'a>;
    key label: Cow<'a, str>;
    fixed {
        created_index: i64,
        amount_msat: Option<i64>,
        description: Cow<'a, str>,
        // Either this, or what follows: it is the payment of an offer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bolt11: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offer_id: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node_label: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payer_note: Option<Cow<'a, str>>,
        payment_hash: Cow<'a, str>,
        created_at: i64,
        expires_at: i64,
    }
    first status: Cow<'a, str>;
    changing {
        amount_received_msat: Option<i64>,
        paid_at: Option<i64>,
        pay_index: Option<i64>,
        // Events from before there were these lack them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cancelled_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payment_proven_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order_id: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redirect_url: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote_currency: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote_amount: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        renewal_of: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_expired_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        renewed_by: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warnings: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shop_id: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accepted_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_msat: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_until_height: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refunded_msat: Option<i64>,
    }
}

impl<'a> InvoiceRow<'a> {
    pub(super) fn of(invoice: &'a Invoice) -> Result<Self, Error> {
        let (settlement, held) = match &invoice.status {
            Status::Paid(settlement) => (Some(settlement), None),
            Status::Accepted(held) => (None, Some(held)),
            Status::Unpaid | Status::Expired => (None, None),
        };
        let order = &invoice.order;
        let offer = invoice.offer();
        Ok(Self {
            label: invoice.label.as_str().into(),
            created_index: to_sql(invoice.number)?,
            amount_msat: match invoice.amount {
                Amount::Exact(amount) => Some(to_sql(amount.msat())?),
                Amount::Any => None,
            },
            description: invoice.description.as_str().into(),
            bolt11: invoice.bolt11().map(|bolt11| bolt11.as_str().into()),
            offer_id: offer.map(|payment| payment.offer.to_string().into()),
            node_label: offer.map(|payment| payment.node_label.as_str().into()),
            payer_note: offer
                .and_then(|payment| payment.payer_note.as_deref())
                .map(Cow::from),
            payment_hash: invoice.payment_hash.to_string().into(),
            created_at: invoice.created_at.as_second(),
            expires_at: invoice.expires_at.as_second(),
            status: match invoice.status.name() {
                // It is not decided yet.
                StatusName::Accepted => StatusName::Unpaid,
                name => name,
            }
            .as_str()
            .into(),
            amount_received_msat: settlement
                .map(|paid| to_sql(paid.amount_received.msat()))
                .transpose()?,
            paid_at: settlement.map(|paid| paid.paid_at.as_second()),
            pay_index: settlement.map(|paid| to_sql(paid.pay_index)).transpose()?,
            cancelled_at: invoice.cancelled_at.map(Timestamp::as_second),
            payment_proven_at: invoice.payment_proven_at.map(Timestamp::as_second),
            order_id: order.order_id.as_ref().map(|id| id.as_str().into()),
            metadata: order.metadata.as_ref().map(|json| json.as_str().into()),
            redirect_url: order.redirect_url.as_ref().map(|url| url.as_str().into()),
            quote_currency: order
                .quote
                .as_ref()
                .map(|quote| quote.currency.as_str().into()),
            quote_amount: order
                .quote
                .as_ref()
                .map(|quote| quote.amount.as_str().into()),
            renewal_of: order.renewal_of.as_ref().map(|label| label.as_str().into()),
            first_expired_at: order.first_expired_at.map(Timestamp::as_second),
            renewed_by: invoice
                .renewed_by
                .as_ref()
                .map(|label| label.as_str().into()),
            warnings: match order.warnings.as_slice() {
                [] => None,
                some => Some(json(some)?.into()),
            },
            channel: order.channel.map(|channel| channel.as_str().into()),
            shop_id: order.shop.as_ref().map(|shop| shop.as_str().into()),
            hold: match &invoice.hold {
                None => None,
                Some(hold) => Some(hold_json::write(hold)?.into()),
            },
            accepted_at: held.map(|held| held.accepted_at.as_second()),
            held_msat: held.map(|held| to_sql(held.amount.msat())).transpose()?,
            held_until_height: held.map(|held| held.expires_at_height.into()),
            refunded_msat: invoice
                .refunded
                .map(|refunded| to_sql(refunded.msat()))
                .transpose()?,
        })
    }

    /// Of the event log.
    pub(super) fn from_json(payload: &'a str) -> Result<Invoice, Error> {
        let row: Self = serde_json::from_str(payload).map_err(|_| Error::Corrupt("event"))?;
        row.read()
    }

    pub(super) fn read(mut self) -> Result<Invoice, Error> {
        Ok(Invoice {
            label: Label::stored(take(&mut self.label)),
            amount: self
                .amount_msat
                .map_or(Ok(Amount::Any), |msat| amount(msat).map(Amount::Exact))?,
            description: take(&mut self.description),
            kind: self.kind()?,
            payment_hash: self
                .payment_hash
                .parse()
                .map_err(|_| Error::Corrupt("payment hash"))?,
            number: from_sql(self.created_index)?,
            created_at: timestamp(self.created_at)?,
            expires_at: timestamp(self.expires_at)?,
            status: self.status()?,
            cancelled_at: self.cancelled_at.map(timestamp).transpose()?,
            payment_proven_at: self.payment_proven_at.map(timestamp).transpose()?,
            renewed_by: self
                .renewed_by
                .as_deref()
                .map(|label| Label::stored(label.to_owned())),
            hold: self.hold.as_deref().map(hold_json::read).transpose()?,
            refunded: self.refunded_msat.map(amount).transpose()?,
            order: self.order()?,
        })
    }

    /// What the buyer was given. It takes its columns out of the row.
    fn kind(&mut self) -> Result<InvoiceKind, Error> {
        let corrupt = || Error::Corrupt("payment request");
        match (self.bolt11.take(), self.offer_id.take()) {
            (Some(text), None) => Ok(InvoiceKind::Bolt11(Bolt11::stored(text.into_owned()))),
            (None, Some(offer)) => Ok(InvoiceKind::OfOffer(OfferPayment {
                offer: offer.parse().map_err(|_| corrupt())?,
                node_label: self.node_label.take().ok_or_else(corrupt)?.into_owned(),
                payer_note: self.payer_note.take().map(Cow::into_owned),
            })),
            _ => Err(corrupt()),
        }
    }

    fn status(&self) -> Result<Status, Error> {
        let settlement = (self.amount_received_msat, self.paid_at, self.pay_index);
        let held = (self.held_msat, self.accepted_at, self.held_until_height);
        Ok(match (&*self.status, settlement) {
            ("unpaid", (None, None, None)) => match held {
                (None, None, None) => Status::Unpaid,
                (Some(msat), Some(accepted_at), Some(height)) => Status::Accepted(Held {
                    amount: amount(msat)?,
                    accepted_at: timestamp(accepted_at)?,
                    expires_at_height: u32::try_from(height)
                        .map_err(|_| Error::Corrupt("block height"))?,
                }),
                _ => return Err(Error::Corrupt("held payment")),
            },
            ("expired", (None, None, None)) => Status::Expired,
            ("paid", (Some(received), Some(paid_at), Some(pay_index))) => {
                Status::Paid(Settlement {
                    amount_received: amount(received)?,
                    paid_at: timestamp(paid_at)?,
                    pay_index: from_sql(pay_index)?,
                })
            }
            _ => return Err(Error::Corrupt("status")),
        })
    }

    /// The shop's side of it. The last to be read: it takes its columns out of the row.
    fn order(self) -> Result<Order, Error> {
        Ok(Order {
            order_id: self
                .order_id
                .map(|id| OrderId::parse(id.into_owned()))
                .transpose()
                .map_err(|_| Error::Corrupt("order number"))?,
            metadata: self
                .metadata
                .map(|json| Metadata::stored(json.into_owned())),
            redirect_url: self
                .redirect_url
                .map(|url| RedirectUrl::stored(url.into_owned())),
            quote: match (self.quote_currency, self.quote_amount) {
                (Some(currency), Some(amount)) => Some(Quote {
                    currency: currency.into_owned(),
                    amount: amount.into_owned(),
                }),
                _ => None,
            },
            renewal_of: self
                .renewal_of
                .map(|label| Label::stored(label.into_owned())),
            first_expired_at: self.first_expired_at.map(timestamp).transpose()?,
            warnings: self
                .warnings
                .map_or(Ok(Vec::new()), |json| serde_json::from_str(&json))
                .map_err(|_| Error::Corrupt("warning"))?,
            channel: match self.channel {
                Some(name) => Some(Channel::parse(&name).ok_or(Error::Corrupt("channel"))?),
                None => None,
            },
            shop: self
                .shop_id
                .map(|shop| shop.parse())
                .transpose()
                .map_err(|_| Error::Corrupt("shop"))?,
        })
    }
}

/// The text of a column that is read once.
fn take(column: &mut Cow<'_, str>) -> String {
    mem::take(column).into_owned()
}

pub(super) fn to_sql(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::Corrupt("number"))
}

pub(super) fn from_sql(number: i64) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Corrupt("number"))
}

pub(super) fn amount(msat: i64) -> Result<Msat, Error> {
    Msat::from_msat(from_sql(msat)?).ok_or(Error::Corrupt("amount"))
}

pub(super) fn timestamp(seconds: i64) -> Result<Timestamp, Error> {
    Timestamp::from_second(seconds).map_err(|_| Error::Corrupt("time"))
}

/// As the text of a column.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::Corrupt("value"))
}
