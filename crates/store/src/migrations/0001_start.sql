-- Plain SQL that PostgreSQL takes too, but for AUTOINCREMENT.

-- The node whose invoices these are, and how far its updates are applied.
CREATE TABLE nodes (
    id TEXT NOT NULL PRIMARY KEY,
    -- lightningd's `updated` index: every update up to it is in the rows below.
    updated_index BIGINT NOT NULL,
    -- lightningd's `created` index: every invoice of ours up to it is in the rows below.
    created_index BIGINT NOT NULL
);

-- A mirror of lightningd's invoices. Amounts in millisatoshi, times in seconds since 1970.
CREATE TABLE invoices (
    label TEXT NOT NULL PRIMARY KEY,
    created_index BIGINT NOT NULL,
    -- NULL: any amount.
    amount_msat BIGINT,
    description TEXT NOT NULL,
    bolt11 TEXT NOT NULL,
    payment_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('unpaid', 'paid', 'expired')),
    -- Only of paid ones.
    amount_received_msat BIGINT,
    paid_at BIGINT,
    pay_index BIGINT,
    -- When an expired one was deleted from the node.
    pruned_at BIGINT,
    CHECK ((status = 'paid') = (amount_received_msat IS NOT NULL AND paid_at IS NOT NULL AND pay_index IS NOT NULL))
);

CREATE INDEX invoices_open ON invoices (expires_at) WHERE status = 'unpaid';
CREATE INDEX invoices_to_prune ON invoices (expires_at) WHERE status = 'expired' AND pruned_at IS NULL;

-- Everything that happened, in order, each with the invoice as it was right after (JSON).
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    invoice TEXT NOT NULL
);

CREATE INDEX events_label ON events (label, sequence);
