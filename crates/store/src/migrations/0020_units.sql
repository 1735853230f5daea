-- A unit of work is written statement by statement, in the thread that has the database: no view stands in between.
DROP VIEW changes;

-- An event is about a subject: an invoice, later a payment, a payout or an offer. The payload is JSON.
ALTER TABLE events RENAME COLUMN label TO subject;
ALTER TABLE events RENAME COLUMN invoice TO payload;
ALTER TABLE events ADD COLUMN subject_kind TEXT NOT NULL DEFAULT 'invoice';

-- For what comes. NULL: the only node or shop that there is.
ALTER TABLE invoices ADD COLUMN node_id TEXT;
ALTER TABLE invoices ADD COLUMN shop_id TEXT;
-- The node's own label, where ours is derived from it: payments of offers.
ALTER TABLE invoices ADD COLUMN node_label TEXT;
ALTER TABLE invoices ADD COLUMN offer_id TEXT;
-- Payments of offers may have none.
ALTER TABLE invoices ALTER COLUMN bolt11 DROP NOT NULL;

-- How an invoice came to be. NULL: not known.
ALTER TABLE invoices ADD COLUMN channel TEXT;

-- The facts of a sale. Fiat amounts are exact decimals, as text, in the currency of the quote; a rate is fiat for one bitcoin.
ALTER TABLE invoices ADD COLUMN rate TEXT;
ALTER TABLE invoices ADD COLUMN rate_source TEXT;
ALTER TABLE invoices ADD COLUMN rate_at BIGINT;
ALTER TABLE invoices ADD COLUMN paid_rate TEXT;
ALTER TABLE invoices ADD COLUMN paid_rate_source TEXT;
ALTER TABLE invoices ADD COLUMN paid_rate_at BIGINT;
ALTER TABLE invoices ADD COLUMN paid_fiat TEXT;
ALTER TABLE invoices ADD COLUMN tip TEXT;
ALTER TABLE invoices ADD COLUMN discount TEXT;
-- JSON: [{rate, net, tax}].
ALTER TABLE invoices ADD COLUMN tax_lines TEXT;
ALTER TABLE invoices ADD COLUMN payer_note TEXT;
