//! The buyer's wallet where it receives: a node of its own, which only the shop's node reaches. It makes invoices that the
//! shop's node can pay, such as for a refund. It is kept in memory.

use std::sync::Arc;

use super::bolt11;
use super::commands::make_invoice;
use super::node::Node;
use super::paying::{self, Wish};
use super::payment::{self, OwnAmount, PayError, Payment};

/// The wallet makes an invoice, at the time of the shop's node.
///
/// # Errors
/// Why there is none.
pub(super) fn invoice(
    shop: &Node,
    amount_msat: Option<u64>,
    description: &str,
) -> Result<String, String> {
    let wallet = shop.buyer();
    wallet.advance(shop.clock.now().saturating_sub(wallet.clock.now()));
    let label = format!("{:032x}", rand::random::<u128>());
    make_invoice(wallet, amount_msat, label, description.to_owned()).map_err(|error| error.message)
}

/// Whether this is an invoice of the wallet.
pub(super) fn has_made(shop: &Node, bolt11: &str) -> bool {
    let order = payment::order(bolt11, Some(1), OwnAmount::Allowed);
    order.is_ok_and(|order| order.payee == shop.buyer().id())
}

/// The shop's node pays an invoice of the wallet.
///
/// # Errors
/// [`PayError`]: nothing was paid.
pub(super) async fn pay(
    shop: &Arc<Node>,
    bolt11: &str,
    amount_msat: Option<u64>,
) -> Result<Payment, PayError> {
    let order = payment::order(bolt11, amount_msat, OwnAmount::Allowed)?;
    if order.payee != shop.buyer().id() {
        return Err(PayError::UnknownDestination(order.payee));
    }
    let wish = Wish {
        bolt11: bolt11::canonical(bolt11).to_lowercase(),
        max_fee_msat: None,
    };
    let ended = paying::send(shop, order, wish)?.await;
    ended.unwrap_or(Err(PayError::GaveUp))
}
