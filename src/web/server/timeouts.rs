//! How long a request's head may take. Hyper makes a timer for each head and drops it when that is there: tokio's timers,
//! which are registered and taken out again, would be a tenth of a short answer. These only know when time is up, and
//! `listener.rs` wakes a connection often enough for hyper to see it.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};

/// Hyper's timers.
#[derive(Clone, Copy)]
pub(crate) struct CoarseTimer;

/// Wakes nothing when it is over.
struct CoarseSleep(Instant);

impl Timer for CoarseTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(CoarseSleep(deadline))
    }
}

impl Future for CoarseSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match Instant::now() < self.0 {
            true => Poll::Pending,
            false => Poll::Ready(()),
        }
    }
}

impl Sleep for CoarseSleep {}
