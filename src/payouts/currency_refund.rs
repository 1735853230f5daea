//! Refunds in the currency of a sale's price: what they are in bitcoin.

use facture_domain::{
    Amount, CurrencyRefund, Invoice, Label, Msat, Price, RefundRate, RefundRefused, SaleRate,
};

use super::{
    error::Error,
    request::{InBitcoin, RequestedAmount},
    service::Payouts,
};

impl Payouts {
    /// How much that is asked for is in bitcoin. A rate is asked for only when everything else allows the refund.
    ///
    /// # Errors
    /// [`Error::Refund`], [`Error::Sale`].
    pub(super) async fn in_bitcoin(
        &self,
        amount: &RequestedAmount,
        sale: Option<&Label>,
    ) -> Result<InBitcoin, Error> {
        match amount {
            RequestedAmount::Msat(amount) => Ok(InBitcoin::fixed(*amount)),
            RequestedAmount::InCurrency(refund) => {
                let label = sale.ok_or(RefundRefused::UnknownSale)?;
                self.refund_in_bitcoin(label, refund).await
            }
        }
    }

    /// What a refund in the currency of a sale's price is in bitcoin now.
    ///
    /// # Errors
    /// [`Error::Refund`], [`Error::Sale`].
    pub async fn refund_amount(
        &self,
        sale: &Label,
        refund: &CurrencyRefund,
    ) -> Result<Msat, Error> {
        Ok(self.refund_in_bitcoin(sale, refund).await?.amount)
    }

    async fn refund_in_bitcoin(
        &self,
        label: &Label,
        refund: &CurrencyRefund,
    ) -> Result<InBitcoin, Error> {
        let sale = self.refresh(label).await?;
        let refunds = self.0.store.refunds(label, 1).await?;
        let totals = refunds.map_err(Error::Refund)?.totals;
        let agreed = sale_rate(&sale).ok_or(RefundRefused::NoPrice)?;
        if refund.price.ratio(&agreed.price).is_none() {
            return Err(RefundRefused::NoPrice.into());
        }
        let too_much = |left| Error::Refund(RefundRefused::TooMuch { left });
        match refund.rate {
            RefundRate::Sale => {
                let amount = agreed.convert(&refund.price);
                let amount = amount.ok_or_else(|| too_much(totals.left()))?;
                Ok(InBitcoin::fixed(amount))
            }
            RefundRate::Today => {
                let invoicing = &self.0.invoicing;
                let worth = invoicing.worth_now(&agreed.price, sale.order.channel);
                let today = SaleRate {
                    price: agreed.price.clone(),
                    worth: worth.await.map_err(Error::Sale)?,
                };
                // No more than what was received was worth when it was paid. What was refunded before counts as what it is
                // worth today.
                let refundable = today.worth_of(totals.received, agreed.worth);
                let left = totals.limited(refundable).left();
                let amount = today.convert(&refund.price);
                let amount = amount.filter(|amount| *amount <= left);
                Ok(InBitcoin {
                    amount: amount.ok_or_else(|| too_much(left))?,
                    refundable,
                })
            }
        }
    }
}

/// The price of a sale and what it was in bitcoin then; `None`: it had none in another currency.
fn sale_rate(sale: &Invoice) -> Option<SaleRate> {
    let quote = sale.order.quote.as_ref()?;
    let Amount::Exact(worth) = sale.amount else {
        return None;
    };
    Some(SaleRate {
        price: Price::parse(&quote.amount, &quote.currency).ok()?,
        worth,
    })
}
