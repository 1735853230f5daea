-- The numbers of receipts: given to each payment in the unit of work that takes it in. NULL: it is not paid, or was paid before
-- there were numbers.
ALTER TABLE invoices ADD COLUMN receipt_series BIGINT;
ALTER TABLE invoices ADD COLUMN receipt_number BIGINT;

-- The last number of each shop.
CREATE TABLE receipt_numbers (
    shop_id TEXT NOT NULL PRIMARY KEY,
    -- In minutes since 1970.
    series BIGINT NOT NULL,
    number BIGINT NOT NULL
) WITHOUT ROWID;
