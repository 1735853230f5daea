//! What errors of the use cases become.

use crate::{
    invoices::Error as InvoicingError,
    payouts::{Error, OrderRefused},
    web::error::{Invalid, Problem},
};
use facture_domain::{
    RefundRefused,
    payout::{MoveRefused, PayoutState},
};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => InvoicingError::Store(error).into(),
            Error::Sale(error) => error.into(),
            Error::Node(error) => Self::of_node(&error),
            Error::Refused(refused) => Self::Invalid(refused.into()),
            Error::OtherRequest => Self::KeyReused,
            Error::Already(other) => Self::AlreadyOrdered(other),
            Error::TooMany => Self::TooManyPayouts,
            Error::NotFound => Self::PayoutNotFound,
            Error::VoucherNotFound => Self::VoucherNotFound,
            Error::VoucherState(state) => Self::VoucherState(state),
            Error::Refund(refused) => match refused {
                RefundRefused::UnknownSale => Self::invalid(
                    "invoice",
                    "invoice_invalid",
                    "There is no invoice with this label.",
                ),
                RefundRefused::NoPrice => Self::invalid(
                    "currency",
                    "currency_invalid",
                    "The invoice has no price in this currency.",
                ),
                RefundRefused::NotPaid => Self::InvoiceNotPaid,
                RefundRefused::AmountMissing => Self::Invalid(OrderRefused::AmountMissing.into()),
                RefundRefused::TooMuch { left } => Self::RefundTooLarge(left),
            },
            Error::Move(_, refused) => match refused {
                MoveRefused::State(state) => Self::PayoutState(state),
                MoveRefused::Expired => Self::PayoutState(PayoutState::Expired),
                MoveRefused::BegunByAnother => Self::BegunByAnother,
                MoveRefused::OtherHash => Self::invalid(
                    "payment_hash",
                    "payment_hash_invalid",
                    "The payment_hash is not that of the invoice that was ordered.",
                ),
                MoveRefused::WrongPreimage => Self::invalid(
                    "preimage",
                    "preimage_invalid",
                    "The preimage does not belong to the payment_hash that was begun.",
                ),
            },
        }
    }
}

impl From<OrderRefused> for Invalid {
    fn from(refused: OrderRefused) -> Self {
        let (field, code, message) = match refused {
            OrderRefused::Destination(error) => (
                "destination",
                "destination_invalid",
                format!("The destination {error}."),
            ),
            OrderRefused::Unsupported(what) => (
                "destination",
                "unsupported",
                format!("The destination is {what}: a payout cannot pay it."),
            ),
            OrderRefused::WrongNetwork { destination, node } => (
                "destination",
                "wrong_network",
                format!(
                    "The destination is on {destination}, but the Lightning node is on {node}."
                ),
            ),
            OrderRefused::InvoiceExpired => (
                "destination",
                "invoice_expired",
                "The invoice has expired. Ask for a new one.".to_owned(),
            ),
            OrderRefused::OwnInvoice => (
                "destination",
                "own_invoice",
                "The invoice is one of this Lightning node's own: it cannot pay itself.".to_owned(),
            ),
            OrderRefused::AmountMissing => (
                "amount_msat",
                "amount_missing",
                "The destination leaves the amount open: send amount_msat.".to_owned(),
            ),
            OrderRefused::AmountNotAllowed(asked) => (
                "amount_msat",
                "amount_not_allowed",
                format!(
                    "The destination asks for {} millisatoshis: send this amount_msat, or none.",
                    asked.msat()
                ),
            ),
        };
        Self {
            field: field.to_owned(),
            code,
            message,
        }
    }
}
