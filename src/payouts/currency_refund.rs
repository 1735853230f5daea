//! Refunds in the currency of a sale's price: what they are in bitcoin.

use facture_domain::{
    Amount, CurrencyRefund, Invoice, Label, Msat, Price, RefundRate, RefundRefused, RefundTotals,
    SaleRate,
};

use super::{error::Error, request::RequestedAmount, service::Payouts};

impl Payouts {
    /// How much that is asked for is in bitcoin. A rate is asked for only when everything else allows the refund.
    ///
    /// # Errors
    /// [`Error::Refund`], [`Error::Sale`].
    pub async fn in_bitcoin(
        &self,
        amount: &RequestedAmount,
        sale: Option<&Label>,
    ) -> Result<Msat, Error> {
        match amount {
            RequestedAmount::Msat(amount) => Ok(*amount),
            RequestedAmount::InCurrency(refund) => {
                let label = sale.ok_or(RefundRefused::UnknownSale)?;
                self.refund_in_bitcoin(label, refund).await
            }
        }
    }

    async fn refund_in_bitcoin(
        &self,
        label: &Label,
        refund: &CurrencyRefund,
    ) -> Result<Msat, Error> {
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
                amount.ok_or_else(|| too_much(totals.left()))
            }
            RefundRate::Today => {
                let invoicing = &self.0.invoicing;
                let worth = invoicing.worth_now(&agreed.price, sale.order.channel);
                let today = SaleRate {
                    price: agreed.price.clone(),
                    worth: worth.await.map_err(Error::Sale)?,
                };
                let left = left_today(&today, &agreed, totals);
                let amount = today.convert(&refund.price);
                amount
                    .filter(|amount| *amount <= left)
                    .ok_or_else(|| too_much(left))
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

/// What can still be refunded at today's rate: never more than was received, nor more than that was worth when it was paid. What
/// was refunded before counts as what it is worth today. The store counts again what was received when it writes the order.
fn left_today(today: &SaleRate, agreed: &SaleRate, totals: RefundTotals) -> Msat {
    let left = totals.left();
    let Some(most) = today.worth_of(totals.received, agreed.worth) else {
        return left;
    };
    let taken = totals.received.msat().saturating_sub(left.msat());
    let within = Msat::from_msat(most.msat().saturating_sub(taken));
    within.map_or(left, |within| within.min(left))
}
