-- What the node warned of when it made the invoice (JSON).
ALTER TABLE invoices ADD COLUMN warnings TEXT;

-- For whoever follows events of few kinds.
CREATE INDEX events_kind ON events (kind, sequence);
