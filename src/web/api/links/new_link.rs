//! A payment link, as made or changed by programs.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};
use utoipa::ToSchema;

use crate::web::{error::Problem, link_json::ask_schema, whole_number::WholeNumber};
use facture_domain::{Ask, Description, LinkAmount, LinkTerms, LinkText, LinkUnit, Msat, Price};

/// What a link says and asks for: a fixed `amount`, or `min_amount` and `max_amount` of which the buyer chooses, or none of them
/// for any amount within the shop's limits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLink, example = json!({
    "title": "Coffee",
    "currency": "EUR",
    "amount": "2.50",
    "max_pieces": 4,
    "ask_note": "optional",
    "limit": 100,
}))]
pub(crate) struct NewLinkJson {
    /// What is sold, on the page and in the buyer's wallet: at most 639 bytes, without control characters.
    #[schema(
        min_length = 1,
        max_length = 639,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    title: String,
    /// More about it, with line breaks: at most 2000 bytes.
    #[schema(min_length = 1, max_length = 2000)]
    text: Option<String>,
    /// In what the amounts are: `SAT`, which is meant if it is absent, or the code of a currency (ISO 4217).
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// What one piece costs, as a decimal number; satoshis are whole.
    #[schema(example = "2.50")]
    amount: Option<String>,
    /// The least that a buyer can choose.
    min_amount: Option<String>,
    /// The most that a buyer can choose.
    max_amount: Option<String>,
    /// How many pieces can be ordered at once, at most; absent: 1. More than one needs a fixed `amount`.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    max_pieces: Option<WholeNumber>,
    /// Whether buyers are asked for their name; absent: `no`.
    #[serde(default, deserialize_with = "ask")]
    #[schema(schema_with = ask_schema, required = false)]
    ask_name: Ask,
    /// Whether buyers are asked for their mail address; absent: `no`.
    #[serde(default, deserialize_with = "ask")]
    #[schema(schema_with = ask_schema, required = false)]
    ask_mail: Ask,
    /// Whether buyers are asked for a note; absent: `no`.
    #[serde(default, deserialize_with = "ask")]
    #[schema(schema_with = ask_schema, required = false)]
    ask_note: Ask,
    /// How many pieces are sold in all. Absent: any number.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1_000_000_000)]
    limit: Option<WholeNumber>,
    /// From when on nothing can be ordered any more, in seconds since 1970. Absent: never.
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 253_402_300_799_u64)]
    ends_at: Option<WholeNumber>,
    /// What the page of a paid invoice says, with line breaks: at most 2000 bytes.
    #[schema(min_length = 1, max_length = 2000)]
    thanks: Option<String>,
}

/// The most pieces that can be sold in all.
const MAX_LIMIT: u64 = 1_000_000_000;

impl NewLinkJson {
    /// The terms.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for the first invalid field.
    pub(super) fn parse(self) -> Result<LinkTerms, Problem> {
        let title = title(&self.title)?;
        let text = text("text", self.text)?;
        let unit = unit(self.currency.as_deref())?;
        let amount = amount(unit, self.amount, self.min_amount, self.max_amount)?;
        let most_pieces = pieces(self.max_pieces, &amount)?;
        let limit = self.limit.map(limit).transpose()?;
        Ok(LinkTerms {
            title,
            text,
            amount,
            most_pieces,
            name: self.ask_name,
            mail: self.ask_mail,
            note: self.ask_note,
            limit,
            ends_at: self.ends_at.map(ends_at).transpose()?,
            thanks: self::text("thanks", self.thanks)?,
        })
    }
}

fn title(text: &str) -> Result<Description, Problem> {
    let wrong = |why: &str| Problem::invalid("title", "title_invalid", format!("The title {why}."));
    let title = Description::parse(text).map_err(|error| wrong(&error.to_string()))?;
    match title.as_str() {
        "" => Err(wrong("must not be empty")),
        _ => Ok(title),
    }
}

fn text(field: &str, text: Option<String>) -> Result<Option<LinkText>, Problem> {
    let read = text.as_deref().map(LinkText::parse).transpose();
    read.map_err(|error| Problem::invalid(field, "text_invalid", format!("The {field} {error}.")))
}

fn unit(code: Option<&str>) -> Result<LinkUnit, Problem> {
    let unit = LinkUnit::parse(code.unwrap_or(LinkUnit::SAT));
    unit.ok_or_else(|| {
        let message = "The currency must be SAT or a code of ISO 4217, such as EUR.";
        Problem::invalid("currency", "currency_unknown", message)
    })
}

fn amount(
    unit: LinkUnit,
    fixed: Option<String>,
    least: Option<String>,
    most: Option<String>,
) -> Result<LinkAmount, Problem> {
    match (fixed, least, most) {
        (Some(fixed), None, None) => Ok(LinkAmount::Fixed(price("amount", &fixed, unit)?)),
        (None, Some(least), Some(most)) => {
            let least = price("min_amount", &least, unit)?;
            let most = price("max_amount", &most, unit)?;
            LinkAmount::between(least, most).ok_or_else(|| {
                let message = "The max_amount must not be less than the min_amount.";
                Problem::invalid("max_amount", "amount_invalid", message)
            })
        }
        (None, None, None) => Ok(LinkAmount::Free(unit)),
        _ => Err(Problem::invalid(
            "amount",
            "amount_invalid",
            "Send amount, or min_amount and max_amount, or none of them.",
        )),
    }
}

fn price(field: &str, text: &str, unit: LinkUnit) -> Result<Price, Problem> {
    let read = Price::parse(text, unit.code()).ok();
    let read = read.filter(|price| price.amount().scale() <= unit.decimals());
    let payable = |price: &Price| match price.in_bitcoin() {
        Ok(amount) => amount.is_some_and(|amount| amount <= Msat::PAYABLE),
        Err(_) => true,
    };
    read.filter(payable).ok_or_else(|| {
        let decimals = unit.decimals();
        let message = format!(
            "The {field} must be a decimal number above zero with at most {decimals} decimals, as a string."
        );
        Problem::invalid(field, "amount_invalid", message)
    })
}

fn pieces(given: Option<WholeNumber>, amount: &LinkAmount) -> Result<u32, Problem> {
    let WholeNumber(pieces) = given.unwrap_or(WholeNumber(1));
    let most = match amount {
        LinkAmount::Fixed(_) => LinkTerms::MAX_PIECES,
        LinkAmount::Between(..) | LinkAmount::Free(_) => 1,
    };
    let pieces = u32::try_from(pieces).ok();
    let pieces = pieces.filter(|pieces| (1..=most).contains(pieces));
    pieces.ok_or_else(|| {
        let message = format!("The max_pieces must be from 1 to {most} for this amount.");
        Problem::invalid("max_pieces", "pieces_invalid", message)
    })
}

fn limit(WholeNumber(count): WholeNumber) -> Result<u32, Problem> {
    let limit = u32::try_from(count).ok();
    let limit = limit.filter(|_| (1..=MAX_LIMIT).contains(&count));
    limit.ok_or_else(|| {
        let message = format!("The limit must be from 1 to {MAX_LIMIT}.");
        Problem::invalid("limit", "limit_invalid", message)
    })
}

fn ends_at(WholeNumber(second): WholeNumber) -> Result<Timestamp, Problem> {
    let second = i64::try_from(second).ok().filter(|second| *second > 0);
    let end = second.and_then(|second| Timestamp::from_second(second).ok());
    end.ok_or_else(|| {
        let message = "The ends_at must be a time in seconds since 1970.";
        Problem::invalid("ends_at", "ends_at_invalid", message)
    })
}

/// One of the words.
fn ask<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ask, D::Error> {
    let word = String::deserialize(deserializer)?;
    Ask::parse(&word).ok_or_else(|| D::Error::custom("another word"))
}
