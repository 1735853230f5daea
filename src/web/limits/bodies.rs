//! Memory for bodies of requests while they are received: so much in all, however many connections send one.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::web::error::Problem;

/// Whose body it is. Neither takes the other's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Anybody's.
    Stranger,
    /// That of a caller with a token.
    Caller,
}

/// How long a body may take, and memory for all of them: half for each kind of sender, counted in bytes. Cheap to clone: all
/// clones count together.
#[derive(Clone)]
pub(crate) struct BodyLimits {
    timeout: Duration,
    strangers: Arc<Semaphore>,
    callers: Arc<Semaphore>,
}

/// Memory for one body, until it is dropped. It has none at first and grows with what arrives.
pub(crate) struct BodyMemory {
    all: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
}

impl BodyLimits {
    /// `max_bytes` in all; 0: without limit.
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
    /// So many more bytes.
    ///
    /// # Errors
    /// [`Problem::Overloaded`] when there are not so many.
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
