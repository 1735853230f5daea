-- The invoice that was made in the place of an expired one.
ALTER TABLE invoices ADD COLUMN renewed_by TEXT;
-- Of a renewal: when the first of the order's invoices expired.
ALTER TABLE invoices ADD COLUMN first_expired_at BIGINT;

UPDATE invoices SET renewed_by = next.label
    FROM (SELECT label, renewal_of FROM invoices WHERE renewal_of IS NOT NULL) AS next
    WHERE invoices.label = next.renewal_of;
-- No earlier than that: it is what is known.
UPDATE invoices SET first_expired_at = created_at WHERE renewal_of IS NOT NULL;
