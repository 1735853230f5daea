//! `currencyconvert`, `currencyrate` and `listcurrencyrates`: the plugin `cln-currencyrate` with a fixed table of rates
//! in place of its sources. It reads its parameters by its own rules, and every error of it is a -32700.

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::command::{Command, Outcome};
use crate::node::Node;
use crate::params::{Param, optional, required};
use crate::reply::{Object, Reply, RpcError, Value};
use crate::token::{Kind, Token};

/// What a bitcoin costs, in hundredths of the unit, as the plugin's two sources say.
const RATES: [(&str, [i64; 2]); 8] = [
    ("AUD", [14_400_000, 14_420_000]),
    ("CAD", [13_300_000, 13_310_000]),
    ("CHF", [7_640_000, 7_650_000]),
    ("EUR", [8_800_000, 8_810_050]),
    ("GBP", [7_230_000, 7_235_000]),
    ("JPY", [1_488_000_000, 1_490_000_000]),
    ("SEK", [89_800_000, 89_900_000]),
    ("USD", [9_500_000, 9_520_000]),
];

const SOURCES: [&str; 2] = ["loca", "locb"];

const MSAT_PER_BTC: i64 = 100_000_000_000;

const AMOUNT: Param = required("amount");
const CURRENCY: Param = required("currency");

/// `currencyconvert`.
pub(super) const CONVERT: Command = Command {
    name: "currencyconvert",
    params: &[AMOUNT, CURRENCY],
    check: |_| Ok(()),
    run: |_, params| Ok(Outcome::Relayed(convert(params))),
};

/// `currencyrate`.
pub(super) const RATE: Command = Command {
    name: "currencyrate",
    params: &[CURRENCY, optional("source")],
    check: |_| Ok(()),
    run: |_, params| Ok(Outcome::Relayed(rate(params))),
};

/// `listcurrencyrates`.
pub(super) const LIST: Command = Command {
    name: "listcurrencyrates",
    params: &[CURRENCY],
    check: |_| Ok(()),
    run: |_: &Arc<Node>, params| Ok(Outcome::Relayed(list(params))),
};

fn convert(params: &Token<'_>) -> Reply {
    let given = Given::read(params, CONVERT.params)?;
    let amount = given.required(AMOUNT)?;
    let amount = decimal(amount).ok_or_else(|| failed("amount must be a number"))?;
    let price = median(given.rates("Error converting currency")?);
    let msat = amount
        .checked_mul(MSAT_PER_BTC.into())
        .map(|product| product / price)
        .map(|msat| msat.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    // What a float of Rust becomes as an integer: none below zero, none above the largest.
    let msat = match msat {
        Some(msat) if msat.is_sign_negative() => 0,
        Some(msat) => msat.to_u64().unwrap_or(u64::MAX),
        None => u64::MAX,
    };
    Ok(Object::new().with("msat", msat).into())
}

fn rate(params: &Token<'_>) -> Reply {
    let given = Given::read(params, RATE.params)?;
    let rate = match given.optional(RATE.params[1]) {
        None => median(given.rates("Error converting currency")?),
        Some(wanted) => {
            let index = SOURCES.iter().position(|source| *source == wanted.text());
            let index = index.ok_or_else(|| {
                failed(format!(
                    "Error getting rate from source: Unknown source `{}`. Available sources: {}",
                    wanted.text(),
                    SOURCES.join(", ")
                ))
            })?;
            given.rates("Error getting rate from source")?[index]
        }
    };
    Ok(Object::new().with("rate", float(rate)).into())
}

fn list(params: &Token<'_>) -> Reply {
    let given = Given::read(params, LIST.params)?;
    let rates = given.rates("Error listing currency rates")?;
    let listed = rates.into_iter().zip(SOURCES).map(|(rate, source)| {
        let listed = Object::new().with("amount", float(rate));
        listed.with("source", source).into()
    });
    let listed: Vec<Value> = listed.collect();
    Ok(Object::new().with("currencyrates", listed).into())
}

/// The parameters of a call, in the order of the command's.
struct Given<'t, 'a> {
    params: &'static [Param],
    values: Vec<Option<&'t Token<'a>>>,
}

impl<'t, 'a> Given<'t, 'a> {
    fn read(token: &'t Token<'a>, params: &'static [Param]) -> Result<Self, RpcError> {
        let (got, values) = match token.kind() {
            Kind::List(items) => (
                items.len(),
                (0..params.len()).map(|index| items.get(index)).collect(),
            ),
            Kind::Object(members) => (
                members.len(),
                params
                    .iter()
                    .map(|param| token.member(param.name))
                    .collect(),
            ),
            Kind::Text | Kind::Primitive => {
                return Err(failed("Arguments must be an array or dictionary"));
            }
        };
        let expected = params.len();
        if got > expected {
            return Err(failed(format!(
                "Too many arguments: Expected {expected} arguments, got {got}"
            )));
        }
        Ok(Self { params, values })
    }

    fn optional(&self, wanted: Param) -> Option<&'t Token<'a>> {
        let index = self
            .params
            .iter()
            .position(|param| param.name == wanted.name)?;
        self.values[index]
    }

    fn required(&self, wanted: Param) -> Result<&'t Token<'a>, RpcError> {
        self.optional(wanted)
            .ok_or_else(|| failed(format!("Missing {}", wanted.name)))
    }

    /// What the sources say of the currency that is asked for; `doing` is how the plugin begins its error.
    fn rates(&self, doing: &str) -> Result<[Decimal; 2], RpcError> {
        let currency = self.required(CURRENCY)?;
        if !currency.is_text() {
            return Err(failed("currency must be a string"));
        }
        let currency = currency.text().to_uppercase();
        let known = RATES.iter().find(|(name, _)| *name == currency);
        known.map(|(_, rates)| rates.map(|rate| Decimal::new(rate, 2))).ok_or_else(|| {
            failed(format!(
                "{doing}: no results for `{currency}`, is the currency supported? Check the logs!"
            ))
        })
    }
}

fn median([low, high]: [Decimal; 2]) -> Decimal {
    (low + high) / Decimal::TWO
}

/// A number; one in a string is none.
fn decimal(token: &Token<'_>) -> Option<Decimal> {
    let text = token.is_primitive().then(|| token.text())?;
    text.parse()
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

/// As the plugin writes its floats: with a point.
fn float(number: Decimal) -> Value {
    let text = number.normalize().to_string();
    Value::Raw(if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    })
}

/// A plugin written with `cln-plugin` has one code for all its errors.
fn failed(message: impl Into<String>) -> RpcError {
    RpcError::new(-32700, message)
}
