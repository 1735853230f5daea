//! How old a command may be.

use std::time::Duration;

use super::types::{Command, Reason, Rejected};

/// How far from its arrival a command may have been sent. Its arrival is the broker's time stamp, so that a command that is
/// read again, after a crash, is judged as it was the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// How long before.
    pub(crate) max_age: Duration,
    /// How long after: clocks differ.
    pub(crate) max_future: Duration,
}

impl Window {
    /// Checks a command that arrived then, in milliseconds since 1970; `None` when the broker does not say.
    ///
    /// # Errors
    /// [`Rejected`].
    pub(crate) fn check(&self, command: &Command, arrived_at: Option<i64>) -> Result<(), Rejected> {
        let Some(arrived_at) = arrived_at else {
            let message = "the topic must have message.timestamp.type=LogAppendTime";
            return Err(Rejected::new(Reason::NoArrivalTime, message));
        };
        let age = i128::from(arrived_at) - i128::from(command.sent_at);
        let limit = |limit: Duration| i128::try_from(limit.as_millis()).unwrap_or(i128::MAX);
        let rejected = if age > limit(self.max_age) {
            let seconds = self.max_age.as_secs();
            let message = format!("it was sent more than {seconds} s before it arrived");
            Rejected::new(Reason::TooOld, message)
        } else if -age > limit(self.max_future) {
            let seconds = self.max_future.as_secs();
            let message = format!("it was sent more than {seconds} s after it arrived");
            Rejected::new(Reason::FromFuture, message)
        } else {
            return Ok(());
        };
        Err(rejected.answered_to(&command.request))
    }
}
