//! The buyer's wallet where it receives: a node of its own, which only the shop's node reaches. It makes invoices that the
//! shop's node can pay, such as for a refund. It is kept in memory.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::bolt11::{self, NodeKey};
use super::books::Books;
use super::commands::make_invoice;
use super::node::Node;
use super::paying::{self, Wish};
use super::payment::{self, OwnAmount, PayError, Payment};

/// The buyer's wallet.
#[derive(Debug)]
pub(super) struct Buyer {
    node: Arc<Node>,
    invoices: AtomicU64,
}

impl Buyer {
    /// A wallet that this node can pay.
    pub(super) fn of(shop: &Node) -> Self {
        let node = Node::new(Path::new(""), NodeKey::random(), Books::in_memory());
        // It runs, though nobody connects to it.
        node.spawn_listener(async {});
        shop.connect(&node);
        Self {
            node,
            invoices: AtomicU64::new(0),
        }
    }

    /// Makes an invoice, at the time of the shop's node.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn invoice(
        &self,
        shop: &Node,
        amount_msat: Option<u64>,
        description: &str,
    ) -> Result<String, String> {
        let behind = shop.clock.now().saturating_sub(self.node.clock.now());
        self.node.advance(behind);
        let number = self.invoices.fetch_add(1, Ordering::Relaxed);
        let label = format!("buyer-{number}");
        make_invoice(&self.node, amount_msat, label, description.to_owned())
            .map_err(|error| error.message)
    }

    /// Whether this is an invoice of this wallet.
    pub(super) fn has_made(&self, bolt11: &str) -> bool {
        let order = payment::order(bolt11, Some(1), OwnAmount::Allowed);
        order.is_ok_and(|order| order.payee == self.node.id())
    }

    /// Has the shop's node pay an invoice of this wallet.
    ///
    /// # Errors
    /// [`PayError`]: nothing was paid.
    pub(super) async fn receive(
        &self,
        shop: &Arc<Node>,
        bolt11: &str,
        amount_msat: Option<u64>,
    ) -> Result<Payment, PayError> {
        let order = payment::order(bolt11, amount_msat, OwnAmount::Allowed)?;
        if order.payee != self.node.id() {
            return Err(PayError::UnknownDestination(order.payee));
        }
        let wish = Wish {
            bolt11: bolt11::canonical(bolt11).to_lowercase(),
            max_fee_msat: None,
        };
        let ended = paying::send(shop, order, wish)?.await;
        ended.unwrap_or(Err(PayError::GaveUp))
    }
}

impl Drop for Buyer {
    fn drop(&mut self) {
        self.node.end();
    }
}
