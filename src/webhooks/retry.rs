//! When a delivery is tried again.

use std::time::Duration;

use jiff::Timestamp;

use super::client::Answer;
use crate::webhooks::service::Rest;
use facture_domain::hook::{BtcpayEndpoint, Outcome, Redelivery};
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

/// BTCPay's pauses, and after them our own to the end of three days: it gives up after an hour.
const BTCPAY_BACKOFF: [Duration; 14] = [
    Duration::from_secs(10),
    MINUTE,
    TEN_MINUTES,
    TEN_MINUTES,
    TEN_MINUTES,
    TEN_MINUTES,
    TEN_MINUTES,
    TEN_MINUTES,
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(5 * 60 * 60),
    Duration::from_secs(10 * 60 * 60),
    Duration::from_secs(14 * 60 * 60),
    Duration::from_secs(20 * 60 * 60),
    Duration::from_secs(18 * 60 * 60),
];

const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);

/// How often a message is tried again while others of its event wait behind it: a plug-in that never takes it shall learn
/// that the invoice is settled all the same.
const TRIES_BEFORE_OTHERS: usize = 2;

/// The pauses between attempts, and what a refusal for ever means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schedule {
    /// Ours.
    Standard,
    /// BTCPay's, and whether other messages wait.
    Btcpay(Rest),
    /// None: it is sent once.
    Once,
}

impl Schedule {
    /// That of an endpoint, for a message with this rest.
    pub(super) fn of(btcpay: Option<&BtcpayEndpoint>, rest: Rest) -> Self {
        match btcpay.map(|settings| settings.redelivery) {
            None => Self::Standard,
            Some(Redelivery::Automatic) => Self::Btcpay(rest),
            Some(Redelivery::Never) => Self::Once,
        }
    }

    fn pauses(self) -> &'static [Duration] {
        match self {
            Self::Standard => &BACKOFF,
            Self::Btcpay(Rest::Nothing) => &BTCPAY_BACKOFF,
            Self::Btcpay(Rest::More) => BTCPAY_BACKOFF.get(..TRIES_BEFORE_OTHERS).unwrap_or(&[]),
            Self::Once => &[],
        }
    }

    /// A tenth shorter at most, by `jitter` from 0 to 1.
    fn pause(self, step: u64, jitter: f64) -> Option<Duration> {
        let step = usize::try_from(step).ok()?;
        let pause = self.pauses().get(step)?;
        Some(pause.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 10.0))
    }
}

/// What comes after a message that has others behind it: those follow when it was taken, or is given up.
pub(super) fn with_rest(disposition: Disposition, rest: Rest) -> Disposition {
    match (disposition, rest) {
        (Disposition::Delivered | Disposition::Failed, Rest::More) => Disposition::NextPart,
        (disposition, _) => disposition,
    }
}

/// What comes after an attempt that ended `now`, with `step` attempts before it. Each pause is `jitter`, from 0 to 1,
/// times a tenth shorter, so that what failed together does not come back together.
pub(super) fn next(
    answer: &Answer,
    step: u64,
    schedule: Schedule,
    jitter: f64,
    now: Timestamp,
) -> Disposition {
    if answer.outcome.is_success() {
        return Disposition::Delivered;
    }
    // A shop's software is not asked to say that it is gone.
    if answer.outcome == Outcome::Answered(410) && schedule == Schedule::Standard {
        return Disposition::EndpointGone;
    }
    let Some(pause) = schedule.pause(step, jitter) else {
        return Disposition::Failed;
    };
    let pause = no_sooner_than_asked(pause, answer.retry_after.as_deref(), now);
    Disposition::Retry(after(now, pause))
}

/// The pause after an attempt with `step` others before it, on our own schedule; `None` after the last one.
pub(crate) fn standard_pause(step: u64, jitter: f64) -> Option<Duration> {
    Schedule::Standard.pause(step, jitter)
}

/// A pause that is not shorter than the receiver asks for, within bounds: it must not put us off for good.
pub(crate) fn no_sooner_than_asked(
    pause: Duration,
    asked: Option<&str>,
    now: Timestamp,
) -> Duration {
    let asked = asked.and_then(|text| retry_after(text, now));
    asked.map_or(pause, |asked| pause.max(asked.clamp(SECOND, HOUR)))
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
        match next(&answer, step, Schedule::Standard, 0.0, now()) {
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
            let answer = answer(Outcome::Answered(status), None);
            let next = next(&answer, 0, Schedule::Standard, 0.5, now());
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

    /// All pauses, in seconds, and what comes after them.
    fn pauses(schedule: Schedule, rest: Rest) -> (Vec<u64>, Disposition) {
        let lost = answer(Outcome::Answered(410), None);
        let mut pauses = Vec::new();
        loop {
            let step = u64::try_from(pauses.len()).unwrap();
            match with_rest(next(&lost, step, schedule, 0.0, now()), rest) {
                Disposition::Retry(at) => {
                    pauses.push(u64::try_from(at.duration_since(now()).as_secs()).unwrap());
                }
                end => return (pauses, end),
            }
        }
    }

    #[test]
    fn btcpays_pauses_come_first_and_others_do_not_wait_for_long() {
        let (all, end) = pauses(Schedule::Btcpay(Rest::Nothing), Rest::Nothing);
        assert_eq!(all[..8], [10, 60, 600, 600, 600, 600, 600, 600]);
        assert_eq!(end, Disposition::Failed);
        let total: u64 = all.iter().sum();
        assert!((2 * 24 * 3600..3 * 24 * 3600).contains(&total), "{total}");
        let (some, end) = pauses(Schedule::Btcpay(Rest::More), Rest::More);
        assert_eq!((some, end), (vec![10, 60], Disposition::NextPart));
        let once = pauses(Schedule::Once, Rest::Nothing);
        assert_eq!(once, (Vec::new(), Disposition::Failed));
        assert_eq!(
            with_rest(Disposition::Delivered, Rest::More),
            Disposition::NextPart
        );
    }

    proptest! {
        #[test]
        fn after_three_days_at_most_it_is_given_up(jitter in 0.0..=1.0) {
            let lost = answer(Outcome::Failed(Failure::TimedOut), None);
            let mut at = now();
            let mut pauses = 0;
            while let Disposition::Retry(next) = next(&lost, pauses, Schedule::Standard, jitter, at) {
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
