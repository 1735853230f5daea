//! Timeouts for request heads. Hyper creates a timer for each head and drops it once the head has arrived. Tokio's
//! timers, which are registered and removed again, would take a tenth of the time of a short response. These only know
//! their deadline, and `listener.rs` wakes a connection often enough for hyper to check it.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};

/// Hyper's timers.
#[derive(Clone, Copy)]
pub(crate) struct CoarseTimer;

/// Does not wake anything when it expires.
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
