//! What a cashier chose and typed, and the sale that it makes.

use std::{borrow::Cow, collections::BTreeMap};

use super::{frame::Frame, posted::Fields};
use crate::counter::CounterRules;
use facture_domain::{
    DecimalMark,
    counter::{CounterItem, CounterSale, CounterSaleError, SaleLine, Tip},
};

/// The choice of a tip that is typed.
pub(super) const OTHER_TIP: &str = "other";

/// What fields of items are called, before their numbers.
const ITEM: &str = "item-";

/// The longest text of a field that is shown again.
const MAX_TYPED: usize = 40;

/// What is typed, to be shown again.
#[derive(Clone, Debug, Default)]
pub(super) struct CounterForm {
    /// How many pieces of each item, by its number.
    pieces: BTreeMap<u32, String>,
    pub(super) amount: String,
    /// Nothing, a percentage, or [`OTHER_TIP`].
    pub(super) tip: String,
    pub(super) tip_amount: String,
    pub(super) error: Option<CounterFormError>,
}

/// Why nothing can be sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CounterFormError {
    /// Nothing was chosen.
    Empty,
    /// The typed amount is none of this currency.
    Amount,
    /// So many pieces cannot be sold.
    Pieces,
    /// The tip is no amount of this currency.
    Tip,
    /// It is more than can be sold at once.
    TooMuch,
    /// Something that was chosen is not sold any more.
    Gone,
    /// The form has made a sale before.
    Used,
}

impl CounterFormError {
    /// In words.
    pub(super) fn words(self, frame: &Frame) -> Cow<'static, str> {
        match self {
            Self::Empty => frame.say("counter-empty"),
            Self::Amount => frame.say("desk-link-amount-wrong"),
            Self::Pieces => frame.say("counter-pieces-wrong"),
            Self::Tip => frame.say("desk-link-amount-wrong"),
            Self::TooMuch => frame.say("counter-too-much"),
            Self::Gone => frame.say("counter-gone"),
            Self::Used => frame.say("counter-used"),
        }
    }

    /// Which field it is about.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Tip => "tip_amount",
            Self::Amount | Self::Empty | Self::TooMuch => "amount",
            Self::Pieces | Self::Gone | Self::Used => "item",
        }
    }
}

impl From<CounterSaleError> for CounterFormError {
    fn from(error: CounterSaleError) -> Self {
        match error {
            CounterSaleError::Empty => Self::Empty,
            CounterSaleError::TooMuch => Self::TooMuch,
        }
    }
}

impl CounterForm {
    /// As it was sent.
    pub(super) fn sent(fields: &Fields) -> Self {
        let line = |text: &str| text.trim().chars().take(MAX_TYPED).collect::<String>();
        let pieces = fields.pairs().filter_map(|(name, typed)| {
            let number = name.strip_prefix(ITEM)?.parse().ok()?;
            Some((number, line(typed)))
        });
        Self {
            pieces: pieces
                .filter(|(_, typed)| !typed.is_empty() && typed != "0")
                .collect(),
            amount: line(fields.text("amount")),
            tip: line(fields.text("tip")),
            tip_amount: line(fields.text("tip_amount")),
            error: None,
        }
    }

    /// The same with what is wrong with it.
    pub(super) fn refused(self, error: CounterFormError) -> Self {
        Self {
            error: Some(error),
            ..self
        }
    }

    /// How many pieces of an item were typed; empty: none.
    pub(super) fn pieces(&self, number: &u32) -> &str {
        self.pieces.get(number).map_or("", String::as_str)
    }

    /// Whether this is the tip that was chosen.
    pub(super) fn has_tip(&self, percent: &u32) -> bool {
        self.tip == percent.to_string()
    }

    /// Whether a field has what is wrong.
    pub(super) fn is_wrong(&self, field: &str) -> bool {
        self.error.is_some_and(|error| error.field() == field)
    }

    /// The sale.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(super) fn sale(
        &self,
        items: &[CounterItem],
        rules: &CounterRules,
        mark: DecimalMark,
    ) -> Result<CounterSale, CounterFormError> {
        let is_sold = |item: &&CounterItem| item.terms.price.currency() == rules.unit.code();
        let sold = || items.iter().filter(is_sold);
        let known = |number: &u32| sold().any(|item| item.number == *number);
        if !self.pieces.keys().all(known) {
            return Err(CounterFormError::Gone);
        }
        let mut lines = Vec::new();
        for item in sold() {
            let Some(typed) = self.pieces.get(&item.number) else {
                continue;
            };
            let pieces = typed.parse().ok();
            let pieces = pieces.filter(|pieces| (1..=CounterSale::MAX_PIECES).contains(pieces));
            lines.push(SaleLine {
                name: Some(item.terms.name.clone()),
                pieces: pieces.ok_or(CounterFormError::Pieces)?,
                price: item.terms.price.clone(),
                tax: item.terms.tax,
            });
        }
        if !self.amount.is_empty() {
            let price = rules.unit.typed(&self.amount, mark);
            lines.push(SaleLine {
                name: None,
                pieces: 1,
                price: price.map_err(|_| CounterFormError::Amount)?,
                tax: rules.tax,
            });
        }
        Ok(CounterSale {
            unit: rules.unit,
            lines,
            tip: self.tip(rules, mark)?,
        })
    }

    fn tip(&self, rules: &CounterRules, mark: DecimalMark) -> Result<Tip, CounterFormError> {
        match self.tip.as_str() {
            "" => Ok(Tip::None),
            OTHER_TIP if self.tip_amount.is_empty() => Ok(Tip::None),
            OTHER_TIP => {
                let tip = rules.unit.typed(&self.tip_amount, mark);
                tip.map(Tip::Amount).map_err(|_| CounterFormError::Tip)
            }
            percent => {
                let percent = percent.parse().ok();
                let percent = percent.filter(|percent| rules.tips.contains(percent));
                percent.map(Tip::Percent).ok_or(CounterFormError::Tip)
            }
        }
    }
}
