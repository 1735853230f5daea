//! How long to wait before a relay is tried again.

use std::time::Duration;

/// The first and the longest pause.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// The pause after so many failures in a row: it doubles, and a part of it is left to chance, so that not all come at once to a
/// relay that is back. `chance` is from 0 to 1.
pub(super) fn pause(failures: u32, chance: f64) -> Duration {
    let doubled = PAUSES.0.saturating_mul(2_u32.saturating_pow(failures));
    doubled
        .min(PAUSES.1)
        .mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_minute_and_leaves_a_half_to_chance() {
        assert_eq!(pause(0, 1.0), Duration::from_secs(1));
        assert_eq!(pause(0, 0.0), Duration::from_millis(500));
        assert_eq!(pause(3, 1.0), Duration::from_secs(8));
        for failures in [6, 31, 32, u32::MAX] {
            assert_eq!(pause(failures, 1.0), Duration::from_secs(60));
            assert_eq!(pause(failures, 0.0), Duration::from_secs(30));
        }
    }
}
