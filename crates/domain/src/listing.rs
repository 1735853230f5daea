//! Lists of invoices: which ones, and where a page ends.

use std::ops::Range;

use crate::{
    bolt11::PaymentHash, channel::Channel, invoice::Invoice, offer::OfferId, order::OrderId,
    shop::ShopId, status::StatusName,
};

/// Which invoices. All that is named must fit.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub status: Option<StatusName>,
    /// Of this order.
    pub order_id: Option<OrderId>,
    /// With this payment hash.
    pub payment_hash: Option<PaymentHash>,
    /// Asked for by this way.
    pub channel: Option<Channel>,
    /// Of this shop.
    pub shop: Option<ShopId>,
    /// Paid by this offer.
    pub offer: Option<OfferId>,
    /// Created in this time.
    pub created: Period,
    /// Paid in this time.
    pub paid: Period,
    /// With this text in the description, the order number or the metadata; the case of ASCII letters does not matter.
    pub text: Option<String>,
}

/// A time, in seconds since 1970: from the first one on, before the second one. Either may be open.
pub type Period = Range<Option<i64>>;

/// The position of an invoice in a list, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPosition {
    /// When it was created, in seconds since 1970.
    pub created_at: i64,
    /// Of those of the same second: its number on the node.
    pub number: u64,
    /// Of those of the same number, which a node that was restored gives again: its label.
    pub label: String,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The invoices, the newest first.
    pub invoices: Vec<Invoice>,
    /// After which one the rest begins; `None` when there is no rest.
    pub next: Option<ListPosition>,
}
