-- Payouts: orders to pay somebody. Unlike invoices, no node can tell of them: they exist here alone.
CREATE TABLE payouts (
    -- In the order in which they were ordered.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- A hash of the request: another one under the same idempotency key is refused.
    fingerprint BLOB,
    state TEXT NOT NULL,
    -- Of one that nobody has begun: 'payer' or 'approval'.
    waiting_for TEXT,
    kind TEXT NOT NULL,
    destination TEXT NOT NULL,
    -- NULL: what the destination asks for.
    amount_msat BIGINT,
    -- NULL: the default.
    max_fee_msat BIGINT,
    reason TEXT,
    -- The label of the sale that it refunds.
    invoice TEXT,
    -- The name of the token.
    asked_by TEXT NOT NULL,
    -- Of the BOLT 11 invoice that was ordered, or of the payment that a payer began.
    payment_hash TEXT,
    -- The payer that began it. NULL: nobody.
    payer TEXT,
    -- What is paid, when the destination is no invoice itself.
    bolt11 TEXT,
    preimage TEXT,
    paid_msat BIGINT,
    fee_msat BIGINT,
    paid_at BIGINT,
    failure_code TEXT,
    failure_message TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- For what comes. NULL: the only shop or node that there is.
    shop_id TEXT,
    node_id TEXT
);

-- An invoice is paid by one payout only, and is ordered again only when that one will never pay it.
CREATE UNIQUE INDEX payouts_hash ON payouts (payment_hash)
    WHERE payment_hash IS NOT NULL AND state NOT IN ('failed', 'cancelled', 'expired');
CREATE INDEX payouts_state ON payouts (state, number);
CREATE INDEX payouts_waiting ON payouts (expires_at) WHERE state IN ('ordered', 'approved');
CREATE INDEX payouts_of_invoice ON payouts (invoice, number) WHERE invoice IS NOT NULL;
