//! The submitted form, and its conversion to a new invoice.

use std::fmt;

use crate::{
    config::{FormAmount, FormConfig, InvoiceConfig},
    locale::Language,
    web::error::Invalid,
};
use facture_domain::idempotency::{IdempotentRequest, KeyRetention};
use facture_domain::{
    Amount, Channel, Description, DescriptionError, Msat, NewInvoice, Order, ParseSatError,
};

/// The input, to be shown again if it is invalid.
#[derive(Default)]
pub(super) struct FormInput {
    pub(super) amount: String,
    pub(super) description: String,
    /// The [`FormKey`].
    pub(super) key: String,
}

/// Identifies one form as served to a visitor, so that pressing its button twice does not create a second invoice.
pub(super) struct FormKey(String);

const KEY: &str = "once";

/// The name of the amount's field.
pub(super) const AMOUNT: &str = "amount";

/// The name of the description's field.
pub(super) const DESCRIPTION: &str = "description";

impl FormKey {
    pub(super) fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    /// Programs send none, and anything that is not one of ours does not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let ours = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        ours.then(|| Self(text.to_owned()))
    }

    /// Somebody who goes back and changes the form wants a different invoice.
    pub(super) fn request(&self, new: &NewInvoice) -> IdempotentRequest {
        IdempotentRequest {
            scope: "form".to_owned(),
            key: format!("{} {:?} {}", self.0, new.amount, new.description.as_str()),
            fingerprint: Vec::new(),
            retention: KeyRetention::Short,
        }
    }
}

impl FormInput {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            AMOUNT => Some(&mut self.amount),
            DESCRIPTION => Some(&mut self.description),
            KEY => Some(&mut self.key),
            _ => None,
        }
    }

    /// Repeated fields are ambiguous, and an unknown one may be a misspelt amount: both are refused rather than
    /// guessed.
    pub(super) fn read(fields: Vec<(String, String)>, language: Language) -> (Self, Vec<Invalid>) {
        let mut input = Self::default();
        let mut seen = Vec::new();
        let mut errors = Vec::new();
        for (name, value) in fields {
            match input.field(&name) {
                Some(field) if !seen.contains(&name) => {
                    *field = value;
                    seen.push(name);
                }
                Some(_) => errors.push(Invalid {
                    code: "field_repeated",
                    message: language
                        .say_with("field-repeated", &[("field", name.as_str().into())]),
                    field: name,
                }),
                None => {
                    let name: String = name.chars().take(40).collect();
                    errors.push(Invalid {
                        code: "field_unknown",
                        message: language
                            .say_with("field-unknown", &[("field", name.as_str().into())]),
                        field: name,
                    });
                }
            }
        }
        (input, errors)
    }

    pub(super) fn parse(
        &self,
        limits: &InvoiceConfig,
        form: &FormConfig,
        language: Language,
    ) -> Result<NewInvoice, Vec<Invalid>> {
        let amount = match form.fixed_sat {
            FormAmount::Chosen => self.parse_amount(limits, language),
            FormAmount::Fixed(fixed) => self.parse_fixed(fixed.amount(), language),
        };
        match (amount, self.parse_description(limits, language)) {
            (Ok(amount), Ok(description)) => Ok(NewInvoice {
                amount: Amount::Exact(amount),
                description,
                expiry: limits.expiry(),
                order: Order {
                    channel: Some(Channel::Form),
                    ..Order::default()
                },
                lnurl_metadata: None,
                webhooks: Vec::new(),
                hold: None,
            }),
            (amount, description) => {
                Err(amount.err().into_iter().chain(description.err()).collect())
            }
        }
    }

    /// The amount may be absent, but must not differ: somebody would pay an amount they did not intend.
    fn parse_fixed(&self, fixed: Msat, language: Language) -> Result<Msat, Invalid> {
        if self.amount.trim().is_empty() || Msat::parse_sat(&self.amount) == Ok(fixed) {
            return Ok(fixed);
        }
        Err(Invalid {
            field: AMOUNT.to_owned(),
            code: "amount_fixed",
            message: language.say_with("amount-fixed", &[("amount", language.sat(fixed).into())]),
        })
    }

    fn parse_amount(&self, limits: &InvoiceConfig, language: Language) -> Result<Msat, Invalid> {
        let (minimum, maximum) = (limits.minimum_sat.amount(), limits.maximum_sat.amount());
        let invalid = |code, message| {
            Err(Invalid {
                field: AMOUNT.to_owned(),
                code,
                message,
            })
        };
        let too_large = || {
            invalid(
                "amount_too_large",
                language.say_with(
                    "amount-too-large",
                    &[("maximum", language.sat(maximum).into())],
                ),
            )
        };
        if self.amount.trim().is_empty() {
            return Ok(limits.default_sat.amount());
        }
        match Msat::parse_sat(&self.amount) {
            Ok(amount) if amount < minimum => invalid(
                "amount_too_small",
                language.say_with(
                    "amount-too-small",
                    &[("minimum", language.sat(minimum).into())],
                ),
            ),
            Ok(amount) if amount > maximum => too_large(),
            Ok(amount) => Ok(amount),
            Err(ParseSatError::TooLarge) => too_large(),
            Err(ParseSatError::NotDigits) => invalid(
                "amount_invalid",
                language.say("amount-not-digits").into_owned(),
            ),
        }
    }

    fn parse_description(
        &self,
        limits: &InvoiceConfig,
        language: Language,
    ) -> Result<Description, Invalid> {
        let description = Description::parse(&self.description).map_err(|error| Invalid {
            field: DESCRIPTION.to_owned(),
            code: match error {
                DescriptionError::TooLong { .. } => "description_too_long",
                DescriptionError::ControlCharacter
                | DescriptionError::Unescapable
                | DescriptionError::NotUtf8 => "description_invalid",
            },
            message: match error {
                DescriptionError::TooLong { bytes } => language.say_with(
                    "description-too-long",
                    &[
                        ("bytes", bytes.into()),
                        ("most", Description::MAX_BYTES.into()),
                    ],
                ),
                DescriptionError::ControlCharacter | DescriptionError::Unescapable => {
                    language.say("description-control").into_owned()
                }
                DescriptionError::NotUtf8 => language.say("description-not-text").into_owned(),
            },
        })?;
        Ok(if description.as_str().is_empty() {
            limits.default_description.clone()
        } else {
            description
        })
    }
}

impl fmt::Display for FormKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
