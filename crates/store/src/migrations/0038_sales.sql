-- The desk's pages about sales.

-- A shop's note on a sale.
CREATE TABLE notes (
    -- The label of its invoice.
    label TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    -- The name of the user who wrote it, at that time.
    author TEXT NOT NULL,
    written_at BIGINT NOT NULL
) WITHOUT ROWID;

-- What was received: the search for an amount. Only payments change it, so that a creation writes no more pages than before.
CREATE INDEX invoices_received ON invoices (amount_received_msat) WHERE status = 'paid';

-- With all that a day's figures are made of.
DROP INDEX invoices_paid;
CREATE INDEX invoices_paid ON invoices (paid_at, label, channel, amount_received_msat) WHERE status = 'paid';
