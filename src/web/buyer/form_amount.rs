//! What is typed into the form for the amount: satoshis, or an amount of a currency that the shop offers.

use crate::{
    config::{FormAmount, FormConfig, InvoiceConfig},
    locale::Language,
    web::error::Invalid,
};
use facture_domain::{Amount, Currency, Msat, ParseSatError, Price, Quote};

/// The name of the amount's field.
pub(super) const AMOUNT: &str = "amount";

/// The name of the field of the amount's currency.
pub(super) const CURRENCY: &str = "currency";

/// The value of the choice of a unit that stands for satoshis.
pub(super) const SAT: &str = "SAT";

/// The amount of an invoice that is asked for.
pub(super) enum AskedAmount {
    /// In bitcoin.
    Exact(Msat),
    /// In another currency: what that is in bitcoin is to be told by a rate.
    Price(Price),
}

impl AskedAmount {
    /// The amount of the invoice; of a price it is not known yet.
    pub(super) fn amount(&self) -> Amount {
        match self {
            Self::Exact(amount) => Amount::Exact(*amount),
            Self::Price(_) => Amount::Any,
        }
    }

    /// The price as the invoice has it.
    pub(super) fn quote(&self) -> Option<Quote> {
        match self {
            Self::Exact(_) => None,
            Self::Price(price) => {
                let decimals = Currency::parse(price.currency()).map_or(0, Currency::decimals);
                let mut amount = price.amount();
                amount.rescale(decimals);
                Some(Quote {
                    currency: price.currency().to_owned(),
                    amount: amount.to_string(),
                })
            }
        }
    }
}

/// What was typed.
pub(super) struct TypedAmount<'a> {
    pub(super) amount: &'a str,
    /// The code of a currency, or that of satoshis; empty: satoshis.
    pub(super) currency: &'a str,
}

impl TypedAmount<'_> {
    /// What is asked for. Without a currency it is satoshis, as links and programs from before there were currencies mean it.
    pub(super) fn parse(
        &self,
        limits: &InvoiceConfig,
        form: &FormConfig,
        language: Language,
    ) -> Result<AskedAmount, Invalid> {
        if let FormAmount::Fixed(fixed) = form.fixed_sat {
            return self.fixed(fixed.amount(), language).map(AskedAmount::Exact);
        }
        match self.chosen(form) {
            Chosen::Sat => self.satoshis(limits, language).map(AskedAmount::Exact),
            Chosen::Currency(currency) => self.price(currency, language).map(AskedAmount::Price),
            Chosen::NotOffered => Err(Invalid {
                field: CURRENCY.to_owned(),
                code: "currency_unknown",
                message: language.say("currency-not-offered").into_owned(),
            }),
        }
    }

    fn chosen(&self, form: &FormConfig) -> Chosen {
        match self.currency.trim() {
            "" => Chosen::Sat,
            sat if sat.eq_ignore_ascii_case(SAT) => Chosen::Sat,
            code => {
                let offered = Currency::parse(code).ok();
                let offered = offered.filter(|currency| form.currencies.contains(currency));
                offered.map_or(Chosen::NotOffered, Chosen::Currency)
            }
        }
    }

    /// The amount may be absent, but must not differ: somebody would pay an amount they did not intend.
    fn fixed(&self, fixed: Msat, language: Language) -> Result<Msat, Invalid> {
        let in_sat = matches!(self.currency.trim(), "" | SAT);
        let empty = self.amount.trim().is_empty();
        if in_sat && (empty || Msat::parse_sat(self.amount) == Ok(fixed)) {
            return Ok(fixed);
        }
        Err(Invalid::new(
            AMOUNT,
            "amount_fixed",
            language.say_with("amount-fixed", &[("amount", language.sat(fixed).into())]),
        ))
    }

    fn satoshis(&self, limits: &InvoiceConfig, language: Language) -> Result<Msat, Invalid> {
        if self.amount.trim().is_empty() {
            return Ok(limits.default_sat.amount());
        }
        match Msat::parse_sat(self.amount) {
            Ok(amount) => within(amount, limits, language),
            Err(ParseSatError::TooLarge) => Err(too_large(limits, language)),
            Err(ParseSatError::NotDigits) => Err(Invalid::new(
                AMOUNT,
                "amount_invalid",
                language.say("amount-not-digits").into_owned(),
            )),
        }
    }

    fn price(&self, currency: Currency, language: Language) -> Result<Price, Invalid> {
        if self.amount.trim().is_empty() {
            let message = language.say("amount-missing").into_owned();
            return Err(Invalid::new(AMOUNT, "amount_missing", message));
        }
        Price::typed(self.amount, currency, language.decimal_mark()).map_err(|_| {
            let example = match currency.decimals() {
                0 => "1250",
                _ => "12.50",
            };
            let gaps = [
                ("currency", currency.code().into()),
                ("example", language.decimal(example).into()),
            ];
            Invalid::new(
                AMOUNT,
                "amount_invalid",
                language.say_with("amount-not-money", &gaps),
            )
        })
    }
}

/// The unit of the amount.
enum Chosen {
    Sat,
    Currency(Currency),
    NotOffered,
}

/// The amount if it is within the shop's limits, which are the same for prices in other currencies.
pub(super) fn within(
    amount: Msat,
    limits: &InvoiceConfig,
    language: Language,
) -> Result<Msat, Invalid> {
    let minimum = limits.minimum_sat.amount();
    if amount > limits.maximum_sat.amount() {
        return Err(too_large(limits, language));
    }
    if amount < minimum {
        let gaps = [("minimum", language.sat(minimum).into())];
        return Err(Invalid::new(
            AMOUNT,
            "amount_too_small",
            language.say_with("amount-too-small", &gaps),
        ));
    }
    Ok(amount)
}

/// More than the shop takes.
pub(super) fn too_large(limits: &InvoiceConfig, language: Language) -> Invalid {
    let maximum = language.sat(limits.maximum_sat.amount());
    let gaps = [("maximum", maximum.into())];
    Invalid::new(
        AMOUNT,
        "amount_too_large",
        language.say_with("amount-too-large", &gaps),
    )
}
