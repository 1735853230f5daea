//! A new invoice, as requested by programs.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::{
    config::{HoldConfig, InvoiceConfig, PricingConfig},
    web::{
        amount_json::{AmountJson, Any, MsatJson},
        breakdown_json::TaxLineJson,
        error::Problem,
        webhook_url,
        whole_number::WholeNumber,
    },
    webhooks::Webhooks,
};
use facture_domain::{
    Amount, Breakdown, BreakdownError, Channel, Currency, Description, Expiry, Hook, HookFormat,
    Metadata, Msat, NewHold, NewInvoice, Order, OrderId, Price, Quote, RedirectUrl,
};

/// The invoice to create, with exactly one of `amount_msat`, `amount_sat`, or `currency` and `amount`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvoice, example = json!({
    "amount_sat": 2500,
    "description": "Two bags of tea",
    "order_id": "2026-7",
    "redirect_url": "https://shop.example/thanks",
}))]
pub(crate) struct NewInvoiceJson {
    /// The amount in millisatoshis, or `"any"` to let the payer choose.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    amount_msat: Option<AmountJson>,
    /// The amount in satoshis.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, value_type = Option<u64>, minimum = 1, maximum = 1_000_000_000_000_000_u64)]
    amount_sat: Option<WholeNumber>,
    /// The price in another currency, in decimal digits, with as many decimals as the currency has at most. The amount in
    /// bitcoin is what that is by the exchange rate when the invoice is created.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(
        nullable = false,
        pattern = "^[0-9]+(\\.[0-9]+)?$",
        max_length = 20,
        example = "9.90"
    )]
    amount: Option<String>,
    /// The currency of `amount`: a code of ISO 4217, such as `EUR`, or `BTC`, `SAT` or `SATS`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, pattern = "^[A-Za-z]{3,4}$", example = "EUR")]
    currency: Option<String>,
    /// What of the `amount` is taxed: at most 20 lines, each with another rate. All `net` and `tax` and the `tip` are together the
    /// `amount`. facture stores them and computes nothing.
    #[serde(default)]
    #[schema(max_items = 20)]
    tax: Vec<TaxLineJson>,
    /// The part of the `amount` that is a tip, in decimal digits.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(
        nullable = false,
        pattern = "^[0-9]+(\\.[0-9]+)?$",
        max_length = 20,
        example = "1.50"
    )]
    tip: Option<String>,
    /// What was taken off before, in decimal digits: the `amount` is what remained.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(
        nullable = false,
        pattern = "^[0-9]+(\\.[0-9]+)?$",
        max_length = 20,
        example = "2.00"
    )]
    discount: Option<String>,
    /// The purpose of the payment, shown in the buyer's wallet: at most 639 bytes, without control characters. If empty, the
    /// configured default is used.
    #[serde(default)]
    #[schema(max_length = 639, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    description: String,
    /// How long the invoice can be paid, in seconds. Defaults to the configured value, which is a shorter one with a price in
    /// another currency.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 31_536_000)]
    expiry: Option<WholeNumber>,
    /// Any JSON of at most 16 KiB, stored and returned byte for byte.
    #[serde(default)]
    #[schema(value_type = Value)]
    metadata: Option<Box<RawValue>>,
    /// The shop's order number: one line of at most 255 bytes. Several invoices may have the same.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    order_id: Option<String>,
    /// Where the buyer returns to after the payment: an `http` or `https` URL of at most 2048 bytes, without a password.
    #[schema(format = "uri", max_length = 2048)]
    redirect_url: Option<String>,
    /// Where to send this invoice's events: an `http` or `https` URL of at most 2048 bytes. Deliveries are signed with the
    /// secret of the webhook `invoices`.
    #[schema(format = "uri", max_length = 2048)]
    webhook: Option<String>,
    /// Whether the payment is held until the shop settles it (`POST …/settle`) or cancels it (`POST …/cancel`): a hold invoice.
    #[serde(default)]
    hold: bool,
    /// With `hold`: a payment hash of the shop's own, whose preimage the shop keeps until it settles. 64 hexadecimal digits.
    /// Only some nodes support it; without it, facture chooses the preimage.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, pattern = "^[0-9a-fA-F]{64}$")]
    payment_hash: Option<String>,
}

/// A requested invoice.
pub(super) struct Requested {
    /// The invoice. With a price, its amount is not known yet.
    pub(super) new: NewInvoice,
    /// Its price in another currency.
    pub(super) price: Option<Price>,
}

impl NewInvoiceJson {
    /// The requested invoice, with `defaults` for absent fields.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for the first invalid field.
    pub(super) fn parse(
        self,
        defaults: &InvoiceConfig,
        holds: &HoldConfig,
        pricing: &PricingConfig,
        webhooks: &Webhooks,
    ) -> Result<Requested, Problem> {
        let (amount, priced) = match (self.currency, self.amount) {
            (None, None) => (amount(self.amount_msat, self.amount_sat)?, None),
            (currency, price) if self.amount_msat.is_none() && self.amount_sat.is_none() => {
                (Amount::Any, Some(price_of(currency, price)?))
            }
            (currency, _) => return Err(ambiguous(currency.map_or("amount", |_| "currency"))),
        };
        let (quote, price) = priced.unzip();
        let breakdown = Breakdown {
            tax: self.tax.into_iter().map(TaxLineJson::into_line).collect(),
            tip: self.tip,
            discount: self.discount,
        };
        let breakdown = checked(breakdown, price.as_ref())?;
        let default_expiry = pricing.expiry_of(quote.as_ref(), defaults.expiry());
        let hold = hold(self.hold, self.payment_hash.as_deref(), holds)?;
        let description = description(&self.description, defaults)?;
        let order = order(self.order_id, self.metadata, self.redirect_url)?;
        let new = NewInvoice {
            amount,
            description,
            expiry: self.expiry.map_or(Ok(default_expiry), expiry)?,
            order: Order {
                quote,
                breakdown,
                ..order
            },
            lnurl_metadata: None,
            webhooks: match self.webhook {
                None => Vec::new(),
                Some(text) => vec![Hook {
                    url: webhook_url::parse(webhooks, "webhook", &text)?,
                    format: HookFormat::Standard,
                    token: None,
                }],
            },
            hold,
        };
        Ok(Requested { new, price })
    }
}

fn description(text: &str, defaults: &InvoiceConfig) -> Result<Description, Problem> {
    let description = Description::parse(text).map_err(|error| {
        let message = format!("The description {error}.");
        Problem::invalid("description", "description_invalid", message)
    })?;
    Ok(if description.as_str().is_empty() {
        defaults.default_description.clone()
    } else {
        description
    })
}

fn expiry(WholeNumber(seconds): WholeNumber) -> Result<Expiry, Problem> {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Expiry::from_seconds(seconds).map_err(|error| {
        Problem::invalid("expiry", "expiry_invalid", format!("The expiry {error}."))
    })
}

fn hold(
    is_hold: bool,
    payment_hash: Option<&str>,
    config: &HoldConfig,
) -> Result<Option<NewHold>, Problem> {
    let wrong = |message| {
        Err(Problem::invalid(
            "payment_hash",
            "payment_hash_invalid",
            message,
        ))
    };
    let payment_hash = match payment_hash.map(str::parse) {
        None => None,
        Some(Ok(hash)) => Some(hash),
        Some(Err(_)) => return wrong("The payment_hash must be 64 hexadecimal digits."),
    };
    match (is_hold, payment_hash) {
        (false, Some(_)) => wrong("A payment_hash needs \"hold\": true."),
        (false, None) => Ok(None),
        (true, payment_hash) => Ok(Some(config.new_hold(payment_hash))),
    }
}

fn order(
    order_id: Option<String>,
    metadata: Option<Box<RawValue>>,
    redirect_url: Option<String>,
) -> Result<Order, Problem> {
    let order_id = order_id.map(OrderId::parse).transpose();
    let metadata = metadata.map(|json| Metadata::new(&json)).transpose();
    let redirect_url = redirect_url
        .map(|text| RedirectUrl::parse(&text))
        .transpose();
    Ok(Order {
        order_id: order_id.map_err(|error| {
            let message = format!("The order_id {error}.");
            Problem::invalid("order_id", "order_id_invalid", message)
        })?,
        metadata: metadata.map_err(|error| {
            let message = format!("The metadata {error}.");
            Problem::invalid("metadata", "metadata_too_large", message)
        })?,
        redirect_url: redirect_url.map_err(|error| {
            let message = format!("The redirect_url {error}.");
            Problem::invalid("redirect_url", "redirect_url_invalid", message)
        })?,
        channel: Some(Channel::Api),
        ..Order::default()
    })
}

/// Exactly one of the two. The configured limits are for the public form; callers with a token can request any amount that
/// BOLT 11 can express.
pub(super) fn amount(
    msat: Option<AmountJson>,
    sat: Option<WholeNumber>,
) -> Result<Amount, Problem> {
    let (field, amount) = match (msat, sat) {
        (Some(AmountJson::Word(Any::Any)), None) => return Ok(Amount::Any),
        (Some(AmountJson::Exact(MsatJson(msat))), None) => ("amount_msat", Msat::from_msat(msat)),
        (None, Some(WholeNumber(sat))) => ("amount_sat", Msat::from_sat(sat)),
        (Some(_), Some(_)) => return Err(ambiguous("amount_sat")),
        (None, None) => {
            let message =
                "Send amount_msat or amount_sat, or a currency and an amount. With amount_msat \"any\" the payer chooses."
                    .to_owned();
            return Err(Problem::invalid("amount_msat", "amount_missing", message));
        }
    };
    match amount {
        Some(amount) if amount > Msat::PAYABLE => Err(too_large(field)),
        None => Err(too_large(field)),
        Some(amount) if amount.msat() == 0 => Err(Problem::invalid(
            field,
            "amount_too_small",
            format!("The {field} must be at least 1."),
        )),
        Some(amount) => Ok(Amount::Exact(amount)),
    }
}

fn ambiguous(field: &str) -> Problem {
    let message =
        "Send either amount_msat or amount_sat, or a currency and an amount, not both.".to_owned();
    Problem::invalid(field, "amount_ambiguous", message)
}

/// A price in another currency. More decimals than the currency has could not be on a receipt.
fn price_of(currency: Option<String>, amount: Option<String>) -> Result<(Quote, Price), Problem> {
    let Some(currency) = currency else {
        let message = "Send the currency of the amount.".to_owned();
        return Err(Problem::invalid("currency", "currency_missing", message));
    };
    let Some(amount) = amount else {
        let message = "Send the amount in this currency.".to_owned();
        return Err(Problem::invalid("amount", "amount_missing", message));
    };
    let upper = currency.to_ascii_uppercase();
    let known = Currency::parse(&upper);
    if known.is_err() && !Price::is_bitcoin(&upper) {
        let message =
            "The currency must be a code of ISO 4217, such as EUR, or BTC or SAT.".to_owned();
        return Err(Problem::invalid("currency", "currency_unknown", message));
    }
    let price = Price::parse(&amount, &upper)
        .ok()
        .filter(|_| !amount.contains(['e', 'E']) && amount.len() <= MAX_PRICE_DIGITS);
    let Some(price) = price else {
        let message =
            "The amount must be a decimal number above zero in a string, such as \"9.90\"."
                .to_owned();
        return Err(Problem::invalid("amount", "amount_invalid", message));
    };
    if let Ok(known) = known
        && price.amount().scale() > known.decimals()
    {
        let message = format!(
            "The amount has more decimals than {known} has: at most {}.",
            known.decimals()
        );
        return Err(Problem::invalid("amount", "amount_invalid", message));
    }
    let quote = Quote {
        currency: upper,
        amount,
    };
    Ok((quote, price))
}

/// What the shop says about the price, if it says anything.
fn checked(breakdown: Breakdown, price: Option<&Price>) -> Result<Option<Breakdown>, Problem> {
    if breakdown.is_empty() {
        return Ok(None);
    }
    let Some(price) = price else {
        let field = match (&*breakdown.tax, &breakdown.tip) {
            ([_, ..], _) => "tax",
            (_, Some(_)) => "tip",
            _ => "discount",
        };
        let message = format!(
            "With {field}, send the currency and the amount, such as \"SAT\" and \"2500\"."
        );
        return Err(Problem::invalid(field, "price_missing", message));
    };
    breakdown.check(price).map_err(|error| {
        let (field, code) = match error {
            BreakdownError::Tax | BreakdownError::Lines => ("tax", "tax_invalid"),
            BreakdownError::Sum => ("tax", "tax_sum"),
            BreakdownError::Tip => ("tip", "tip_invalid"),
            BreakdownError::Discount => ("discount", "discount_invalid"),
        };
        Problem::invalid(field, code, format!("The {field} {error}."))
    })?;
    Ok(Some(breakdown))
}

/// The longest amount, in characters.
const MAX_PRICE_DIGITS: usize = 20;

fn too_large(field: &str) -> Problem {
    let most = match field {
        "amount_sat" => Msat::PAYABLE.msat() / 1000,
        _ => Msat::PAYABLE.msat(),
    };
    let message = format!("The {field} must be at most {most}.");
    Problem::invalid(field, "amount_too_large", message)
}

/// A field that may be absent, but not `null`.
pub(super) fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
