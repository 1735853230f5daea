-- Pay to reveal: what is sold, and each sale.
CREATE TABLE contents (
    -- A hash of all of it. Content is never changed: an item gets another one.
    id TEXT PRIMARY KEY,
    -- word, text or file.
    kind TEXT NOT NULL,
    -- The name of a file.
    file_name TEXT,
    size BIGINT NOT NULL,
    bytes BLOB NOT NULL
);

CREATE TABLE items (
    -- In the order in which they were first offered.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    price_msat BIGINT NOT NULL,
    content TEXT NOT NULL REFERENCES contents (id),
    -- How many may be sold in all; NULL: any number.
    stock BIGINT,
    -- How it is seen to that no more are sold: reserve or hold.
    stock_rule TEXT NOT NULL,
    -- Who manages it: configuration or api.
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- It is not offered any more.
    withdrawn_at BIGINT,
    -- For what comes. NULL: the only shop that there is.
    shop_id TEXT
);

CREATE TABLE sales (
    -- The label of its invoice, which may not exist yet.
    label TEXT PRIMARY KEY,
    -- What its label and its preimage follow from, with the label key.
    key TEXT NOT NULL,
    item TEXT NOT NULL,
    content TEXT NOT NULL REFERENCES contents (id),
    -- open: its invoice may be paid, and reserves one. sold: it was paid. released: it was not, and cannot be. unclaimed: its
    -- payment is to be held, and reserves nothing until it is there.
    state TEXT NOT NULL,
    reserved_at BIGINT NOT NULL,
    -- Without an invoice in the records, it is open up to then.
    reserved_until BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX sales_of_item ON sales (item, state);
CREATE INDEX items_of_content ON items (content);
CREATE INDEX sales_of_content ON sales (content);

-- What strangers made and nobody paid is forgotten, whichever way they took.
DROP INDEX invoices_to_forget;
CREATE INDEX invoices_to_forget ON invoices (expires_at) WHERE status = 'expired' AND channel IN ('form', 'lnurl', 'reveal');
