//! Memory for request bodies while they are received: a fixed total, however many connections send one.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::web::error::Problem;

/// The kind of sender. Neither takes the other's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Anybody.
    Stranger,
    /// A caller with a token.
    Caller,
}

/// The timeout for bodies, and the memory for all of them: half for each kind of sender, counted in bytes. Cheap to
/// clone: all clones share the counts.
#[derive(Clone)]
pub(crate) struct BodyLimits {
    timeout: Duration,
    strangers: Arc<Semaphore>,
    callers: Arc<Semaphore>,
}

/// Memory for one body, until dropped. It starts empty and grows as data arrives.
pub(crate) struct BodyMemory {
    all: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
}

impl BodyLimits {
    /// `max_bytes` in total; 0: no limit.
    pub(crate) fn new(max_bytes: usize, timeout: Duration) -> Self {
        let half = match max_bytes {
            0 => Semaphore::MAX_PERMITS,
            bytes => (bytes / 2).min(Semaphore::MAX_PERMITS),
        };
        Self {
            timeout,
            strangers: Arc::new(Semaphore::new(half)),
            callers: Arc::new(Semaphore::new(half)),
        }
    }

    /// How long a client may take to send a body.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Memory for the body of this sender.
    pub(crate) fn memory(&self, sender: Sender) -> BodyMemory {
        let all = match sender {
            Sender::Stranger => &self.strangers,
            Sender::Caller => &self.callers,
        };
        BodyMemory {
            all: Arc::clone(all),
            taken: None,
        }
    }
}

impl BodyMemory {
    /// Reserves this many more bytes.
    ///
    /// # Errors
    /// [`Problem::Overloaded`] if there is not enough memory.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Problem> {
        let bytes = u32::try_from(bytes).map_err(|_| Problem::TooLarge)?;
        let more = Arc::clone(&self.all).try_acquire_many_owned(bytes);
        let more = more.map_err(|_| Problem::Overloaded)?;
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            None => self.taken = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_is_bounded_and_comes_back() {
        let bodies = BodyLimits::new(2000, Duration::ZERO);
        let mut first = bodies.memory(Sender::Stranger);
        assert_eq!(first.grow(600), Ok(()));
        assert_eq!(first.grow(300), Ok(()));
        let mut second = bodies.memory(Sender::Stranger);
        assert_eq!(second.grow(100), Ok(()));
        assert_eq!(second.grow(1), Err(Problem::Overloaded));
        assert_eq!(bodies.memory(Sender::Caller).grow(1000), Ok(()));
        drop(first);
        assert_eq!(second.grow(900), Ok(()));
        assert_eq!(second.grow(1), Err(Problem::Overloaded));
        let mut endless = BodyLimits::new(0, Duration::ZERO).memory(Sender::Stranger);
        assert!((0..1000).all(|_| endless.grow(1 << 20).is_ok()));
    }
}
