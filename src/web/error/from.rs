//! Converts errors of the layers below to problems for visitors. Their causes are logged here.

use super::problem::Problem;
use crate::{
    bookkeeping::Error as BookkeepingError,
    counter::Error as CounterError,
    invoices::Error as InvoicingError,
    links::Error as LinkError,
    notices::Error as NoticeError,
    offers::Error as OfferError,
    paywall::Error as PaywallError,
    pricing::NoRate,
    reveal::Error as RevealError,
    users::Error as UsersError,
    web::{log_budget, mode::SandboxError},
    webhooks::Error as WebhookError,
};
use facture_node::{NodeError, NodeErrorKind};
use facture_runtime::metrics;

impl Problem {
    /// The problem shown to a visitor if the node could not be reached. Its cause is already in the log, or not worth
    /// logging.
    pub(crate) fn of_node(error: &NodeError) -> Self {
        match error.kind() {
            NodeErrorKind::Unreachable | NodeErrorKind::AnswerLost => Self::NodeUnreachable,
            NodeErrorKind::OtherNode => Self::NodeReplaced,
            NodeErrorKind::TimedOut => Self::NodeTooSlow,
            NodeErrorKind::Busy => Self::NodeBusy,
            NodeErrorKind::Rejected | NodeErrorKind::Unsupported | NodeErrorKind::Forbidden => {
                Self::NodeRefused
            }
            NodeErrorKind::Malformed => Self::NodeMalformed,
        }
    }
}

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        if log_budget::allows() {
            tracing::warn!(%error, "no use of the node");
        }
        Self::of_node(&error)
    }
}

impl From<InvoicingError> for Problem {
    fn from(error: InvoicingError) -> Self {
        match error {
            InvoicingError::Node(error) => error.into(),
            InvoicingError::TooManyWebhooks(_) => Self::TooManyWebhooks,
            InvoicingError::Store(error) => {
                if log_budget::allows() {
                    tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
                }
                Self::StoreFailed
            }
            InvoicingError::Incomplete(reason) => {
                if log_budget::allows() {
                    tracing::warn!(
                        reason,
                        "an invoice is not in the store, and the node cannot be asked"
                    );
                }
                Self::NodeUnreachable
            }
            InvoicingError::OtherRequest => Self::KeyReused,
            InvoicingError::HoldUnavailable(error) => {
                if log_budget::allows() {
                    tracing::warn!(%error, "the node cannot hold payments");
                }
                Self::HoldUnavailable
            }
            InvoicingError::AmountTooLarge(most) => Self::invalid(
                "amount_msat",
                "amount_too_large",
                format!(
                    "The Lightning node makes no invoice of more than {} msat.",
                    most.msat()
                ),
            ),
            InvoicingError::NoRate(reason) => reason.into(),
            InvoicingError::HashUsed => Self::invalid(
                "payment_hash",
                "payment_hash_used",
                "The Lightning node has an invoice with this payment_hash already. Use a new preimage for each \
                          invoice.",
            ),
            InvoicingError::HashUnavailable => Self::invalid(
                "payment_hash",
                "payment_hash_unavailable",
                "This Lightning node cannot hold a payment for a payment_hash of the shop's own. Leave it out: \
                          facture then chooses the preimage.",
            ),
            InvoicingError::Aborted(aborted) => {
                // The panic itself is already in the log.
                if aborted.is_panic() {
                    metrics::panicked("invoicing");
                }
                Self::Internal
            }
            InvoicingError::Mismatch => {
                tracing::error!(%error, "no invoice was made");
                Self::Internal
            }
        }
    }
}

impl From<NoRate> for Problem {
    fn from(error: NoRate) -> Self {
        match error {
            NoRate::Unknown(_) => Self::invalid(
                "currency",
                "currency_unknown",
                "The currency must be a code of ISO 4217, such as EUR, or BTC or SAT.",
            ),
            NoRate::TooHigh => {
                Self::invalid("amount", "amount_too_large", "The amount is too large.")
            }
            NoRate::Node(error) => Self::of_node(&error),
            NoRate::Unsupported(_) => Self::RatesUnavailable,
            NoRate::TooFew { .. } | NoRate::TooFarApart { .. } => {
                if log_budget::allows() {
                    tracing::warn!(%error, "there is no rate for a price");
                }
                Self::NoRate
            }
        }
    }
}

impl From<RevealError> for Problem {
    fn from(error: RevealError) -> Self {
        match error {
            RevealError::Store(error) => InvoicingError::Store(error).into(),
            RevealError::Invoice(error) => error.into(),
            RevealError::NotFound => Self::ItemNotFound,
            RevealError::SoldOut => Self::SoldOut,
            RevealError::WordUnavailable => Self::WordUnavailable,
            RevealError::OtherItem => Self::KeyReused,
            RevealError::OfConfiguration => Self::ItemOfConfiguration,
            RevealError::TooMany => Self::TooManyItems,
            RevealError::NotPaid => Self::NotRevealed,
            RevealError::NoDownload => Self::PageNotFound,
            RevealError::TooManyHolds => Self::TooManyHolds,
            RevealError::Busy => Self::Overloaded,
        }
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Store(error) => InvoicingError::Store(error).into(),
            LinkError::Invoice(error) => error.into(),
            LinkError::NotFound => Self::LinkNotFound,
            LinkError::Taken => {
                Self::invalid("slug", "slug_taken", "There is a link with this slug.")
            }
            LinkError::TooMany => Self::TooManyLinks,
            LinkError::Closed(_) => Self::LinkClosed,
            LinkError::AmountTooLarge => {
                Self::invalid("amount", "amount_too_large", "The amount is too large.")
            }
            LinkError::AmountOutside => Self::invalid(
                "amount",
                "amount_outside",
                "The amount is less or more than this shop takes.",
            ),
        }
    }
}

impl From<NoticeError> for Problem {
    fn from(error: NoticeError) -> Self {
        match error {
            NoticeError::Store(error) => InvoicingError::Store(error).into(),
            NoticeError::TooMany => {
                Self::invalid("event", "too_many_rules", "There are fifty rules.")
            }
            NoticeError::Destination(_) => Self::invalid(
                "address",
                "address_not_allowed",
                "Nothing is sent to this address.",
            ),
        }
    }
}

impl From<CounterError> for Problem {
    fn from(error: CounterError) -> Self {
        match error {
            CounterError::Store(error) => InvoicingError::Store(error).into(),
            CounterError::Invoice(error) => error.into(),
            CounterError::NotFound => Self::PageNotFound,
            CounterError::TooMany => {
                Self::invalid("name", "too_many_items", "There are five hundred items.")
            }
            CounterError::Sale(_) => Self::invalid(
                "amount",
                "nothing_sold",
                "Nothing was chosen, or too much. No invoice was created.",
            ),
        }
    }
}

impl From<PaywallError> for Problem {
    fn from(error: PaywallError) -> Self {
        match error {
            PaywallError::Store(error) => InvoicingError::Store(error).into(),
            PaywallError::Invoice(error) => error.into(),
        }
    }
}

impl From<UsersError> for Problem {
    fn from(error: UsersError) -> Self {
        match error {
            UsersError::Store(error) => InvoicingError::Store(error).into(),
            UsersError::Busy => Self::Overloaded,
            UsersError::Crypto(error) => {
                tracing::error!(error, "a password or a second factor could not be used");
                Self::Internal
            }
        }
    }
}

impl From<BookkeepingError> for Problem {
    fn from(BookkeepingError(error): BookkeepingError) -> Self {
        InvoicingError::Store(error).into()
    }
}

impl From<OfferError> for Problem {
    fn from(error: OfferError) -> Self {
        match error {
            OfferError::Store(error) => InvoicingError::Store(error).into(),
            OfferError::Node(error) => error.into(),
            OfferError::Unavailable(reason) => {
                if let Some(error) = reason
                    && log_budget::allows()
                {
                    tracing::warn!(%error, "the node has no offers for us");
                }
                Self::OffersUnavailable
            }
            OfferError::NotFound => Self::OfferNotFound,
            OfferError::OtherRequest => Self::KeyReused,
            OfferError::Taken => Self::OfferTaken,
            OfferError::Disabled => Self::OfferDisabled,
            OfferError::TooMany => Self::TooManyOffers,
            OfferError::Aborted(aborted) => InvoicingError::Aborted(aborted).into(),
        }
    }
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::TooManyEndpoints(max) => InvoicingError::TooManyWebhooks(max).into(),
            WebhookError::Store(error) => InvoicingError::Store(error).into(),
        }
    }
}

impl From<SandboxError> for Problem {
    fn from(error: SandboxError) -> Self {
        match error {
            SandboxError::Live => Self::PageNotFound,
            SandboxError::Refused(message) => Self::invalid("sandbox", "sandbox_refused", message),
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page could not be written");
        Self::Internal
    }
}
