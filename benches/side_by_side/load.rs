//! Load: so many clients, each with one thing under way, for a while. On one thread for one client, on two for more,
//! each with a runtime of its own, so that no client waits for a lock of another.

use std::{
    net::SocketAddr,
    sync::{
        Barrier,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};

use crate::http::Connection;

/// What was done.
pub(crate) struct Done {
    /// In a second of the round.
    pub(crate) rate: f64,
    /// In all, before the time and after it too: what the servers had to do.
    pub(crate) all: u32,
}

/// One client: does the next thing, again and again.
pub(crate) trait Worker {
    /// One more; `number` is different each time, among all clients.
    async fn once(&mut self, number: u32) -> anyhow::Result<()>;
}

/// A client of HTTP that sends what `request` says and expects one status.
pub(crate) struct Visitor<'a, F> {
    connection: Connection,
    request: &'a F,
    expected: u16,
}

impl<'a, F: Fn(u32, &mut Vec<u8>)> Visitor<'a, F> {
    pub(crate) async fn open(
        address: SocketAddr,
        expected: u16,
        request: &'a F,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            connection: Connection::open(address).await?,
            request,
            expected,
        })
    }
}

impl<F: Fn(u32, &mut Vec<u8>)> Worker for Visitor<'_, F> {
    async fn once(&mut self, number: u32) -> anyhow::Result<()> {
        let mut bytes = Vec::with_capacity(512);
        (self.request)(number, &mut bytes);
        let answer = self.connection.exchange(&bytes).await?;
        answer.expect(self.expected).map(drop)
    }
}

/// What so many clients of HTTP do.
pub(crate) fn visit(
    address: SocketAddr,
    clients: u32,
    lasts: Duration,
    expected: u16,
    request: impl Fn(u32, &mut Vec<u8>) + Sync,
) -> anyhow::Result<Done> {
    run(clients, lasts, async || {
        Visitor::open(address, expected, &request).await
    })
}

/// What so many workers do. All are ready, and have done one thing, before the time begins.
pub(crate) fn run<W: Worker>(
    clients: u32,
    lasts: Duration,
    worker: impl AsyncFn() -> anyhow::Result<W> + Sync,
) -> anyhow::Result<Done> {
    let threads = clients.min(2);
    let number = AtomicU32::new(0);
    let ready = Barrier::new(usize::try_from(threads)?);
    let rate = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let share = clients / threads + u32::from(thread < clients % threads);
                let (worker, number, ready) = (&worker, &number, &ready);
                scope.spawn(move || on_thread(share, lasts, worker, number, ready))
            })
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a client panicked"))?)
            .sum::<anyhow::Result<f64>>()
    })?;
    Ok(Done {
        rate,
        all: number.into_inner(),
    })
}

fn on_thread<W: Worker>(
    clients: u32,
    lasts: Duration,
    worker: &impl AsyncFn() -> anyhow::Result<W>,
    number: &AtomicU32,
    ready: &Barrier,
) -> anyhow::Result<f64> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let workers = runtime.block_on(futures_util::future::join_all((0..clients).map(
        async |_| {
            let mut worker = worker().await?;
            worker.once(number.fetch_add(1, Ordering::Relaxed)).await?;
            anyhow::Ok(worker)
        },
    )));
    // The other thread waits for us, whatever became of our clients.
    ready.wait();
    let workers: Vec<W> = workers.into_iter().collect::<anyhow::Result<_>>()?;
    let begun = Instant::now();
    runtime.block_on(async {
        let working = workers.into_iter().map(async |mut worker| {
            let mut done = 0_u32;
            loop {
                let next = number.fetch_add(1, Ordering::Relaxed);
                worker
                    .once(next)
                    .await
                    .with_context(|| format!("request {next}"))?;
                done += 1;
                // Whole ones, in the time that they took: with a slow node and many clients a round is few of them.
                let took = begun.elapsed();
                if took >= lasts {
                    return anyhow::Ok(f64::from(done) / took.as_secs_f64());
                }
            }
        });
        let rates = futures_util::future::join_all(working).await;
        rates.into_iter().sum()
    })
}
