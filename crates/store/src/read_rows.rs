//! Reading invoices out of their rows.

use std::{borrow::Cow, mem};

use crate::{
    breakdown_json,
    error::Error,
    hold_json,
    rate_columns::rate,
    rows::{InvoiceRow, amount, from_sql, timestamp},
};
use facture_domain::{
    Amount, Bolt11, Channel, Held, Invoice, InvoiceKind, Label, Metadata, OfferPayment, Order,
    OrderId, Quote, ReceiptNumber, ReceiptSeries, RedirectUrl, Settlement, ShopId, Status,
    Valuation,
};

impl<'a> InvoiceRow<'a> {
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
            valuation: self.valuation()?,
            receipt: match (self.receipt_series, self.receipt_number) {
                (Some(series), Some(number)) => Some(ReceiptNumber {
                    series: ReceiptSeries::stored(series),
                    number: from_sql(number)?,
                }),
                _ => None,
            },
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

    fn valuation(&mut self) -> Result<Option<Valuation>, Error> {
        let (Some(currency), Some(price), Some(source), Some(at), Some(value)) = (
            &self.quote_currency,
            &self.paid_rate,
            self.paid_rate_source.take(),
            self.paid_rate_at,
            &self.paid_fiat,
        ) else {
            return Ok(None);
        };
        let rate = rate(currency, price, source.into_owned(), at)?;
        let filled_in_at = self.paid_rate_backfilled_at.map(timestamp).transpose()?;
        let valuation = Valuation::stored(rate, value, filled_in_at);
        Ok(Some(valuation.ok_or(Error::Corrupt("fiat value"))?))
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
            rate: match (
                &self.quote_currency,
                self.rate,
                self.rate_source,
                self.rate_at,
            ) {
                (Some(currency), Some(price), Some(source), Some(at)) => {
                    Some(rate(currency, &price, source.into_owned(), at)?)
                }
                _ => None,
            },
            quote: match (self.quote_currency, self.quote_amount) {
                (Some(currency), Some(amount)) => Some(Quote {
                    currency: currency.into_owned(),
                    amount: amount.into_owned(),
                }),
                _ => None,
            },
            breakdown: self
                .breakdown
                .as_deref()
                .map(breakdown_json::read)
                .transpose()?,
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
                .map(|shop| ShopId::stored(&shop))
                .transpose()
                .map_err(|_| Error::Corrupt("shop"))?,
            cashier: self.cashier.map(Cow::into_owned),
        })
    }
}

/// The text of a column that is read once.
fn take(column: &mut Cow<'_, str>) -> String {
    mem::take(column).into_owned()
}
