-- Vouchers: links that whoever has them may claim once. A refund by a link is a voucher with an invoice.
CREATE TABLE vouchers (
    -- In the order in which they were issued.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- The SHA-256 of what claims it.
    secret_hash BLOB NOT NULL UNIQUE,
    -- Those that were issued by one request, and which of them it is.
    batch TEXT NOT NULL,
    place BIGINT NOT NULL,
    -- A hash of the request: another one under the same idempotency key is refused.
    fingerprint BLOB NOT NULL,
    amount_msat BIGINT NOT NULL,
    max_fee_msat BIGINT,
    reason TEXT,
    -- The label of the sale that it refunds.
    invoice TEXT,
    -- The name of the token.
    asked_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    -- The payout of the last claim, when that was, and how many claims there were.
    payout TEXT,
    claimed_at BIGINT,
    claims BIGINT NOT NULL DEFAULT 0,
    -- For what comes. NULL: the only shop or node that there is.
    shop_id TEXT,
    node_id TEXT
);

CREATE INDEX vouchers_batch ON vouchers (batch, place);
CREATE INDEX vouchers_of_invoice ON vouchers (invoice, number) WHERE invoice IS NOT NULL;

-- What was paid back of an invoice; NULL: nothing.
ALTER TABLE invoices ADD COLUMN refunded_msat BIGINT;
