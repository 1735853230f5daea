//! The sandbox speaks LND's REST interface: TLS with a certificate as LND makes itself one, macaroons, streams; above the
//! same ledger, clock and faults as the lightningd stand-in. It answers as the recorded exchanges with lnd 0.21.2-beta
//! show (`tests/fixtures/lnd`). Checking macaroons is reduced to a list of permissions for each.

mod body;
mod calls;
mod invoice;
mod macaroons;
mod refusal;
mod server;
mod streams;
mod tls;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bitcoin::hex::DisplayHex;
use tokio::net::TcpListener;

#[cfg(feature = "faults")]
use crate::faults::Faults;
use crate::{
    bolt11::{self, NodeKey},
    books::Books,
    home,
    ledger::{
        End,
        invoice::{Draft, Overpayment, State},
    },
    liquidity::Syncing,
    node::Node,
    payment::{self, OwnAmount, PayError, Payment, Progress},
};

pub use self::server::Stage;
use self::{macaroons::Macaroons, server::Service};

/// So many blocks before it expires LND cancels what is held.
const HOLD_EXPIRY_DELTA: u32 = 18;

/// A running LND stand-in. Clones are the same node; it ends when the last one is dropped.
#[derive(Debug, Clone)]
pub struct SandboxLnd {
    owner: Arc<Owner>,
}

/// Ends the node's tasks when the user has no handle left.
#[derive(Debug)]
struct Owner {
    service: Arc<Service>,
    directory: PathBuf,
    address: SocketAddr,
}

impl SandboxLnd {
    /// Starts a node with a new key and an empty ledger on a free port of this machine. Its certificate (`tls.cert`) and
    /// a macaroon that allows everything (`admin.macaroon`) are written into the directory.
    ///
    /// # Errors
    /// What the file system and the network say.
    pub async fn start(directory: &Path) -> io::Result<SandboxLnd> {
        let books = Books::in_memory();
        Self::run(directory, NodeKey::random(), books).await
    }

    /// The same, whose key and ledger are kept in the directory.
    ///
    /// # Errors
    /// As [`crate::SandboxNode::start_in`].
    pub async fn start_in(directory: &Path) -> io::Result<SandboxLnd> {
        let (key, books) = home::open(directory)?;
        Self::run(directory, key, books).await
    }

    async fn run(directory: &Path, key: NodeKey, books: Books) -> io::Result<SandboxLnd> {
        let acceptor = tls::acceptor(directory)?;
        let macaroons = Macaroons::default();
        macaroons.bake(&directory.join("admin.macaroon"), None)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let node = Node::new(directory, key, books);
        let service = Arc::new(Service::new(node, macaroons, acceptor));
        let owner = Arc::new(Owner {
            service,
            directory: directory.to_owned(),
            address,
        });
        // What has expired since the ledger was left.
        drop(owner.node().books().map_err(io::Error::other)?);
        server::listen(&owner.service, listener);
        Ok(SandboxLnd { owner })
    }

    /// Where its REST interface is.
    pub fn url(&self) -> String {
        format!("https://{}", self.owner.address)
    }

    /// Its certificate, which it signed itself.
    pub fn certificate_file(&self) -> PathBuf {
        self.owner.directory.join(tls::CERTIFICATE)
    }

    /// A macaroon that allows everything.
    pub fn admin_macaroon_file(&self) -> PathBuf {
        self.owner.directory.join("admin.macaroon")
    }

    /// Makes a macaroon that allows these calls, by their URIs such as `/lnrpc.Lightning/GetInfo`, and writes it into the
    /// directory.
    ///
    /// # Errors
    /// What the file system says.
    pub fn bake<'a>(
        &self,
        name: &str,
        uris: impl IntoIterator<Item = &'a str>,
    ) -> io::Result<PathBuf> {
        let file = self.owner.directory.join(format!("{name}.macaroon"));
        let uris = uris.into_iter().map(str::to_owned).collect();
        self.owner.service.macaroons.bake(&file, Some(uris))?;
        Ok(file)
    }

    /// The node's id: its public key in hexadecimal.
    pub fn id(&self) -> String {
        self.owner.node().id()
    }

    /// Pays an invoice as a buyer's wallet does: `amount_msat`, or the invoice's own amount. The payment is accepted from
    /// the exact amount up. For a hold invoice this returns when the payment is taken or sent back.
    ///
    /// # Errors
    /// When the payment does not arrive.
    pub async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> Result<Payment, PayError> {
        let order = payment::order(bolt11, amount_msat, OwnAmount::Allowed)?;
        let end = match payment::begin(self.owner.node(), &order)? {
            Progress::Paid(payment) => return Ok(payment),
            Progress::Held(end) => end.await,
        };
        if !matches!(end, Ok(End::Paid(_))) {
            return Err(PayError::Refused);
        }
        let books = self.owner.node().books()?;
        let invoice = books.ledger().by_hash(&order.payment_hash);
        invoice
            .and_then(payment::payment_of)
            .ok_or(PayError::Refused)
    }

    /// Moves the node's clock forward; what expires by that has expired when this returns.
    pub fn advance(&self, by: Duration) {
        self.owner.node().advance(by);
    }

    /// Adds blocks to the chain. LND cancels what is held 18 blocks before it expires (`invoices.holdexpirydelta`).
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn mine(&self, blocks: u32) -> io::Result<()> {
        let node = self.owner.node();
        node.mine(blocks).map_err(io::Error::other)?;
        let height = invoice::height(node);
        let mut books = node.books().map_err(io::Error::other)?;
        let held = books.ledger().created_from(0).filter(|invoice| {
            matches!(invoice.state(), State::Accepted(_))
                && invoice::expiry_height(invoice).saturating_sub(height) <= HOLD_EXPIRY_DELTA
        });
        let held: Vec<_> = held.map(|invoice| *invoice.payment_hash()).collect();
        for payment_hash in held {
            // What is held can be cancelled.
            let _ = books.cancel(&payment_hash).map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// What is to go wrong. Calls are named as in gRPC: `AddInvoice`.
    #[cfg(feature = "faults")]
    pub fn faults(&self) -> &Faults {
        &self.owner.node().faults
    }

    /// How far it has started, from now on.
    pub fn set_stage(&self, stage: Stage) {
        self.owner.service.set_stage(stage);
    }

    /// Deletes all invoices that are cancelled or over, as LND does by itself when it is set to.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn forget_cancelled(&self) -> io::Result<()> {
        let mut books = self.owner.node().books().map_err(io::Error::other)?;
        let over: Vec<_> = books
            .ledger()
            .created_from(0)
            .filter(|invoice| invoice::state(invoice.state()) == invoice::CANCELED)
            .map(|invoice| invoice.created_index())
            .collect();
        for created_index in over {
            books.delete(created_index).map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// Lets settle indexes begin again at 1, as the move of LND's database to SQL has done. Streams of all invoices are to
    /// be opened again after it.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn begin_settle_indexes_again(&self) -> io::Result<()> {
        let mut books = self.owner.node().books().map_err(io::Error::other)?;
        books.count_payments_again().map_err(io::Error::other)
    }

    /// Receives a payment without an invoice, as LND does when it is set to (`accept-keysend`).
    ///
    /// # Errors
    /// When the payment does not arrive.
    pub fn keysend(&self, amount_msat: u64) -> Result<Payment, PayError> {
        let node = self.owner.node();
        if !node.is_running() {
            return Err(PayError::NoPath);
        }
        let now = node.clock.now().as_secs();
        let preimage = rand::random();
        let payment_hash = bolt11::payment_hash(&preimage);
        let draft = Draft {
            label: payment_hash.to_lower_hex_string(),
            // There is none: that is what tells it apart.
            bolt11: String::new(),
            payment_hash,
            preimage: Some(preimage),
            amount_msat: Some(amount_msat),
            description: String::new(),
            expires_at: now,
            overpayment: Overpayment::default(),
        };
        let mut books = node.books()?;
        books.create(draft)?.map_err(|_| PayError::Refused)?;
        let paid = books.pay(&payment_hash, amount_msat, now)?;
        paid.ok()
            .and_then(payment::payment_of)
            .ok_or(PayError::Refused)
    }

    /// What it says of the chain from now on: that it knows the newest block, at first.
    pub fn set_syncing(&self, syncing: Option<Syncing>) {
        self.owner.node().liquidity().syncing = syncing;
    }

    /// How much the other side of its channel has, in millisatoshi.
    pub fn set_receivable_msat(&self, receivable_msat: u64) {
        self.owner.node().liquidity().receivable_msat = receivable_msat;
    }

    /// How many calls of a method have been received, whatever became of them.
    pub fn calls(&self, method: &str) -> u64 {
        self.owner.node().calls(method)
    }

    /// The methods of all calls so far, each once, in no order.
    pub fn called(&self) -> Vec<String> {
        self.owner.node().called()
    }

    /// How many invoices the node has, in every state.
    pub fn invoice_count(&self) -> usize {
        self.owner.node().invoice_count()
    }

    /// Closes all open connections, streams included.
    pub async fn close_connections(&self) {
        self.owner.node().hang_up().await;
    }

    /// Stops: connections are cut, connecting is refused, it cannot be paid.
    pub async fn stop(&self) {
        let node = self.owner.node();
        node.deafen().await;
        node.power_off();
        node.hang_up().await;
    }

    /// Stops, and starts again with the same key, ledger, files and port.
    ///
    /// # Errors
    /// When the port was taken meanwhile.
    pub async fn restart(&self) -> io::Result<()> {
        self.stop().await;
        let listener = TcpListener::bind(self.owner.address).await?;
        server::listen(&self.owner.service, listener);
        Ok(())
    }
}

impl Owner {
    fn node(&self) -> &Arc<Node> {
        &self.service.node
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.node().end();
    }
}

#[cfg(test)]
mod tests;
