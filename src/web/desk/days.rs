//! Days of the shop, in the query of what is about a time.

use std::ops::Range;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use url::form_urlencoded;

use crate::web::error::Problem;

/// From one day to another; both are part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: Date,
    pub(super) to: Date,
}

impl Days {
    /// From the texts of a query, such as `2026-11-29`; `None`: one is missing or no day, or they are the wrong way round.
    fn read(from: Option<&str>, to: Option<&str>) -> Option<Self> {
        let (from, to) = (from?.parse().ok()?, to?.parse().ok()?);
        (from <= to).then_some(Self { from, to })
    }

    /// From a query with `from` and `to`; `None`: it names neither.
    ///
    /// # Errors
    /// [`Problem::BadRequest`] for what is no time, so that nobody reads of another one.
    pub(super) fn of_query(query: Option<&str>) -> Result<Option<Self>, Problem> {
        let (mut from, mut to) = (None, None);
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "from" => from = Some(value),
                "to" => to = Some(value),
                _ => {}
            }
        }
        if from.is_none() && to.is_none() {
            return Ok(None);
        }
        let days = Self::read(from.as_deref(), to.as_deref());
        days.map(Some).ok_or(Problem::BadRequest)
    }

    /// One day.
    pub(super) fn of(day: Date) -> Self {
        Self { from: day, to: day }
    }

    /// From the first of its month to this day.
    pub(super) fn month_until(day: Date) -> Self {
        Self {
            from: day.first_of_month(),
            to: day,
        }
    }

    /// The day after so many days; `None`: these are several days, or there is no such day.
    pub(super) fn moved(self, days: i64) -> Option<Date> {
        let day = self.from.checked_add(days.days()).ok()?;
        (self.from == self.to).then_some(day)
    }

    /// The moments from the beginning of the first day to the end of the last one, there.
    ///
    /// # Errors
    /// [`Problem::BadRequest`] beyond the years that there are.
    pub(super) fn time(self, zone: &TimeZone) -> Result<Range<Timestamp>, Problem> {
        let start = |day: Date| {
            let there = day.to_zoned(zone.clone());
            there.map_err(|_| Problem::BadRequest)
        };
        let next = self.to.checked_add(1.day());
        let end = start(next.map_err(|_| Problem::BadRequest)?)?;
        Ok(start(self.from)?.timestamp()..end.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_a_clock_change_is_as_long_as_it_is() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (day, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-29", 24)] {
            let time = Days::read(Some(day), Some(day))
                .unwrap()
                .time(&zone)
                .unwrap();
            assert_eq!(
                time.end.duration_since(time.start).as_hours(),
                hours,
                "{day}"
            );
        }
    }

    #[test]
    fn neighbours_are_of_one_day_only() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let one = Days::of(day("2026-02-28"));
        assert_eq!(one.moved(1), Some(day("2026-03-01")));
        assert_eq!(one.moved(-1), Some(day("2026-02-27")));
        assert_eq!(Days::of(Date::MAX).moved(1), None);
        let two = Days::read(Some("2026-01-01"), Some("2026-01-02")).unwrap();
        assert_eq!(two.moved(1), None);
        for (from, to) in [
            (None, Some("2026-01-01")),
            (Some("2026-01-02"), Some("2026-01-01")),
            (Some("x"), Some("2026-01-01")),
        ] {
            assert_eq!(Days::read(from, to), None);
        }
    }
}
