//! Invoices with a price in another currency: the amount is fixed by the rate of the moment, once for each request.

use crate::{
    invoices::{error::Error, invoicing::Invoicing},
    pricing::Quorum,
};
use facture_domain::{
    Amount, Channel, FixedPrice, Msat, NewInvoice, Order, Price, idempotency::IdempotentRequest,
};

impl Invoicing {
    /// The invoice with the amount that its price is now, and the rate. A request that came before keeps the amount that it got
    /// then, whatever the rate is now, and needs none.
    ///
    /// # Errors
    /// [`Error::NoRate`], [`Error::Store`].
    pub async fn priced(
        &self,
        new: NewInvoice,
        price: &Price,
        request: Option<&IdempotentRequest>,
        quorum: Quorum,
    ) -> Result<NewInvoice, Error> {
        if let Some(request) = request
            && let Some(fixed) = self.fixed_before(&new, request).await?
        {
            return Ok(new.with_price(fixed));
        }
        let (amount, rate) = self.pricing.price(price, quorum).await?;
        Ok(NewInvoice {
            amount: Amount::Exact(amount),
            order: Order { rate, ..new.order },
            ..new
        })
    }

    /// What a price in another currency is in bitcoin now, rounded up as prices of invoices are, and the rate.
    ///
    /// # Errors
    /// [`Error::NoRate`].
    pub async fn price_now(&self, price: &Price, quorum: Quorum) -> Result<FixedPrice, Error> {
        Ok(self.pricing.price_by_rate(price, quorum).await?)
    }

    /// What a price is in bitcoin now, rounded up to the next millisatoshi whatever prices of invoices are rounded up to. The
    /// channel is that of the sale.
    ///
    /// # Errors
    /// [`Error::NoRate`].
    pub async fn worth_now(&self, price: &Price, channel: Option<Channel>) -> Result<Msat, Error> {
        Ok(self.pricing.worth(price, Quorum::of(channel)).await?)
    }

    /// What a request got before: as its key remembers it, or after that was forgotten, as its invoice has it.
    async fn fixed_before(
        &self,
        new: &NewInvoice,
        request: &IdempotentRequest,
    ) -> Result<Option<FixedPrice>, Error> {
        if let Some(fixed) = self.store.fixed_price(request).await? {
            return Ok(Some(fixed));
        }
        let label = self
            .labels
            .identity_of_request(&request.scope, &request.key);
        let known = self.store.find(label.label()).await?;
        let Some(known) = known.filter(|known| known.order.quote == new.order.quote) else {
            return Ok(None);
        };
        Ok(fixed_price(known.amount, &known.order))
    }
}

/// The price of an invoice that is to be made, if it came by a rate.
pub(super) fn fixed_price(amount: Amount, order: &Order) -> Option<FixedPrice> {
    match (amount, &order.rate) {
        (Amount::Exact(amount), Some(rate)) => Some(FixedPrice {
            amount,
            rate: rate.clone(),
        }),
        _ => None,
    }
}
