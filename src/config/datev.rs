//! `[datev]`: the accounts and numbers of the DATEV export at the merchant's desk.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    error::{ConfigError, refusal},
    number::Bounded,
    text::{list, parsed},
};

/// `[datev]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatevConfig {
    /// The tax adviser's number (*Berater*). 0: there is no export.
    pub adviser: Bounded<0, 9_999_999>,
    /// The client's number at the adviser (*Mandant*).
    pub client: Bounded<1, 99_999>,
    /// The first day of the fiscal year.
    pub fiscal_year_start: YearStart,
    /// How many digits accounts have (*Sachkontenlänge*).
    pub account_length: Bounded<4, 8>,
    /// Where payments arrive.
    pub bitcoin_account: Account,
    /// Where sales go, by tax rate.
    #[serde(deserialize_with = "revenue")]
    pub revenue_accounts: Vec<RevenueAccount>,
    /// Where sales go of which no taxes are stored.
    pub untaxed_account: Account,
    /// Where tips go.
    pub tip_account: Account,
    /// The difference between a price and what the bitcoin was worth when it arrived.
    pub difference_account: Account,
    /// What refunds cost.
    pub fee_account: Account,
}

/// An account: digits. Empty: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Account(String);

/// A day without its year, such as `01-01`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YearStart {
    month: i8,
    day: i8,
}

/// The account of a tax rate, such as `19=8400`.
#[derive(Clone, Debug, PartialEq)]
pub struct RevenueAccount {
    /// In percent.
    rate: Decimal,
    account: Account,
}

impl Default for DatevConfig {
    fn default() -> Self {
        Self {
            adviser: Bounded::new(0),
            client: Bounded::new(1),
            fiscal_year_start: YearStart { month: 1, day: 1 },
            account_length: Bounded::new(4),
            bitcoin_account: Account::default(),
            revenue_accounts: Vec::new(),
            untaxed_account: Account::default(),
            tip_account: Account::default(),
            difference_account: Account::default(),
            fee_account: Account::default(),
        }
    }
}

impl DatevConfig {
    /// Whether there is an export.
    pub fn is_enabled(&self) -> bool {
        self.adviser.value() != 0
    }

    /// The account for sales at this tax rate.
    pub fn revenue_account(&self, rate: &str) -> Option<&Account> {
        let rate = rate.parse::<Decimal>().ok()?;
        let found = self.revenue_accounts.iter().find(|one| one.rate == rate);
        found.map(|found| &found.account)
    }

    pub(super) fn check_consistency(&self) -> Result<(), ConfigError> {
        if !self.is_enabled() {
            return Ok(());
        }
        for (key, account) in [
            ("bitcoin_account", &self.bitcoin_account),
            ("untaxed_account", &self.untaxed_account),
            ("tip_account", &self.tip_account),
            ("difference_account", &self.difference_account),
            ("fee_account", &self.fee_account),
        ] {
            if account.0.is_empty() {
                let words = format!("datev.adviser needs datev.{key}");
                return Err(ConfigError::Inconsistent(words));
            }
            self.check_length(key, account)?;
        }
        for revenue in &self.revenue_accounts {
            self.check_length("revenue_accounts", &revenue.account)?;
        }
        if self.adviser.value() < LEAST_ADVISER {
            let words = format!("datev.adviser must be at least {LEAST_ADVISER}, or 0");
            return Err(ConfigError::Inconsistent(words));
        }
        Ok(())
    }

    fn check_length(&self, key: &str, account: &Account) -> Result<(), ConfigError> {
        let length = self.account_length.value();
        match u32::try_from(account.0.len()) == Ok(length) {
            true => Ok(()),
            false => Err(ConfigError::Inconsistent(format!(
                "datev.{key} must have datev.account_length digits, which are {length}"
            ))),
        }
    }
}

/// No adviser has a smaller number.
const LEAST_ADVISER: u32 = 1001;

impl Account {
    const MAX_DIGITS: usize = 9;

    fn parse(text: &str) -> Result<Self, &'static str> {
        let is_account = text.bytes().all(|byte| byte.is_ascii_digit());
        match is_account && text.len() <= Self::MAX_DIGITS {
            true => Ok(Self(text.to_owned())),
            false => Err("must be an account: at most nine digits"),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, Self::parse)
    }
}

impl YearStart {
    /// The first day of the fiscal year that this day is in.
    pub fn of(self, day: Date) -> Date {
        let start = |year| Date::new(year, self.month, self.day).unwrap_or(day);
        match start(day.year()) {
            start if start <= day => start,
            _ => start(day.year() - 1),
        }
    }
}

impl fmt::Display for YearStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl Serialize for YearStart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for YearStart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| {
            let day = text.split_once('-').and_then(|(month, day)| {
                let (month, day) = (month.parse().ok()?, day.parse().ok()?);
                // A day of every year.
                Date::new(2027, month, day).ok()?;
                Some(Self { month, day })
            });
            day.ok_or("must be a month and a day, such as 01-01")
        })
    }
}

impl Serialize for RevenueAccount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}={}", self.rate, self.account))
    }
}

fn revenue<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RevenueAccount>, D::Error> {
    let mut accounts: Vec<RevenueAccount> = Vec::new();
    for text in list(deserializer)? {
        let refused = |reason: &str| de::Error::custom(refusal(&text, reason));
        let account = revenue_account(&text);
        let account = account.ok_or_else(|| refused("must be rate=account, such as 19=8400"))?;
        if accounts.iter().any(|known| known.rate == account.rate) {
            return Err(refused("has a rate that is there twice"));
        }
        accounts.push(account);
    }
    Ok(accounts)
}

fn revenue_account(text: &str) -> Option<RevenueAccount> {
    let (rate, account) = text.split_once('=')?;
    let rate = rate.trim().parse::<Decimal>().ok()?.normalize();
    let account = Account::parse(account.trim()).ok()?;
    let is_rate = rate >= Decimal::ZERO && rate <= Decimal::ONE_HUNDRED;
    (is_rate && !account.0.is_empty()).then_some(RevenueAccount { rate, account })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fiscal_year_begins_on_or_before_its_days() {
        let start = YearStart { month: 7, day: 1 };
        for (day, year) in [
            ("2026-07-01", "2026-07-01"),
            ("2026-06-30", "2025-07-01"),
            ("2026-12-31", "2026-07-01"),
        ] {
            let day: Date = day.parse().unwrap();
            assert_eq!(start.of(day).to_string(), year, "{day}");
        }
    }

    #[test]
    fn accounts_are_found_by_the_value_of_the_rate() {
        let config = DatevConfig {
            revenue_accounts: ["19=8400", "5.5=8310"]
                .iter()
                .filter_map(|text| revenue_account(text))
                .collect(),
            ..DatevConfig::default()
        };
        let found = |rate| config.revenue_account(rate).map(Account::to_string);
        assert_eq!(found("19.0").as_deref(), Some("8400"));
        assert_eq!(found("5.50").as_deref(), Some("8310"));
        assert_eq!(found("7"), None);
        for wrong in [
            "19",
            "19=",
            "x=8400",
            "101=8400",
            "-1=8400",
            "19=84a0",
            "19=1234567890",
        ] {
            assert_eq!(revenue_account(wrong), None, "{wrong}");
        }
    }
}
