//! Orders by wallets that ask a link themselves, without its page (LNURL-pay). Asking makes nothing.

use std::sync::Arc;

use facture_domain::{
    Ask, Buyer, Invoice, LinkAmount, LinkState, LinkUnit, LnurlMetadata, Msat, PaymentLink, Price,
    WalletQuote,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    error::Error,
    order::{LinkOrder, OrderWay, no_amount},
    service::{LinkRules, Links},
};
use crate::pricing::Quorum;

/// What a wallet can pay for one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletOffer {
    /// The least. In millisatoshis, as wallets count.
    pub least: Msat,
    /// The most: the same where the shop fixes it.
    pub most: Msat,
    /// The price in another currency, and what it is in bitcoin.
    priced: Option<(Price, WalletQuote)>,
}

/// What a wallet orders: one piece.
#[derive(Clone, Debug)]
pub struct WalletOrder {
    /// What distinguishes this order from others that say the same.
    pub key: String,
    /// What it pays.
    pub amount: Msat,
    /// What it was shown, and what it told.
    pub shown: LnurlMetadata,
    /// Who orders.
    pub buyer: Buyer,
}

/// Why a wallet cannot order.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// As for anybody else.
    #[error(transparent)]
    Order(#[from] Error),
    /// It takes the link's page.
    #[error("it takes the link's page")]
    PageNeeded,
    /// The price that the wallet was told does not count any more.
    #[error("the price that the wallet was told does not count any more")]
    QuoteOver,
}

/// What a wallet pays, before any rate is known.
enum WalletAmount {
    Range(Msat, Msat),
    Price(Price),
}

/// For so long a wallet can order at the price that it was told.
const QUOTE_COUNTS: SignedDuration = SignedDuration::from_mins(2);

impl LinkRules {
    /// Whether a wallet can order by a link without its page. It cannot where the shop must have a note, which wallets may leave
    /// out, nor where buyers choose an amount of another currency, which no millisatoshis are exactly.
    pub fn is_for_wallets(&self, link: &PaymentLink) -> bool {
        self.wallet_amount(link).is_some()
    }

    fn wallet_amount(&self, link: &PaymentLink) -> Option<WalletAmount> {
        let terms = &link.terms;
        if terms.note == Ask::Required {
            return None;
        }
        let (least, most) = match &terms.amount {
            LinkAmount::Fixed(price) => match price.in_bitcoin() {
                Ok(amount) => (amount?, amount?),
                Err(price) => return Some(WalletAmount::Price(price.clone())),
            },
            LinkAmount::Between(least, most) => (
                least.in_bitcoin().ok().flatten()?,
                most.in_bitcoin().ok().flatten()?,
            ),
            LinkAmount::Free(LinkUnit::Sat) => (self.least, self.most),
            LinkAmount::Free(LinkUnit::Currency(_)) => return None,
        };
        Some(WalletAmount::Range(least, most))
    }
}

impl Links {
    /// What a wallet can pay that asks now.
    ///
    /// # Errors
    /// [`WalletError::PageNeeded`]; [`Error::Closed`], [`Error::AmountTooLarge`], [`Error::Invoice`] without a rate.
    pub async fn offer_to_wallet(&self, link: &PaymentLink) -> Result<WalletOffer, WalletError> {
        let now = Timestamp::now();
        match link.state(1, now) {
            LinkState::Open => {}
            closed => return Err(Error::Closed(closed).into()),
        }
        let amount = self.rules.wallet_amount(link);
        match amount.ok_or(WalletError::PageNeeded)? {
            WalletAmount::Range(least, most) => Ok(WalletOffer::of_range(least, most)),
            WalletAmount::Price(price) => {
                let fixed = self.invoicing.price_now(&price, Quorum::Configured).await;
                let quote = WalletQuote {
                    fixed: fixed.map_err(no_amount)?,
                    until: now + QUOTE_COUNTS,
                };
                Ok(WalletOffer::of_price(price, quote))
            }
        }
    }

    /// What a wallet has to bring back when it orders; `None`: nothing.
    pub fn quote_for_wallet(&self, link: &PaymentLink, offer: &WalletOffer) -> Option<String> {
        let (price, quote) = offer.priced.as_ref()?;
        Some(self.labels.sign_quote(link.slug.as_str(), price, quote))
    }

    /// What a wallet can pay that was told it before, and brings this back.
    ///
    /// # Errors
    /// [`WalletError::PageNeeded`], [`WalletError::QuoteOver`].
    pub fn offered_to_wallet(
        &self,
        link: &PaymentLink,
        quote: Option<&str>,
    ) -> Result<WalletOffer, WalletError> {
        let amount = self.rules.wallet_amount(link);
        match amount.ok_or(WalletError::PageNeeded)? {
            WalletAmount::Range(least, most) => Ok(WalletOffer::of_range(least, most)),
            WalletAmount::Price(price) => {
                let text = quote.ok_or(WalletError::QuoteOver)?;
                let quote = self.labels.read_quote(link.slug.as_str(), &price, text);
                let quote = quote.filter(|quote| Timestamp::now() < quote.until);
                let quote = quote.ok_or(WalletError::QuoteOver)?;
                Ok(WalletOffer::of_price(price, quote))
            }
        }
    }

    /// Makes the invoice of a wallet's order, as [`Links::order`] does.
    ///
    /// # Errors
    /// [`Error`]; [`Error::AmountOutside`] for another amount than was offered.
    pub async fn order_by_wallet(
        &self,
        link: PaymentLink,
        offer: WalletOffer,
        order: WalletOrder,
    ) -> Result<Arc<Invoice>, Error> {
        if !(offer.least..=offer.most).contains(&order.amount) {
            return Err(Error::AmountOutside);
        }
        let (price, fixed) = match offer.priced {
            Some((price, quote)) => (price, Some(quote.fixed)),
            None => {
                let price = Price::of_msat(order.amount);
                (price.ok_or(Error::AmountTooLarge)?, None)
            }
        };
        let order = LinkOrder {
            key: order.key,
            price,
            pieces: 1,
            buyer: order.buyer,
            way: OrderWay::Wallet {
                shown: order.shown,
                fixed,
            },
        };
        self.order(link, order).await
    }
}

impl WalletOffer {
    fn of_range(least: Msat, most: Msat) -> Self {
        Self {
            least,
            most,
            priced: None,
        }
    }

    fn of_price(price: Price, quote: WalletQuote) -> Self {
        let amount = quote.fixed.amount;
        Self {
            least: amount,
            most: amount,
            priced: Some((price, quote)),
        }
    }
}
