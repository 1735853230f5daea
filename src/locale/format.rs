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

use super::Language;
use crate::invoice::Msat;

/// How a language writes amounts and times. Nothing where ICU4X has no data for it, which is not so for ours.
struct Formatters {
    amounts: Option<DecimalFormatter>,
    moments: Option<FixedCalendarDateTimeFormatter<Gregorian, YMDT>>,
}

thread_local! {
    /// Making one costs more than a whole page; they are not for several threads.
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
        let mut sat = Decimal::from(amount.msat());
        sat.multiply_pow10(-3);
        sat.absolute.trim_end();
        let written = FORMATTERS.with(|all| {
            let amounts = all[self.place()].amounts.as_ref()?;
            Some(amounts.format(&sat).to_string())
        });
        written.unwrap_or_else(|| sat.to_string())
    }

    /// A moment, in UTC, to the minute: without script we cannot know the reader's zone.
    pub fn moment(self, moment: Timestamp) -> String {
        let time = self.date_time(moment).unwrap_or_else(|| moment.to_string());
        self.say_with("moment-utc", &[("time", time.into())])
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
    fn moments_are_written_in_the_languages_way_and_say_utc() {
        let moment: Timestamp = "2026-11-21T13:08:59Z".parse().unwrap();
        for (language, expected) in [
            (Language::English, "Nov 21, 2026, 1:08\u{202f}PM UTC"),
            (Language::German, "21.11.2026, 13:08 UTC"),
            (Language::Japanese, "2026/11/21 13:08 (UTC)"),
        ] {
            assert_eq!(language.moment(moment), expected);
        }
        for language in Language::ALL {
            assert!(language.moment(moment).contains("UTC"));
        }
    }
}
