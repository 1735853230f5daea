//! The form of a payment link: what a merchant types, and the terms that it makes.

use std::borrow::Cow;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::{frame::Frame, posted::Fields};
use crate::{locale::Language, web::money_text::plain};
use facture_domain::{
    Ask, DecimalMark, Description, LinkAmount, LinkTerms, LinkText, LinkUnit, PaymentLink,
};

/// What is typed, to be shown again if it is invalid.
#[derive(Clone, Debug)]
pub(super) struct LinkForm {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) kind: Kind,
    pub(super) currency: String,
    pub(super) least: String,
    pub(super) most: String,
    pub(super) pieces: String,
    pub(super) name: Ask,
    pub(super) mail: Ask,
    pub(super) note: Ask,
    pub(super) limit: String,
    /// The last day, as browsers write it.
    pub(super) last_day: String,
    pub(super) thanks: String,
    /// The fields that cannot be taken, and why.
    pub(super) errors: Vec<(&'static str, LinkFormError)>,
}

/// Why a field cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkFormError {
    /// The name in the address cannot be one.
    Slug,
    /// Another link has this name.
    Taken,
    /// There are as many links as may be.
    TooMany,
    /// The title is missing or too long.
    Title,
    /// A text is too long, or has control characters.
    Text,
    /// There is no such currency.
    Currency,
    /// An amount cannot be one of this currency.
    Amount,
    /// The range ends before it begins.
    Range,
    /// So many pieces cannot be ordered at once.
    Pieces,
    /// The limit is no number.
    Number,
    /// The last day is no day.
    Day,
}

impl LinkFormError {
    /// In words.
    pub(super) fn words(self, frame: &Frame) -> Cow<'static, str> {
        match self {
            Self::Slug => frame.say("desk-link-slug-wrong"),
            Self::Taken => frame.say("desk-link-slug-taken"),
            Self::TooMany => frame.say("desk-link-too-many"),
            Self::Title => frame.say("desk-link-title-wrong"),
            Self::Text => frame.say("desk-link-text-wrong"),
            Self::Currency => frame.say("desk-link-currency-wrong"),
            Self::Amount => frame.say("desk-link-amount-wrong"),
            Self::Range => frame.say("desk-link-range-wrong"),
            Self::Pieces => frame.say("desk-link-pieces-wrong"),
            Self::Number => frame.say("desk-link-number-wrong"),
            Self::Day => frame.say("desk-link-day-wrong"),
        }
    }
}

/// How the amount is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The shop fixes it.
    Fixed,
    /// The buyer chooses it, from a range.
    Between,
    /// The buyer chooses it.
    Free,
}

/// The longest text that is shown again, in characters.
const MAX_TYPED: usize = 2100;

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Fixed, Self::Between, Self::Free];

    /// Its name in the form.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Between => "between",
            Self::Free => "free",
        }
    }
}

impl LinkForm {
    /// For a new link.
    pub(super) fn new() -> Self {
        Self {
            slug: String::new(),
            title: String::new(),
            text: String::new(),
            kind: Kind::Fixed,
            currency: LinkUnit::SAT.to_owned(),
            least: String::new(),
            most: String::new(),
            pieces: "1".to_owned(),
            name: Ask::No,
            mail: Ask::No,
            note: Ask::No,
            limit: String::new(),
            last_day: String::new(),
            thanks: String::new(),
            errors: Vec::new(),
        }
    }

    /// Of a link that is there.
    pub(super) fn of(link: &PaymentLink, zone: &TimeZone, language: Language) -> Self {
        let terms = &link.terms;
        let text = |text: &Option<LinkText>| {
            text.as_ref()
                .map_or_else(String::new, |text| text.as_str().to_owned())
        };
        let typed = |price| in_form(&plain(price), language);
        let (kind, least, most) = match &terms.amount {
            LinkAmount::Fixed(price) => (Kind::Fixed, typed(price), String::new()),
            LinkAmount::Between(least, most) => (Kind::Between, typed(least), typed(most)),
            LinkAmount::Free(_) => (Kind::Free, String::new(), String::new()),
        };
        let last_day = terms.ends_at.map(|end| {
            let end = end.to_zoned(zone.clone()).date();
            end.checked_sub(1.day()).unwrap_or(end).to_string()
        });
        Self {
            slug: link.slug.to_string(),
            title: terms.title.as_str().to_owned(),
            text: text(&terms.text),
            kind,
            currency: terms.amount.unit().code().to_owned(),
            least,
            most,
            pieces: terms.most_pieces.to_string(),
            name: terms.name,
            mail: terms.mail,
            note: terms.note,
            limit: terms
                .limit
                .map_or_else(String::new, |limit| limit.to_string()),
            last_day: last_day.unwrap_or_default(),
            thanks: text(&terms.thanks),
            errors: Vec::new(),
        }
    }

    /// As it was sent.
    pub(super) fn sent(fields: &Fields) -> Self {
        let text = |name: &str| {
            fields
                .text(name)
                .chars()
                .take(MAX_TYPED)
                .collect::<String>()
        };
        let line = |name: &str| text(name).trim().to_owned();
        let ask = |name: &str| Ask::parse(fields.text(name)).unwrap_or_default();
        let mut kinds = Kind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.as_str() == fields.text("kind"));
        Self {
            slug: line("slug"),
            title: line("title"),
            text: text("text"),
            kind: kind.unwrap_or(Kind::Fixed),
            currency: line("currency"),
            least: line("least"),
            most: line("most"),
            pieces: line("pieces"),
            name: ask("name"),
            mail: ask("mail"),
            note: ask("note"),
            limit: line("limit"),
            last_day: line("last_day"),
            thanks: text("thanks"),
            errors: Vec::new(),
        }
    }

    /// The terms. `None`: what is wrong is in [`LinkForm::errors`].
    pub(super) fn terms(&mut self, zone: &TimeZone, language: Language) -> Option<LinkTerms> {
        let title = Description::parse(&self.title).ok();
        let title = title.filter(|title| !title.as_str().is_empty());
        let title = self.need("title", LinkFormError::Title, title);
        let text = self.text("text", &self.text.clone());
        let thanks = self.text("thanks", &self.thanks.clone());
        let amount = self.amount(language);
        let pieces = self.number(&self.pieces.clone(), LinkTerms::MAX_PIECES);
        let is_one = |pieces: &u32| *pieces == 1 || self.kind == Kind::Fixed;
        let pieces = pieces.map_or(Some(1), |typed| typed.filter(is_one));
        let pieces = self.need("pieces", LinkFormError::Pieces, pieces);
        let limit = match self.number(&self.limit.clone(), u32::MAX / 2) {
            None => Some(None),
            Some(limit) => self.need("limit", LinkFormError::Number, limit).map(Some),
        };
        let ends_at = self.ends_at(zone);
        let (name, mail, note) = (self.name, self.mail, self.note);
        Some(LinkTerms {
            title: title?,
            text: text?,
            amount: amount?,
            most_pieces: pieces?,
            name,
            mail,
            note,
            limit: limit?,
            ends_at: ends_at?,
            thanks: thanks?,
        })
    }

    /// What buyers are asked for: the field, its words, and whether.
    pub(super) fn asks(&self, frame: &Frame) -> [(&'static str, Cow<'static, str>, Ask); 3] {
        [
            ("name", frame.say("link-name"), self.name),
            ("mail", frame.say("link-mail"), self.mail),
            ("note", frame.say("link-note"), self.note),
        ]
    }

    /// What is wrong with a field.
    pub(super) fn error(&self, field: &str) -> Option<LinkFormError> {
        let error = self.errors.iter().find(|(name, _)| *name == field);
        error.map(|(_, error)| *error)
    }

    fn need<T>(
        &mut self,
        field: &'static str,
        error: LinkFormError,
        value: Option<T>,
    ) -> Option<T> {
        if value.is_none() {
            self.errors.push((field, error));
        }
        value
    }

    fn text(&mut self, field: &'static str, typed: &str) -> Option<Option<LinkText>> {
        match typed.trim() {
            "" => Some(None),
            typed => self.need(
                field,
                LinkFormError::Text,
                LinkText::parse(typed).ok().map(Some),
            ),
        }
    }

    fn amount(&mut self, language: Language) -> Option<LinkAmount> {
        let unit = LinkUnit::parse(&self.currency);
        let unit = self.need("currency", LinkFormError::Currency, unit)?;
        let mark = language.decimal_mark();
        let typed = |text: &str| unit.typed(text, mark).ok();
        let (least, most) = (typed(&self.least), typed(&self.most));
        let wrong = LinkFormError::Amount;
        match self.kind {
            Kind::Free => Some(LinkAmount::Free(unit)),
            Kind::Fixed => self.need("least", wrong, least).map(LinkAmount::Fixed),
            Kind::Between => {
                let least = self.need("least", wrong, least);
                let most = self.need("most", wrong, most);
                let range = LinkAmount::between(least?, most?);
                self.need("most", LinkFormError::Range, range)
            }
        }
    }

    /// `None`: nothing was typed.
    fn number(&self, typed: &str, most: u32) -> Option<Option<u32>> {
        let number = || {
            typed
                .parse()
                .ok()
                .filter(|number| (1..=most).contains(number))
        };
        (!typed.is_empty()).then(number)
    }

    /// The end of the last day.
    fn ends_at(&mut self, zone: &TimeZone) -> Option<Option<Timestamp>> {
        if self.last_day.is_empty() {
            return Some(None);
        }
        let day = self.last_day.parse::<Date>().ok();
        let day = day.filter(|day| (2000..=9000).contains(&day.year()));
        let end = day.and_then(|day| day.tomorrow().ok()?.to_zoned(zone.clone()).ok());
        let end = end.map(|end| end.timestamp());
        self.need("last_day", LinkFormError::Day, end).map(Some)
    }
}

/// Decimals as the language of the form is read.
pub(super) fn in_form(plain: &str, language: Language) -> String {
    match language.decimal_mark() {
        DecimalMark::Comma => plain.replace('.', ","),
        DecimalMark::Point => plain.to_owned(),
    }
}
