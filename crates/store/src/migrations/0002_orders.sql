-- What the shop said of an invoice, which lightningd does not know.
ALTER TABLE invoices ADD COLUMN cancelled_at BIGINT;
ALTER TABLE invoices ADD COLUMN order_id TEXT;
-- JSON, as it was sent.
ALTER TABLE invoices ADD COLUMN metadata TEXT;
ALTER TABLE invoices ADD COLUMN redirect_url TEXT;
ALTER TABLE invoices ADD COLUMN quote_currency TEXT;
ALTER TABLE invoices ADD COLUMN quote_amount TEXT;
-- The label of the expired invoice in whose place this one was made.
ALTER TABLE invoices ADD COLUMN renewal_of TEXT;

-- For lists: the newest first, and one after the other in a stable order.
CREATE INDEX invoices_created ON invoices (created_at, label);
CREATE INDEX invoices_status ON invoices (status, created_at, label);
CREATE INDEX invoices_paid ON invoices (paid_at, label) WHERE status = 'paid';
CREATE INDEX invoices_order ON invoices (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX invoices_hash ON invoices (payment_hash);

-- A request that may come twice and is to make one invoice. Written before the node is asked.
CREATE TABLE idempotency_keys (
    -- Whose key it is: the same text of two callers is two keys.
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    -- A hash of the request: another one under the same key is refused.
    fingerprint BLOB NOT NULL,
    -- The label of the invoice, which may not exist yet.
    label TEXT NOT NULL,
    -- NULL: never.
    forget_at BIGINT,
    PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_keys_old ON idempotency_keys (forget_at) WHERE forget_at IS NOT NULL;
