-- Payment links, and what was ordered by each.
CREATE TABLE payment_links (
    -- In the order in which they were made.
    number INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT,
    -- SAT, or a currency of ISO 4217.
    currency TEXT NOT NULL,
    -- The same twice: a fixed amount. NULL: the buyer chooses freely.
    least TEXT,
    most TEXT,
    most_pieces BIGINT NOT NULL,
    -- Whether the buyer is asked: no, optional or required.
    ask_name TEXT NOT NULL,
    ask_mail TEXT NOT NULL,
    ask_note TEXT NOT NULL,
    -- How many pieces are sold in all; NULL: any number.
    sale_limit BIGINT,
    ends_at BIGINT,
    thanks TEXT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    stopped_at BIGINT,
    -- For what comes. NULL: the only shop that there is.
    shop_id TEXT
);

CREATE TABLE link_sales (
    -- The label of its invoice, which may not exist yet.
    label TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    pieces BIGINT NOT NULL,
    -- What the buyer said about themselves. In no event.
    name TEXT,
    mail TEXT,
    note TEXT,
    -- open: its invoice may be paid, and reserves its pieces. sold: it was paid. released: it was not, and cannot be.
    state TEXT NOT NULL,
    ordered_at BIGINT NOT NULL,
    -- Without an invoice in the records, it is open up to then.
    reserved_until BIGINT NOT NULL
) WITHOUT ROWID;

-- Counted by it, too.
CREATE INDEX link_sales_of_link ON link_sales (slug, state, ordered_at, pieces);

-- What strangers made and nobody paid is forgotten, whichever way they took.
DROP INDEX invoices_to_forget;
CREATE INDEX invoices_to_forget ON invoices (expires_at) WHERE status = 'expired' AND channel IN ('form', 'lnurl', 'reveal', 'paywall', 'link');
