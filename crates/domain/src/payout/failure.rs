//! Why a payment was not made, or is not known to be made.

/// Why a payment was not made, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureCode {
    /// The invoice was paid before, and not by this payout.
    AlreadyPaid,
    /// The invoice can no longer be paid.
    InvoiceExpired,
    /// There is no way to the destination for this amount.
    NoRoute,
    /// Every way costs more than the fee limit.
    FeeLimit,
    /// It took too long. Of a payout that is [`Unknown`](super::PayoutState::Unknown): it may still go through.
    Timeout,
    /// The invoice is one of the paying node's own.
    OwnInvoice,
    /// The destination leaves the amount open, and the order names none.
    AmountMissing,
    /// The destination does not take this amount.
    AmountNotAllowed,
    /// The node does not have the money, or not where it can be sent.
    InsufficientFunds,
    /// The node cannot be reached or refuses to work.
    NodeUnavailable,
    /// The destination is on another network than the node.
    WrongNetwork,
    /// It is beyond a limit of the payer.
    LimitExceeded,
    /// The destination's server refused: the server of a Lightning Address, for example.
    DestinationRefused,
    /// The destination cannot be paid as it is: its server answered something that is no invoice for this order.
    DestinationInvalid,
    /// The payer or its node cannot pay this kind of destination.
    Unsupported,
}

/// Why a payment was not made; of one that is [`Unknown`](super::PayoutState::Unknown), what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutFailure {
    /// For programs.
    pub code: FailureCode,
    /// A sentence for people, at most [`PayoutFailure::MAX_BYTES`].
    pub message: String,
}

impl FailureCode {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::AlreadyPaid,
        Self::InvoiceExpired,
        Self::NoRoute,
        Self::FeeLimit,
        Self::Timeout,
        Self::OwnInvoice,
        Self::AmountMissing,
        Self::AmountNotAllowed,
        Self::InsufficientFunds,
        Self::NodeUnavailable,
        Self::WrongNetwork,
        Self::LimitExceeded,
        Self::DestinationRefused,
        Self::DestinationInvalid,
        Self::Unsupported,
    ];

    /// The code as programs read it: `no_route`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlreadyPaid => "already_paid",
            Self::InvoiceExpired => "invoice_expired",
            Self::NoRoute => "no_route",
            Self::FeeLimit => "fee_limit",
            Self::Timeout => "timeout",
            Self::OwnInvoice => "own_invoice",
            Self::AmountMissing => "amount_missing",
            Self::AmountNotAllowed => "amount_not_allowed",
            Self::InsufficientFunds => "insufficient_funds",
            Self::NodeUnavailable => "node_unavailable",
            Self::WrongNetwork => "wrong_network",
            Self::LimitExceeded => "limit_exceeded",
            Self::DestinationRefused => "destination_refused",
            Self::DestinationInvalid => "destination_invalid",
            Self::Unsupported => "unsupported",
        }
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// What it means and what to do, for people.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::AlreadyPaid => "The invoice was paid before. Ask for a new one.",
            Self::InvoiceExpired => "The invoice has expired. Ask for a new one.",
            Self::NoRoute => {
                "The node found no way to the destination for this amount. Try a smaller amount or later."
            }
            Self::FeeLimit => {
                "Every way to the destination costs more than the fee limit. Order it with a higher max_fee_msat."
            }
            Self::Timeout => "The payment took too long.",
            Self::OwnInvoice => "The invoice is one of this node's own: it cannot pay itself.",
            Self::AmountMissing => {
                "The destination leaves the amount open. Order it with amount_msat."
            }
            Self::AmountNotAllowed => "The destination does not take this amount.",
            Self::InsufficientFunds => {
                "The node does not have enough money that it can send. Open or fill a channel."
            }
            Self::NodeUnavailable => "The node could not be reached.",
            Self::WrongNetwork => "The destination is on another network than the node.",
            Self::LimitExceeded => "The payment is beyond a limit of the payer.",
            Self::DestinationRefused => "The destination's server refused to give an invoice.",
            Self::DestinationInvalid => "The destination cannot be paid as it is.",
            Self::Unsupported => "This kind of destination cannot be paid.",
        }
    }
}

impl PayoutFailure {
    /// The most bytes of a message.
    pub const MAX_BYTES: usize = 1024;

    /// With this message, which is cut to [`PayoutFailure::MAX_BYTES`]; by default the code's explanation.
    pub fn new(code: FailureCode, message: Option<String>) -> Self {
        let mut message = message.unwrap_or_else(|| code.explanation().to_owned());
        message.truncate(message.floor_char_boundary(Self::MAX_BYTES));
        Self { code, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_can_be_read_back() {
        for code in FailureCode::ALL {
            assert_eq!(FailureCode::parse(code.as_str()), Some(code));
            assert!(!code.explanation().is_empty());
        }
        assert_eq!(FailureCode::parse("NoRoute"), None);
    }

    #[test]
    fn a_message_is_cut_between_characters() {
        let long = "é".repeat(600);
        let failure = PayoutFailure::new(FailureCode::NoRoute, Some(format!("x{long}")));
        assert_eq!(failure.message.len(), 1023);
        let failure = PayoutFailure::new(FailureCode::NoRoute, None);
        assert_eq!(failure.message, FailureCode::NoRoute.explanation());
    }
}
