//! Receipt numbers, which a shop's books count without gaps.

use std::fmt;

use jiff::{Timestamp, tz::TimeZone};

/// The number of a receipt. Within a series of a shop, the numbers are 1, 2, 3 and so on: each payment gets the next one in the
/// moment in which the records take it in, and none is left out or given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    /// The series: when the records that began it were opened.
    pub series: ReceiptSeries,
    /// Which one in the series, from 1.
    pub number: u64,
}

/// A series of receipt numbers: a minute, in minutes since 1970. No later series of the same records is lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptSeries(u32);

impl ReceiptSeries {
    /// The series that begins now, after another one.
    pub fn begin(now: Timestamp, after: Option<Self>) -> Self {
        let now = u32::try_from(now.as_second() / 60).unwrap_or_default();
        let next = after.map_or(0, |Self(last)| last.saturating_add(1));
        Self(now.max(next))
    }

    /// From the store.
    pub fn stored(minutes: u32) -> Self {
        Self(minutes)
    }

    /// In minutes since 1970.
    pub fn minutes(self) -> u32 {
        self.0
    }
}

/// `20261129-0958-42`: the series as date and time (UTC), and the number.
impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let began = i64::from(self.series.minutes()).saturating_mul(60);
        let began = Timestamp::from_second(began).unwrap_or_default();
        let began = began.to_zoned(TimeZone::UTC).strftime("%Y%m%d-%H%M");
        write!(f, "{began}-{}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_named_by_its_beginning_and_never_goes_back() {
        let now: Timestamp = "2026-11-29T09:58:59Z".parse().unwrap();
        let first = ReceiptSeries::begin(now, None);
        let number = ReceiptNumber {
            series: first,
            number: 42,
        };
        assert_eq!(number.to_string(), "20261129-0958-42");
        let second = ReceiptSeries::begin(now, Some(first));
        assert_eq!(second.minutes(), first.minutes() + 1);
        let third = ReceiptSeries::begin(Timestamp::UNIX_EPOCH, Some(second));
        assert!(third > second);
        let last = ReceiptSeries::stored(u32::MAX);
        let number = ReceiptNumber {
            series: ReceiptSeries::begin(now, Some(last)),
            number: u64::MAX,
        };
        assert!(number.to_string().ends_with(&u64::MAX.to_string()));
    }
}
