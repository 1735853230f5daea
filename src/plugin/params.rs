//! The parameters of the commands, by name or in order, as lightningd passes them on.

use serde_json::{Map, Value, json};

use super::error::CommandError;
use facture_domain::Msat;

/// In this order, and by these names; also what `lightning-cli help` shows.
pub(super) const INVOICE: &str = "amount description [expiry]";
pub(super) const STATUS: &str = "label";
pub(super) const LIST: &str = "[status] [cursor]";
pub(super) const TOKEN: &str = "name [scopes]";
pub(super) const GETWORD: &str = "url [max_msat]";

/// The scopes of a token for which none are named: what a shop needs.
const SHOP_SCOPES: &str = "invoices:read invoices:create";

/// The token to make.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NewToken {
    pub(super) name: String,
    /// Names, spaces between them.
    pub(super) scopes: String,
}

/// What to buy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The address of an item's page, not read yet.
    pub(super) url: String,
    /// What it may cost, without the fee.
    pub(super) max: Msat,
}

/// What `facture-getword` pays if nothing is said: 1,000 sat.
const DEFAULT_MAX_MSAT: u64 = 1_000_000;

/// What a command was given.
#[derive(Debug)]
struct Given<'a>(Vec<(&'static str, &'a Value)>);

/// The parameters of `facture-invoice`, as the API takes a new invoice.
pub(super) fn invoice(params: &Value) -> Result<Value, CommandError> {
    let given = Given::of(INVOICE, params)?;
    let mut new = Map::from_iter([
        ("amount_msat".to_owned(), amount(given.required("amount")?)?),
        ("description".to_owned(), given.text("description")?.into()),
    ]);
    if let Some(expiry) = given.get("expiry") {
        // lightning-cli makes numbers of digits.
        let seconds = match expiry {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        };
        let seconds = seconds
            .ok_or_else(|| CommandError::param("expiry", "should be a number of seconds"))?;
        new.insert("expiry".to_owned(), seconds.into());
    }
    Ok(Value::Object(new))
}

/// The parameter of `facture-status`.
pub(super) fn status(params: &Value) -> Result<String, CommandError> {
    Given::of(STATUS, params)?.text("label")
}

/// The parameters of `facture-list`, as the API takes filters.
pub(super) fn list(params: &Value) -> Result<Vec<(&'static str, String)>, CommandError> {
    let given = Given::of(LIST, params)?;
    let given = given.0.into_iter();
    given
        .map(|(name, value)| Ok((name, text(name, value)?)))
        .collect()
}

/// The parameters of `facture-token`.
pub(super) fn token(params: &Value) -> Result<NewToken, CommandError> {
    let given = Given::of(TOKEN, params)?;
    let scopes = match given.get("scopes") {
        None => SHOP_SCOPES.to_owned(),
        Some(Value::Array(names)) => {
            let names: Result<Vec<_>, _> = names.iter().map(|name| text("scopes", name)).collect();
            names?.join(" ")
        }
        Some(names) => text("scopes", names)?.replace(',', " "),
    };
    Ok(NewToken {
        name: given.text("name")?,
        scopes,
    })
}

/// The parameters of `facture-getword`.
pub(super) fn getword(params: &Value) -> Result<Wanted, CommandError> {
    let given = Given::of(GETWORD, params)?;
    let wrong = || {
        CommandError::param(
            "max_msat",
            "should be an amount such as 2500sat or 2500000msat (without a unit: msat)",
        )
    };
    let max = match given.get("max_msat") {
        None => DEFAULT_MAX_MSAT,
        Some(value) => {
            let read = amount(value).map_err(|_| wrong())?;
            read.as_u64().ok_or_else(wrong)?
        }
    };
    let max = Msat::from_msat(max).filter(|max| max.msat() > 0);
    Ok(Wanted {
        url: given.text("url")?,
        max: max.ok_or_else(wrong)?,
    })
}

impl<'a> Given<'a> {
    /// `usage` has the names in order.
    fn of(usage: &'static str, params: &'a Value) -> Result<Self, CommandError> {
        let names = usage.split(' ').map(|name| name.trim_matches(['[', ']']));
        let given: Vec<_> = match params {
            Value::Array(values) => {
                if values.len() > names.clone().count() {
                    return Err(CommandError::params(format!(
                        "too many parameters: should be {usage}"
                    )));
                }
                names.zip(values).collect()
            }
            Value::Object(values) => {
                if let Some(unknown) = values
                    .keys()
                    .find(|key| names.clone().all(|name| name != *key))
                {
                    return Err(CommandError::params(format!(
                        "unknown parameter {unknown}: should be {usage}"
                    )));
                }
                names
                    .filter_map(|name| Some((name, values.get(name)?)))
                    .collect()
            }
            _ => return Err(CommandError::params(format!("should be {usage}"))),
        };
        let given = given.into_iter().filter(|(_, value)| !value.is_null());
        Ok(Self(given.collect()))
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        let found = self.0.iter().find(|(given, _)| *given == name);
        found.map(|(_, value)| *value)
    }

    fn required(&self, name: &str) -> Result<&'a Value, CommandError> {
        self.get(name)
            .ok_or_else(|| CommandError::param(name, "missing"))
    }

    fn text(&self, name: &'static str) -> Result<String, CommandError> {
        text(name, self.required(name)?)
    }
}

/// lightning-cli makes a number of a text that looks like one.
fn text(name: &str, value: &Value) -> Result<String, CommandError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(CommandError::param(name, "should be text")),
    }
}

/// An amount as lightningd takes it: `any`, millisatoshis, or a number with `msat`, `sat` or `btc` behind it. What the API
/// is told: millisatoshis or `any`.
fn amount(value: &Value) -> Result<Value, CommandError> {
    let text = text("amount", value)?;
    if text == "any" {
        return Ok(json!("any"));
    }
    let units = [("msat", 0), ("sat", 3), ("btc", 11), ("", 0)];
    let msat = units.iter().find_map(|(unit, decimals)| {
        let number = text.strip_suffix(unit)?;
        Some(fixed_point(number, *decimals))
    });
    match msat.flatten() {
        Some(msat) => Ok(msat.into()),
        None => Err(CommandError::param(
            "amount",
            "should be any, or an amount such as 2500sat, 0.00002500btc or 2500000msat (without a unit: msat)",
        )),
    }
}

/// Reads digits with at most so many decimals, as a whole number of the smallest ones.
fn fixed_point(number: &str, decimals: usize) -> Option<u64> {
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    let digits = format!("{whole}{fraction:0<decimals$}");
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let fits = !whole.is_empty() && fraction.len() <= decimals && plain;
    fits.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_lightningd_reads_them() {
        for (given, msat) in [
            (json!(1500), 1500),
            (json!("1500"), 1500),
            (json!("1500msat"), 1500),
            (json!("3sat"), 3000),
            (json!("3.5sat"), 3500),
            (json!("0.00000001btc"), 1000),
            (json!("0.00000000001btc"), 1),
            (json!("1btc"), 100_000_000_000_u64),
        ] {
            assert_eq!(amount(&given), Ok(json!(msat)), "{given}");
        }
        assert_eq!(amount(&json!("any")), Ok(json!("any")));
        for wrong in [
            json!(""),
            json!("-1"),
            json!(-1),
            json!("1.5"),
            json!(1.5),
            json!("1.5msat"),
            json!("1.0001sat"),
            json!(".5sat"),
            json!("5.sat"),
            json!("0.000000000001btc"),
            json!("+1"),
            json!("1 sat"),
            json!("99999999999999999999"),
            json!("999999999999btc"),
            json!("١sat"),
            json!("Any"),
            json!(true),
            json!([1]),
        ] {
            let error = amount(&wrong).expect_err(&wrong.to_string());
            assert!(
                error.to_string().starts_with("amount: should be"),
                "{error}"
            );
        }
    }

    #[test]
    fn by_name_or_in_order() {
        let expected = json!({ "amount_msat": 1000, "description": "tea", "expiry": 60 });
        for params in [
            json!([1000, "tea", 60]),
            json!(["1sat", "tea", "60"]),
            json!({ "amount": 1000, "description": "tea", "expiry": 60 }),
        ] {
            assert_eq!(invoice(&params), Ok(expected.clone()));
        }
        let bare = json!({ "amount_msat": "any", "description": "2" });
        assert_eq!(invoice(&json!(["any", 2, null])), Ok(bare));
        assert_eq!(list(&json!([])), Ok(vec![]));
        assert_eq!(
            list(&json!({ "status": "paid" })),
            Ok(vec![("status", "paid".to_owned())])
        );
        for (params, scopes) in [
            (json!(["till"]), SHOP_SCOPES),
            (json!(["till", ["admin", "webhooks"]]), "admin webhooks"),
            (json!(["till", "admin,webhooks"]), "admin webhooks"),
        ] {
            let name = "till".to_owned();
            let scopes = scopes.to_owned();
            assert_eq!(token(&params), Ok(NewToken { name, scopes }));
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (params, expected) in [
            (json!([]), "amount: missing"),
            (json!([1000]), "description: missing"),
            (json!([1000, "tea", 60, 1]), "too many parameters"),
            (json!({ "amount_msat": 1 }), "unknown parameter amount_msat"),
            (json!([1000, ["tea"]]), "description: should be text"),
            (json!([1000, "tea", "soon"]), "expiry: should be a number"),
            (json!("tea"), "should be amount description [expiry]"),
        ] {
            let error = invoice(&params).expect_err("wrong").to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        for (params, expected) in [
            (json!([]), "url: missing"),
            (json!([["a"]]), "url: should be text"),
            (json!(["a", "any"]), "max_msat: should be"),
            (json!(["a", 0]), "max_msat: should be"),
            (json!(["a", -1]), "max_msat: should be"),
            (json!({ "url": "a", "max": 1 }), "unknown parameter max"),
        ] {
            let error = getword(&params).expect_err("wrong").to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let max = |params| getword(&params).map(|wanted| wanted.max.msat());
        assert_eq!(max(json!(["a"])), Ok(1_000_000));
        assert_eq!(max(json!(["a", "5sat"])), Ok(5_000));
        assert!(status(&json!([])).is_err());
        assert!(token(&json!({ "scopes": "admin" })).is_err());
    }
}
