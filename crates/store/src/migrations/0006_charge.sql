-- For the API of Lightning Charge.

-- Invoices that were deleted through that API: not found by it any more.
CREATE TABLE charge_deleted (
    label TEXT NOT NULL PRIMARY KEY
);

-- For its list, which is in the order of making.
CREATE INDEX invoices_made ON invoices (created_index, created_at, label);
