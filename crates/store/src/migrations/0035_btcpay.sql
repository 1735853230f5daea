-- Endpoints that are told in BTCPay's words, of the invoices of one shop.

CREATE TABLE btcpay_endpoints (
    endpoint TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    -- The names of the events, as a JSON array. NULL: all.
    events TEXT,
    redelivery TEXT NOT NULL CHECK (redelivery IN ('automatic', 'never'))
) WITHOUT ROWID;

-- An event may be told by several messages, one after the other: which one is next.
ALTER TABLE deliveries ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
