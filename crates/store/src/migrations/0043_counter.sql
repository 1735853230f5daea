-- The counter: what its buttons sell, and who sold what.
CREATE TABLE counter_items (
    -- Never given twice: a page that is older than a change sells nothing else.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    -- Empty: none.
    category TEXT NOT NULL,
    -- SAT, or a currency of ISO 4217.
    currency TEXT NOT NULL,
    price TEXT NOT NULL,
    -- In percent. NULL: the shop does not say.
    tax_rate TEXT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- For what comes. NULL: the only shop that there is.
    shop_id TEXT
);

-- The name of the user who sold it, at that time. NULL: it was not sold at the counter.
ALTER TABLE invoices ADD COLUMN cashier TEXT;
