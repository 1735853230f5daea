-- Hold invoices. `hold`: what was agreed and decided about the payment (JSON); NULL for all other invoices.
ALTER TABLE invoices ADD COLUMN hold TEXT;
-- Only while a payment is held; `status` is 'unpaid' then, as for all that is not decided.
ALTER TABLE invoices ADD COLUMN accepted_at BIGINT;
ALTER TABLE invoices ADD COLUMN held_msat BIGINT;
-- The height of the block with which the held payment expires.
ALTER TABLE invoices ADD COLUMN held_until_height BIGINT;

CREATE INDEX invoices_holds ON invoices (label) WHERE hold IS NOT NULL AND status = 'unpaid';
CREATE INDEX invoices_held ON invoices (created_at, created_index) WHERE accepted_at IS NOT NULL;
CREATE INDEX invoices_cancelled ON invoices (created_at, created_index) WHERE cancelled_at IS NOT NULL;

-- How many preimages were chosen by counting, for nodes whose labels follow from payment hashes.
ALTER TABLE nodes ADD COLUMN hold_counter BIGINT NOT NULL DEFAULT 0;
