//! Invoices as rows, and what columns mean. An invoice has the same fields in its table and, as JSON, in the event log.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    breakdown_json,
    columns::parameter,
    error::Error,
    hold_json,
    sql::{self, Row, ToSql},
};
use facture_domain::{Amount, Invoice, Msat, Status, StatusName};

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
            pub(super) fn from_row(row: &Row<'_>) -> sql::Result<Self> {
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
        rate: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rate_source: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rate_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        breakdown: Option<Cow<'a, str>>,
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
        cashier: Option<Cow<'a, str>>,
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paid_rate: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paid_rate_source: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paid_rate_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paid_fiat: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paid_rate_backfilled_at: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt_series: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt_number: Option<i64>,
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
        let valuation = invoice.valuation.as_ref();
        let paid_rate = valuation.map(|valuation| &valuation.rate);
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
            rate: order
                .rate
                .as_ref()
                .map(|rate| rate.price.to_string().into()),
            rate_source: order.rate.as_ref().map(|rate| rate.source.as_str().into()),
            rate_at: order.rate.as_ref().map(|rate| rate.at.as_second()),
            breakdown: match &order.breakdown {
                None => None,
                Some(breakdown) => Some(breakdown_json::write(breakdown)?.into()),
            },
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
            cashier: order.cashier.as_deref().map(Cow::from),
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
            paid_rate: paid_rate.map(|rate| rate.price.to_string().into()),
            paid_rate_source: paid_rate.map(|rate| rate.source.as_str().into()),
            paid_rate_at: paid_rate.map(|rate| rate.at.as_second()),
            paid_fiat: valuation.map(|valuation| valuation.value().into()),
            paid_rate_backfilled_at: valuation
                .and_then(|valuation| valuation.filled_in_at)
                .map(Timestamp::as_second),
            receipt_series: invoice.receipt.map(|receipt| receipt.series.minutes()),
            receipt_number: invoice
                .receipt
                .map(|receipt| to_sql(receipt.number))
                .transpose()?,
        })
    }
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
