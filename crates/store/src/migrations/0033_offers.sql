-- Offers (BOLT 12) of ours on the node. Their payments are invoices, which have the offer's id.
CREATE TABLE offers (
    -- In the order in which we learned of them.
    number INTEGER PRIMARY KEY,
    -- What the node knows it by, in hexadecimal.
    id TEXT NOT NULL UNIQUE,
    -- Our name for it on the node.
    label TEXT NOT NULL UNIQUE,
    -- The string to show: lno1…
    bolt12 TEXT NOT NULL,
    -- active or disabled, as the node says.
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- For what comes. NULL: the only shop that there is.
    shop_id TEXT
);

CREATE INDEX invoices_of_offer ON invoices (offer_id, created_at, created_index) WHERE offer_id IS NOT NULL;
