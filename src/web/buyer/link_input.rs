//! What a buyer fills in on the page of a payment link, and its conversion to an order.

use super::form_input::FormKey;
use crate::{
    links::{LinkOrder, LinkRules, OrderWay},
    locale::Language,
    web::{error::Invalid, money_text::money},
};
use facture_domain::{Ask, Buyer, LinkAmount, LinkUnit, PaymentLink, Price};

/// The input, to be shown again if it is invalid.
#[derive(Default)]
pub(super) struct LinkInput {
    pub(super) amount: String,
    pub(super) pieces: String,
    pub(super) name: String,
    pub(super) mail: String,
    pub(super) note: String,
    /// The [`FormKey`].
    pub(super) once: String,
}

/// The most characters of a name and of a mail address.
pub(super) const MAX_LINE: usize = 200;

/// The most characters of a note.
pub(super) const MAX_NOTE: usize = 500;

impl LinkInput {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "amount" => Some(&mut self.amount),
            "pieces" => Some(&mut self.pieces),
            "name" => Some(&mut self.name),
            "mail" => Some(&mut self.mail),
            "note" => Some(&mut self.note),
            "once" => Some(&mut self.once),
            _ => None,
        }
    }

    /// Repeated fields are ambiguous. Others than ours have purposes of their own, such as tracking.
    pub(super) fn read(fields: Vec<(String, String)>, language: Language) -> (Self, Vec<Invalid>) {
        let (mut input, mut seen, mut errors) = (Self::default(), Vec::new(), Vec::new());
        for (name, value) in fields {
            let Some(field) = input.field(&name) else {
                continue;
            };
            match seen.contains(&name) {
                false => *field = value,
                true => {
                    let gaps = [("field", name.as_str().into())];
                    let message = language.say_with("field-repeated", &gaps);
                    errors.push(Invalid::new(&name, "field_repeated", message));
                }
            }
            seen.push(name);
        }
        (input, errors)
    }

    /// The order that is asked for.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub(super) fn parse(
        &self,
        link: &PaymentLink,
        rules: LinkRules,
        language: Language,
    ) -> Result<LinkOrder, Vec<Invalid>> {
        let terms = &link.terms;
        let mut errors = Vec::new();
        let price = keep(self.price(link, rules, language), &mut errors);
        let pieces = keep(self.pieces(terms.most_pieces, language), &mut errors);
        let line = |field, text: &str, ask, most| said(field, text, ask, most, language);
        let name = keep(line("name", &self.name, terms.name, MAX_LINE), &mut errors);
        let mail = line("mail", &self.mail, terms.mail, MAX_LINE);
        let mail = mail.and_then(|mail| mail.map(|mail| address(mail, language)).transpose());
        let mail = keep(mail, &mut errors);
        let note = keep(line("note", &self.note, terms.note, MAX_NOTE), &mut errors);
        match (price, pieces, name, mail, note) {
            (Some(price), Some(pieces), Some(name), Some(mail), Some(note)) => Ok(LinkOrder {
                key: FormKey::parse(&self.once)
                    .unwrap_or_else(FormKey::new)
                    .to_string(),
                price,
                pieces,
                buyer: Buyer { name, mail, note },
                way: OrderWay::Page,
            }),
            _ => Err(errors),
        }
    }

    fn price(
        &self,
        link: &PaymentLink,
        rules: LinkRules,
        language: Language,
    ) -> Result<Price, Invalid> {
        let amount = &link.terms.amount;
        let unit = amount.unit();
        if let LinkAmount::Fixed(price) = amount {
            return Ok(price.clone());
        }
        let price = unit.typed(&self.amount, language.decimal_mark());
        let price = price.map_err(|_| self.no_amount(unit, language))?;
        match amount {
            LinkAmount::Between(least, most)
                if !(least.amount()..=most.amount()).contains(&price.amount()) =>
            {
                Err(outside(&range(least, most, language)))
            }
            LinkAmount::Free(_) if matches!(price.in_bitcoin(), Ok(amount) if !amount.is_some_and(|amount| rules.takes(amount))) => {
                Err(outside(&limits(rules, unit, language)))
            }
            _ => Ok(price),
        }
    }

    fn no_amount(&self, unit: LinkUnit, language: Language) -> Invalid {
        let message = match unit {
            _ if self.amount.trim().is_empty() => language.say("amount-missing").into_owned(),
            LinkUnit::Sat => language.say("amount-not-digits").into_owned(),
            LinkUnit::Currency(currency) => {
                let example = match currency.decimals() {
                    0 => "1250",
                    _ => "12.50",
                };
                let gaps = [
                    ("currency", currency.code().into()),
                    ("example", language.decimal(example).into()),
                ];
                language.say_with("amount-not-money", &gaps)
            }
        };
        Invalid::new("amount", "amount_invalid", message)
    }

    fn pieces(&self, most: u32, language: Language) -> Result<u32, Invalid> {
        let typed = self.pieces.trim();
        let pieces = match typed {
            "" => Some(1),
            typed => typed.parse().ok(),
        };
        pieces
            .filter(|pieces| (1..=most).contains(pieces))
            .ok_or_else(|| {
                let gaps = [("most", usize::try_from(most).unwrap_or(usize::MAX).into())];
                let message = language.say_with("link-pieces-wrong", &gaps);
                Invalid::new("pieces", "pieces_invalid", message)
            })
    }
}

/// An amount that the shop does not take; `taken`: those that it does, in words.
pub(super) fn outside(taken: &str) -> Invalid {
    Invalid::new("amount", "amount_outside", taken.to_owned())
}

/// The amounts that can be chosen, in words.
pub(super) fn range(least: &Price, most: &Price, language: Language) -> String {
    let gaps = [
        ("least", money(least, language).into()),
        ("most", money(most, language).into()),
    ];
    language.say_with("link-range", &gaps)
}

/// The shop's limits, in words.
pub(super) fn limits(rules: LinkRules, unit: LinkUnit, language: Language) -> String {
    match unit {
        LinkUnit::Sat => {
            let sat = |amount| format!("{} {}", language.sat(amount), language.say("sat"));
            let gaps = [
                ("least", sat(rules.least).into()),
                ("most", sat(rules.most).into()),
            ];
            language.say_with("link-range", &gaps)
        }
        LinkUnit::Currency(_) => {
            let gaps = [
                ("minimum", language.sat(rules.least).into()),
                ("maximum", language.sat(rules.most).into()),
            ];
            language.say_with("form-amount-hint-currencies", &gaps)
        }
    }
}

/// A text that the buyer is asked for. What they are not asked for is not kept.
fn said(
    field: &str,
    text: &str,
    ask: Ask,
    most: usize,
    language: Language,
) -> Result<Option<String>, Invalid> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    let plain = |letter: char| !letter.is_control() || (letter == '\n' && field == "note");
    match (ask, text) {
        (Ask::No, _) | (Ask::Optional, "") => Ok(None),
        (Ask::Required, "") => {
            let message = language.say("link-field-missing").into_owned();
            Err(Invalid::new(field, "field_missing", message))
        }
        (_, text) if text.chars().count() <= most && text.chars().all(plain) => {
            Ok(Some(text.to_owned()))
        }
        _ => {
            let message = language.say_with("link-field-long", &[("most", most.into())]);
            Err(Invalid::new(field, "field_invalid", message))
        }
    }
}

/// A mail address.
fn address(mail: String, language: Language) -> Result<String, Invalid> {
    match Buyer::is_mail_address(&mail) {
        true => Ok(mail),
        false => {
            let message = language.say("link-mail-invalid").into_owned();
            Err(Invalid::new("mail", "mail_invalid", message))
        }
    }
}

fn keep<T>(result: Result<T, Invalid>, errors: &mut Vec<Invalid>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}
