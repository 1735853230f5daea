//! The parameters of the plugin's calls, by name or in order, as lightningd passes them on.

use facture_domain::Preimage;
use serde_json::Value;

use crate::error::{CallError, INVALID_PARAMS};

/// lightningd takes no longer one for an invoice.
const MAX_LABEL_BYTES: usize = 128;

/// Fewer blocks leave no time to decide.
const MIN_CLTV: u32 = 20;

/// Two weeks: no payer locks a payment up for longer.
const MAX_CLTV: u32 = 2016;

/// Ten years, in seconds. Far longer expiries are not safe for lightningd.
const MAX_EXPIRY: u32 = 10 * 365 * 24 * 3600;

/// 21 million bitcoin.
const MAX_MSAT: u64 = 21_000_000 * 100_000_000 * 1000;

/// What fits into a BOLT 11 string.
const MAX_DESCRIPTION_BYTES: usize = 639;

/// The parameters of `facture-hold-create`.
#[derive(Debug)]
pub(crate) struct Create {
    pub(crate) label: String,
    /// `None`: any.
    pub(crate) amount_msat: Option<u64>,
    pub(crate) description: String,
    pub(crate) expiry: u32,
    pub(crate) cltv: u32,
    pub(crate) preimage: Preimage,
    /// For lightningd to read.
    pub(crate) exposeprivatechannels: Option<Value>,
}

/// Which ones `facture-hold-list` lists.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum List {
    All,
    Open,
    Label(String),
}

/// What a call was given.
struct Given<'a> {
    names: &'static [&'static str],
    params: &'a Value,
}

/// In this order, and by these names; also what `lightning-cli help` shows.
pub(crate) const CREATE: &str =
    "label amount_msat description expiry cltv preimage [exposeprivatechannels]";
pub(crate) const SETTLE: &str = "label preimage";
pub(crate) const CANCEL: &str = "label";
pub(crate) const LIST: &str = "[label] [status]";
pub(crate) const WAIT: &str = "next";

/// Reads the parameters of `facture-hold-create`.
pub(crate) fn create(params: &Value) -> Result<Create, CallError> {
    let given = Given::of(
        params,
        &[
            "label",
            "amount_msat",
            "description",
            "expiry",
            "cltv",
            "preimage",
            "exposeprivatechannels",
        ],
    )?;
    let cltv = given.u32("cltv")?;
    if !(MIN_CLTV..=MAX_CLTV).contains(&cltv) {
        return Err(CallError::param("cltv", "should be from 20 to 2016"));
    }
    let expiry = given.u32("expiry")?;
    if !(1..=MAX_EXPIRY).contains(&expiry) {
        let reason = "should be from 1 second to 10 years";
        return Err(CallError::param("expiry", reason));
    }
    let description = given.text("description")?;
    if description.len() > MAX_DESCRIPTION_BYTES {
        let reason = "should be at most 639 bytes";
        return Err(CallError::param("description", reason));
    }
    Ok(Create {
        label: given.label()?,
        amount_msat: given.amount()?,
        description: description.to_owned(),
        expiry,
        cltv,
        preimage: given.preimage()?,
        exposeprivatechannels: given.channels()?,
    })
}

/// Reads the parameters of `facture-hold-settle`.
pub(crate) fn settle(params: &Value) -> Result<(String, Preimage), CallError> {
    let given = Given::of(params, &["label", "preimage"])?;
    Ok((given.label()?, given.preimage()?))
}

/// Reads the parameters of `facture-hold-cancel`.
pub(crate) fn cancel(params: &Value) -> Result<String, CallError> {
    Given::of(params, &["label"])?.label()
}

/// Reads the parameters of `facture-hold-list`.
pub(crate) fn list(params: &Value) -> Result<List, CallError> {
    let given = Given::of(params, &["label", "status"])?;
    match (given.get("label"), given.get("status")) {
        (None, None) => Ok(List::All),
        (Some(_), None) => Ok(List::Label(given.label()?)),
        (None, Some(status)) if status == "open" => Ok(List::Open),
        (None, Some(_)) => Err(CallError::param("status", "should be 'open'")),
        (Some(_), Some(_)) => Err(CallError::param("status", "not together with a label")),
    }
}

/// Reads the parameters of `facture-hold-wait`.
pub(crate) fn wait(params: &Value) -> Result<u64, CallError> {
    let given = Given::of(params, &["next"])?;
    let next = given.required("next")?.as_u64();
    next.ok_or_else(|| CallError::param("next", "should be a number"))
}

impl<'a> Given<'a> {
    fn of(params: &'a Value, names: &'static [&'static str]) -> Result<Self, CallError> {
        let wrong = |message: String| Err(CallError::new(INVALID_PARAMS, message));
        match params {
            Value::Object(all) => {
                let unknown = all.keys().find(|key| !names.contains(&key.as_str()));
                match unknown {
                    Some(unknown) => wrong(format!("unknown parameter: {unknown}")),
                    None => Ok(Self { names, params }),
                }
            }
            Value::Array(all) if all.len() > names.len() => {
                wrong(format!("too many parameters: at most {}", names.len()))
            }
            Value::Array(_) | Value::Null => Ok(Self { names, params }),
            _ => wrong("the parameters should be an object or an array".to_owned()),
        }
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        let value = match self.params {
            Value::Array(all) => {
                let index = self.names.iter().position(|known| *known == name)?;
                all.get(index)
            }
            params => params.get(name),
        };
        value.filter(|value| !value.is_null())
    }

    fn required(&self, name: &str) -> Result<&'a Value, CallError> {
        let missing = || {
            CallError::new(
                INVALID_PARAMS,
                format!("missing required parameter: {name}"),
            )
        };
        self.get(name).ok_or_else(missing)
    }

    fn text(&self, name: &str) -> Result<&'a str, CallError> {
        let text = self.required(name)?.as_str();
        text.ok_or_else(|| CallError::param(name, "should be a string"))
    }

    fn u32(&self, name: &str) -> Result<u32, CallError> {
        let number = self.required(name)?.as_u64();
        let number = number.and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| CallError::param(name, "should be a number"))
    }

    fn label(&self) -> Result<String, CallError> {
        let label = match self.required("label")? {
            // lightning-cli makes a number of what looks like one.
            Value::Number(number) if number.is_u64() => number.to_string(),
            _ => self.text("label")?.to_owned(),
        };
        match label.is_empty() || label.len() > MAX_LABEL_BYTES {
            true => Err(CallError::param("label", "should be 1 to 128 bytes")),
            false => Ok(label),
        }
    }

    fn amount(&self) -> Result<Option<u64>, CallError> {
        let wrong = || CallError::param("amount_msat", "should be positive msat or 'any'");
        match self.required("amount_msat")? {
            any if any == "any" => Ok(None),
            amount => match amount.as_u64() {
                Some(amount @ 1..=MAX_MSAT) => Ok(Some(amount)),
                _ => Err(wrong()),
            },
        }
    }

    /// A yes or no, or short channel ids.
    fn channels(&self) -> Result<Option<Value>, CallError> {
        let name = "exposeprivatechannels";
        let is_id = |id: &Value| {
            let id = id.as_str().unwrap_or_default();
            !id.is_empty() && id.chars().all(|char| char.is_ascii_digit() || char == 'x')
        };
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(all)) => Ok(Some(Value::Bool(*all))),
            Some(Value::Array(ids)) if ids.iter().all(is_id) => Ok(Some(ids.clone().into())),
            Some(_) => Err(CallError::param(
                name,
                "should be a boolean or short channel ids",
            )),
        }
    }

    fn preimage(&self) -> Result<Preimage, CallError> {
        let digits = self.text("preimage")?;
        let preimage = Preimage::parse(digits);
        preimage.map_err(|_| CallError::param("preimage", "should be 64 hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn good() -> Value {
        json!({
            "label": "a", "amount_msat": 1000, "description": "d", "expiry": 60, "cltv": 168,
            "preimage": "ab".repeat(32),
        })
    }

    #[test]
    fn names_and_order_both_work() {
        let named = create(&good()).unwrap();
        let preimage = "ab".repeat(32);
        let ordered = create(&json!(["a", 1000, "d", 60, 168, preimage])).unwrap();
        for read in [named, ordered] {
            assert_eq!((read.label.as_str(), read.amount_msat), ("a", Some(1000)));
            assert_eq!((read.expiry, read.cltv), (60, 168));
            assert!(!format!("{read:?}").contains("abab"), "{read:?}");
        }
        let mut any = good();
        any["amount_msat"] = "any".into();
        any["exposeprivatechannels"] = json!(["1x1x1"]);
        let any = create(&any).unwrap();
        assert_eq!(any.amount_msat, None);
        assert_eq!(any.exposeprivatechannels, Some(json!(["1x1x1"])));
        assert_eq!(list(&json!([])).unwrap(), List::All);
        assert_eq!(list(&json!({"status": "open"})).unwrap(), List::Open);
        assert_eq!(list(&json!([7])).unwrap(), List::Label("7".to_owned()));
        assert_eq!(wait(&json!([3])).unwrap(), 3);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for name in [
            "label",
            "amount_msat",
            "description",
            "expiry",
            "cltv",
            "preimage",
        ] {
            let mut missing = good();
            missing.as_object_mut().unwrap().remove(name);
            for bad in [json!(null), json!({}), json!(-1), json!([]), json!(1.5)] {
                let mut wrong = good();
                wrong[name] = bad;
                let error = create(&wrong).unwrap_err();
                assert_eq!(error.code, INVALID_PARAMS);
                assert!(error.message.contains(name), "{error}");
            }
            assert!(create(&missing).unwrap_err().message.contains(name));
        }
        for (name, bad) in [
            ("label", json!("")),
            ("label", json!("x".repeat(129))),
            ("amount_msat", json!(0)),
            ("amount_msat", json!("some")),
            ("expiry", json!(0)),
            ("expiry", json!(u64::MAX)),
            ("expiry", json!(u32::MAX)),
            ("description", json!("x".repeat(640))),
            ("amount_msat", json!(u64::MAX)),
            ("exposeprivatechannels", json!("yes")),
            ("exposeprivatechannels", json!(["1x1x1", 5])),
            ("exposeprivatechannels", json!([""])),
            ("cltv", json!(19)),
            ("cltv", json!(2017)),
            ("preimage", json!("ab")),
        ] {
            let mut wrong = good();
            wrong[name] = bad;
            assert!(create(&wrong).unwrap_err().message.contains(name));
        }
        let mut unknown = good();
        unknown["labels"] = 1.into();
        assert!(create(&unknown).unwrap_err().message.contains("labels"));
        for bad in [json!(5), json!("x"), json!([1, 2])] {
            assert_eq!(cancel(&bad).unwrap_err().code, INVALID_PARAMS);
            assert_eq!(wait(&bad).unwrap_err().code, INVALID_PARAMS);
        }
        for bad in [
            json!({"status": "paid"}),
            json!({"label": "a", "status": "open"}),
        ] {
            assert!(list(&bad).unwrap_err().message.contains("status"));
        }
    }
}
