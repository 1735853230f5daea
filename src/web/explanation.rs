//! The explanations of problems for developers: the messages in JSON and the meanings in the API's documentation. Pages
//! have their own texts, in `locales/`.

use std::borrow::Cow;

use super::error::Problem;
use facture_domain::{VoucherState, payout::PayoutState, token::Scope};

impl Problem {
    /// What it means and what to do next, for JSON and the API's documentation: in English, for developers. It names
    /// the field and the allowed values.
    pub(crate) fn explanation(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Invalid(invalid) => return Cow::Owned(invalid.message.clone()),
            Self::HeaderRepeated(name) => {
                return Cow::Owned(format!("The header {name} may be sent only once."));
            }
            Self::PageNotFound => "There is no such path. /api/docs lists the routes of the API.",
            Self::InvoiceNotFound => "There is no invoice with this label.",
            Self::NotPayable => {
                "The invoice was paid, has expired or was cancelled. It can no longer be paid."
            }
            Self::NotRenewable => {
                "The invoice cannot be renewed: it was cancelled or expired too long ago."
            }
            Self::MethodNotAllowed => {
                "This path does not support the method. The header Allow lists the supported methods."
            }
            Self::NotAForm => {
                "Send the fields with Content-Type: application/x-www-form-urlencoded."
            }
            Self::NotJson => "Send a JSON body with Content-Type: application/json.",
            Self::MalformedJson => "The body is not well-formed JSON.",
            Self::BadRequest => "The request is malformed or was cut off.",
            Self::Unauthorized => "Send a valid API token: Authorization: Bearer <token>.",
            Self::Forbidden(scope) => match scope {
                Scope::InvoicesRead => "The token lacks the scope invoices:read.",
                Scope::InvoicesCreate => "The token lacks the scope invoices:create.",
                Scope::Webhooks => "The token lacks the scope webhooks.",
                Scope::Items => "The token lacks the scope items.",
                Scope::Links => "The token lacks the scope links.",
                Scope::Lnbits => "The token lacks the scope lnbits.",
                Scope::Greenfield => "The token lacks the scope greenfield.",
                Scope::Store(_) => "The token lacks a permission of its store.",
                Scope::PayoutsOrder => "The token lacks the scope payouts:order.",
                Scope::PayoutsApprove => "The token lacks the scope payouts:approve.",
                Scope::PayoutsExecute => "The token lacks the scope payouts:execute.",
                Scope::Admin => "The token lacks the scope admin.",
            },
            Self::KeyReused => {
                "This Idempotency-Key was used for a different request. Use a new key for each new request."
            }
            Self::InvoicePaid => "The invoice has been paid and cannot be cancelled.",
            Self::InvoiceExpired => "The invoice has expired and cannot be cancelled or settled.",
            Self::InvoiceCancelled => {
                "The invoice was cancelled and cannot be settled: its payment was returned."
            }
            Self::InvoiceNotHeld => {
                "No payment is held for this invoice: it has not been paid yet, or it is no hold invoice."
            }
            Self::InvoiceSettling => "The held payment is being settled and cannot be cancelled.",
            Self::HoldUnavailable => {
                "The Lightning node cannot hold payments, or does not let facture: Core Lightning needs facture's plugin, LND a \
                 macaroon with AddHoldInvoice and SettleInvoice. Create the invoice without hold."
            }
            Self::TooManyHolds => {
                "As many payments are held as hold.max_open allows. Settle or cancel some, or retry after the number of seconds \
                 in Retry-After."
            }
            Self::TooManyWebhooks => {
                "The maximum number of webhooks has been reached. Delete one that is not needed."
            }
            Self::TooManyDeliveries => {
                "Too many deliveries to webhooks of single invoices are waiting, because the receivers do not respond. Until \
                 they do, create invoices without a webhook."
            }
            Self::WebhookNotFound => "There is no webhook with this id.",
            Self::DeliveryNotFound => "There is no delivery with this id.",
            Self::WebhookDisabled => "The webhook is disabled. Enable it first.",
            Self::PayoutNotFound => "There is no payout with this id.",
            Self::ItemNotFound => "There is no item with this id.",
            Self::SoldOut => {
                "The item is sold out: all are sold, or reserved by invoices that can still be paid. No invoice was created."
            }
            Self::NotRevealed => "The invoice is not paid. What it sells is revealed once it is.",
            Self::WordUnavailable => {
                "A word can be sold on Core Lightning only: LND's invoices need a preimage that shows whose they are. Sell a text \
                 or a file instead."
            }
            Self::ItemOfConfiguration => {
                "The item is in the configuration ([[reveal]]). Change it there."
            }
            Self::TooManyItems => "A thousand items are offered. Withdraw some.",
            Self::LinkNotFound => "There is no payment link with this name.",
            Self::LinkClosed => {
                "Nothing can be ordered by this link any more, or not so much. No invoice was created."
            }
            Self::TooManyLinks => {
                "There are a thousand payment links. Change one that is not needed."
            }
            Self::OfferNotFound => "There is no offer with this id.",
            Self::OffersUnavailable => {
                "The Lightning node has no offers, or does not let facture make them: LND has none, and on Core Lightning a rune \
                 has to allow offer, listoffers and disableoffer."
            }
            Self::OfferTaken => {
                "Another program has made an offer on this node that says the same. Change the description."
            }
            Self::OfferDisabled => {
                "An offer that says the same was disabled. Change the description."
            }
            Self::TooManyOffers => {
                "There are a thousand offers, disabled ones included: a node forgets none."
            }
            Self::TooManyPayouts => {
                "A thousand payouts are waiting for a payer or an approval. Cancel some, or retry after the number of seconds in \
                 Retry-After."
            }
            Self::AlreadyOrdered(other) => {
                return Cow::Owned(format!("The payout {other} is for the same invoice."));
            }
            Self::PayoutState(state) => match state {
                PayoutState::Ordered | PayoutState::Approved => "No payer has begun the payout.",
                PayoutState::Paying | PayoutState::Unknown => {
                    "A payer has begun the payout: it may be paid at any moment."
                }
                PayoutState::Paid => "The payout is paid.",
                PayoutState::Failed => "The payout has failed. Order a new one.",
                PayoutState::Cancelled => "The payout was cancelled. Order a new one.",
                PayoutState::Expired => {
                    "The payout has expired: no payer began it in time. Order a new one."
                }
            },
            Self::VoucherNotFound => "There is no voucher with this id.",
            Self::VoucherState(state) => match state {
                VoucherState::Open => "The voucher can be claimed.",
                VoucherState::Claimed => {
                    "The voucher was claimed. Its payout can be cancelled until a payer begins it."
                }
                VoucherState::Paid => "The voucher is paid.",
                VoucherState::Cancelled => "The voucher was cancelled.",
                VoucherState::Expired => "The voucher has expired.",
            },
            Self::InvoiceNotPaid => {
                "Nothing was received for this invoice, so nothing can be refunded."
            }
            Self::RefundTooLarge(left) => {
                return Cow::Owned(format!(
                    "Only {} millisatoshis of this invoice can be refunded: all its refunds together are never more than was \
                     received.",
                    left.msat()
                ));
            }
            Self::BegunByAnother => {
                "Another payer has begun this payout, or this one has with another payment_hash. Do not pay it."
            }
            Self::TooLarge => "The body is larger than 64 KiB.",
            Self::TooSlow => "The request did not arrive in time. Send it again.",
            Self::RateLimited { .. } => {
                "Too many requests in a short time. Retry after the number of seconds in Retry-After."
            }
            Self::TooManyUnpaid => {
                "There are too many unpaid invoices. Retry after the number of seconds in Retry-After, or create invoices \
                 with an API token."
            }
            Self::Overloaded => {
                "Too many streams are open, or too many bodies are being received. Retry after the number of seconds in \
                 Retry-After."
            }
            Self::CrossSite => {
                "The request was caused by another site's page, and that site's origin is not allowed to send it."
            }
            Self::RightMissing => "The role of this user does not allow it.",
            Self::LinkUsed => {
                "The one-time link was used, replaced or is too old. Ask an owner for a new one."
            }
            Self::FormOff => {
                "The form is switched off. Create invoices with an API token: POST /api/v1/invoices."
            }
            Self::NoRate => {
                "There is no exchange rate at the moment: too few sources answer, or they do not agree. Nothing was made. Retry \
                 after the number of seconds in Retry-After, or send amount_msat. A refund can be at the sale's rate."
            }
            Self::RatesUnavailable => {
                "There are no exchange rates: the Lightning node has none, and no other source is configured (pricing.sources). \
                 Send the amount in satoshis."
            }
            Self::NodeUnreachable => {
                "The Lightning node cannot be reached. Retry after the number of seconds in Retry-After."
            }
            Self::NodeTooSlow => {
                "The Lightning node did not respond in time. Retry after the number of seconds in Retry-After."
            }
            Self::NodeBusy => {
                "Too many calls are waiting for the Lightning node. Retry after the number of seconds in Retry-After."
            }
            Self::NodeRefused => {
                "The Lightning node refused the call. facture's log has the reason under this request_id."
            }
            Self::NodeMalformed => {
                "The Lightning node's response is invalid. facture's log has the details under this request_id."
            }
            Self::NodeReplaced => {
                "This Lightning node is not the one that facture's records belong to. Its operator must connect the right one."
            }
            Self::NotFollowing => {
                "Updates from the Lightning node are not arriving yet. Retry after the number of seconds in Retry-After."
            }
            Self::NodeSyncing => {
                "The Lightning node is still syncing. Until it has caught up with the chain, payments may fail."
            }
            Self::StoreFailed => {
                "facture's records cannot be read or written. Its log has the reason under this request_id."
            }
            Self::Internal => {
                "Internal error. Report this request_id to the operator of this facture."
            }
        })
    }
}
