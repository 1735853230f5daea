//! A sandbox node of either kind, as the demo uses it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::buyer;
#[cfg(feature = "lnd")]
use super::lnd::SandboxLnd;
use super::node::Node;
use super::offer_wallet::{self, OfferNotPaid};
use super::payment::{PayError, PayOutcome, Payment};
use super::sandbox_node::SandboxNode;

/// A running sandbox node of either kind. Clones are the same node.
#[derive(Debug, Clone)]
pub enum Sandbox {
    /// It speaks as lightningd.
    Cln(SandboxNode),
    /// It speaks as LND.
    #[cfg(feature = "lnd")]
    Lnd(SandboxLnd),
}

impl Sandbox {
    /// Pays an invoice as a buyer's wallet does: `amount_msat`, or the invoice's own amount. When this returns, the node
    /// knows; a payment that is held is not waited for.
    ///
    /// # Errors
    /// When the payment does not arrive.
    pub fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> Result<PayOutcome, PayError> {
        let paid = match self {
            Self::Cln(node) => node.pay(bolt11, amount_msat),
            #[cfg(feature = "lnd")]
            Self::Lnd(node) => node.pay_or_hold(bolt11, amount_msat),
        };
        match paid {
            Ok(payment) => Ok(PayOutcome::Paid(payment)),
            Err(PayError::Held) => Ok(PayOutcome::Held),
            Err(error) => Err(error),
        }
    }

    /// Pays an invoice whose end comes while the payment is under way: lightningd takes it this long after the end. LND has
    /// cancelled the invoice by then.
    ///
    /// # Errors
    /// As [`Sandbox::pay`]; with LND always.
    pub fn pay_late(
        &self,
        bolt11: &str,
        amount_msat: Option<u64>,
        by: Duration,
    ) -> Result<(), PayError> {
        match self {
            Self::Cln(node) => node.pay_late(bolt11, amount_msat, by),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Err(PayError::Expired(by.as_secs())),
        }
    }

    /// Pays one of the node's offers as a buyer's wallet does: it asks for an invoice and pays that. `amount_msat` where the
    /// offer leaves it to the payer, and what the payer writes to the shop.
    ///
    /// # Errors
    /// When there is no invoice, or it is not paid.
    pub fn pay_offer(
        &self,
        offer: &str,
        amount_msat: Option<u64>,
        note: Option<&str>,
    ) -> Result<Payment, OfferNotPaid> {
        match self {
            Self::Cln(node) => {
                let invoice = offer_wallet::ask(node.node(), offer, amount_msat, note)?;
                Ok(node.pay(&invoice, None)?)
            }
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Err(OfferNotPaid::NoOffers),
        }
    }

    /// The buyer's wallet makes an invoice, which the node can pay; `None` leaves the amount to the node. The wallet is
    /// kept in memory: after a restart there is another one.
    ///
    /// # Errors
    /// Why there is no invoice.
    pub fn buyer_invoice(
        &self,
        amount_msat: Option<u64>,
        description: &str,
    ) -> Result<String, String> {
        buyer::invoice(self.node(), amount_msat, description)
    }

    /// Whether this is an invoice of the buyer's wallet.
    pub fn is_of_buyer(&self, bolt11: &str) -> bool {
        buyer::has_made(self.node(), bolt11)
    }

    /// The node pays an invoice of the buyer's wallet.
    ///
    /// # Errors
    /// [`PayError`], [`PayError::UnknownDestination`] when the invoice is not the wallet's.
    pub async fn pay_buyer(
        &self,
        bolt11: &str,
        amount_msat: Option<u64>,
    ) -> Result<Payment, PayError> {
        buyer::pay(self.node(), bolt11, amount_msat).await
    }

    /// The node's time since 1970.
    pub fn now(&self) -> Duration {
        self.node().clock.now()
    }

    /// Moves the node's clock forward; what expires by that has expired when this returns.
    pub fn advance(&self, by: Duration) {
        self.node().advance(by);
    }

    /// Adds blocks to the chain. Held payments that are about to expire are sent back.
    ///
    /// # Errors
    /// When the node cannot write that down.
    pub fn mine(&self, blocks: u32) -> io::Result<()> {
        match self {
            Self::Cln(node) => node.mine(blocks),
            #[cfg(feature = "lnd")]
            Self::Lnd(node) => node.mine(blocks),
        }
    }

    /// The node's id: its public key in hexadecimal.
    pub fn id(&self) -> String {
        self.node().id()
    }

    fn node(&self) -> &Arc<Node> {
        match self {
            Self::Cln(node) => node.node(),
            #[cfg(feature = "lnd")]
            Self::Lnd(node) => node.node(),
        }
    }

    /// Where it listens, for people: the path of a socket, or an address.
    pub fn place(&self) -> String {
        match self {
            Self::Cln(node) => node.rpc_file().display().to_string(),
            #[cfg(feature = "lnd")]
            Self::Lnd(node) => node.url(),
        }
    }
}

impl From<SandboxNode> for Sandbox {
    fn from(node: SandboxNode) -> Self {
        Self::Cln(node)
    }
}

#[cfg(feature = "lnd")]
impl From<SandboxLnd> for Sandbox {
    fn from(node: SandboxLnd) -> Self {
        Self::Lnd(node)
    }
}
