-- Invoices that were forgotten and that the node may still list, as ranges of its `created` index: neighbours share a row.
-- There are no more rows than gaps between what was forgotten.
CREATE TABLE tombstones (
    first_index BIGINT NOT NULL PRIMARY KEY,
    last_index BIGINT NOT NULL,
    -- When the last one of them ended. One that ends later is another: a node that was restored gives an index again.
    expires_at BIGINT NOT NULL,
    CHECK (first_index <= last_index)
);

-- What visitors made and nobody paid.
CREATE INDEX invoices_to_forget ON invoices (expires_at) WHERE status = 'expired' AND channel = 'form';
