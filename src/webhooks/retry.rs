//! When a delivery is tried again.

use std::time::Duration;

use jiff::Timestamp;

use super::client::Answer;
use facture_domain::hook::Outcome;
use facture_runtime::clock::after;
use facture_store::Disposition;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The pauses after the first attempt, the second and so on: just below three days in all.
const BACKOFF: [Duration; 10] = [
    Duration::from_secs(5),
    MINUTE,
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(5 * 60 * 60),
    Duration::from_secs(10 * 60 * 60),
    Duration::from_secs(14 * 60 * 60),
    Duration::from_secs(20 * 60 * 60),
    Duration::from_secs(20 * 60 * 60),
];

/// What comes after an attempt that ended `now`, with `step` attempts before it. Each pause is `jitter`, from 0 to 1,
/// times a tenth shorter, so that what failed together does not come back together.
pub(super) fn next(answer: &Answer, step: u64, jitter: f64, now: Timestamp) -> Disposition {
    if answer.outcome.is_success() {
        return Disposition::Delivered;
    }
    if answer.outcome == Outcome::Answered(410) {
        return Disposition::EndpointGone;
    }
    let pause = usize::try_from(step)
        .ok()
        .and_then(|step| BACKOFF.get(step));
    let Some(pause) = pause else {
        return Disposition::Failed;
    };
    let pause = pause.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 10.0);
    let asked = answer.retry_after.as_deref();
    // Not sooner than the receiver asks for, within bounds: it must not put us off for good.
    let asked = asked.and_then(|text| retry_after(text, now));
    let pause = asked.map_or(pause, |asked| pause.max(asked.clamp(SECOND, HOUR)));
    Disposition::Retry(after(now, pause))
}

/// Reads `Retry-After`: seconds or a date (RFC 9110 §10.2.3).
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
    // A date that has passed is no pause.
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use facture_domain::hook::Failure;

    fn answer(outcome: Outcome, retry_after: Option<&str>) -> Answer {
        Answer {
            outcome,
            retry_after: retry_after.map(str::to_owned),
            excerpt: String::new(),
        }
    }

    fn now() -> Timestamp {
        "1994-11-06T08:49:37Z".parse().unwrap()
    }

    fn pause(step: u64, asked: &str) -> Duration {
        let answer = answer(Outcome::Answered(503), Some(asked));
        match next(&answer, step, 0.0, now()) {
            Disposition::Retry(at) => Duration::try_from(at.duration_since(now())).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_2xx_is_success_and_410_is_the_end() {
        for status in 100..600 {
            let expected = match status {
                200..=299 => Some(Disposition::Delivered),
                410 => Some(Disposition::EndpointGone),
                _ => None,
            };
            let next = next(&answer(Outcome::Answered(status), None), 0, 0.5, now());
            match expected {
                Some(expected) => assert_eq!(next, expected, "{status}"),
                None => assert!(matches!(next, Disposition::Retry(_)), "{status}"),
            }
        }
    }

    #[test]
    fn the_receivers_wish_counts_within_bounds() {
        for (asked, expected) in [
            ("120", 120),
            (" 120 ", 120),
            ("0", 5),
            ("99999999999999999999", 3600),
            ("Sun, 06 Nov 1994 08:51:37 GMT", 120),
            ("Sunday, 06-Nov-94 08:51:37 GMT", 120),
            ("Sun, 06 Nov 1994 08:49:36 GMT", 5),
            ("Sun, 06 Nov 1994 10:49:37 GMT", 3600),
            ("-3", 5),
            ("soon", 5),
            ("", 5),
        ] {
            assert_eq!(pause(0, asked), Duration::from_secs(expected), "{asked}");
        }
        assert_eq!(pause(4, "120"), 2 * HOUR, "the schedule is not hurried");
    }

    proptest! {
        #[test]
        fn after_three_days_at_most_it_is_given_up(jitter in 0.0..=1.0) {
            let lost = answer(Outcome::Failed(Failure::TimedOut), None);
            let mut at = now();
            let mut pauses = 0;
            while let Disposition::Retry(next) = next(&lost, pauses, jitter, at) {
                prop_assert!(next > at);
                at = next;
                pauses += 1;
            }
            prop_assert_eq!(pauses, 10);
            let took = Duration::try_from(at.duration_since(now())).unwrap();
            prop_assert!((60 * HOUR..72 * HOUR).contains(&took), "{:?}", took);
        }

        #[test]
        fn no_wish_makes_it_panic_or_wait_for_more_than_an_hour(text in any::<String>()) {
            prop_assert!(pause(0, &text) <= HOUR);
        }
    }
}
