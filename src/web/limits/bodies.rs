//! Memory for bodies of requests while they are received: so much in all, however many connections send one.

use std::sync::Arc;

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

/// Half for each, counted in bytes.
pub(crate) struct Bodies {
    strangers: Arc<Semaphore>,
    callers: Arc<Semaphore>,
}

/// Memory for one body, until it is dropped. It has none at first: who sends slowly takes as much as came.
pub(crate) struct Room {
    all: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    /// So many bytes in all; 0: without limit.
    pub(crate) fn new(most: usize) -> Self {
        let half = match most {
            0 => Semaphore::MAX_PERMITS,
            most => (most / 2).min(Semaphore::MAX_PERMITS),
        };
        Self {
            strangers: Arc::new(Semaphore::new(half)),
            callers: Arc::new(Semaphore::new(half)),
        }
    }

    pub(crate) fn room(&self, sender: Sender) -> Room {
        let all = match sender {
            Sender::Stranger => &self.strangers,
            Sender::Caller => &self.callers,
        };
        Room {
            all: Arc::clone(all),
            taken: None,
        }
    }
}

impl Room {
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
        let bodies = Bodies::new(2000);
        let mut first = bodies.room(Sender::Stranger);
        assert_eq!(first.grow(600), Ok(()));
        assert_eq!(first.grow(300), Ok(()));
        let mut second = bodies.room(Sender::Stranger);
        assert_eq!(second.grow(100), Ok(()));
        assert_eq!(second.grow(1), Err(Problem::Overloaded));
        assert_eq!(bodies.room(Sender::Caller).grow(1000), Ok(()));
        drop(first);
        assert_eq!(second.grow(900), Ok(()));
        assert_eq!(second.grow(1), Err(Problem::Overloaded));
        let mut endless = Bodies::new(0).room(Sender::Stranger);
        assert!((0..1000).all(|_| endless.grow(1 << 20).is_ok()));
    }
}
