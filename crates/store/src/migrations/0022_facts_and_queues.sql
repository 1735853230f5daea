-- For what comes: columns that nobody writes yet, so that it migrates little. No row is rewritten for them.

-- The shop that it belongs to. NULL: the only one that there is. (Invoices have theirs.)
ALTER TABLE endpoints ADD COLUMN shop_id TEXT;
ALTER TABLE tokens ADD COLUMN shop_id TEXT;
ALTER TABLE events ADD COLUMN shop_id TEXT;

-- Further facts of a sale, written when it is made: where it was sold and by whom. NULL: not at a till.
ALTER TABLE invoices ADD COLUMN till_id TEXT;
ALTER TABLE invoices ADD COLUMN cashier_id TEXT;
-- Written when it is paid: the shop's time zone (IANA), by which the sale belongs to a day.
ALTER TABLE invoices ADD COLUMN paid_zone TEXT;
-- When the rate at the payment and the fiat value were filled in, if none was known when it was paid. NULL: then.
ALTER TABLE invoices ADD COLUMN paid_rate_backfilled_at BIGINT;

-- The unit of work keeps the queues (`outbox.rs`): no trigger stands behind it.
DROP TRIGGER deliveries_inserted;
DROP TRIGGER deliveries_moved;
