//! How much a shop wants to pay back.

use jiff::Timestamp;

use super::{amounts::btc, invoice_json::amount, refusal::Refusal};
use crate::{payouts::RequestedAmount, web::json_fields::JsonFields};
use facture_domain::{
    CurrencyRefund, Expiry, Invoice, Msat, ParsePriceError, Price, Quote, RefundRate, Status,
};

/// The longest name of a pull payment.
pub(super) const MAX_NAME: usize = 200;

/// A refund as it is asked for.
pub(super) struct RefundRequest {
    pub(super) amount: RequestedAmount,
    /// The same in the shop's words.
    pub(super) shown: Quote,
    /// How long it can be claimed; `None`: the default of vouchers.
    pub(super) expires_in: Option<Expiry>,
}

impl RefundRequest {
    /// Reads `POST …/pull-payments`. An amount in another currency is that part of the sale's price.
    ///
    /// # Errors
    /// [`Refusal::Invalid`].
    pub(super) fn of_pull_payment(sent: &JsonFields) -> Result<Self, Refusal> {
        if sent.whole("period")?.is_some() {
            return Err(Refusal::invalid("period", "must be null: it is paid once"));
        }
        Self::priced(sent, "amount", "currency", RefundRate::Sale)
    }

    /// Reads `POST …/invoices/{invoice}/refund`, with BTCPay's variants.
    ///
    /// # Errors
    /// [`Refusal::Invalid`].
    pub(super) fn of_invoice(sent: &JsonFields, invoice: &Invoice) -> Result<Self, Refusal> {
        let percentage = sent.decimal("subtractPercentage")?.unwrap_or_default();
        if percentage.contains(|digit: char| !matches!(digit, '0' | '.')) {
            return Err(Refusal::invalid("subtractPercentage", "must be 0"));
        }
        let Status::Paid(paid) = &invoice.status else {
            return Err(Refusal::invalid("invoice", "is not paid"));
        };
        let variant = sent.text("refundVariant")?.unwrap_or_default();
        match variant.to_lowercase().as_str() {
            "ratethen" => Ok(Self::in_bitcoin(paid.amount_received)),
            "overpaidamount" => {
                let asked = amount(invoice).map_or(0, Msat::msat);
                let over = paid.amount_received.msat().saturating_sub(asked);
                match Msat::from_msat(over).filter(|over| over.msat() > 0) {
                    Some(over) => Ok(Self::in_bitcoin(over)),
                    None => Err(Refusal::invalid("refundVariant", "nothing is overpaid")),
                }
            }
            "currentrate" | "fiat" => match &invoice.order.quote {
                Some(quote) if quote.is_fiat() => {
                    Self::parse(quote, RefundRate::Today, "amount", "currency")
                }
                _ => Ok(Self::in_bitcoin(paid.amount_received)),
            },
            "custom" => Self::priced(sent, "customAmount", "customCurrency", RefundRate::Sale),
            _ => Err(Refusal::invalid(
                "refundVariant",
                "must be RateThen, CurrentRate, Fiat, OverpaidAmount or Custom",
            )),
        }
    }

    fn in_bitcoin(amount: Msat) -> Self {
        Self {
            amount: RequestedAmount::Msat(amount),
            shown: Quote {
                amount: btc(amount.msat()),
                currency: "BTC".to_owned(),
            },
            expires_in: None,
        }
    }

    fn priced(
        sent: &JsonFields,
        amount: &str,
        currency: &str,
        rate: RefundRate,
    ) -> Result<Self, Refusal> {
        let missing = |field| Refusal::invalid(field, "is missing");
        let quote = Quote {
            amount: sent.decimal(amount)?.ok_or_else(|| missing(amount))?,
            currency: sent.text(currency)?.ok_or_else(|| missing(currency))?,
        };
        Ok(Self {
            expires_in: expiry(sent)?,
            ..Self::parse(&quote, rate, amount, currency)?
        })
    }

    fn parse(
        quote: &Quote,
        rate: RefundRate,
        amount: &str,
        currency: &str,
    ) -> Result<Self, Refusal> {
        let shown = Quote {
            amount: quote.amount.clone(),
            currency: quote.currency.to_uppercase(),
        };
        let price = Price::parse(&shown.amount, &shown.currency).map_err(|error| {
            let field = match error {
                ParsePriceError::Currency => currency,
                ParsePriceError::Amount | ParsePriceError::Digits => amount,
            };
            Refusal::invalid(field, error)
        })?;
        let asked = match price.in_bitcoin() {
            Ok(Some(msat)) if msat.msat() > 0 => RequestedAmount::Msat(msat),
            Ok(_) => return Err(Refusal::invalid(amount, "cannot be paid over Lightning")),
            Err(_) => RequestedAmount::InCurrency(CurrencyRefund { price, rate }),
        };
        Ok(Self {
            amount: asked,
            shown,
            expires_in: None,
        })
    }
}

/// `expiresAt`, in seconds since 1970.
fn expiry(sent: &JsonFields) -> Result<Option<Expiry>, Refusal> {
    let Some(at) = sent.whole("expiresAt")? else {
        return Ok(None);
    };
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
    let seconds = u32::try_from(at.saturating_sub(now)).unwrap_or(u32::MAX);
    let expiry = Expiry::from_seconds(seconds);
    let expiry = expiry.map_err(|_| Refusal::invalid("expiresAt", "must be within a year"))?;
    Ok(Some(expiry))
}
