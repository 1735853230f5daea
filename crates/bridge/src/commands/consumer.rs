//! The consumer: reads while there is room, hands out, and commits what is done.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
    time::Duration,
};

use krafka::{
    ConsumerRecord, Kafka, KrafkaError,
    consumer::{
        AutoOffsetReset, Consumer, ConsumerRebalanceListener, GroupProtocol, IsolationLevel,
        OffsetAndMetadata, TopicPartition,
    },
};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    handler::Handler,
    lanes::Lanes,
    progress::{Progress, Ticket},
};

/// How long one look for commands takes.
const POLL: Duration = Duration::from_millis(500);

/// The same while there is no room for more: the group is told that this member is there.
const POLL_FULL: Duration = Duration::from_millis(20);

/// How often what is done is committed, at most.
const COMMIT_EVERY: Duration = Duration::from_millis(100);

/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a stop waits for commands that are under way. What is not answered then is read again at the next start.
const PATIENCE: Duration = Duration::from_secs(5);

type Shared = Arc<Mutex<Progress>>;

/// A command that is under way.
struct Job {
    record: ConsumerRecord,
    ticket: Ticket,
}

/// Reads and handles commands until `stop`.
///
/// # Errors
/// The library's, which another try does not mend.
pub(crate) async fn run(
    kafka: &Kafka,
    handler: Arc<Handler>,
    stop: CancellationToken,
) -> Result<(), KrafkaError> {
    let progress = Shared::default();
    let owner = Arc::new(OnceLock::new());
    let room = usize::from(handler.config.in_flight);
    let half = i32::from(handler.config.in_flight.div_ceil(2));
    let consumer = kafka
        .consumer(handler.config.group.clone())
        .group_protocol(GroupProtocol::Consumer)
        .auto_offset_reset(AutoOffsetReset::Earliest)
        .enable_auto_commit(false)
        .isolation_level(IsolationLevel::ReadCommitted)
        .max_poll_records(half)
        .metrics_push(false)
        .rebalance_listener(Listener {
            progress: Arc::clone(&progress),
            consumer: Arc::clone(&owner),
        })
        .build()
        .await?;
    let consumer = Arc::new(consumer);
    // Set once, here.
    let _ = owner.set(Arc::downgrade(&consumer));
    consumer.subscribe([handler.config.topic.as_str()]).await?;
    let (send, receive) = mpsc::unbounded_channel();
    let workers = tokio::spawn(work(Arc::clone(&handler), receive, Arc::clone(&progress)));
    let reader = Reader {
        consumer: Arc::clone(&consumer),
        progress,
        handler,
        room,
        committed_at: Instant::now(),
    };
    let ended = reader.read(send, workers, &stop).await;
    if let Err(error) = consumer.close().await {
        tracing::warn!(%error, "the group was not left in order");
    }
    ended
}

/// What asks the brokers.
struct Reader {
    consumer: Arc<Consumer>,
    progress: Shared,
    handler: Arc<Handler>,
    /// How many commands may be under way.
    room: usize,
    committed_at: Instant,
}

impl Reader {
    async fn read(
        mut self,
        send: mpsc::UnboundedSender<Job>,
        workers: tokio::task::JoinHandle<()>,
        stop: &CancellationToken,
    ) -> Result<(), KrafkaError> {
        while !stop.is_cancelled() {
            let is_full = self.handler.metrics.in_flight() * 2 > self.room;
            self.pause(is_full).await;
            let wait = if is_full { POLL_FULL } else { POLL };
            let polled = tokio::select! {
                polled = self.consumer.poll(wait) => polled,
                () = stop.cancelled() => break,
            };
            match polled {
                Ok(records) => {
                    for record in records {
                        let ticket = lock(&self.progress).take(record.partition, record.offset);
                        self.handler.metrics.entered(record.timestamp);
                        // The other end lives as long as this one.
                        let _ = send.send(Job { record, ticket });
                    }
                }
                Err(error) if error.is_fatal() => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "no commands can be read");
                    sleep(PAUSE).await;
                }
            }
            if self.committed_at.elapsed() > COMMIT_EVERY {
                self.committed_at = Instant::now();
                commit(&self.consumer, &self.handler.config.topic, &self.progress).await;
                self.measure().await;
            }
        }
        drop(send);
        if timeout(PATIENCE, workers).await.is_err() {
            tracing::warn!("commands are under way: they are read again at the next start");
        }
        commit(&self.consumer, &self.handler.config.topic, &self.progress).await;
        Ok(())
    }

    /// Holds back what is not yet read, or goes on.
    async fn pause(&self, is_full: bool) {
        for (topic, partitions) in self.consumer.assignment().await {
            match is_full {
                true => self.consumer.pause(&topic, &partitions).await,
                false => self.consumer.resume(&topic, &partitions).await,
            }
        }
    }

    async fn measure(&self) {
        let lag = self.consumer.lag().await;
        let waiting = lag.values().filter_map(|partition| partition.lag).sum();
        self.handler.metrics.waiting(waiting);
    }
}

/// Hands commands out: those of one key one after the other.
async fn work(handler: Arc<Handler>, mut jobs: mpsc::UnboundedReceiver<Job>, progress: Shared) {
    let mut lanes = Lanes::default();
    let mut tasks: JoinSet<(ConsumerRecord, Ticket)> = JoinSet::new();
    let begin = |tasks: &mut JoinSet<_>, job: Job| {
        let handler = Arc::clone(&handler);
        tasks.spawn(async move {
            handler.handle(&job.record).await;
            (job.record, job.ticket)
        });
    };
    let mut is_open = true;
    while is_open || !tasks.is_empty() {
        tokio::select! {
            job = jobs.recv(), if is_open => match job {
                Some(job) => {
                    let key = job.record.key.clone();
                    if let Some(job) = lanes.enter(key.as_ref(), job) {
                        begin(&mut tasks, job);
                    }
                }
                None => is_open = false,
            },
            Some(ended) = tasks.join_next(), if !tasks.is_empty() => match ended {
                Ok((record, ticket)) => {
                    handler.metrics.left(record.timestamp);
                    lock(&progress).finish(ticket);
                    if let Some(job) = lanes.leave(record.key.as_ref()) {
                        begin(&mut tasks, job);
                    }
                }
                // Nothing is committed behind it: the next start reads it again.
                Err(error) => tracing::error!(%error, "a command's task has ended"),
            },
        }
    }
}

async fn commit(consumer: &Consumer, topic: &str, progress: &Shared) {
    let offsets = lock(progress).uncommitted();
    if offsets.is_empty() {
        return;
    }
    let named = offsets.iter().map(|(partition, offset)| {
        let partition = TopicPartition::new(topic, *partition);
        (partition, OffsetAndMetadata::new(*offset))
    });
    match consumer.commit_offsets(named).await {
        Ok(()) => lock(progress).committed(&offsets),
        Err(error) => tracing::warn!(%error, "not committed; it is tried again"),
    }
}

/// Hears which partitions are taken away.
struct Listener {
    progress: Shared,
    consumer: Arc<OnceLock<Weak<Consumer>>>,
}

impl ConsumerRebalanceListener for Listener {
    async fn on_partitions_assigned(&self, partitions: &[TopicPartition]) {
        tracing::info!(partitions = partitions.len(), "assigned");
    }

    async fn on_partitions_revoked(&self, partitions: &[TopicPartition]) {
        if let Some(consumer) = self.consumer.get().and_then(Weak::upgrade)
            && let Some(first) = partitions.first()
        {
            commit(&consumer, first.topic(), &self.progress).await;
        }
        self.forget(partitions);
    }

    async fn on_partitions_lost(&self, partitions: &[TopicPartition]) {
        self.forget(partitions);
    }
}

impl Listener {
    fn forget(&self, partitions: &[TopicPartition]) {
        let numbers = partitions.iter().map(TopicPartition::partition);
        lock(&self.progress).forget(numbers);
        tracing::info!(partitions = partitions.len(), "taken away");
    }
}

fn lock(progress: &Shared) -> std::sync::MutexGuard<'_, Progress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}
