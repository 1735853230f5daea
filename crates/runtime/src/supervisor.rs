//! Tasks that last as long as the server. A panic in one is a bug: it costs what it was about, it is counted, and the
//! task is begun again. What others wait for must outlive it: queues belong outside, and an answer that is dropped must
//! be an error for the one that waits. What panicked, and where, is in the log (`telemetry.rs`), in the task's span.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use tokio::time::sleep;
use tracing::Instrument;

use crate::metrics;

/// The first and the longest pause after a panic. After a run that was longer than the longest it is short again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(2));

/// Runs a task to its end, again and again while it panics.
pub async fn supervise<F: Future<Output = ()>>(name: &'static str, mut task: impl FnMut() -> F) {
    let mut pause = PAUSES.0;
    loop {
        let began = Instant::now();
        if catch_panic(name, async { task().await }).await.is_some() {
            return;
        }
        if began.elapsed() > PAUSES.1 {
            pause = PAUSES.0;
        }
        let ms = pause.as_millis();
        tracing::warn!(task = name, ms, "a task panicked and is begun again");
        sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// Runs something to its end; `None` when it panicked, which is counted under this name.
pub async fn catch_panic<T>(name: &'static str, task: impl Future<Output = T>) -> Option<T> {
    // What it was about is dropped with it.
    let done = AssertUnwindSafe(task)
        .catch_unwind()
        .instrument(tracing::error_span!("task", task = name))
        .await;
    if done.is_err() {
        metrics::panicked(name);
    }
    done.ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::{Mutex, mpsc, oneshot};

    use super::*;

    type Question = (u32, oneshot::Sender<u32>);

    /// A queue as the barrier and the store have it.
    async fn answer(questions: Arc<Mutex<mpsc::UnboundedReceiver<Question>>>) {
        let mut questions = questions.lock().await;
        while let Some((number, asker)) = questions.recv().await {
            assert_ne!(number, 13, "a bug");
            let _ = asker.send(number * 2);
        }
    }

    #[tokio::test]
    async fn a_task_that_panics_is_begun_again_and_who_asked_it_is_told() {
        let (queue, questions) = mpsc::unbounded_channel();
        let questions = Arc::new(Mutex::new(questions));
        let task = tokio::spawn(supervise("test", move || answer(Arc::clone(&questions))));
        let ask = |number| {
            let (asker, told) = oneshot::channel();
            queue.send((number, asker)).unwrap();
            told
        };
        let asked: Vec<_> = [1, 13, 2, 13, 13, 3].map(ask).into_iter().collect();
        let mut told = Vec::new();
        for answer in asked {
            told.push(answer.await.ok());
        }
        // Only what it was about is lost, and nobody waits for ever.
        assert_eq!(told, [Some(2), None, Some(4), None, None, Some(6)]);
        drop(queue);
        task.await.unwrap();
        let counted = metrics::exposition(metrics::Sampled::default()).unwrap();
        assert!(
            counted.contains("facture_panics_total{task=\"test\"} 3\n"),
            "{counted}"
        );
    }
}
