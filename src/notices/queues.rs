//! When the notices of a rule are sent: one message at a time, not too often to one target, and after a failure at the times
//! of webhooks (`webhooks/retry.rs`). It is in memory: after a start all are tried at once.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;

use super::reply::NotSent;
use crate::webhooks::retry;
use facture_domain::notice::{NoticeChannel, NoticeRule, NoticeTarget};
use facture_runtime::clock::after;

/// The longest pause after a failure: what is told a day later is no news.
const MAX_PAUSE: Duration = Duration::from_secs(60 * 60);

/// The queues of all rules.
#[derive(Debug, Default)]
pub(super) struct Queues {
    /// The targets that something is being sent to, by the numbers of the rules.
    in_flight: HashMap<u64, NoticeTarget>,
    /// After how many failures and until when the rules of these numbers pause.
    failed: HashMap<u64, (u64, Timestamp)>,
    /// Until when nothing more is sent to a target.
    paced: HashMap<NoticeTarget, Timestamp>,
}

/// Whether something can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Now.
    Now,
    /// At this time.
    At(Timestamp),
    /// When what is being sent has ended.
    Later,
}

impl Queues {
    /// Whether something of this rule can be sent now.
    pub(super) fn turn(&self, rule: &NoticeRule, now: Timestamp) -> Turn {
        if self.in_flight.values().any(|busy| *busy == rule.target) {
            return Turn::Later;
        }
        let failed = self.failed.get(&rule.number).map(|(_, until)| *until);
        let paced = self.paced.get(&rule.target).copied();
        match failed.max(paced) {
            Some(until) if until > now => Turn::At(until),
            _ => Turn::Now,
        }
    }

    /// Something of this rule is being sent.
    pub(super) fn begin(&mut self, rule: &NoticeRule) {
        self.in_flight.insert(rule.number, rule.target.clone());
    }

    /// It ended `now`. The pause after a failure is a tenth shorter at most, by `jitter` from 0 to 1.
    pub(super) fn end(
        &mut self,
        rule: u64,
        result: &Result<(), NotSent>,
        jitter: f64,
        now: Timestamp,
    ) {
        let target = self.in_flight.remove(&rule);
        let Err(not_sent) = result else {
            self.failed.remove(&rule);
            self.paced.retain(|_, until| *until > now);
            self.paced.extend(target.map(|target| {
                let pause = pace(target.channel());
                (target, after(now, pause))
            }));
            return;
        };
        let steps = self.failed.get(&rule).map_or(0, |(steps, _)| *steps);
        let pause = retry::standard_pause(steps, jitter).unwrap_or(MAX_PAUSE);
        let asked = not_sent.retry_after.as_deref();
        let pause = retry::no_sooner_than_asked(pause.min(MAX_PAUSE), asked, now);
        self.failed
            .insert(rule, (steps.saturating_add(1), after(now, pause)));
    }

    /// What failed can be tried again now.
    pub(super) fn retry_now(&mut self) {
        self.failed.clear();
    }
}

/// The pause after a message to a target; what comes meanwhile is gathered. Telegram takes one a second in a chat.
fn pace(channel: NoticeChannel) -> Duration {
    match channel {
        NoticeChannel::Mail => Duration::from_secs(60),
        NoticeChannel::Ntfy | NoticeChannel::Telegram => Duration::from_secs(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facture_domain::notice::{NoticeEvent, NoticeFailure};

    fn rule(number: u64, address: &str) -> NoticeRule {
        let target = NoticeTarget::parse(NoticeChannel::Telegram, address, "");
        NoticeRule {
            number,
            event: NoticeEvent::SalePaid,
            target: target.unwrap(),
            told_since: None,
            trouble: None,
            waiting: 1,
        }
    }

    fn failure(retry_after: Option<&str>) -> Result<(), NotSent> {
        Err(NotSent {
            retry_after: retry_after.map(str::to_owned),
            ..NotSent::new(NoticeFailure::NotTaken, "")
        })
    }

    #[test]
    fn a_chat_gets_one_message_a_second_whichever_rule_it_is_of() {
        let now = Timestamp::UNIX_EPOCH;
        let (one, same, other) = (rule(1, "7"), rule(2, "7"), rule(3, "8"));
        let mut queues = Queues::default();
        assert_eq!(queues.turn(&one, now), Turn::Now);
        queues.begin(&one);
        assert_eq!(queues.turn(&one, now), Turn::Later);
        assert_eq!(queues.turn(&same, now), Turn::Later);
        assert_eq!(queues.turn(&other, now), Turn::Now);
        queues.end(1, &Ok(()), 0.0, now);
        let next = after(now, Duration::from_secs(1));
        for rule in [&one, &same] {
            assert_eq!(queues.turn(rule, now), Turn::At(next));
            assert_eq!(queues.turn(rule, next), Turn::Now);
        }
    }

    #[test]
    fn pauses_grow_to_an_hour_and_a_server_may_ask_for_longer_ones() {
        let mut now = Timestamp::UNIX_EPOCH;
        let one = rule(1, "7");
        let mut queues = Queues::default();
        let mut pauses = Vec::new();
        for asked in [None, None, None, None, None, Some("4000"), None] {
            queues.begin(&one);
            queues.end(1, &failure(asked), 0.0, now);
            let Turn::At(next) = queues.turn(&one, now) else {
                panic!("it pauses");
            };
            pauses.push(next.duration_since(now).as_secs());
            now = next;
        }
        assert_eq!(pauses, [5, 60, 300, 1800, 3600, 3600, 3600]);
        queues.begin(&one);
        queues.end(1, &failure(Some("20")), 0.0, now);
        queues.retry_now();
        assert_eq!(queues.turn(&one, now), Turn::Now);
        queues.begin(&one);
        queues.end(1, &failure(Some("20")), 0.0, now);
        let asked = after(now, Duration::from_secs(20));
        assert_eq!(queues.turn(&one, now), Turn::At(asked));
    }
}
