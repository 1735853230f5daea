//! Pages with a clock: written once, and for each reader only the time that is left is filled in.

use std::fmt::{self, Write};

use axum::body::Bytes;
use jiff::Timestamp;

/// Where a template has the seconds that are left, and where the same as a clock shows them. Nothing that others wrote
/// looks like this in a page: there `<` is escaped.
pub(super) const SECONDS: &str = "<seconds left>";
pub(super) const CLOCK: &str = "<clock>";

/// A page without the time that is left until the end.
pub(super) struct Ticking {
    /// Each with the gap after it.
    pieces: Vec<(String, Gap)>,
    rest: String,
    end: Timestamp,
}

#[derive(Clone, Copy)]
enum Gap {
    Seconds,
    Clock,
}

/// Time in minutes and seconds.
struct Clock(i64);

impl Ticking {
    /// A page with [`SECONDS`] and [`CLOCK`] in it.
    pub(super) fn new(mut page: &str, end: Timestamp) -> Self {
        let mut pieces = Vec::new();
        let next = |page: &str| {
            let gaps = [(SECONDS, Gap::Seconds), (CLOCK, Gap::Clock)];
            let found = gaps.map(|(mark, gap)| Some((page.find(mark)?, mark, gap)));
            found.into_iter().flatten().min_by_key(|(at, ..)| *at)
        };
        while let Some((at, mark, gap)) = next(page) {
            pieces.push((page[..at].to_owned(), gap));
            page = &page[at + mark.len()..];
        }
        Self {
            pieces,
            rest: page.to_owned(),
            end,
        }
    }

    /// As it is now.
    pub(super) fn now(&self) -> Bytes {
        let left = seconds_until(self.end);
        // More than any time takes.
        let mut page = String::with_capacity(self.size() + self.pieces.len() * 20);
        for (piece, gap) in &self.pieces {
            page.push_str(piece);
            // Writing into a text does not fail.
            let _ = match gap {
                Gap::Seconds => write!(page, "{left}"),
                Gap::Clock => write!(page, "{}", Clock(left)),
            };
        }
        page.push_str(&self.rest);
        page.into()
    }

    /// How many bytes it takes.
    pub(super) fn size(&self) -> usize {
        let pieces = self.pieces.iter().map(|(piece, _)| piece.len());
        pieces.sum::<usize>() + self.rest.len()
    }
}

/// Whole seconds from now on, as a clock shows them.
pub(super) fn seconds_until(end: Timestamp) -> i64 {
    (end.as_second() - Timestamp::now().as_second()).max(0)
}

/// `59:07`, `23:59:07`: hours only where there are any.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        match hours {
            0 => write!(f, "{minutes}:{seconds:02}"),
            _ => write!(f, "{hours}:{minutes:02}:{seconds:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gap_is_filled() {
        let page = format!("a{SECONDS}b{CLOCK}{SECONDS}c<");
        let over = Ticking::new(&page, Timestamp::UNIX_EPOCH);
        assert_eq!(over.now(), "a0b0:000c<");
        assert_eq!(Ticking::new("abc", Timestamp::UNIX_EPOCH).now(), "abc");
    }

    #[test]
    fn clocks_have_hours_where_there_are_any() {
        for (seconds, shown) in [(0, "0:00"), (3547, "59:07"), (86_347, "23:59:07")] {
            assert_eq!(Clock(seconds).to_string(), shown);
        }
    }
}
