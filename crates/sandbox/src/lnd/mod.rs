//! The sandbox speaks LND's REST interface: TLS with a certificate as LND makes itself one, macaroons, streams; above the
//! same ledger, clock and faults as the lightningd stand-in. It answers as the recorded exchanges with lnd 0.21.2-beta
//! show (`tests/fixtures/lnd`).

mod adding;
mod body;
mod call;
mod calls;
mod happening;
mod hints;
mod info;
mod invoice;
mod macaroons;
mod payments;
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

use tokio::net::TcpListener;

use crate::{
    bolt11::NodeKey,
    books::Books,
    home,
    ledger::End,
    liquidity::Syncing,
    mutex::lock,
    node::Node,
    outgoing::OutgoingPayment,
    payment::{self, OwnAmount, PayError, Payment, Progress},
};
#[cfg(feature = "faults")]
use crate::{
    faults::{Faults, Hanging},
    outgoing::{Failure, Trouble},
};

pub use self::info::Stage;
use self::{server::Service, tls::Acceptor};

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
    /// the macaroons that LND makes by itself are written into the directory, all of mode 0600.
    ///
    /// # Errors
    /// What the file system and the network say.
    pub async fn start(directory: &Path) -> io::Result<SandboxLnd> {
        Self::run(directory, NodeKey::random(), Books::in_memory()).await
    }

    /// Starts the node whose key and ledger are in that directory, or a new one that is kept there, as
    /// [`SandboxNode::start_in`](crate::SandboxNode::start_in) does. Certificate and macaroons stay good over a restart;
    /// the port is another one.
    ///
    /// # Errors
    /// As [`SandboxNode::start_in`](crate::SandboxNode::start_in).
    pub async fn start_in(directory: &Path) -> io::Result<SandboxLnd> {
        let (key, books) = home::open(directory)?;
        Self::run(directory, key, books).await
    }

    async fn run(directory: &Path, key: NodeKey, books: Books) -> io::Result<SandboxLnd> {
        std::fs::create_dir_all(directory)?;
        let acceptor = Acceptor::open(directory)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let node = Node::new(directory, key, books);
        let service = Arc::new(Service::new(node, acceptor));
        service.macaroons.bake_first(directory)?;
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
        self.owner.directory.join(macaroons::ADMIN)
    }

    /// LND's own macaroon for those who make invoices. It does not allow `GetInfo`.
    pub fn invoice_macaroon_file(&self) -> PathBuf {
        self.owner.directory.join(macaroons::INVOICE)
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
        let uris: Vec<_> = uris.into_iter().collect();
        self.owner.service.macaroons.bake_for(&file, &uris)?;
        Ok(file)
    }

    /// Makes a new certificate, in the same file, as LND does when the old one is over. Connections that are open stay.
    ///
    /// # Errors
    /// What the file system says.
    pub fn renew_certificate(&self) -> io::Result<()> {
        let renewed = Acceptor::renew(&self.owner.directory)?;
        *lock(&self.owner.service.acceptor) = renewed;
        Ok(())
    }

    /// The node's id: its public key in hexadecimal.
    pub fn id(&self) -> String {
        self.owner.node().id()
    }

    /// Pays an invoice as a buyer's wallet does: `amount_msat`, or the invoice's own amount. The payment is accepted from
    /// the exact amount up. For a hold invoice this returns when the payment is taken or sent back. An AMP invoice can be
    /// paid repeatedly.
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

    /// The same without waiting for what becomes of a payment that is held.
    ///
    /// # Errors
    /// [`PayError::Held`], and when the payment does not arrive.
    pub(crate) fn pay_or_hold(
        &self,
        bolt11: &str,
        amount_msat: Option<u64>,
    ) -> Result<Payment, PayError> {
        let order = payment::order(bolt11, amount_msat, OwnAmount::Allowed)?;
        payment::execute(self.owner.node(), &order)
    }

    /// The node behind it.
    pub(crate) fn node(&self) -> &Arc<Node> {
        self.owner.node()
    }

    /// What each payment to another node costs from now on, in millisatoshi: nothing at first.
    pub fn set_fee_msat(&self, fee_msat: u64) {
        self.owner.node().outgoing.set_fee_msat(fee_msat);
    }

    /// What the node has paid to others, or tried.
    pub fn outgoing(&self) -> Vec<OutgoingPayment> {
        self.owner.node().outgoing.payments()
    }

    /// Payments to others are under way from now on until this is released.
    #[cfg(feature = "faults")]
    pub fn hang_payments(&self) -> Hanging {
        self.owner.node().outgoing.hang(Trouble::Hangs)
    }

    /// The next payment to another node is tried and fails, for LND's reason of this number (`PaymentFailureReason`).
    #[cfg(feature = "faults")]
    pub fn fail_next_payment(&self, reason: i32) {
        let failure = Failure {
            code: reason,
            message: String::new(),
        };
        self.owner.node().outgoing.fail_next(failure);
    }

    /// Moves the node's clock forward; what expires by that has expired when this returns.
    pub fn advance(&self, by: Duration) {
        self.owner.node().advance(by);
    }

    /// Moves the node's clock back, as on a machine whose clock is behind. What has expired stays so.
    pub fn set_back(&self, by: Duration) {
        self.owner.node().clock.set_back(by);
    }

    /// Lets blocks be mined. Payments that are held too long by then have been sent back when this returns.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn mine(&self, blocks: u32) -> io::Result<()> {
        happening::mine(self.owner.node(), blocks).map_err(io::Error::other)
    }

    /// What is to go wrong. Calls are named as in gRPC: `AddInvoice`.
    #[cfg(feature = "faults")]
    pub fn faults(&self) -> &Faults {
        &self.owner.node().faults
    }

    /// How far it has started, from now on.
    pub fn set_stage(&self, stage: Stage) {
        lock(&self.owner.service.info).stage = stage;
    }

    /// The version that it says it has, from now on, such as `0.17.5-beta commit=v0.17.5-beta`.
    pub fn set_version(&self, version: &str) {
        lock(&self.owner.service.info).version = Some(version.to_owned());
    }

    /// The network that it says it is on, from now on; its invoices stay those of regtest.
    pub fn set_network(&self, network: &str) {
        lock(&self.owner.service.info).network = Some(network.to_owned());
    }

    /// The node that it says it is, from now on, as if another had taken over its address; `None`: itself.
    pub fn set_id(&self, id: Option<&str>) {
        lock(&self.owner.service.info).id = id.map(str::to_owned);
    }

    /// Deletes an invoice, whatever its state is.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn delete(&self, payment_hash: &[u8; 32]) -> io::Result<()> {
        happening::delete(self.owner.node(), payment_hash).map_err(io::Error::other)
    }

    /// Deletes all invoices that are cancelled or over, as LND does by itself when it is set to
    /// (`gc-canceled-invoices-on-the-fly`). Their payment hashes are free again.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn forget_cancelled(&self) -> io::Result<()> {
        happening::forget_cancelled(self.owner.node()).map_err(io::Error::other)
    }

    /// Lets settle indexes begin again at 1, as the move of LND's database to SQL has done. Streams of all invoices are to
    /// be opened again after it.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn begin_settle_indexes_again(&self) -> io::Result<()> {
        happening::count_payments_again(self.owner.node()).map_err(io::Error::other)
    }

    /// Makes an AMP invoice, which can be paid repeatedly, as another program does; its BOLT 11 string.
    ///
    /// # Errors
    /// When that cannot be written down, or LND refuses it.
    pub fn add_amp(&self, amount_msat: u64, memo: &str) -> io::Result<String> {
        happening::add_amp(self.owner.node(), amount_msat, memo)
            .map_err(|refusal| io::Error::other(refusal.message))
    }

    /// Receives a payment without an invoice, as LND does when it is set to (`accept-keysend`).
    ///
    /// # Errors
    /// When the payment does not arrive.
    pub fn keysend(&self, amount_msat: u64) -> Result<Payment, PayError> {
        happening::keysend(self.owner.node(), amount_msat)
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

    /// Refuses new connections (ECONNREFUSED), until `accept_connections`. The open ones stay.
    pub async fn refuse_connections(&self) {
        self.owner.node().deafen().await;
    }

    /// Accepts connections again.
    ///
    /// # Errors
    /// When the port was taken meanwhile.
    pub async fn accept_connections(&self) -> io::Result<()> {
        self.refuse_connections().await;
        let listener = TcpListener::bind(self.owner.address).await?;
        server::listen(&self.owner.service, listener);
        Ok(())
    }

    /// Closes all open connections, streams included, without an end of what is being sent on them.
    pub async fn close_connections(&self) {
        self.owner.node().hang_up().await;
    }

    /// Stops: connections are cut, connecting is refused, it cannot be paid.
    pub async fn stop(&self) {
        self.refuse_connections().await;
        let node = self.owner.node();
        node.power_off();
        node.hang_up().await;
    }

    /// Stops, and starts again with the same key, ledger, files and port.
    ///
    /// # Errors
    /// When the port was taken meanwhile.
    pub async fn restart(&self) -> io::Result<()> {
        self.stop().await;
        self.accept_connections().await
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
