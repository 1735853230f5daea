-- Payments with a price in another currency whose worth is not known yet.
CREATE INDEX invoices_to_value ON invoices (paid_at)
    WHERE status = 'paid' AND rate IS NOT NULL AND paid_rate IS NULL;
