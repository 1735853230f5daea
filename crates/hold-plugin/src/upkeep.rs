//! What the plugin does by itself: tidying up after a crash, ending what is over, and following the chain.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::time::{MissedTickBehavior, interval};

use crate::service::Service;

/// What is over ends at most so much later.
const TICK: Duration = Duration::from_secs(1);

/// lightningd is asked for the height in this rhythm, should a notification be lost.
const TICKS_A_LOOK: u32 = 60;

/// What ended long ago is looked for once in so many looks.
const LOOKS_A_DAY: u32 = 24 * 60;

/// Runs as long as the plugin does. A step that breaks off is logged, and the next one comes.
pub(crate) async fn run(service: Arc<Service>, temporary: Vec<String>) {
    let beginner = Arc::clone(&service);
    tokio::spawn(async move { begin(&beginner, temporary).await });
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut count: u32 = 0;
    loop {
        ticks.tick().await;
        let step = AssertUnwindSafe(step(&service, count));
        let _ = step.catch_unwind().await;
        count = count.wrapping_add(1);
    }
}

/// After a start.
async fn begin(service: &Service, temporary: Vec<String>) {
    match service.lightningd.cltv_final().await {
        // It refuses a payment with fewer blocks left.
        Ok(Some(blocks)) => service.holds.raise_limit(blocks).await,
        Ok(None) => {}
        Err(error) => tracing::warn!("cltv-final is not known: {error}"),
    }
    for label in temporary {
        match service.lightningd.delete_unpaid(&label).await {
            Ok(_) => service.holds.forget_temporary(&label).await,
            Err(error) => tracing::warn!("{label} could not be deleted: {error}"),
        }
    }
}

async fn step(service: &Arc<Service>, count: u32) {
    service.holds.tick().await;
    for left in service.holds.take_left().await {
        let label = left.hold.label.clone();
        let (worker, service) = (Arc::clone(service), Arc::clone(service));
        tokio::spawn(async move {
            let resumed = AssertUnwindSafe(worker.resume(left)).catch_unwind().await;
            if resumed.is_err() {
                service.holds.leave(&label).await;
            }
        });
    }
    if count.is_multiple_of(TICKS_A_LOOK) {
        match service.lightningd.info().await {
            Ok(info) => service.holds.grow(info.height).await,
            Err(error) => tracing::warn!("the height of the chain is not known: {error}"),
        }
        if (count / TICKS_A_LOOK).is_multiple_of(LOOKS_A_DAY) {
            service.holds.prune().await;
        }
    }
}
