//! The handle of a node that speaks as lightningd: what a test or the demo may do with it.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use super::bolt11::NodeKey;
use super::books::Books;
#[cfg(feature = "faults")]
use super::faults::{Faults, Hanging};
use super::liquidity::{CapacityWarning, OnchainFallback, Syncing};
#[cfg(feature = "lnd")]
use super::lnd::SandboxLnd;
use super::node::{Node, Plugin};
use super::outgoing::OutgoingPayment;
#[cfg(feature = "faults")]
use super::outgoing::{Failure, Trouble};
use super::payment::{self, OwnAmount, PayError, Payment};
use super::rest::{self, Rune};
use super::{home, socket};

/// A running sandbox node. Clones are the same node; it ends when the last one is dropped. The socket file stays, as
/// lightningd's does.
#[derive(Debug, Clone)]
pub struct SandboxNode {
    owner: Arc<Owner>,
}

/// Ends the node's tasks when the user has no handle left; the tasks themselves hold the node only.
#[derive(Debug)]
struct Owner {
    node: Arc<Node>,
}

impl SandboxNode {
    /// Starts a node with a new key and an empty ledger, listening on a socket of mode 0600. Both end with the node.
    ///
    /// # Errors
    /// `AddrInUse` when somebody listens on that socket, `AlreadyExists` when something other than a socket is there
    /// (it is never touched), and whatever the file system says.
    pub async fn start(rpc_file: &Path) -> io::Result<SandboxNode> {
        Self::run(rpc_file, NodeKey::random(), Books::in_memory()).await
    }

    /// Starts the node whose key and ledger are in that directory, or a new one that is kept there (directory 0700,
    /// files 0600). What a client was told outlives the process, even a SIGKILL, though not a power cut. What expired
    /// meanwhile is expired when this returns; the clock is the system's again, however far `advance` had moved it.
    ///
    /// The ledger's file holds every invoice that ever was: it grows by a kilobyte or two each, and never shrinks.
    ///
    /// # Errors
    /// As `start`. `ResourceBusy` when another node is kept there and runs, `InvalidData` when a file is damaged: the
    /// text names the file and the line. A last line that was not finished is no damage.
    pub async fn start_in(rpc_file: &Path, directory: &Path) -> io::Result<SandboxNode> {
        let (key, books) = home::open(directory)?;
        Self::run(rpc_file, key, books).await
    }

    /// What it is the handle of.
    pub(crate) fn node(&self) -> &Arc<Node> {
        &self.owner.node
    }

    async fn run(rpc_file: &Path, key: NodeKey, books: Books) -> io::Result<SandboxNode> {
        let owner = Arc::new(Owner {
            node: Node::new(rpc_file, key, books),
        });
        // What has expired since the ledger was left.
        drop(owner.node.books().map_err(io::Error::other)?);
        socket::listen(&owner.node).await?;
        Ok(SandboxNode { owner })
    }

    /// Where the socket is: what lightningd calls `rpc-file`.
    pub fn rpc_file(&self) -> &Path {
        self.owner.node.rpc_file()
    }

    /// The node's id: its public key in hexadecimal.
    pub fn id(&self) -> String {
        self.owner.node.id()
    }

    /// Pays an invoice as a buyer's wallet does: `amount_msat`, or the invoice's own amount. The payment is accepted
    /// from the exact amount up to and including twice the amount; an invoice for any amount takes any. When this
    /// returns, the node knows.
    ///
    /// # Errors
    /// When the payment does not arrive. A stopped node cannot be paid, one that refuses connections can.
    pub fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> Result<Payment, PayError> {
        payment::execute(
            &self.owner.node,
            &payment::order(bolt11, amount_msat, OwnAmount::Allowed)?,
        )
    }

    /// Pays an invoice whose end comes while the payment is under way: it is taken this long after the end.
    ///
    /// # Errors
    /// As [`SandboxNode::pay`].
    pub fn pay_late(
        &self,
        bolt11: &str,
        amount_msat: Option<u64>,
        by: Duration,
    ) -> Result<(), PayError> {
        let order = payment::order(bolt11, amount_msat, OwnAmount::Allowed)?;
        let taken_at = order.expires_at.saturating_add(by.as_secs());
        let mut books = self.owner.node.books()?;
        let taken = books.pay(&order.payment_hash, order.msat, taken_at)?;
        taken.map(|_| ()).map_err(|_| PayError::Refused)
    }

    /// From now on the node can pay that node's invoices (`pay`, `xpay`), as if there were a channel between them that holds
    /// enough for everything.
    pub fn connect(&self, other: &SandboxNode) {
        self.owner.node.connect(&other.owner.node);
    }

    /// What each payment to another node costs from now on, in millisatoshi: nothing at first.
    pub fn set_fee_msat(&self, fee_msat: u64) {
        self.owner.node.outgoing.set_fee_msat(fee_msat);
    }

    /// What the node has paid to others, or tried.
    pub fn outgoing(&self) -> Vec<OutgoingPayment> {
        self.owner.node.outgoing.payments()
    }

    /// Forgets a payment to another node, as `delpay` does.
    pub fn forget_payment(&self, payment_hash: &[u8; 32]) {
        self.owner.node.outgoing.forget(payment_hash);
    }

    /// Payments to others are under way from now on until this is released; whoever asked for one waits.
    #[cfg(feature = "faults")]
    pub fn hang_payments(&self) -> Hanging {
        self.owner.node.outgoing.hang(Trouble::Hangs)
    }

    /// The same, and whoever asked for one is told at once that the time is over (209).
    #[cfg(feature = "faults")]
    pub fn give_up_payments(&self) -> Hanging {
        self.owner.node.outgoing.hang(Trouble::GivesUp)
    }

    /// The next payment to another node is tried and fails so.
    #[cfg(feature = "faults")]
    pub fn fail_next_payment(&self, code: i32, message: &str) {
        let message = message.to_owned();
        self.owner
            .node
            .outgoing
            .fail_next(Failure { code, message });
    }

    /// Moves the node's clock forward; what expires by that has expired when this returns. Timeouts of calls are not
    /// shortened by it.
    pub fn advance(&self, by: Duration) {
        self.owner.node.advance(by);
    }

    /// Moves the node's clock back, as on a machine whose clock is behind. What has expired stays so.
    pub fn set_back(&self, by: Duration) {
        self.owner.node.clock.set_back(by);
    }

    /// Plays facture's plugin as well, which makes hold invoices (`facture-hold-create` and others). A payment for one is
    /// held: [`SandboxNode::pay`] says [`PayError::Held`].
    pub fn start_plugin(&self) {
        self.owner.node.set_plugin(Plugin::On);
    }

    /// Plays it no longer: its calls are unknown.
    pub fn stop_plugin(&self) {
        self.owner.node.set_plugin(Plugin::Off);
    }

    /// Adds blocks to the chain. Held payments that are about to expire are sent back.
    ///
    /// # Errors
    /// When the node cannot write that down.
    pub fn mine(&self, blocks: u32) -> io::Result<()> {
        self.owner.node.mine(blocks).map_err(io::Error::other)
    }

    /// What is to go wrong.
    #[cfg(feature = "faults")]
    pub fn faults(&self) -> &Faults {
        &self.owner.node.faults
    }

    /// How much `listpeerchannels` says that the node can receive, in millisatoshi.
    pub fn set_receivable_msat(&self, receivable_msat: u64) {
        self.owner.node.liquidity().receivable_msat = receivable_msat;
    }

    /// What `invoice` warns of from now on: nothing at first.
    pub fn set_warning(&self, warning: Option<CapacityWarning>) {
        self.owner.node.liquidity().warning = warning;
    }

    /// What `getinfo` warns of from now on: nothing at first.
    pub fn set_syncing(&self, syncing: Option<Syncing>) {
        self.owner.node.liquidity().syncing = syncing;
    }

    /// Whether `invoice` puts addresses on the chain into invoices from now on: not at first.
    pub fn set_onchain_fallback(&self, onchain: OnchainFallback) {
        self.owner.node.liquidity().onchain = onchain;
    }

    /// How many calls of a method have been received, whatever became of them.
    pub fn calls(&self, method: &str) -> u64 {
        self.owner.node.calls(method)
    }

    /// The methods of all calls so far, each once, in no order.
    pub fn called(&self) -> Vec<String> {
        self.owner.node.called()
    }

    /// Speaks clnrest's protocol on a connection; TLS is the caller's. Faults are as on the socket. A
    /// stopped node hangs up.
    pub fn serve_rest(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        rune: &Rune,
    ) {
        let node = &self.owner.node;
        if node.is_running() {
            let rune = Arc::new(rune.clone());
            node.spawn_connection(rest::run(stream, Arc::clone(node), rune));
        }
    }

    /// How many invoices the node has, of every status.
    pub fn invoice_count(&self) -> usize {
        self.owner.node.invoice_count()
    }

    /// Refuses new connections (ECONNREFUSED), until `accept_connections`. The open ones stay, and so does the socket
    /// file.
    pub async fn refuse_connections(&self) {
        self.owner.node.deafen().await;
    }

    /// Accepts connections again.
    ///
    /// # Errors
    /// As `start`.
    pub async fn accept_connections(&self) -> io::Result<()> {
        self.refuse_connections().await;
        socket::listen(&self.owner.node).await
    }

    /// Closes all open connections; their clients read the end of the file.
    pub async fn close_connections(&self) {
        self.owner.node.hang_up().await;
    }

    /// What lightningd's `stop` does: all connections get the end of the file, connecting is refused, the socket file
    /// stays. When this returns, nothing is carried out any more.
    pub async fn stop(&self) {
        self.refuse_connections().await;
        self.owner.node.power_off();
        self.close_connections().await;
    }

    /// Stops, and starts again with the same key, ledger and path.
    ///
    /// # Errors
    /// As `start`.
    pub async fn restart(&self) -> io::Result<()> {
        self.stop().await;
        socket::listen(&self.owner.node).await
    }
}

#[cfg(feature = "lnd")]
impl SandboxLnd {
    /// From now on the node can pay that node's invoices (`SendPaymentV2`), as if there were a channel between them that holds
    /// enough for everything.
    pub fn connect(&self, other: &SandboxNode) {
        self.node().connect(&other.owner.node);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.node.end();
    }
}
