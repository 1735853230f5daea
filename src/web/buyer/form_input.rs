//! The submitted form, and its conversion to a new invoice.

use std::fmt;

use super::form_amount::{AMOUNT, AskedAmount, CURRENCY, TypedAmount};
use crate::{
    config::{FormConfig, InvoiceConfig, PricingConfig},
    locale::Language,
    web::error::Invalid,
};
use facture_domain::idempotency::{IdempotentRequest, KeyRetention};
use facture_domain::{Channel, Description, DescriptionError, NewInvoice, Order, Price, Quote};

/// The input, to be shown again if it is invalid.
#[derive(Default)]
pub(super) struct FormInput {
    pub(super) amount: String,
    /// The code of a currency, or that of satoshis; empty: satoshis.
    pub(super) currency: String,
    pub(super) description: String,
    /// The [`FormKey`].
    pub(super) key: String,
}

/// Identifies one form as served to a visitor, so that pressing its button twice does not create a second invoice.
pub(super) struct FormKey(String);

const KEY: &str = "once";

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

    /// Somebody who goes back and changes the form wants a different invoice. The rate is no part of that: the same price is the
    /// same request.
    pub(super) fn request(&self, new: &NewInvoice) -> IdempotentRequest {
        let description = new.description.as_str();
        IdempotentRequest {
            scope: "form".to_owned(),
            key: match &new.order.quote {
                None => format!("{} {:?} {description}", self.0, new.amount),
                Some(Quote { currency, amount }) => {
                    format!("{} {amount} {currency} {description}", self.0)
                }
            },
            fingerprint: Vec::new(),
            retention: KeyRetention::Short,
        }
    }
}

impl FormInput {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            AMOUNT => Some(&mut self.amount),
            CURRENCY => Some(&mut self.currency),
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

    /// The invoice that is asked for, and its price in another currency: then its amount is not known yet.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub(super) fn parse(
        &self,
        limits: &InvoiceConfig,
        form: &FormConfig,
        pricing: &PricingConfig,
        language: Language,
    ) -> Result<(NewInvoice, Option<Price>), Vec<Invalid>> {
        let typed = TypedAmount {
            amount: &self.amount,
            currency: &self.currency,
        };
        let amount = typed.parse(limits, form, language);
        let (asked, description) = match (amount, self.parse_description(limits, language)) {
            (Ok(asked), Ok(description)) => (asked, description),
            (amount, description) => {
                return Err(amount.err().into_iter().chain(description.err()).collect());
            }
        };
        let new = NewInvoice {
            amount: asked.amount(),
            description,
            expiry: match &asked {
                AskedAmount::Exact(_) => limits.expiry(),
                AskedAmount::Price(_) => pricing.expiry(),
            },
            order: Order {
                quote: asked.quote(),
                channel: Some(Channel::Form),
                ..Order::default()
            },
            lnurl_metadata: None,
            webhooks: Vec::new(),
            hold: None,
        };
        Ok(match asked {
            AskedAmount::Exact(_) => (new, None),
            AskedAmount::Price(price) => (new, Some(price)),
        })
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
