//! The form's errors in JSON: the same codes and fields as on the page, worded for developers.

use super::form_amount::{AMOUNT, CURRENCY, SAT};
use super::form_input::DESCRIPTION;
use crate::{
    config::{FormAmount, FormConfig, InvoiceConfig, Sat},
    web::error::Problem,
};
use facture_domain::Description;

/// Adds a message to a field's error that names the field and the allowed values; other problems are unchanged.
pub(super) fn explained(limits: &InvoiceConfig, form: &FormConfig, problem: Problem) -> Problem {
    let Problem::Invalid(mut invalid) = problem else {
        return problem;
    };
    let sat = |limit: Sat| limit.amount().msat() / 1000;
    let (least, most) = (sat(limits.minimum_sat), sat(limits.maximum_sat));
    let field = &invalid.field;
    invalid.message = match (invalid.code, form.fixed_sat) {
        ("field_repeated", _) => format!("The field {field} was sent more than once."),
        ("field_unknown", _) => {
            format!("Unknown field {field}. The fields are: {AMOUNT}, {CURRENCY}, {DESCRIPTION}.")
        }
        ("amount_fixed", FormAmount::Fixed(fixed)) => {
            format!("The {AMOUNT} must be left out or be {}.", sat(fixed))
        }
        ("currency_unknown", _) => format!(
            "The {CURRENCY} must be left out or be one of {}.",
            offered(form)
        ),
        ("amount_missing" | "amount_invalid", FormAmount::Chosen)
            if !form.currencies.is_empty() =>
        {
            format!(
                "The {AMOUNT} must be a whole number of satoshis from {least} to {most}, or with a {CURRENCY} a decimal number such as 12.50."
            )
        }
        ("description_too_long" | "description_invalid", _) => format!(
            "The {DESCRIPTION} must be UTF-8 text of at most {} bytes, without line breaks and other control characters.",
            Description::MAX_BYTES
        ),
        _ => format!("The {AMOUNT} must be a whole number of satoshis from {least} to {most}."),
    };
    Problem::Invalid(invalid)
}

/// The values of the currency's field.
fn offered(form: &FormConfig) -> String {
    let codes = form.currencies.iter().map(|currency| currency.code());
    let codes: Vec<_> = codes.chain([SAT]).collect();
    codes.join(", ")
}
