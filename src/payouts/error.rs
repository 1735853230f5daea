//! Why a use case failed.

use std::sync::Arc;

use facture_domain::{
    Msat, RefundRefused, VoucherState,
    payment_string::PaymentStringError,
    payout::{MoveRefused, Payout, PayoutId},
};
use facture_node::NodeError;
use facture_store::Error as StoreError;

use crate::invoices::Error as InvoicingError;

/// The reason that a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sale that is to be refunded could not be looked up, or there is no rate for its currency.
    #[error(transparent)]
    Sale(InvoicingError),
    /// It is not known which node this is, and the node could not be asked.
    #[error(transparent)]
    Node(Arc<NodeError>),
    /// The order is not one that can be written down.
    #[error(transparent)]
    Refused(#[from] OrderRefused),
    /// Another request came with the same key before.
    #[error("the key belongs to another request")]
    OtherRequest,
    /// Another payout pays the same invoice.
    #[error("the payout {0} is for the same invoice")]
    Already(PayoutId),
    /// The sale cannot be refunded by this much.
    #[error(transparent)]
    Refund(#[from] RefundRefused),
    /// As many orders wait as may.
    #[error("too many orders of payouts are waiting")]
    TooMany,
    /// There is no such payout.
    #[error("there is no such payout")]
    NotFound,
    /// There is no such voucher.
    #[error("there is no such voucher")]
    VoucherNotFound,
    /// The voucher is not open to this.
    #[error("the voucher is {}", .0.as_str())]
    VoucherState(VoucherState),
    /// The payout is not open to this.
    #[error("the payout is not open to this: {1:?}")]
    Move(Box<Payout>, MoveRefused),
}

/// What is wrong with an order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefused {
    /// The destination cannot be read.
    #[error("the destination {0}")]
    Destination(PaymentStringError),
    /// It is nothing that a payout can pay; in words.
    #[error("the destination is {0}, which cannot be paid by a payout")]
    Unsupported(&'static str),
    /// It is on another network than the node.
    #[error("the destination is on {destination}, the node on {node}")]
    WrongNetwork {
        /// The destination's network.
        destination: &'static str,
        /// The node's.
        node: String,
    },
    /// It can no longer be paid.
    #[error("the invoice has expired")]
    InvoiceExpired,
    /// It is our own node's.
    #[error("the invoice is this node's own")]
    OwnInvoice,
    /// It leaves the amount open, and none was named.
    #[error("the destination leaves the amount open")]
    AmountMissing,
    /// It names another amount than the order.
    #[error("the destination asks for {} msat", .0.msat())]
    AmountNotAllowed(Msat),
}
