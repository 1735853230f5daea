//! The parameters of a wallet's request for an invoice.

use url::form_urlencoded;

use super::reply::LnurlError;
use facture_domain::{Msat, PayerData, PayerField};

/// The one value of a parameter that must be there.
pub(super) fn required(query: &str, name: &str) -> Result<String, LnurlError> {
    optional(query, name)?
        .filter(|value| !value.is_empty())
        .ok_or_else(|| LnurlError(format!("The parameter {name} is missing.")))
}

/// The one value of a parameter that may be there.
pub(super) fn optional(query: &str, name: &str) -> Result<Option<String>, LnurlError> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let mut values = pairs.filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.map(|(_, value)| value.into_owned())),
        (_, Some(_)) => Err(LnurlError(format!("The parameter {name} was sent twice."))),
    }
}

/// What the wallet pays, from `minimum` to `maximum`.
pub(super) fn amount(query: &str, minimum: Msat, maximum: Msat) -> Result<Msat, LnurlError> {
    let text = required(query, "amount")?;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let amount = digits.then(|| text.parse().ok().and_then(Msat::from_msat));
    match amount.flatten() {
        Some(amount) if (minimum..=maximum).contains(&amount) => Ok(amount),
        _ if minimum == maximum => Err(LnurlError(format!(
            "The parameter amount must be {} millisatoshis.",
            minimum.msat()
        ))),
        _ => Err(LnurlError(format!(
            "The parameter amount must be from {} to {} millisatoshis.",
            minimum.msat(),
            maximum.msat()
        ))),
    }
}

/// What the payer writes to the shop (LUD-12), in at most so many characters.
pub(super) fn comment(query: &str, most: usize) -> Result<Option<String>, LnurlError> {
    let comment = optional(query, "comment")?;
    let Some(comment) = comment.filter(|comment| !comment.is_empty()) else {
        return Ok(None);
    };
    if comment.contains(char::REPLACEMENT_CHARACTER) {
        return Err(LnurlError::new("The parameter comment must be UTF-8."));
    }
    if comment.chars().count() > most {
        return Err(LnurlError(format!(
            "The parameter comment must have at most {most} characters."
        )));
    }
    Ok(Some(comment))
}

/// What the wallet tells about the payer (LUD-18), who was asked for these.
pub(super) fn payer_data(
    query: &str,
    asked: &[PayerField],
) -> Result<Option<PayerData>, LnurlError> {
    let json = optional(query, "payerdata")?;
    let Some(json) = json.filter(|json| !json.is_empty()) else {
        return Ok(None);
    };
    if json.contains(char::REPLACEMENT_CHARACTER) {
        return Err(LnurlError::new("The parameter payerdata must be UTF-8."));
    }
    let read = PayerData::parse(json, asked);
    let read = read.map_err(|error| LnurlError(format!("The parameter payerdata {error}.")))?;
    Ok(Some(read))
}
