//! The operations of the API. Made by clients/generate.py from clients/openapi.json: do not edit.

/// The SHA-256 of the document.
pub const DOCUMENT_SHA256: &str =
    "572859c0f444b2b0b935b51eabdd4917911dbca408699bd0c18f92aced853425";

/// Whether the same call again is harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It is.
    Always,
    /// It is with an `Idempotency-Key`.
    WithKey,
    /// It is not known to be.
    Never,
}

/// An operation, by the name that it has in the OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) repeat: Repeat,
}

impl Operation {
    const fn new(method: &'static str, path: &'static str, repeat: Repeat) -> Self {
        Self {
            method,
            path,
            repeat,
        }
    }

    /// `decode`
    pub const DECODE: Self = Self::new("POST", "/api/v1/decode", Repeat::Always);
    /// `readDelivery`
    pub const READ_DELIVERY: Self =
        Self::new("GET", "/api/v1/deliveries/{delivery}", Repeat::Always);
    /// `redeliver`
    pub const REDELIVER: Self = Self::new(
        "POST",
        "/api/v1/deliveries/{delivery}/redeliver",
        Repeat::Never,
    );
    /// `listEvents`
    pub const LIST_EVENTS: Self = Self::new("GET", "/api/v1/events", Repeat::Always);
    /// `streamEvents`
    pub const STREAM_EVENTS: Self = Self::new("GET", "/api/v1/events/stream", Repeat::Always);
    /// `listInvoices`
    pub const LIST_INVOICES: Self = Self::new("GET", "/api/v1/invoices", Repeat::Always);
    /// `createInvoice`
    pub const CREATE_INVOICE: Self = Self::new("POST", "/api/v1/invoices", Repeat::WithKey);
    /// `readInvoice`
    pub const READ_INVOICE: Self = Self::new("GET", "/api/v1/invoices/{label}", Repeat::Always);
    /// `cancelInvoice`
    pub const CANCEL_INVOICE: Self =
        Self::new("POST", "/api/v1/invoices/{label}/cancel", Repeat::Always);
    /// `listRefunds`
    pub const LIST_REFUNDS: Self =
        Self::new("GET", "/api/v1/invoices/{label}/refunds", Repeat::Always);
    /// `settleInvoice`
    pub const SETTLE_INVOICE: Self =
        Self::new("POST", "/api/v1/invoices/{label}/settle", Repeat::Always);
    /// `waitForInvoice`
    pub const WAIT_FOR_INVOICE: Self =
        Self::new("GET", "/api/v1/invoices/{label}/wait", Repeat::Always);
    /// `listItems`
    pub const LIST_ITEMS: Self = Self::new("GET", "/api/v1/items", Repeat::Always);
    /// `withdrawItem`
    pub const WITHDRAW_ITEM: Self = Self::new("DELETE", "/api/v1/items/{item}", Repeat::Always);
    /// `readItem`
    pub const READ_ITEM: Self = Self::new("GET", "/api/v1/items/{item}", Repeat::Always);
    /// `offerItem`
    pub const OFFER_ITEM: Self = Self::new("PUT", "/api/v1/items/{item}", Repeat::Always);
    /// `listLinks`
    pub const LIST_LINKS: Self = Self::new("GET", "/api/v1/links", Repeat::Always);
    /// `readLink`
    pub const READ_LINK: Self = Self::new("GET", "/api/v1/links/{link}", Repeat::Always);
    /// `putLink`
    pub const PUT_LINK: Self = Self::new("PUT", "/api/v1/links/{link}", Repeat::Always);
    /// `openLink`
    pub const OPEN_LINK: Self = Self::new("POST", "/api/v1/links/{link}/open", Repeat::Always);
    /// `stopLink`
    pub const STOP_LINK: Self = Self::new("POST", "/api/v1/links/{link}/stop", Repeat::Always);
    /// `readNode`
    pub const READ_NODE: Self = Self::new("GET", "/api/v1/node", Repeat::Always);
    /// `listOffers`
    pub const LIST_OFFERS: Self = Self::new("GET", "/api/v1/offers", Repeat::Always);
    /// `createOffer`
    pub const CREATE_OFFER: Self = Self::new("POST", "/api/v1/offers", Repeat::WithKey);
    /// `readOffer`
    pub const READ_OFFER: Self = Self::new("GET", "/api/v1/offers/{offer}", Repeat::Always);
    /// `disableOffer`
    pub const DISABLE_OFFER: Self =
        Self::new("POST", "/api/v1/offers/{offer}/disable", Repeat::Never);
    /// `listPayouts`
    pub const LIST_PAYOUTS: Self = Self::new("GET", "/api/v1/payouts", Repeat::Always);
    /// `orderPayout`
    pub const ORDER_PAYOUT: Self = Self::new("POST", "/api/v1/payouts", Repeat::WithKey);
    /// `readPayoutWork`
    pub const READ_PAYOUT_WORK: Self = Self::new("GET", "/api/v1/payouts/work", Repeat::Always);
    /// `readPayout`
    pub const READ_PAYOUT: Self = Self::new("GET", "/api/v1/payouts/{payout}", Repeat::Always);
    /// `approvePayout`
    pub const APPROVE_PAYOUT: Self =
        Self::new("POST", "/api/v1/payouts/{payout}/approve", Repeat::Always);
    /// `beginPayout`
    pub const BEGIN_PAYOUT: Self =
        Self::new("POST", "/api/v1/payouts/{payout}/begin", Repeat::Never);
    /// `cancelPayout`
    pub const CANCEL_PAYOUT: Self =
        Self::new("POST", "/api/v1/payouts/{payout}/cancel", Repeat::Always);
    /// `reportPayout`
    pub const REPORT_PAYOUT: Self =
        Self::new("POST", "/api/v1/payouts/{payout}/outcome", Repeat::Never);
    /// `listVouchers`
    pub const LIST_VOUCHERS: Self = Self::new("GET", "/api/v1/vouchers", Repeat::Always);
    /// `issueVouchers`
    pub const ISSUE_VOUCHERS: Self = Self::new("POST", "/api/v1/vouchers", Repeat::WithKey);
    /// `readVoucher`
    pub const READ_VOUCHER: Self = Self::new("GET", "/api/v1/vouchers/{voucher}", Repeat::Always);
    /// `cancelVoucher`
    pub const CANCEL_VOUCHER: Self =
        Self::new("POST", "/api/v1/vouchers/{voucher}/cancel", Repeat::Always);
    /// `listWebhooks`
    pub const LIST_WEBHOOKS: Self = Self::new("GET", "/api/v1/webhooks", Repeat::Always);
    /// `createWebhook`
    pub const CREATE_WEBHOOK: Self = Self::new("POST", "/api/v1/webhooks", Repeat::Never);
    /// `deleteWebhook`
    pub const DELETE_WEBHOOK: Self =
        Self::new("DELETE", "/api/v1/webhooks/{webhook}", Repeat::Always);
    /// `readWebhook`
    pub const READ_WEBHOOK: Self = Self::new("GET", "/api/v1/webhooks/{webhook}", Repeat::Always);
    /// `changeWebhook`
    pub const CHANGE_WEBHOOK: Self =
        Self::new("PATCH", "/api/v1/webhooks/{webhook}", Repeat::Never);
    /// `listDeliveries`
    pub const LIST_DELIVERIES: Self = Self::new(
        "GET",
        "/api/v1/webhooks/{webhook}/deliveries",
        Repeat::Always,
    );
    /// `redeliverAfter`
    pub const REDELIVER_AFTER: Self = Self::new(
        "POST",
        "/api/v1/webhooks/{webhook}/redeliver",
        Repeat::Never,
    );
    /// `readWebhookSecret`
    pub const READ_WEBHOOK_SECRET: Self =
        Self::new("GET", "/api/v1/webhooks/{webhook}/secret", Repeat::Always);
    /// `rotateWebhookSecret`
    pub const ROTATE_WEBHOOK_SECRET: Self = Self::new(
        "POST",
        "/api/v1/webhooks/{webhook}/secret/rotate",
        Repeat::Never,
    );
    /// `testWebhook`
    pub const TEST_WEBHOOK: Self =
        Self::new("POST", "/api/v1/webhooks/{webhook}/test", Repeat::Never);
}
