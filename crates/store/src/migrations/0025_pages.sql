-- A commit writes every page that it changes. So a creation changes as few of them as possible, and an index in the order in
-- which invoices are made is better than one in the order of random labels, where each invoice changes another page.

-- Numbers are given by us (`sequence.rs`): no AUTOINCREMENT, which is a page for each commit.
CREATE TABLE event_numbers (
    -- No number up to this one is given again. Written when events are deleted.
    last BIGINT NOT NULL
);
INSERT INTO event_numbers SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events';

CREATE TABLE events_25 (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Of an event about an invoice: that invoice's `created_index`. NULL: it is about something else.
    invoice_number BIGINT,
    recorded_at BIGINT NOT NULL,
    payload TEXT NOT NULL,
    shop_id TEXT
);
INSERT INTO events_25 (sequence, kind, subject_kind, subject, invoice_number, recorded_at, payload, shop_id)
    SELECT sequence, kind, subject_kind, subject,
        CASE subject_kind WHEN 'invoice' THEN (SELECT created_index FROM invoices WHERE label = subject) END,
        recorded_at, payload, shop_id
    FROM events ORDER BY sequence;
DROP TABLE events;
ALTER TABLE events_25 RENAME TO events;
CREATE INDEX events_of_invoice ON events (invoice_number, sequence) WHERE invoice_number IS NOT NULL;
-- Creations are common enough to be found without an index.
CREATE INDEX events_kind ON events (kind, sequence) WHERE kind <> 'invoice.created';

-- Of the invoices of one second the order is that of the node. Labels are left out, and of the payment hash most: the more
-- rows on a page, the fewer pages.
DROP INDEX invoices_created;
CREATE INDEX invoices_created ON invoices (created_at, created_index);
DROP INDEX invoices_status;
CREATE INDEX invoices_status ON invoices (status, created_at, created_index);
DROP INDEX invoices_hash;
CREATE INDEX invoices_hash ON invoices (substr(payment_hash, 1, 16));
-- What it was for, `events_of_invoice` and `invoices_created` do.
DROP INDEX invoices_made;

-- By their key alone: no table beside the index.
CREATE TABLE idempotency_keys_25 (
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
) WITHOUT ROWID;
INSERT INTO idempotency_keys_25 SELECT scope, key, fingerprint, label, forget_at FROM idempotency_keys ORDER BY scope, key;
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_25 RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_old ON idempotency_keys (forget_at) WHERE forget_at IS NOT NULL;
