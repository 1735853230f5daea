//! The time left.

use jiff::Timestamp;

/// Whole seconds from now until `end`; 0 when it has passed.
pub(crate) fn seconds_until(end: Timestamp) -> i64 {
    (end.as_second() - Timestamp::now().as_second()).max(0)
}
