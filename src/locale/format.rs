//! Amounts and times as a language writes them, by ICU4X and its data (Unicode CLDR).

use std::cell::LazyCell;

use icu_calendar::Gregorian;
use icu_datetime::{
    FixedCalendarDateTimeFormatter,
    fieldsets::{YMD, YMDT},
    input::{Date, DateTime, Time},
};
use icu_decimal::{DecimalFormatter, input::Decimal};
use icu_locale_core::Locale;
use jiff::{Timestamp, tz::TimeZone};

use crate::locale::language::Language;
use facture_domain::{DecimalMark, Msat};

/// How a language writes amounts and times. Nothing where ICU4X has no data for it, which is not so for ours.
struct Formatters {
    amounts: Option<DecimalFormatter>,
    moments: Option<FixedCalendarDateTimeFormatter<Gregorian, YMDT>>,
}

thread_local! {
    /// To make one costs more than a whole page; they are not for several threads.
    static FORMATTERS: [LazyCell<Formatters, Box<dyn FnOnce() -> Formatters>>; Language::ALL.len()] =
        Language::ALL.map(|language| LazyCell::new(Box::new(move || Formatters::of(language)) as _));
}

impl Formatters {
    fn of(language: Language) -> Self {
        let locale = language.locale();
        let fields = YMD::medium().with_time_hm();
        Self {
            amounts: DecimalFormatter::try_new((&locale).into(), Default::default()).ok(),
            moments: FixedCalendarDateTimeFormatter::try_new((&locale).into(), fields).ok(),
        }
    }
}

impl Language {
    /// An amount in satoshis, without the unit: `1,234`, `1.234,005`.
    pub fn sat(self, amount: Msat) -> String {
        self.amount(amount, 3)
    }

    /// A moment, in UTC, to the minute: without script we cannot know the reader's zone.
    pub fn moment(self, moment: Timestamp) -> String {
        let time = self.date_time(moment).unwrap_or_else(|| moment.to_string());
        self.say_with("moment-utc", &[("time", time.into())])
    }

    /// The time that is left to pay, from seconds: `59:07`, and from an hour on in words, the larger two units:
    /// `23 hours, 59 minutes`, `6 days, 23 hours`. The page's script goes on in the same words.
    pub fn time_left(self, seconds: i64) -> String {
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
        let [larger, smaller] = match (days, hours) {
            (0, 0) => return format!("{minutes}:{:02}", seconds % 60),
            (0, _) => [
                self.counted("span-hours", "hours", hours),
                self.counted("span-minutes", "minutes", minutes),
            ],
            _ => [
                self.counted("span-days", "days", days),
                self.counted("span-hours", "hours", hours),
            ],
        };
        match (larger, smaller) {
            (Some(larger), Some(smaller)) => self.say_with(
                "span-both",
                &[("larger", larger.into()), ("smaller", smaller.into())],
            ),
            (larger, _) => larger.unwrap_or_default(),
        }
    }

    /// So many of a unit; `None` of none.
    fn counted(self, text: &str, gap: &str, count: i64) -> Option<String> {
        let count = usize::try_from(count).ok().filter(|count| *count > 0)?;
        Some(self.say_with(text, &[(gap, count.into())]))
    }

    /// A size in bytes, in the unit of its magnitude: `12 B`, `1.5 kB`, `16.7 MB`.
    pub fn size(self, bytes: u64) -> String {
        let units = ["B", "kB", "MB", "GB"];
        let (mut number, mut unit) = (Decimal::from(bytes), 0);
        let mut rest = bytes;
        while rest >= 1000 && unit + 1 < units.len() {
            rest /= 1000;
            unit += 1;
        }
        if unit > 0 {
            number.multiply_pow10(-3 * i16::try_from(unit).unwrap_or_default());
            number.round(-1);
            number.absolute.trim_end();
        }
        format!("{} {}", self.number(&number), units[unit])
    }

    /// An exact decimal with a point, as programs write it, in the language's way: `1234.50` as `1,234.50`. What is none
    /// stays as it is.
    pub fn decimal(self, plain: &str) -> String {
        let Ok(number) = Decimal::try_from_str(plain) else {
            return plain.to_owned();
        };
        self.number(&number)
    }

    /// What this language writes before decimals.
    pub fn decimal_mark(self) -> DecimalMark {
        match self.decimal("0.5").chars().nth(1) {
            Some(',') => DecimalMark::Comma,
            _ => DecimalMark::Point,
        }
    }

    /// An amount in a unit that is so many decimal places of a millisatoshi, without the unit.
    pub fn amount(self, amount: Msat, places: i16) -> String {
        let mut number = Decimal::from(amount.msat());
        number.multiply_pow10(-places);
        number.absolute.trim_end();
        self.number(&number)
    }

    fn number(self, number: &Decimal) -> String {
        let written = FORMATTERS.with(|all| {
            let amounts = all[self.place()].amounts.as_ref()?;
            Some(amounts.format(number).to_string())
        });
        written.unwrap_or_else(|| number.to_string())
    }

    fn date_time(self, moment: Timestamp) -> Option<String> {
        let there = moment.to_zoned(TimeZone::UTC).datetime();
        let number = |part: i8| u8::try_from(part).ok();
        let input = DateTime {
            date: Date::try_new_gregorian(
                there.year().into(),
                number(there.month())?,
                number(there.day())?,
            )
            .ok()?,
            time: Time::try_new(number(there.hour())?, number(there.minute())?, 0, 0).ok()?,
        };
        FORMATTERS.with(|all| {
            let moments = all[self.place()].moments.as_ref()?;
            Some(moments.format(&input).to_string())
        })
    }

    fn locale(self) -> Locale {
        self.tag().parse().unwrap_or(Locale::UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_the_languages_way() {
        let amount = Msat::from_msat(1_234_567_005).unwrap();
        for (language, expected) in [
            (Language::English, "1,234,567.005"),
            (Language::German, "1.234.567,005"),
            (Language::French, "1\u{202f}234\u{202f}567,005"),
            (Language::Japanese, "1,234,567.005"),
            (Language::BritishEnglish, "1,234,567.005"),
            (Language::BrazilianPortuguese, "1.234.567,005"),
            (Language::EuropeanPortuguese, "1\u{a0}234\u{a0}567,005"),
            (Language::SimplifiedChinese, "1,234,567.005"),
            (Language::TraditionalChinese, "1,234,567.005"),
        ] {
            assert_eq!(language.sat(amount), expected);
        }
        let sat = |sat| Language::English.sat(Msat::from_sat(sat).unwrap());
        assert_eq!(
            (sat(0), sat(999), sat(1000)),
            ("0".into(), "999".into(), "1,000".into())
        );
        assert_eq!(Language::English.sat(Msat::from_msat(10).unwrap()), "0.01");
        assert_eq!(Language::English.sat(Msat::MAX), "2,100,000,000,000,000");
    }

    #[test]
    fn the_time_that_is_left_is_in_words_from_an_hour_on() {
        for (seconds, shown) in [
            (0, "0:00"),
            (3599, "59:59"),
            (3600, "1 hour"),
            (86_399, "23 hours, 59 minutes"),
            (86_400 + 3600, "1 day, 1 hour"),
            (604_799, "6 days, 23 hours"),
            (604_800, "7 days"),
        ] {
            assert_eq!(Language::English.time_left(seconds), shown);
        }
        assert_eq!(Language::German.time_left(604_799), "6 Tage, 23 Stunden");
    }

    #[test]
    fn amounts_are_exact_in_every_unit() {
        for (msat, places, shown) in [
            (1_234_567, 0, "1,234,567"),
            (1_234_567, 3, "1,234.567"),
            (1_234_000, 3, "1,234"),
            (1_234_567, 5, "12.34567"),
            (1_234_567, 8, "0.01234567"),
            (100_000_000_000, 11, "1"),
            (1, 11, "0.00000000001"),
        ] {
            let amount = Msat::from_msat(msat).unwrap();
            assert_eq!(Language::English.amount(amount, places), shown);
        }
        for (plain, shown) in [("1234.50", "1.234,50"), ("0", "0"), ("x", "x")] {
            assert_eq!(Language::German.decimal(plain), shown);
        }
    }

    #[test]
    fn moments_are_written_in_the_languages_way_and_say_utc() {
        let moment: Timestamp = "2026-11-21T13:08:59Z".parse().unwrap();
        for (language, expected) in [
            (Language::English, "Nov 21, 2026, 1:08\u{202f}PM UTC"),
            (Language::German, "21.11.2026, 13:08 UTC"),
            (Language::Japanese, "2026/11/21 13:08 (UTC)"),
            (Language::BritishEnglish, "21 Nov 2026, 13:08 UTC"),
            (
                Language::BrazilianPortuguese,
                "21 de nov. de 2026, 13:08 UTC",
            ),
            (Language::EuropeanPortuguese, "21/11/2026, 13:08 UTC"),
            (Language::SimplifiedChinese, "2026年11月21日 13:08（UTC）"),
            (
                Language::TraditionalChinese,
                "2026年11月21日 下午1:08（UTC）",
            ),
        ] {
            assert_eq!(language.moment(moment), expected);
        }
        for language in Language::ALL {
            assert!(language.moment(moment).contains("UTC"));
        }
    }
}
