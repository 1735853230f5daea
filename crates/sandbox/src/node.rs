//! The node behind the socket: key, clock, ledger, faults, and the tasks that serve it. Commands and connections work
//! on it; what a test or the demo may do with it is `SandboxNode`'s to say.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::bolt11::NodeKey;
use super::books::Books;
use super::clock::Clock;
#[cfg(feature = "faults")]
use super::faults::Faults;
use super::journal::Unwritten;
use super::ledger::Ledger;
use super::liquidity::Liquidity;
use super::outgoing::Outgoing;
use super::reply::Reply;
use crate::mutex::lock;

/// Work that lightningd has done by a plugin: it is done after the calls behind it, one after the other.
pub(super) type Job = Box<dyn FnOnce(&Node) -> Reply + Send>;

/// The longest sleep before the clock is looked at again.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

/// Between two attempts to write down what has expired, when the first failed.
const PAUSE: Duration = Duration::from_secs(1);

/// The height at the start: what was recorded.
const FIRST_HEIGHT: u32 = 118;

/// The height of the last block, as lightningd's stand-in counts them.
pub(super) fn height(ledger: &Ledger) -> u32 {
    FIRST_HEIGHT.saturating_add(ledger.blocks())
}

/// Whether the sandbox plays facture's plugin too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plugin {
    On,
    Off,
}

/// The shared state.
#[derive(Debug)]
pub(super) struct Node {
    /// Signs the invoices.
    pub(super) key: NodeKey,
    /// The node's own time.
    pub(super) clock: Clock,
    /// What is to go wrong.
    #[cfg(feature = "faults")]
    pub(super) faults: Faults,
    /// The nodes that it can pay.
    peers: Mutex<Vec<Weak<Node>>>,
    /// The buyer's wallet, from when it is used first.
    buyer: OnceLock<Arc<Node>>,
    /// What it pays to others.
    pub(super) outgoing: Outgoing,
    rpc_file: PathBuf,
    books: Mutex<Books>,
    calls: Mutex<HashMap<String, u64>>,
    liquidity: Mutex<Liquidity>,
    plugin: Mutex<Plugin>,
    /// Rings when the next expiry may have moved.
    expiry: Notify,
    jobs: mpsc::UnboundedSender<(Job, oneshot::Sender<Reply>)>,
    service: Mutex<Service>,
    /// Ends the tasks that live as long as the node.
    life: CancellationToken,
}

/// The tasks that serve the socket. A closed tracker belongs to a stopped node.
#[derive(Debug)]
struct Service {
    listener: CancellationToken,
    listeners: TaskTracker,
    connections: CancellationToken,
    connected: TaskTracker,
    power: Power,
}

/// Whether the node runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Power {
    On,
    Off,
}

impl Node {
    /// A node that nobody can reach yet.
    pub(super) fn new(rpc_file: &Path, key: NodeKey, books: Books) -> Arc<Self> {
        let (jobs, queue) = mpsc::unbounded_channel();
        let node = Arc::new(Self {
            key,
            clock: Clock::default(),
            #[cfg(feature = "faults")]
            faults: Faults::default(),
            outgoing: Outgoing::default(),
            peers: Mutex::default(),
            buyer: OnceLock::new(),
            rpc_file: rpc_file.to_owned(),
            books: Mutex::new(books),
            calls: Mutex::default(),
            liquidity: Mutex::default(),
            plugin: Mutex::new(Plugin::Off),
            expiry: Notify::new(),
            jobs,
            service: Mutex::new(Service::new()),
            life: CancellationToken::new(),
        });
        tokio::spawn(
            node.life
                .clone()
                .run_until_cancelled_owned(Arc::clone(&node).expire_in_time()),
        );
        tokio::spawn(
            node.life
                .clone()
                .run_until_cancelled_owned(Arc::clone(&node).work(queue)),
        );
        node
    }

    /// The ledger, as it is now by the node's clock.
    ///
    /// # Errors
    /// When something has expired and cannot be written down: then nobody must see it, nor the state before it.
    pub(super) fn books(&self) -> Result<MutexGuard<'_, Books>, Unwritten> {
        let mut books = lock(&self.books);
        books.expire(self.clock.now().as_secs())?;
        Ok(books)
    }

    /// From now on it can pay this one's invoices.
    pub(super) fn connect(&self, peer: &Arc<Self>) {
        lock(&self.peers).push(Arc::downgrade(peer));
    }

    /// The node of this id, if it can be paid.
    pub(super) fn peer(&self, id: &str) -> Option<Arc<Self>> {
        let peers = lock(&self.peers);
        let mut peers = peers.iter().filter_map(Weak::upgrade);
        peers.find(|peer| peer.id() == id)
    }

    /// The buyer's wallet, which it can pay: a node that runs, though nobody connects to it. It ends with this one.
    pub(super) fn buyer(&self) -> &Arc<Self> {
        self.buyer.get_or_init(|| {
            let buyer = Self::new(Path::new(""), NodeKey::random(), Books::in_memory());
            buyer.spawn_listener(async {});
            self.connect(&buyer);
            buyer
        })
    }

    /// How many invoices there are, of every status.
    pub(super) fn invoice_count(&self) -> usize {
        lock(&self.books).ledger().len()
    }

    /// The node's id in hexadecimal.
    pub(super) fn id(&self) -> String {
        self.key.id().to_string()
    }

    /// Where the socket is.
    pub(super) fn rpc_file(&self) -> &Path {
        &self.rpc_file
    }

    /// Moves the clock forward; what expires by that is expired when this returns.
    pub(super) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        // What cannot be written down now is tried again by the task that this wakes, and by the next call.
        drop(self.books());
        self.expiry.notify_one();
    }

    /// To be called after an invoice was made.
    pub(super) fn expiry_moved(&self) {
        self.expiry.notify_one();
    }

    /// Has work done after everything that was handed in before.
    pub(super) fn hand_in(&self, job: Job) -> oneshot::Receiver<Reply> {
        let (sender, receiver) = oneshot::channel();
        // Fails only when the node is gone, and then nobody waits.
        drop(self.jobs.send((job, sender)));
        receiver
    }

    /// Counts a call.
    pub(super) fn count_call(&self, method: &str) {
        let mut calls = lock(&self.calls);
        match calls.get_mut(method) {
            Some(count) => *count += 1,
            None => drop(calls.insert(method.to_owned(), 1)),
        }
    }

    /// How often a method was called.
    pub(super) fn calls(&self, method: &str) -> u64 {
        lock(&self.calls).get(method).copied().unwrap_or_default()
    }

    /// The methods that were called so far.
    pub(super) fn called(&self) -> Vec<String> {
        lock(&self.calls).keys().cloned().collect()
    }

    /// What it says of its channel.
    pub(super) fn liquidity(&self) -> MutexGuard<'_, Liquidity> {
        lock(&self.liquidity)
    }

    /// Adds blocks. Payments that would expire are sent back by the plugin.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub(super) fn mine(&self, blocks: u32) -> Result<(), Unwritten> {
        let now = self.clock.now().as_secs();
        let mut books = self.books()?;
        books.mine(blocks)?;
        let height = height(books.ledger());
        for label in books.ledger().holds_at_their_limit(height) {
            // Those that are held can be.
            let _ = books.send_back(&label, now)?;
        }
        Ok(())
    }

    /// Whether it has facture's plugin.
    pub(super) fn plugin(&self) -> Plugin {
        *lock(&self.plugin)
    }

    /// Starts or stops facture's plugin.
    pub(super) fn set_plugin(&self, plugin: Plugin) {
        *lock(&self.plugin) = plugin;
    }

    /// Whether the node runs.
    pub(super) fn is_running(&self) -> bool {
        lock(&self.service).power == Power::On
    }

    /// Runs what accepts connections, until [`Node::deafen`].
    pub(super) fn spawn_listener(&self, listener: impl Future<Output = ()> + Send + 'static) {
        let mut service = lock(&self.service);
        if service.listener.is_cancelled() {
            service.listener = CancellationToken::new();
        }
        if service.connections.is_cancelled() {
            service.connections = CancellationToken::new();
        }
        service.power = Power::On;
        service.listeners = TaskTracker::new();
        let stop = service.listener.clone();
        service
            .listeners
            .spawn(stop.run_until_cancelled_owned(listener));
    }

    /// Stops listening; the socket file stays and connecting is refused when this returns.
    pub(super) async fn deafen(&self) {
        let listeners = {
            let service = lock(&self.service);
            service.listener.cancel();
            service.listeners.close();
            service.listeners.clone()
        };
        listeners.wait().await;
    }

    /// Closes all connections.
    pub(super) async fn hang_up(&self) {
        let connected = {
            let mut service = lock(&self.service);
            service.connections.cancel();
            service.connections = CancellationToken::new();
            std::mem::take(&mut service.connected)
        };
        connected.close();
        connected.wait().await;
    }

    /// Marks the node as stopped: it cannot be paid, nothing waits any more.
    pub(super) fn power_off(&self) {
        lock(&self.service).power = Power::Off;
        lock(&self.books).forget_waiters();
    }

    /// Runs a connection until it ends or is hung up.
    pub(super) fn spawn_connection(&self, connection: impl Future<Output = ()> + Send + 'static) {
        let service = lock(&self.service);
        let stop = service.connections.clone();
        service.connected.spawn(async move {
            stop.run_until_cancelled_owned(connection).await;
        });
    }

    /// Ends all tasks without waiting for them; they change nothing in a file any more when this returns.
    pub(super) fn end(&self) {
        if let Some(buyer) = self.buyer.get() {
            buyer.end();
        }
        lock(&self.books).close();
        self.life.cancel();
        let service = lock(&self.service);
        service.listener.cancel();
        service.connections.cancel();
    }

    async fn expire_in_time(self: Arc<Self>) {
        loop {
            let next = self.books().map(|books| books.ledger().next_expiry());
            let sleep = match next {
                Ok(Some(second)) => Duration::from_secs(second)
                    .saturating_sub(self.clock.now())
                    .min(LONGEST_SLEEP),
                Ok(None) => LONGEST_SLEEP,
                Err(error) => {
                    tracing::warn!(%error, "sandbox: expired invoices wait");
                    PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(sleep) => {}
                () = self.expiry.notified() => {}
            }
        }
    }

    async fn work(
        self: Arc<Self>,
        mut queue: mpsc::UnboundedReceiver<(Job, oneshot::Sender<Reply>)>,
    ) {
        while let Some((job, answer)) = queue.recv().await {
            // The client may have gone; its invoice is made all the same. Not so when the node has stopped.
            if self.is_running() {
                drop(answer.send(job(&self)));
            }
        }
    }
}

impl Service {
    fn new() -> Self {
        Self {
            listener: CancellationToken::new(),
            listeners: TaskTracker::new(),
            connections: CancellationToken::new(),
            connected: TaskTracker::new(),
            power: Power::Off,
        }
    }
}
