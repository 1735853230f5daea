//! The list of problems, with the status and code of each.
//!
//! Handlers return [`Problem`]; it travels in the response's extensions to `middleware/render_problem.rs`, the only
//! place that knows which format the client accepts. A problem's text is for outsiders: its cause is logged once, where
//! the problem is created.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use facture_domain::{
    Msat, VoucherState,
    payout::{PayoutId, PayoutState},
    token::Scope,
};

/// The `Retry-After` when the node is unavailable, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The same when a limit is exceeded, in seconds.
const RETRY_AFTER_LIMIT: u64 = 60;

/// A problem, as reported to a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    PageNotFound,
    InvoiceNotFound,
    NotPayable,
    /// The invoice cannot be renewed.
    NotRenewable,
    MethodNotAllowed,
    NotAForm,
    NotJson,
    MalformedJson,
    BadRequest,
    /// A header that may occur only once is repeated.
    HeaderRepeated(&'static str),
    /// The token is missing or invalid.
    Unauthorized,
    /// The token lacks this scope.
    Forbidden(Scope),
    /// The idempotency key belongs to another request.
    KeyReused,
    /// The invoice cannot be cancelled because the buyer has paid it.
    InvoicePaid,
    /// The invoice cannot be cancelled or settled because it has expired.
    InvoiceExpired,
    /// The invoice cannot be settled because it was cancelled.
    InvoiceCancelled,
    /// The invoice cannot be settled because no payment is held.
    InvoiceNotHeld,
    /// The invoice cannot be cancelled because its held payment is being settled.
    InvoiceSettling,
    /// The node cannot hold payments.
    HoldUnavailable,
    /// As many payments are held as may be.
    TooManyHolds,
    WebhookNotFound,
    DeliveryNotFound,
    /// The maximum number of webhooks exists already.
    TooManyWebhooks,
    /// Too many deliveries for invoices of this token are waiting: it cannot add more addresses for now.
    TooManyDeliveries,
    /// The webhook is disabled.
    WebhookDisabled,
    PayoutNotFound,
    VoucherNotFound,
    /// The voucher is not open to this in its state.
    VoucherState(VoucherState),
    /// The invoice cannot be refunded because nothing was received for it.
    InvoiceNotPaid,
    /// Only this much of the invoice can still be refunded.
    RefundTooLarge(Msat),
    /// There is no rate for the currency at the moment.
    NoRate,
    /// There is no such item.
    ItemNotFound,
    /// All of the item are sold, or reserved by invoices that can still be paid.
    SoldOut,
    /// What was sold is revealed once the invoice is paid.
    NotRevealed,
    /// The node cannot have a word as a preimage.
    WordUnavailable,
    /// The configuration manages the item.
    ItemOfConfiguration,
    /// As many items are offered as may be.
    TooManyItems,
    /// There is no such payment link.
    LinkNotFound,
    /// Nothing can be ordered by the payment link, or not so much.
    LinkClosed,
    /// There are as many payment links as may be.
    TooManyLinks,
    /// There is no such offer of ours.
    OfferNotFound,
    /// The node has no offers.
    OffersUnavailable,
    /// Another program's offer says the same.
    OfferTaken,
    /// An offer that says the same is disabled.
    OfferDisabled,
    /// There are as many offers as may be.
    TooManyOffers,
    /// As many orders of payouts wait as may.
    TooManyPayouts,
    /// This payout is for the same invoice.
    AlreadyOrdered(PayoutId),
    /// The payout is not open to this in its state.
    PayoutState(PayoutState),
    /// Another payer began the payout, or this one with another payment.
    BegunByAnother,
    TooLarge,
    TooSlow,
    /// Too many requests in a short time, with the time until the next is allowed.
    RateLimited {
        seconds: u64,
    },
    /// Too many invoices are unpaid: strangers cannot create more for now.
    TooManyUnpaid,
    /// No more streams can be opened.
    Overloaded,
    /// A form sent from another site's page.
    CrossSite,
    /// The user's role does not allow this at the desk.
    RightMissing,
    /// The one-time link was used, replaced, or is too old.
    LinkUsed,
    /// The shop does not let anybody create invoices without a token.
    FormOff,
    /// A field's value is invalid.
    Invalid(Invalid),
    /// There are no exchange rates.
    RatesUnavailable,
    NodeUnreachable,
    NodeTooSlow,
    NodeBusy,
    NodeRefused,
    NodeMalformed,
    NodeReplaced,
    NotFollowing,
    /// The node responds, but does not know the chain or its channels yet.
    NodeSyncing,
    StoreFailed,
    Internal,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// The field's name in the form.
    pub(crate) field: String,
    /// For programs.
    pub(crate) code: &'static str,
    /// A sentence for people: for the visitor on a page, for developers in JSON.
    pub(crate) message: String,
}

impl Invalid {
    pub(crate) fn new(
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}

impl Problem {
    /// An invalid field, parameter or header.
    pub(crate) fn invalid(
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::Invalid(Invalid::new(field, code, message))
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::PageNotFound
            | Self::InvoiceNotFound
            | Self::WebhookNotFound
            | Self::DeliveryNotFound
            | Self::PayoutNotFound
            | Self::VoucherNotFound
            | Self::ItemNotFound
            | Self::LinkNotFound
            | Self::OfferNotFound => StatusCode::NOT_FOUND,
            Self::NotRevealed => StatusCode::PAYMENT_REQUIRED,
            Self::NotPayable | Self::NotRenewable | Self::LinkUsed => StatusCode::GONE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAForm | Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BadRequest | Self::MalformedJson | Self::HeaderRepeated(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::KeyReused
            | Self::InvoicePaid
            | Self::InvoiceExpired
            | Self::InvoiceCancelled
            | Self::InvoiceNotHeld
            | Self::InvoiceSettling
            | Self::TooManyWebhooks
            | Self::WebhookDisabled
            | Self::AlreadyOrdered(_)
            | Self::PayoutState(_)
            | Self::BegunByAnother
            | Self::VoucherState(_)
            | Self::InvoiceNotPaid
            | Self::SoldOut
            | Self::ItemOfConfiguration
            | Self::TooManyItems
            | Self::LinkClosed
            | Self::TooManyLinks
            | Self::OfferTaken
            | Self::OfferDisabled
            | Self::TooManyOffers
            | Self::RefundTooLarge(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::RateLimited { .. }
            | Self::TooManyUnpaid
            | Self::TooManyDeliveries
            | Self::TooManyHolds
            | Self::TooManyPayouts => StatusCode::TOO_MANY_REQUESTS,
            Self::HoldUnavailable
            | Self::WordUnavailable
            | Self::OffersUnavailable
            | Self::RatesUnavailable => StatusCode::NOT_IMPLEMENTED,
            Self::CrossSite | Self::FormOff | Self::RightMissing => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoRate
            | Self::NodeUnreachable
            | Self::NodeTooSlow
            | Self::NodeBusy
            | Self::NodeRefused
            | Self::NodeMalformed
            | Self::NodeReplaced
            | Self::NotFollowing
            | Self::NodeSyncing
            | Self::Overloaded
            | Self::StoreFailed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code for programs; part of the interface.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::PageNotFound => "not_found",
            Self::InvoiceNotFound => "invoice_not_found",
            Self::NotPayable => "invoice_not_payable",
            Self::NotRenewable => "invoice_not_renewable",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::NotAForm | Self::NotJson => "unsupported_media_type",
            Self::MalformedJson => "json_malformed",
            Self::BadRequest => "bad_request",
            Self::HeaderRepeated(_) => "header_repeated",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::KeyReused => "idempotency_key_reused",
            Self::InvoicePaid => "invoice_paid",
            Self::InvoiceExpired => "invoice_expired",
            Self::InvoiceCancelled => "invoice_cancelled",
            Self::InvoiceNotHeld => "invoice_not_held",
            Self::InvoiceSettling => "invoice_settling",
            Self::HoldUnavailable => "hold_unavailable",
            Self::TooManyHolds => "too_many_holds",
            Self::WebhookNotFound => "webhook_not_found",
            Self::DeliveryNotFound => "delivery_not_found",
            Self::TooManyWebhooks => "too_many_webhooks",
            Self::TooManyDeliveries => "too_many_deliveries",
            Self::WebhookDisabled => "webhook_disabled",
            Self::PayoutNotFound => "payout_not_found",
            Self::ItemNotFound => "item_not_found",
            Self::SoldOut => "sold_out",
            Self::NotRevealed => "payment_required",
            Self::WordUnavailable => "word_unavailable",
            Self::ItemOfConfiguration => "item_of_configuration",
            Self::TooManyItems => "too_many_items",
            Self::LinkNotFound => "link_not_found",
            Self::LinkClosed => "link_closed",
            Self::TooManyLinks => "too_many_links",
            Self::OfferNotFound => "offer_not_found",
            Self::OffersUnavailable => "offers_unavailable",
            Self::OfferTaken => "offer_taken",
            Self::OfferDisabled => "offer_disabled",
            Self::TooManyOffers => "too_many_offers",
            Self::TooManyPayouts => "too_many_payouts",
            Self::AlreadyOrdered(_) => "already_ordered",
            Self::PayoutState(_) => "payout_state",
            Self::BegunByAnother => "begun_by_another",
            Self::VoucherNotFound => "voucher_not_found",
            Self::VoucherState(_) => "voucher_state",
            Self::InvoiceNotPaid => "invoice_not_paid",
            Self::RefundTooLarge(_) => "refund_too_large",
            Self::TooLarge => "body_too_large",
            Self::TooSlow => "request_timeout",
            Self::RateLimited { .. } => "rate_limited",
            Self::TooManyUnpaid => "too_many_unpaid",
            Self::Overloaded => "overloaded",
            Self::CrossSite => "cross_site",
            Self::RightMissing => "right_missing",
            Self::LinkUsed => "link_used",
            Self::FormOff => "form_off",
            Self::Invalid(invalid) => invalid.code,
            Self::NoRate => "no_rate",
            Self::RatesUnavailable => "rates_unavailable",
            Self::NodeUnreachable => "node_unreachable",
            Self::NodeTooSlow => "node_timeout",
            Self::NodeBusy => "node_busy",
            Self::NodeRefused => "node_refused",
            Self::NodeMalformed => "node_malformed",
            Self::NodeReplaced => "node_replaced",
            Self::NotFollowing => "node_not_followed",
            Self::NodeSyncing => "node_syncing",
            Self::StoreFailed => "store_failed",
            Self::Internal => "internal",
        }
    }

    /// The reason for turning a client away, as named in the metrics. Ordinary errors have none.
    pub(crate) fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::RateLimited { .. }
            | Self::TooManyUnpaid
            | Self::TooManyDeliveries
            | Self::TooManyHolds
            | Self::TooManyPayouts
            | Self::Overloaded
            | Self::NodeBusy
            | Self::CrossSite => Some(self.code()),
            _ => None,
        }
    }

    /// Converts errors of the router and the layers, which only have a status.
    pub(crate) fn from_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::PageNotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::MethodNotAllowed),
            StatusCode::REQUEST_TIMEOUT => Some(Self::TooSlow),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::TOO_MANY_REQUESTS => Some(Self::RateLimited {
                seconds: RETRY_AFTER_LIMIT,
            }),
            status if status.is_client_error() => Some(Self::BadRequest),
            status if status.is_server_error() => Some(Self::Internal),
            _ => None,
        }
    }

    /// Sets the status of a response, and when to retry.
    pub(crate) fn mark(&self, response: &mut Response) {
        *response.status_mut() = self.status();
        if let Self::Unauthorized = self {
            let bearer = HeaderValue::from_static("Bearer realm=\"facture\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, bearer);
        }
        let retry_after = match self {
            Self::RateLimited { seconds } => HeaderValue::from(*seconds),
            Self::TooManyUnpaid
            | Self::TooManyDeliveries
            | Self::TooManyHolds
            | Self::TooManyPayouts
            | Self::NoRate => HeaderValue::from(RETRY_AFTER_LIMIT),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => RETRY_AFTER,
            _ => return,
        };
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, retry_after);
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
